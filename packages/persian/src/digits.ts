import { shown, wrongType } from "./misuse.js";

const PERSIAN = "۰۱۲۳۴۵۶۷۸۹";

/** Writes the digits of a text or a number as Persian ones, Arabic digits included; everything else stays. */
export function toPersianDigits(value: string | number | bigint): string {
  return textOf(value, "toPersianDigits").replace(/[0-9٠-٩]/g, (digit) =>
    PERSIAN.charAt(digit.charCodeAt(0) & 15),
  );
}

/** Writes Persian and Arabic digits as 0 to 9; everything else stays. */
export function toLatinDigits(value: string | number | bigint): string {
  return textOf(value, "toLatinDigits").replace(/[۰-۹٠-٩]/g, (digit) => String(digit.charCodeAt(0) & 15));
}

function textOf(value: unknown, what: string): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") {
    return String(value);
  }
  throw wrongType(`${what}: ${shown(value)} is neither a text nor a number. Give one of them.`);
}
