import type { Clock, Timer } from "balekit";
import type { Flight } from "./flight.js";
import { Roster } from "./roster.js";

/**
 * Wakes flights that have been waited for as long as their claims may go without a word. All wait equally long, so one
 * timer does for all of them: most land long before, and to set and clear one for each costs more than a small effect.
 */
export class Heartbeats {
  readonly #clock: Clock;
  readonly #everyMs: number;
  /** Those that are waited for. */
  readonly #waited = new Roster<Flight>();
  #timer: Timer | undefined;

  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock;
    this.#everyMs = everyMs;
  }

  begin(flight: Flight): void {
    flight.dueAt = this.#clock.now() + this.#everyMs;
    this.#waited.add(flight);
    this.#timer ??= this.#clock.setTimeout(this.#beat, this.#everyMs);
  }

  end(flight: Flight): void {
    this.#waited.delete(flight);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waited.clear();
  }

  readonly #beat = (): void => {
    this.#timer = undefined;
    const now = this.#clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const flight of this.#waited.all()) {
      if (flight.dueAt > now) {
        next = Math.min(next, flight.dueAt);
        continue;
      }
      this.#waited.delete(flight);
      flight.wake();
    }
    if (next < Number.POSITIVE_INFINITY) this.#timer = this.#clock.setTimeout(this.#beat, next - now);
  };
}
