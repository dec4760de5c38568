import {
  isLeapJalaaliYear,
  isValidJalaaliDate,
  jalaaliMonthLength,
  toGregorian,
  toJalaali,
} from "jalaali-js";
import { outOfRange, shown, wrongType } from "./misuse.js";

/** A day of the Persian calendar. */
export interface JalaliDate {
  /** 1 to 3177. */
  readonly year: number;
  /** 1 is Farvardin, 12 is Esfand. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** The time of a day; what is left out is 0. */
export interface TimeOfDay {
  readonly hour?: number | undefined;
  readonly minute?: number | undefined;
  readonly second?: number | undefined;
}

/** The names of the months, Farvardin first. */
export const MONTH_NAMES: readonly string[] = [
  "فروردین",
  "اردیبهشت",
  "خرداد",
  "تیر",
  "مرداد",
  "شهریور",
  "مهر",
  "آبان",
  "آذر",
  "دی",
  "بهمن",
  "اسفند",
];

/** The names of the days of the week, Saturday first. */
export const WEEKDAY_NAMES: readonly string[] = [
  "شنبه",
  "یکشنبه",
  "دوشنبه",
  "سه‌شنبه",
  "چهارشنبه",
  "پنجشنبه",
  "جمعه",
];

const TEHRAN = "Asia/Tehran";
const DAY_MS = 86_400_000;

/**
 * The day of the Persian calendar at a moment, a `Date` or milliseconds since 1970, in Tehran.
 * @param timeZone an IANA name. @default "Asia/Tehran"
 * @throws RangeError outside of the years 1 to 3177
 */
export function toJalali(moment: Date | number, timeZone: string = TEHRAN): JalaliDate {
  const { year, month, day } = wallClock(msOf(moment, "toJalali"), timeZone);
  return fromGregorian(year, month, day, "toJalali");
}

/**
 * The moment at which a day, or a time of that day, begins in Tehran. A time that summer time skips is the one as long
 * after it; of a time that comes twice, the first.
 * @param timeZone an IANA name. @default "Asia/Tehran"
 * @throws RangeError for a day that is not in the calendar
 */
export function fromJalali(date: JalaliDate, time: TimeOfDay = {}, timeZone: string = TEHRAN): Date {
  const { hour = 0, minute = 0, second = 0 } = time;
  const wanted = dayNumber(date, "fromJalali") * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
  if (!Number.isFinite(wanted)) {
    throw wrongType(`fromJalali: the time of day is ${shown(time)}. Give numbers.`);
  }
  // What the zone is ahead of UTC a day before and a day after: where the two differ, the clocks are changed between.
  const offsets = [wanted - DAY_MS, wanted + DAY_MS].map((ms) => aheadMs(ms, timeZone));
  const fitting = offsets
    .map((ahead) => wanted - ahead)
    .filter((ms) => ms + aheadMs(ms, timeZone) === wanted);
  return new Date(fitting.length > 0 ? Math.min(...fitting) : wanted - (offsets[0] ?? 0));
}

/** Whether there is such a day. */
export function isJalaliDate(date: JalaliDate): boolean {
  const { year, month, day } = date;
  if (![year, month, day].every((part) => Number.isInteger(part))) return false;
  return year >= 1 && year <= 3177 && isValidJalaaliDate(year, month, day);
}

/** Whether the year has 366 days. @throws RangeError outside of the years 1 to 3177 */
export function isLeapYear(year: number): boolean {
  return isLeapJalaaliYear(checkedYear(year, "isLeapYear"));
}

/** How many days a month has: 29, 30 or 31. @throws RangeError for a month that is not in the calendar */
export function daysInMonth(year: number, month: number): number {
  if (!Number.isInteger(month) || month < 1 || month > 12) {
    throw outOfRange(`daysInMonth: the month is ${shown(month)}. Give 1 (Farvardin) to 12 (Esfand).`);
  }
  return jalaaliMonthLength(checkedYear(year, "daysInMonth"), month);
}

/** The day of the week: 0 is Saturday, 6 is Friday. */
export function weekdayOf(date: JalaliDate): number {
  // 1970-01-01 was a Thursday, the fifth after Saturday.
  return (((dayNumber(date, "weekdayOf") + 5) % 7) + 7) % 7;
}

/**
 * The day so many days later; earlier for a negative number.
 * @throws TypeError for what is no whole number, and RangeError outside of the years 1 to 3177
 */
export function addDays(date: JalaliDate, days: number): JalaliDate {
  const first = dayNumber(date, "addDays");
  if (!Number.isSafeInteger(days)) {
    throw wrongType(`addDays: ${shown(days)} is no number of days. Give a whole number.`);
  }
  const then = new Date((first + days) * DAY_MS);
  return fromGregorian(then.getUTCFullYear(), then.getUTCMonth() + 1, then.getUTCDate(), "addDays");
}

/** The same day so many months later, or the last of that month where it is shorter. */
export function addMonths(date: JalaliDate, months: number): JalaliDate {
  dayNumber(date, "addMonths");
  const count = date.year * 12 + (date.month - 1) + months;
  const year = Math.floor(count / 12);
  const month = count - year * 12 + 1;
  return { year, month, day: Math.min(date.day, daysInMonth(year, month)) };
}

/** Negative when `one` is the earlier day, positive when it is the later, 0 for the same day: for `sort`. */
export function compareJalali(one: JalaliDate, other: JalaliDate): number {
  return one.year - other.year || one.month - other.month || one.day - other.day;
}

/** Days since 1970-01-01. */
function dayNumber(date: JalaliDate, what: string): number {
  if (!isJalaliDate(date)) {
    throw outOfRange(
      `${what}: ${shown(date)} is not a day of the Persian calendar. Check it with isJalaliDate first.`,
    );
  }
  const { gy, gm, gd } = toGregorian(date.year, date.month, date.day);
  return utc(gy, gm, gd) / DAY_MS;
}

function fromGregorian(year: number, month: number, day: number, what: string): JalaliDate {
  const date = jalaliOf(year, month, day);
  if (date !== undefined && isJalaliDate(date)) return date;
  throw outOfRange(`${what}: the day lies outside of the years 1 to 3177 of the Persian calendar.`);
}

function jalaliOf(year: number, month: number, day: number): JalaliDate | undefined {
  try {
    const { jy, jm, jd } = toJalaali(year, month, day);
    return { year: jy, month: jm, day: jd };
  } catch {
    // Where its tables end, jalaali-js says so in words of its own.
    return undefined;
  }
}

function checkedYear(year: number, what: string): number {
  if (Number.isInteger(year) && year >= 1 && year <= 3177) return year;
  throw outOfRange(`${what}: the year is ${shown(year)}. Give a whole number from 1 to 3177.`);
}

/** `Date.UTC`, without its habit of taking the year 7 for 1907. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

function msOf(moment: Date | number, what: string): number {
  const ms = typeof moment === "number" ? moment : moment instanceof Date ? moment.getTime() : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw wrongType(`${what}: ${shown(moment)} is not a moment. Give a Date, or milliseconds since 1970.`);
}

interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall shows in a zone, in the Gregorian calendar. */
export function wallClock(ms: number, timeZone: string): WallClock {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
      timeZone,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const year = /^b/i.test(parts.get("era") ?? "") ? 1 - part("year") : part("year");
  return {
    year,
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
  };
}

/** How far a zone is ahead of UTC at a moment. */
function aheadMs(ms: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = wallClock(ms, timeZone);
  const shownMs = utc(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000;
  return shownMs - Math.floor(ms / 1000) * 1000;
}
