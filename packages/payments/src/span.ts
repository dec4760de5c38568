import { misuse, shown } from "./misuse.js";

/** A day in milliseconds. */
export const DAY_MS = 86_400_000;
/** What is stored is JSON, which knows no infinity. */
const LONGEST_MS = 100 * 365 * DAY_MS;

/** Refuses what is no span of time that can be stored. */
export function checkSpan(what: string, value: unknown, caller?: (...args: never[]) => unknown): void {
  if (typeof value === "number" && value > 0 && value <= LONGEST_MS) return;
  throw misuse(`${what} is ${shown(value)}. Give milliseconds above 0, up to a hundred years.`, caller);
}
