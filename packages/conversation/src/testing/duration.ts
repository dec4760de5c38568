import { misuse, shown } from "../misuse.js";

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of a duration: `500`, `"31m"`, `"1d 2h"`. */
export function durationMs(duration: number | string): number {
  const ms = typeof duration === "number" ? duration : read(duration);
  if (ms !== undefined && ms >= 0 && Number.isFinite(ms)) return ms;
  throw misuse(
    "ERR_BALE_CONVERSATION_TEST",
    `t.advance: ${shown(duration)} is no duration. Give milliseconds from 0 up, or a text such as "31m" or "1d 2h" (ms, s, m, h, d).`,
  );
}

function read(text: string): number | undefined {
  const parts = text.trim().split(/\s+/);
  let sum = 0;
  for (const part of parts) {
    const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(part) ?? [];
    if (count === undefined || unit === undefined) return undefined;
    sum += Number(count) * (UNITS_MS[unit] as number);
  }
  return sum;
}
