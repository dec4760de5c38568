import { misuse } from "./storage-error.js";
import { systemClock } from "./system-clock.js";

/** Says that the time was up. Never leaves the drivers: they say what was being done. */
export class TimeIsUp extends Error {
  constructor(timeoutMs: number) {
    super(`no answer in ${timeoutMs} ms`);
  }
}

/**
 * Waits for at most `timeoutMs` of real time; what comes later is dropped.
 * @throws {TimeIsUp}
 */
export async function withinTime<Result>(timeoutMs: number, running: Promise<Result>): Promise<Result> {
  let timer: unknown;
  const late = new Promise<never>((_resolve, reject) => {
    // What has come while the process stood still is read after the timers are looked at: it is not late.
    const giveUp = (): unknown => setImmediate(() => reject(new TimeIsUp(timeoutMs)));
    timer = systemClock.setTimeout(giveUp, timeoutMs);
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    systemClock.clearTimeout(timer);
  }
}

/** Refuses what cannot bound a wait. */
export function checkTimeout(doing: string, timeoutMs: number): void {
  if (timeoutMs >= 1 && timeoutMs < 2 ** 31) return;
  throw misuse(
    "ERR_BALE_OPTION",
    `${doing}: timeoutMs is ${timeoutMs}. Give milliseconds, from 1 to 2147483647.`,
  );
}
