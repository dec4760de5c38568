import { isValidJalaaliDate, toGregorian, toJalaali } from "jalaali-js";
import { plainText } from "./plain-text.js";

/** A day of the Persian calendar, and how the rest of the world writes it. */
export interface AskedDate {
  readonly year: number;
  /** 1 is Farvardin. */
  readonly month: number;
  readonly day: number;
  /** The same day as `2026-11-26`. */
  readonly iso: string;
}

const MONTHS: ReadonlyMap<string, number> = new Map(
  [
    ["فروردین"],
    ["اردیبهشت"],
    ["خرداد"],
    ["تیر"],
    ["مرداد", "امرداد"],
    ["شهریور"],
    ["مهر"],
    ["آبان", "ابان"],
    ["آذر", "اذر"],
    ["دی"],
    ["بهمن"],
    ["اسفند"],
  ].flatMap((names, at) => names.map((name): [string, number] => [name, at + 1])),
);

const RELATIVE: ReadonlyMap<string, number> = new Map([
  ["پریروز", -2],
  ["دیروز", -1],
  ["امروز", 0],
  ["فردا", 1],
  ["پسفردا", 2],
  ["پس فردا", 2],
]);

const DAY_MS = 86_400_000;
/** Smaller ones are years of the Persian calendar. */
const FIRST_OTHER_YEAR = 1900;
/** How far Tehran is ahead of Greenwich. */
const TEHRAN_MS = 12_600_000;

/**
 * Reads a day as people type it: «۱۴۰۵/۹/۵», «۵/۹/۱۴۰۵», `1405-09-05`, «۵ آذر ۱۴۰۵», «فردا», «۷۲/۵/۳», and a day of the
 * other calendar (`2026-11-26`). `undefined` for what is no day.
 * @param now what time it is, asked only where the text leaves something open
 */
export function readDate(text: string, now: () => number): AskedDate | undefined {
  if (text.length > 60) return undefined;
  const words = plainText(text).replace(/[،,]/g, " ").replace(/ +/g, " ").trim();
  const relative = RELATIVE.get(words);
  if (relative !== undefined) return dayAt(now() + relative * DAY_MS);
  return inNumbers(words, now) ?? inWords(words, now);
}

/** The day in Tehran at a moment. */
export function dayAt(moment: number): AskedDate {
  const then = new Date(moment + TEHRAN_MS);
  const { jy, jm, jd } = toJalaali(then.getUTCFullYear(), then.getUTCMonth() + 1, then.getUTCDate());
  return { year: jy, month: jm, day: jd, iso: then.toISOString().slice(0, 10) };
}

/** A number that grows with the days. */
export function ordinalOf({ year, month, day }: Pick<AskedDate, "year" | "month" | "day">): number {
  return (year * 100 + month) * 100 + day;
}

/** A day as it is written: «1405/9/5». */
export function dateText({ year, month, day }: Pick<AskedDate, "year" | "month" | "day">): string {
  return `${year}/${month}/${day}`;
}

function inNumbers(words: string, now: () => number): AskedDate | undefined {
  const [, first = "", , middle = "", last = ""] =
    /^(\d{1,4}) ?([/\-. ]) ?(\d{1,2}) ?\2 ?(\d{1,4})$/.exec(words) ?? [];
  const month = Number(middle);
  if (first.length === 4 && last.length <= 2) return dayOf(Number(first), month, Number(last));
  if (last.length === 4 && first.length <= 2) return dayOf(Number(last), month, Number(first));
  if (first.length === 2 && last.length <= 2 && last !== "") {
    return dayOf(nearestYear(Number(first), now), month, Number(last));
  }
  return undefined;
}

function inWords(words: string, now: () => number): AskedDate | undefined {
  const [, day = "", name = "", year] =
    /^(\d{1,2}) ?(?:ا?م)? (\p{L}+?)(?: ?ماه)?(?: سال)?(?: (\d{2}|\d{4}))?$/u.exec(words) ?? [];
  const month = MONTHS.get(name);
  if (month === undefined) return undefined;
  if (year === undefined) return dayOf(dayAt(now()).year, month, Number(day));
  // A Persian month has no year of the other calendar.
  if (Number(year) >= FIRST_OTHER_YEAR) return undefined;
  return dayOf(year.length === 2 ? nearestYear(Number(year), now) : Number(year), month, Number(day));
}

/** The year with these last two digits that is nearest to this one. */
function nearestYear(lastTwo: number, now: () => number): number {
  const { year } = dayAt(now());
  const base = year - (year % 100) + lastTwo;
  if (base - year > 50) return base - 100;
  return year - base > 50 ? base + 100 : base;
}

function dayOf(year: number, month: number, day: number): AskedDate | undefined {
  // Years from 1900 on are years of the other calendar: the Persian one comes to them in five hundred years.
  if (year >= FIRST_OTHER_YEAR) return ofGregorian(year, month, day);
  if (year < 1200 || !isValidJalaaliDate(year, month, day)) return undefined;
  const { gy, gm, gd } = toGregorian(year, month, day);
  return { year, month, day, iso: isoOf(gy, gm, gd) };
}

function ofGregorian(year: number, month: number, day: number): AskedDate | undefined {
  const iso = isoOf(year, month, day);
  const moment = new Date(`${iso}T00:00:00Z`);
  if (year > 2200 || Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== iso)
    return undefined;
  const { jy, jm, jd } = toJalaali(year, month, day);
  return { year: jy, month: jm, day: jd, iso };
}

function isoOf(year: number, month: number, day: number): string {
  return [String(year), String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
}
