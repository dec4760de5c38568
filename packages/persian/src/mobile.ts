import { toPersianDigits } from "./digits.js";
import { shown, wrongType } from "./misuse.js";
import { normalizePersian } from "./normalizer.js";

/**
 * Reads an Iranian mobile number in any way it is written («۰۹۱۲ ۱۲۳ ۴۵۶۷», `+98 (912) 123-4567`, `00989121234567`,
 * `989121234567`, `9121234567`) as `+989121234567`; `undefined` for what is none. What comes with a contact fits too.
 */
export function parseMobile(text: string): string | undefined {
  if (typeof text !== "string" || text.length > 60) return undefined;
  const digits = normalizePersian(text)
    .trim()
    .replace(/^tel:/i, "")
    .replace(/[\s().\-–_/]/g, "");
  const own = /^(?:\+98|0098|98)?0?(9\d{9})$/.exec(digits)?.[1];
  return own === undefined ? undefined : `+98${own}`;
}

/** How a mobile number is written. */
export interface FormatMobileOptions {
  /** @default "persian" */
  readonly digits?: "persian" | "latin" | undefined;
}

/** Writes a mobile number as it is read out in Iran: «۰۹۱۲ ۱۲۳ ۴۵۶۷». @throws TypeError for what is none */
export function formatMobile(mobile: string, options: FormatMobileOptions = {}): string {
  const parsed = parseMobile(mobile);
  if (parsed === undefined) {
    throw wrongType(
      `formatMobile: ${shown(mobile)} is not an Iranian mobile number. Check it with parseMobile first.`,
    );
  }
  const text = `0${parsed.slice(3, 6)} ${parsed.slice(6, 9)} ${parsed.slice(9)}`;
  return options.digits === "latin" ? text : toPersianDigits(text);
}
