import type { Clock, Timer } from "./clock.js";

/** A clock that stands still until it is told to move; for tests and for the emulator. */
export interface ManualClock extends Clock {
  /**
   * Moves the time forward and runs every timer that falls due on the way, in order of time (first set first run when
   * two fall together). Between two timers, promise chains get to settle, so a timer set by what a timer woke is
   * honoured in the same move. Work that waits for real I/O is not waited for.
   * @throws {RangeError} when `ms` is negative or not a number.
   */
  advance(ms: number): Promise<void>;
  /** How many timers are set and have neither run nor been cleared. */
  readonly pending: number;
}

/** Options of `manualClock`. */
export interface ManualClockOptions {
  /** Where the clock stands first, in ms since 1970. @default 2026-01-01T00:00:00Z */
  readonly now?: number | undefined;
}

interface ManualTimer {
  readonly dueAt: number;
  readonly order: number;
  readonly run: () => void;
}

/** How many turns of the event loop a chain of promises and `setImmediate`s may take to settle between timers. */
const SETTLING_TURNS = 3;

/**
 * Makes a clock that moves only by `advance`.
 * @example
 * const clock = manualClock();
 * clock.setTimeout(() => console.log("an hour later"), 3_600_000);
 * await clock.advance(3_600_000);
 */
export function manualClock(options: ManualClockOptions = {}): ManualClock {
  let now = options.now ?? Date.UTC(2026, 0, 1);
  let made = 0;
  const timers = new Set<ManualTimer>();

  function earliest(until: number): ManualTimer | undefined {
    let first: ManualTimer | undefined;
    for (const timer of timers) {
      if (timer.dueAt > until) continue;
      if (
        first === undefined ||
        timer.dueAt < first.dueAt ||
        (timer.dueAt === first.dueAt && timer.order < first.order)
      ) {
        first = timer;
      }
    }
    return first;
  }

  return {
    now: () => now,
    setTimeout(run: () => void, delayMs: number): Timer {
      const timer: ManualTimer = { dueAt: now + Math.max(delayMs || 0, 0), order: made++, run };
      timers.add(timer);
      return timer;
    },
    clearTimeout(timer: Timer): void {
      timers.delete(timer as ManualTimer);
    },
    async advance(ms: number): Promise<void> {
      if (!(ms >= 0)) {
        throw new RangeError(
          `Moving a manual clock: ${ms} is not a number of milliseconds from 0 up. Time only goes forward.`,
        );
      }
      const until = now + ms;
      await settle();
      for (let timer = earliest(until); timer !== undefined; timer = earliest(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.dueAt);
        timer.run();
        await settle();
      }
      now = Math.max(now, until);
    },
    get pending(): number {
      return timers.size;
    },
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLING_TURNS; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
