/** A running timer, as `Clock.setTimeout` hands it out; pass it to `Clock.clearTimeout`. */
export type Timer = unknown;

/**
 * Where the house reads the time. Nothing in balekit calls `Date.now` or `setTimeout` for behaviour a user can see:
 * it asks its clock, so that tests and the emulator can move hours in a millisecond.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Runs `run` once, `delayMs` from now. A negative or missing delay means as soon as possible. */
  setTimeout(run: () => void, delayMs: number): Timer;
  /** Forgets a timer. Clearing one that has run, or was cleared, does nothing. */
  clearTimeout(timer: Timer): void;
}
