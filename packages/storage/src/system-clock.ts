import type { Clock, Timer } from "./clock.js";

/** The longest delay Node's timers take; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** A timer too long for Node, walked in several steps. */
interface LongTimer {
  handle: NodeJS.Timeout;
}

/** The real time of this machine. Delays longer than Node's 24.8 days are kept, not fired at once. */
export const systemClock: Clock = {
  now: (): number => Date.now(),
  setTimeout(run: () => void, delayMs: number): Timer {
    if (!(delayMs > LONGEST_DELAY_MS)) return setTimeout(run, delayMs);
    const dueAt = Date.now() + delayMs;
    const step = (): void => {
      const leftMs = dueAt - Date.now();
      if (leftMs <= 0) run();
      else timer.handle = setTimeout(step, Math.min(leftMs, LONGEST_DELAY_MS));
    };
    const timer: LongTimer = { handle: setTimeout(step, LONGEST_DELAY_MS) };
    return timer;
  },
  clearTimeout(timer: Timer): void {
    const isLong = typeof timer === "object" && timer !== null && "handle" in timer;
    clearTimeout(isLong ? (timer as LongTimer).handle : (timer as NodeJS.Timeout | undefined));
  },
};
