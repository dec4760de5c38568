import { type BankName, bankOfCardPrefix } from "./bank.js";
import { normalizePersian } from "./normalizer.js";

/** A bank card that was read. */
export interface Card {
  /** Sixteen digits. */
  readonly number: string;
  /** The bank by its short Persian name; `undefined` for a prefix that is not in our table. */
  readonly bank: BankName | undefined;
}

/**
 * Reads the sixteen digits of a bank card with any digits, spaces or dashes, and checks them (Luhn); `undefined` for what
 * is none. Says that the number is well formed, not that there is such a card.
 */
export function parseCard(text: string): Card | undefined {
  if (typeof text !== "string" || text.length > 60) return undefined;
  const number = normalizePersian(text).replace(/[\s\-–_.]/g, "");
  if (!/^[1-9]\d{15}$/.test(number) || !isLuhn(number)) return undefined;
  return { number, bank: bankOfCardPrefix(number.slice(0, 6)) };
}

/** Hides what nobody needs to read: `6037 **** **** 1234`. @returns `undefined` for what is no card */
export function maskCard(text: string): string | undefined {
  const card = parseCard(text);
  return card === undefined ? undefined : `${card.number.slice(0, 4)} **** **** ${card.number.slice(-4)}`;
}

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]) * (at % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
