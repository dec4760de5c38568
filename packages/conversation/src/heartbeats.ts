import type { Clock, Timer } from "balekit";
import type { Flight } from "./flight.js";

/**
 * Wakes flights that have been waited for as long as their claims may go without a word. All wait equally long, so one
 * timer does for all of them: most land long before, and to set and clear one for each costs more than a small effect.
 */
export class Heartbeats {
  readonly #clock: Clock;
  readonly #everyMs: number;
  /** When each is to be woken, the first first. */
  readonly #due = new Map<Flight, number>();
  #timer: Timer | undefined;

  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock;
    this.#everyMs = everyMs;
  }

  begin(flight: Flight): void {
    this.#due.set(flight, this.#clock.now() + this.#everyMs);
    this.#timer ??= this.#clock.setTimeout(this.#beat, this.#everyMs);
  }

  end(flight: Flight): void {
    this.#due.delete(flight);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due.clear();
  }

  readonly #beat = (): void => {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (const [flight, at] of this.#due) {
      if (at > now) {
        this.#timer = this.#clock.setTimeout(this.#beat, at - now);
        return;
      }
      this.#due.delete(flight);
      flight.wake();
    }
  };
}
