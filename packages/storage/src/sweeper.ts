import type { Clock, Timer } from "./clock.js";

/** Removes expired entries now and then, without keeping the process alive for it. */
export interface Sweeper {
  /** Says that something expires at this time; `Infinity` means never and costs nothing. */
  by(expiresAt: number): void;
}

/** Entries are dropped at most this long after they expired; reads never see them in between. */
const SWEEP_EVERY_MS = 60_000;

/**
 * Arms a timer while there is something to expire. `sweep` removes what has expired and answers when the next entry
 * does (`Infinity`: none).
 */
export function sweeper(clock: Clock, sweep: () => number): Sweeper {
  let timer: Timer | undefined;
  function by(expiresAt: number): void {
    if (timer !== undefined || expiresAt === Number.POSITIVE_INFINITY) return;
    timer = clock.setTimeout(
      () => {
        timer = undefined;
        by(sweep());
      },
      Math.max(expiresAt - clock.now(), SWEEP_EVERY_MS),
    );
    (timer as { unref?: () => unknown }).unref?.();
  }
  return { by };
}
