import { normalizePersian } from "./normalizer.js";

/**
 * Reads a national id (کد ملی) with any digits, spaces or dashes, and checks its last digit: the ten digits, or
 * `undefined`. Says that the number is well formed, not that a person has it.
 */
export function parseNationalId(text: string): string | undefined {
  if (typeof text !== "string" || text.length > 40) return undefined;
  const digits = normalizePersian(text).replace(/[\s\-–]/g, "");
  // Ten equal digits pass the check and are nobody's.
  if (!/^\d{10}$/.test(digits) || /^(\d)\1{9}$/.test(digits)) return undefined;
  let sum = 0;
  for (let at = 0; at < 9; at++) sum += Number(digits[at]) * (10 - at);
  const rest = sum % 11;
  return Number(digits[9]) === (rest < 2 ? rest : 11 - rest) ? digits : undefined;
}

/**
 * Reads the national id of a company (شناسه ملی), eleven digits, and checks its last one; `undefined` for what is none.
 */
export function parseCompanyId(text: string): string | undefined {
  if (typeof text !== "string" || text.length > 40) return undefined;
  const digits = normalizePersian(text).replace(/[\s\-–]/g, "");
  if (!/^\d{11}$/.test(digits) || /^(\d)\1{10}$/.test(digits)) return undefined;
  const shift = Number(digits[9]) + 2;
  let sum = 0;
  for (let at = 0; at < 10; at++) sum += (Number(digits[at]) + shift) * (COMPANY_WEIGHTS[at % 5] ?? 0);
  const rest = sum % 11;
  return Number(digits[10]) === (rest === 10 ? 0 : rest) ? digits : undefined;
}

const COMPANY_WEIGHTS = [29, 27, 23, 19, 17] as const;
