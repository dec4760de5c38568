import type { LabeledPrice } from "balekit";
import { misuse, shown } from "./misuse.js";

const PERSIAN_ZERO = 0x06f0;
const ARABIC_ZERO = 0x0660;
/** A comma that is not before three digits is somebody's decimal point: «12,5» is not to become 125. */
const AMOUNT = /^(-?(?:\d{1,3}(?:[,٬_\s]\d{3})+|\d+))(?:[.٫/](\d))?$/;

/** Persian and Arabic digits as ASCII ones. */
export function asciiDigits(text: string): string {
  return text.replace(/[۰-۹٠-٩]/g, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code - (code >= PERSIAN_ZERO ? PERSIAN_ZERO : ARABIC_ZERO));
  });
}

/**
 * Rials from an amount of toman, exactly: `toman(12_000)`, `toman("۱۲٬۵۰۰")`, `toman("1.5")` (15 rials). A number with
 * a fraction is refused, because it may have lost digits before it got here; write it as text.
 * @throws {TypeError} for what is no amount, has more than one decimal, or is beyond what a number holds exactly.
 */
export function toman(amount: number | bigint | string): number {
  if (typeof amount === "number" && !Number.isSafeInteger(amount)) {
    throw misuse(
      `Reading an amount of toman: ${amount} is no whole number that a computer holds exactly. Give fractions and ` +
        "large amounts as text or bigint.",
      toman,
    );
  }
  const text = asciiDigits(String(amount)).trim();
  const match = AMOUNT.exec(text);
  if (match === null) {
    throw misuse(
      `Reading an amount of toman: ${shown(amount)} is none. Give digits with at most one decimal: a toman has 10 rials. ` +
        "Marks between thousands stand before three digits.",
      toman,
    );
  }
  const whole = BigInt((match[1] as string).replace(/[^\d-]/g, "")) * 10n;
  const tenth = BigInt(match[2] ?? 0);
  const rials = text.startsWith("-") ? whole - tenth : whole + tenth;
  return exactly(rials, "Reading an amount of toman", toman);
}

/**
 * An amount of rials as people say it: `formatToman(125_000)` is «۱۲٬۵۰۰ تومان». Rials that make no whole toman are
 * shown as a decimal, so no digit is lost.
 */
export function formatToman(rials: number): string {
  requireRials(rials, "Showing an amount", formatToman);
  const tenth = Math.abs(rials) % 10;
  const whole = grouped(Math.trunc(Math.abs(rials) / 10));
  return `${rials < 0 ? "−" : ""}${whole}${tenth === 0 ? "" : `٫${persian(tenth)}`} تومان`;
}

/** An amount of rials in Persian digits: `formatRials(125_000)` is «۱۲۵٬۰۰۰ ریال». */
export function formatRials(rials: number): string {
  requireRials(rials, "Showing an amount", formatRials);
  return `${rials < 0 ? "−" : ""}${grouped(Math.abs(rials))} ریال`;
}

/** Refuses what is no whole number of rials. */
export function requireRials(amount: unknown, doing: string, caller?: (...args: never[]) => unknown): void {
  if (Number.isSafeInteger(amount)) return;
  throw misuse(
    `${doing}: ${shown(amount)} is no whole number of rials. Give an integer; toman("12.5") makes one of toman.`,
    caller,
  );
}

/** Adds the lines of an invoice up. @throws {TypeError} for lines without a label, and for a sum below one rial. */
export function totalOf(prices: readonly LabeledPrice[], doing: string): number {
  if (!Array.isArray(prices) || prices.length === 0) {
    throw misuse(`${doing}: prices is ${shown(prices)}. Give at least one { label, amount } in rials.`);
  }
  let sum = 0n;
  for (const [place, price] of prices.entries()) {
    const { label, amount } = (price ?? {}) as Partial<LabeledPrice>;
    if (typeof label !== "string" || label === "") {
      throw misuse(`${doing}: line ${place + 1} of the prices has no label. Say what the amount is for.`);
    }
    requireRials(amount, `${doing}, line ${place + 1} of the prices`);
    sum += BigInt(amount as number);
  }
  if (sum <= 0n)
    throw misuse(`${doing}: the prices add up to ${sum} rials. An invoice asks for more than nothing.`);
  return exactly(sum, doing);
}

function exactly(rials: bigint, doing: string, caller?: (...args: never[]) => unknown): number {
  const number = Number(rials);
  if (Number.isSafeInteger(number)) return number;
  throw misuse(`${doing}: ${rials} rials are more than a number holds exactly.`, caller);
}

function grouped(whole: number): string {
  return persian(String(whole).replace(/\B(?=(\d{3})+$)/g, "٬"));
}

function persian(text: string | number): string {
  return String(text).replace(/\d/g, (digit) => String.fromCharCode(PERSIAN_ZERO + Number(digit)));
}
