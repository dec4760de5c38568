import type { Clock, Timer } from "@balekit/storage";

/** A timer with the clock it was set on. */
interface PlacedTimer {
  readonly clock: Clock;
  readonly timer: Timer;
}

/** A clock that passes on what another one says, so that the other can be replaced under those who hold this one. */
export class CurrentClock implements Clock {
  #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Reads another clock from now on. Timers that are set stay on the clock they were set on. */
  replace(clock: Clock): void {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  setTimeout(run: () => void, delayMs: number): Timer {
    const clock = this.#clock;
    const placed: PlacedTimer = { clock, timer: clock.setTimeout(run, delayMs) };
    return placed;
  }

  /** Sets a timer that does not keep the process alive, where the clock has such. */
  setBackgroundTimeout(run: () => void, delayMs: number): Timer {
    const placed = this.setTimeout(run, delayMs) as PlacedTimer;
    (placed.timer as { readonly unref?: () => unknown } | undefined)?.unref?.();
    return placed;
  }

  clearTimeout(timer: Timer): void {
    const placed = timer as PlacedTimer | undefined;
    placed?.clock.clearTimeout(placed.timer);
  }
}
