import { toPersianDigits } from "./digits.js";
import { outOfRange, shown, wrongType } from "./misuse.js";
import { normalizePersian } from "./normalizer.js";
import { toWords, wholeNumber } from "./number-words.js";
import { readSpoken, wholeTimes } from "./spoken-number.js";

/** What an amount is counted in. Bale counts in rials; a toman is ten. */
export type MoneyUnit = "rial" | "toman";

/** An amount that was read. */
export interface Amount {
  /** Whole rials, as Bale's prices want them. */
  readonly rials: number;
  /** The unit that was written, or the one that was assumed. */
  readonly unit: MoneyUnit;
}

/** How an amount is read. */
export interface ParseAmountOptions {
  /** The unit of an amount that names none. Absent: such an amount is not read, because a guess is wrong by ten. */
  readonly unit?: MoneyUnit | undefined;
}

const UNITS: readonly (readonly [RegExp, MoneyUnit])[] = [
  [/(?:تومان|تومن|تومنی|تومانی|toman|tomans|irt|(?<![\p{L}])ت)$/iu, "toman"],
  [/(?:ریال|ریالی|rial|rials|irr)$/iu, "rial"],
];

/**
 * Reads an amount of money as people write it: «۲ میلیون و ۵۰۰ هزار تومان», «۱۲۵٬۰۰۰ ریال», «سه و نیم میلیون تومن».
 * Exact: `undefined` rather than a rounded or a guessed amount, also for less than a rial and beyond 2^53 rials.
 */
export function parseAmount(text: string, options: ParseAmountOptions = {}): Amount | undefined {
  if (typeof text !== "string" || text.length > LONGEST) return undefined;
  const written = normalizePersian(text).trim();
  for (const [name, unit] of UNITS) {
    const number = written.replace(name, "");
    if (number !== written) return amountOf(number.trim(), unit);
  }
  return options.unit === undefined ? undefined : amountOf(written, options.unit);
}

function amountOf(number: string, unit: MoneyUnit): Amount | undefined {
  const read = readSpoken(number);
  const rials = read === undefined ? undefined : wholeTimes(read, unit === "toman" ? 10n : 1n);
  if (rials === undefined || rials > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return { rials: Number(rials), unit };
}

const LONGEST = 400;

/** How an amount is written. */
export interface FormatAmountOptions {
  /** @default "toman" */
  readonly unit?: MoneyUnit | undefined;
  /** In words instead of digits: «دوازده هزار تومان». @default false */
  readonly words?: boolean | undefined;
  /** @default "persian" */
  readonly digits?: "persian" | "latin" | undefined;
}

/**
 * Writes whole rials for people: 125000 is «۱۲٬۵۰۰ تومان». A rest below ten rials is kept: 12345 is «۱٬۲۳۴٫۵ تومان».
 * @throws TypeError for a fraction of a rial, and RangeError for a `number` that is not safe
 */
export function formatAmount(rials: number | bigint, options: FormatAmountOptions = {}): string {
  const { unit = "toman", words = false, digits = "persian" } = options;
  checkUnit(unit, "formatAmount");
  const whole = wholeNumber(rials, "formatAmount");
  const size = whole < 0n ? -whole : whole;
  const units = unit === "toman" ? size / 10n : size;
  const rest = unit === "toman" ? size % 10n : 0n;
  const name = unit === "toman" ? "تومان" : "ریال";
  if (words) {
    const sign = whole < 0n ? "منفی " : "";
    const tail = rest === 0n ? "" : `${toWords(rest)} ریال`;
    if (units === 0n && tail !== "") return `${sign}${tail}`;
    return `${sign}${toWords(units)} ${name}${tail === "" ? "" : ` و ${tail}`}`;
  }
  const persian = digits === "persian";
  const grouped = String(units).replace(/\B(?=(?:\d{3})+$)/g, persian ? "٬" : ",");
  const number = `${whole < 0n ? "\u200e-" : ""}${grouped}${rest === 0n ? "" : `${persian ? "٫" : "."}${rest}`}`;
  return `${persian ? toPersianDigits(number) : number} ${name}`;
}

/** Tomans as rials, exactly: `tomansToRials(12_500)` is 125000. @throws for a fraction and beyond 2^53 rials */
export function tomansToRials(tomans: number): number {
  const rials = wholeNumber(tomans, "tomansToRials") * 10n;
  if (!Number.isSafeInteger(Number(rials))) {
    throw outOfRange(
      `tomansToRials: ${shown(tomans)} tomans are more rials than a number holds exactly. Give fewer.`,
    );
  }
  return Number(rials);
}

function checkUnit(unit: unknown, what: string): void {
  if (unit === "rial" || unit === "toman") return;
  throw wrongType(`${what}: the unit is ${shown(unit)}. Give "rial" or "toman".`);
}
