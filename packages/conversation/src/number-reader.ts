import { plainText } from "./plain-text.js";

/** Nobody types a number longer than this. */
const LONGEST = 60;
const GROUPED = /^\d{1,3}(?:([,٬،' ])\d{3})(?:\1\d{3})*$/;

/**
 * Reads a number as people type it, in whichever digits: «۱۲٬۵۰۰», «‎-۳٫۵», `1,000.25`, «منفی ۲». `undefined` for
 * anything else and for what can be read in two ways: `1.500` is a thousand and a half to some, and one and a half to others.
 */
export function readNumber(text: string): number | undefined {
  const signed = signedText(text);
  if (signed === undefined) return undefined;
  const { sign, rest } = signed;
  const [, whole = "", mark, part = ""] = /^([^.٫]*)(?:([.٫])(\d+))?$/.exec(rest) ?? [];
  const digits = wholeDigits(whole);
  if (digits === undefined) return undefined;
  if (mark === "." && part.length === 3 && /^[1-9]\d{0,2}$/.test(whole)) return undefined;
  const value = Number(mark === undefined ? digits : `${digits}.${part}`);
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER
    ? withSign(sign, value)
    : undefined;
}

/** {@link readNumber} for whole numbers: one with a point is none, whatever follows the point. */
export function readInteger(text: string): number | undefined {
  const signed = signedText(text);
  const digits = signed === undefined ? undefined : wholeDigits(signed.rest);
  if (signed === undefined || digits === undefined) return undefined;
  const value = Number(digits);
  return Number.isSafeInteger(value) ? withSign(signed.sign, value) : undefined;
}

function signedText(text: string): { readonly sign: string; readonly rest: string } | undefined {
  if (text.length > LONGEST) return undefined;
  const [, sign = "", rest = ""] = /^(منفی |[-−–+] ?)?(.+)$/.exec(plainText(text)) ?? [];
  return rest === "" ? undefined : { sign: sign.trim(), rest };
}

function wholeDigits(text: string): string | undefined {
  if (/^\d+$/.test(text)) return text;
  return GROUPED.test(text) ? text.replace(/\D/g, "") : undefined;
}

function withSign(sign: string, value: number): number {
  // Never the zero that is less than zero.
  return sign === "" || sign === "+" || value === 0 ? value : -value;
}
