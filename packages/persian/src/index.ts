/** One way of writing: for commands, words and patterns that should match whatever keyboard was used. */
export { normalizePersian, persianNormalizer } from "./normalizer.js";
export type { NormalizerOptions } from "./normalizer.js";
export { toLatinDigits, toPersianDigits } from "./digits.js";
/** Numbers and money. */
export { parseBigInteger, parseInteger } from "./integer.js";
export { toWords } from "./number-words.js";
export { formatAmount, parseAmount, tomansToRials } from "./amount.js";
export type { Amount, FormatAmountOptions, MoneyUnit, ParseAmountOptions } from "./amount.js";
/** Days of the Persian calendar. */
export {
  addDays,
  addMonths,
  compareJalali,
  daysInMonth,
  fromJalali,
  isJalaliDate,
  isLeapYear,
  MONTH_NAMES,
  toJalali,
  WEEKDAY_NAMES,
  weekdayOf,
} from "./jalali-date.js";
export type { JalaliDate, TimeOfDay } from "./jalali-date.js";
export { formatJalali } from "./date-format.js";
export type { FormatJalaliOptions } from "./date-format.js";
export { parseJalali } from "./date-parser.js";
export type { ParseJalaliOptions } from "./date-parser.js";
/** Numbers that people and accounts have. */
export { formatMobile, parseMobile } from "./mobile.js";
export type { FormatMobileOptions } from "./mobile.js";
export { parseCompanyId, parseNationalId } from "./national-id.js";
export { maskCard, parseCard } from "./card.js";
export type { Card } from "./card.js";
export { formatSheba, parseSheba } from "./sheba.js";
export type { Sheba } from "./sheba.js";
export type { BankName } from "./bank.js";
/** Latin words in Persian lines. */
export { isolate, isolateLatin, stripDirection } from "./direction.js";
