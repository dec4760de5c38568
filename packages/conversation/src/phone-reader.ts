import { plainText } from "./plain-text.js";

/**
 * Reads an Iranian number in any way it is written («۰۹۱۲ ۱۲۳ ۴۵۶۷», `+98 (912) 123-4567`, `00989121234567`,
 * `9121234567`) as `+989121234567`; `undefined` for what is none.
 * @param landlines whether «۰۲۱ ۸۸۸۸ ۸۸۸۸», with the code of its city, counts as well
 */
export function readPhone(text: string, landlines: boolean): string | undefined {
  if (text.length > 60) return undefined;
  const digits = plainText(text)
    .replace(/^tel:/i, "")
    .replace(/[\s().\-–−_/]/g, "");
  const mobile = /^(?:\+98|0098|98)?0?(9\d{9})$/.exec(digits)?.[1];
  if (mobile !== undefined) return `+98${mobile}`;
  const landline = /^(?:(?:\+98|0098)0?|0)([1-8]\d{9})$/.exec(digits)?.[1];
  return landlines && landline !== undefined ? `+98${landline}` : undefined;
}

/** The number of a contact that somebody shared, which may be of any country; `undefined` for what is none. */
export function readContactPhone(number: string): string | undefined {
  const iranian = readPhone(number, true);
  if (iranian !== undefined) return iranian;
  const digits = plainText(number)
    .replace(/^(?:\+|00)/, "")
    .replace(/[\s().-]/g, "");
  return /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : undefined;
}
