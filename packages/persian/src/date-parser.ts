import {
  addDays,
  isJalaliDate,
  type JalaliDate,
  MONTH_NAMES,
  toJalali,
  WEEKDAY_NAMES,
  weekdayOf,
} from "./jalali-date.js";
import { normalizePersian } from "./normalizer.js";
import { toWords } from "./number-words.js";

/** How a day is read. */
export interface ParseJalaliOptions {
  /**
   * Which day it is: `toJalali(clock.now())`. With it «فردا», «۵ آذر» (of this year) and years of two digits (the
   * nearest such year) are read; without it they are not.
   */
  readonly today?: JalaliDate | undefined;
}

/**
 * Reads a day as people write it: «۱۴۰۵/۹/۵», «۵/۹/۱۴۰۵», `1405-09-05`, «پنجم آذر ۱۴۰۵», «پنج‌شنبه ۵ آذر ۱۴۰۵»;
 * and a day of the other calendar in digits, `2026-11-26`, as the Persian day it is. `undefined` for what is no day of the calendar, and when the day of the week that was written is another.
 */
export function parseJalali(text: string, options: ParseJalaliOptions = {}): JalaliDate | undefined {
  if (typeof text !== "string" || text.length > 80) return undefined;
  const { today } = options;
  const words = normalizePersian(text).replace(/[،,]/g, " ").replace(/\s+/g, " ").trim();
  const relative = RELATIVE.get(words);
  if (relative !== undefined) return today === undefined ? undefined : addDays(today, relative);
  const { weekday, rest } = splitWeekday(words);
  const date = ofOtherCalendar(inNumbers(rest, today)) ?? inWords(rest, today);
  if (date === undefined || !isJalaliDate(date)) return undefined;
  return weekday === undefined || weekdayOf(date) === weekday ? date : undefined;
}

const RELATIVE: ReadonlyMap<string, number> = new Map([
  ["پریروز", -2],
  ["دیروز", -1],
  ["امروز", 0],
  ["فردا", 1],
  ["پسفردا", 2],
  ["پس فردا", 2],
]);

/** Normalized, with the half-space as a space or left out, as people type them. */
const WEEKDAYS: ReadonlyMap<string, number> = new Map(
  WEEKDAY_NAMES.flatMap((name, at): [string, number][] => {
    const spaced = normalizePersian(name.replace(/^(.+?)\u200c?شنبه$/, "$1 شنبه"));
    return [spaced, spaced.replace(" ", ""), name === "جمعه" ? "آدینه" : spaced].map((form) => [form, at]);
  }),
);

function splitWeekday(words: string): { readonly weekday: number | undefined; readonly rest: string } {
  const parts = words.split(" ");
  for (const count of [2, 1]) {
    const weekday = WEEKDAYS.get(parts.slice(0, count).join(" "));
    if (weekday !== undefined && parts.length > count) return { weekday, rest: parts.slice(count).join(" ") };
  }
  return { weekday: undefined, rest: words };
}

function inNumbers(text: string, today: JalaliDate | undefined): JalaliDate | undefined {
  const parts = /^(\d{1,4})\s?([/\-.])\s?(\d{1,2})\s?\2\s?(\d{1,4})$/.exec(text);
  if (parts === null) return undefined;
  const [, first = "", , middle = "", last = ""] = parts;
  const month = Number(middle);
  if (first.length === 4 && last.length <= 2) return { year: Number(first), month, day: Number(last) };
  if (last.length === 4 && first.length <= 2) return { year: Number(last), month, day: Number(first) };
  if (first.length === 2 && last.length <= 2) {
    const year = fullYear(first, today);
    return year === undefined ? undefined : { year, month, day: Number(last) };
  }
  return undefined;
}

/**
 * A year from 1900 on is one of the other calendar: the Persian one comes to it in five hundred years, and until then
 * nobody means it.
 */
function ofOtherCalendar(date: JalaliDate | undefined): JalaliDate | undefined {
  if (date === undefined || date.year < FIRST_OTHER_YEAR) return date;
  const { year, month, day } = date;
  const moment = new Date(Date.UTC(year, month - 1, day));
  const isDay = moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  return isDay && year <= LAST_OTHER_YEAR ? toJalali(moment, "UTC") : undefined;
}

const FIRST_OTHER_YEAR = 1900;
const LAST_OTHER_YEAR = 2200;

function inWords(text: string, today: JalaliDate | undefined): JalaliDate | undefined {
  const parts = /^(.+?) (\p{L}+)(?: ماه)?(?: سال)?(?: (\d{2}|\d{4}))?$/u.exec(text);
  const named = parts?.[2] === undefined ? undefined : MONTHS.get(parts[2].replace(/ماه$/, ""));
  if (parts === null || named === undefined) return undefined;
  const day = DAYS.get(parts[1] ?? "");
  const year = parts[3] === undefined ? today?.year : fullYear(parts[3], today);
  if (day === undefined || year === undefined || year >= FIRST_OTHER_YEAR) return undefined;
  return { year, month: named, day };
}

/** The year with these last two digits that is nearest to this one. */
function fullYear(written: string, today: JalaliDate | undefined): number | undefined {
  if (written.length === 4) return Number(written);
  if (today === undefined) return undefined;
  const base = today.year - (today.year % 100) + Number(written);
  const candidates = [base - 100, base, base + 100];
  return candidates.sort((a, b) => Math.abs(a - today.year) - Math.abs(b - today.year))[0];
}

const MONTHS: ReadonlyMap<string, number> = new Map([
  ...MONTH_NAMES.map((name, at): [string, number] => [normalizePersian(name), at + 1]),
  ["امرداد", 5],
  ["ابان", 8],
  ["اذر", 9],
]);

/** What a day of the month is called: «5», «پنج», «پنجم», «5م». */
const DAYS: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 31 }, (_, at) => at + 1).flatMap((day): [string, number][] => {
    const words = toWords(day);
    const ordinal = words.endsWith("سه")
      ? `${words.slice(0, -2)}سوم`
      : words === "سی"
        ? "سی ام"
        : `${words}م`;
    const forms = [String(day), `0${day}`.slice(-2), `${day}م`, `${day} ام`, `${day}ام`, words, ordinal];
    if (day === 1) forms.push("اول");
    if (day === 30) forms.push("سیم", "سیام");
    return forms.map((form) => [form, day]);
  }),
);
