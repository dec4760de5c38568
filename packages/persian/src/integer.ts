import { normalizePersian } from "./normalizer.js";
import { readSpoken, wholeTimes } from "./spoken-number.js";

/**
 * Reads a whole number as people write it: «۱۲٬۵۰۰», «دو هزار و پانصد», «۲ میلیون», «منفی سه». `undefined` for anything
 * else, for a fraction, for what can be read in two ways, and beyond 2^53: {@link parseBigInteger} reads those.
 */
export function parseInteger(text: string): number | undefined {
  const whole = parseBigInteger(text);
  const value = Number(whole);
  return whole !== undefined && Number.isSafeInteger(value) ? value : undefined;
}

/** {@link parseInteger} without an upper bound. */
export function parseBigInteger(text: string): bigint | undefined {
  if (typeof text !== "string" || text.length > LONGEST) return undefined;
  const sign = /^\s*(?:[-−–]\s*|منفی\s+|\+\s*)?/.exec(normalizePersian(text))?.[0] ?? "";
  const read = readSpoken(normalizePersian(text).slice(sign.length));
  const whole = read === undefined ? undefined : wholeTimes(read, 1n);
  if (whole === undefined) return undefined;
  return sign.trim() === "" || sign.includes("+") ? whole : -whole;
}

/** Nobody writes a number longer than this; a message of 4096 digits is not worked on. */
const LONGEST = 400;
