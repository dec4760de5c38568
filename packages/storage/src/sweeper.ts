import type { Clock, Timer } from "./clock.js";

/** Removes expired entries now and then, without keeping the process alive for it. */
export interface Sweeper {
  /** Says that something expires at this time; `Infinity` means never and costs nothing. */
  by(expiresAt: number): void;
}

/** Entries are dropped at most this long after they expired; reads never see them in between. */
const SWEEP_EVERY_MS = 60_000;
/** Looked at this often even when nothing expires for longer: a timer Node has to split could not be unreferenced. */
const SWEEP_AT_LEAST_EVERY_MS = 86_400_000;

/**
 * Arms a timer while there is something to expire. `sweep` removes what has expired and answers when the next entry
 * does (`Infinity`: none).
 */
export function sweeper(clock: Clock, sweep: () => number): Sweeper {
  let timer: Timer | undefined;
  let sweepsAt = Number.POSITIVE_INFINITY;
  function by(expiresAt: number): void {
    if (expiresAt >= sweepsAt) return;
    const now = clock.now();
    const wanted = Math.min(Math.max(expiresAt, now + SWEEP_EVERY_MS), now + SWEEP_AT_LEAST_EVERY_MS);
    if (wanted >= sweepsAt) return;
    clock.clearTimeout(timer);
    sweepsAt = wanted;
    timer = clock.setTimeout(() => {
      timer = undefined;
      sweepsAt = Number.POSITIVE_INFINITY;
      by(sweep());
    }, wanted - now);
    (timer as { unref?: () => unknown }).unref?.();
  }
  return { by };
}
