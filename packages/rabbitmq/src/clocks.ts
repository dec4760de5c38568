/** For how long the least age counts: a clock that was put right is believed again after twice as long. */
const WINDOW_MS = 60_000;
/** Deploys bring new processes for ever. */
const MOST_WRITERS = 256;

/** The least age of a process's messages, in this window and the one before. */
interface Least {
  since: number;
  current: number;
  previous: number;
}

/**
 * Translates times that other processes wrote by their own clocks. Clocks of two machines may disagree by more than the
 * ten seconds a payment has. Nothing arrives before it was sent, and most of it arrives at once: so the least age any
 * message of a process had lately is taken for what its clock is off by. The first one counts as fresh.
 */
export class Clocks {
  readonly #writers = new Map<string, Least>();

  /** When, by the clock of this process, something was written that another wrote at `at` by its own; both in ms since 1970. */
  translate(writer: string, at: number, now: number): number {
    const age = now - at;
    const least = this.#leastOf(writer, age, now);
    least.current = Math.min(least.current, age);
    return at + Math.min(least.current, least.previous);
  }

  #leastOf(writer: string, age: number, now: number): Least {
    const known = this.#writers.get(writer);
    // A clock of our own that was put back must not keep a window open.
    if (known !== undefined && Math.abs(now - known.since) < WINDOW_MS) return known;
    const isNext = known !== undefined && Math.abs(now - known.since) < 2 * WINDOW_MS;
    const next = { since: now, current: age, previous: isNext ? known.current : Number.POSITIVE_INFINITY };
    this.#writers.delete(writer);
    this.#writers.set(writer, next);
    if (this.#writers.size > MOST_WRITERS) {
      for (const oldest of this.#writers.keys()) {
        this.#writers.delete(oldest);
        break;
      }
    }
    return next;
  }
}
