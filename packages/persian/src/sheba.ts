import { type BankName, bankOfShebaCode } from "./bank.js";
import { normalizePersian } from "./normalizer.js";

/** A Sheba (IBAN of Iran) that was read. */
export interface Sheba {
  /** `IR` and 24 digits. */
  readonly number: string;
  /** The bank by its short Persian name; `undefined` for a code that is not in our table. */
  readonly bank: BankName | undefined;
}

/**
 * Reads a Sheba with or without `IR`, with any digits, spaces or dashes, and checks it (IBAN, modulo 97); `undefined`
 * for what is none. Says that the number is well formed, not that there is such an account.
 */
export function parseSheba(text: string): Sheba | undefined {
  if (typeof text !== "string" || text.length > 60) return undefined;
  const plain = normalizePersian(text)
    .replace(/[\s\-–_.]/g, "")
    .toUpperCase();
  const digits = /^(?:IR)?(\d{24})$/.exec(plain)?.[1];
  if (digits === undefined) return undefined;
  // The country and the check digits go to the end; I is 18 and R is 27.
  if (BigInt(`${digits.slice(2)}1827${digits.slice(0, 2)}`) % 97n !== 1n) return undefined;
  return { number: `IR${digits}`, bank: bankOfShebaCode(digits.slice(2, 5)) };
}

/** Writes a Sheba in groups of four, as on paper. @returns `undefined` for what is none */
export function formatSheba(text: string): string | undefined {
  return parseSheba(text)?.number.replace(/(.{4})(?=.)/g, "$1 ");
}
