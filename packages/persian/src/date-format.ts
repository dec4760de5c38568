import { toPersianDigits } from "./digits.js";
import {
  type JalaliDate,
  isJalaliDate,
  MONTH_NAMES,
  toJalali,
  WEEKDAY_NAMES,
  wallClock,
  weekdayOf,
} from "./jalali-date.js";
import { outOfRange, shown } from "./misuse.js";

/** How a day is written. */
export interface FormatJalaliOptions {
  /** `short` is «۱۴۰۵/۰۹/۰۵», `long` is «۵ آذر ۱۴۰۵», `full` is «پنجشنبه ۵ آذر ۱۴۰۵». @default "long" */
  readonly style?: "short" | "long" | "full" | undefined;
  /** Adds the hour and the minute of a moment: «۵ آذر ۱۴۰۵، ساعت ۱۴:۰۵». @default false */
  readonly time?: boolean | undefined;
  /** @default "persian" */
  readonly digits?: "persian" | "latin" | undefined;
  /** The zone a moment is looked at from; an IANA name. @default "Asia/Tehran" */
  readonly timeZone?: string | undefined;
}

/**
 * Writes a day of the Persian calendar, or the one at a moment (a `Date`, or milliseconds since 1970).
 * @throws RangeError for a day that is not in the calendar
 */
export function formatJalali(when: JalaliDate | Date | number, options: FormatJalaliOptions = {}): string {
  const { style = "long", time = false, digits = "persian", timeZone = "Asia/Tehran" } = options;
  const isMoment = when instanceof Date || typeof when === "number";
  const date = isMoment ? toJalali(when, timeZone) : when;
  if (!isJalaliDate(date)) {
    throw outOfRange(
      `formatJalali: ${shown(date)} is not a day of the Persian calendar. Check it with isJalaliDate first.`,
    );
  }
  let text = dayText(date, style);
  if (time && isMoment) {
    const { hour, minute } = wallClock(Number(when), timeZone);
    text += `، ساعت ${twoDigits(hour)}:${twoDigits(minute)}`;
  }
  return digits === "persian" ? toPersianDigits(text) : text;
}

function dayText(date: JalaliDate, style: "short" | "long" | "full"): string {
  const { year, month, day } = date;
  if (style === "short") return `${year}/${twoDigits(month)}/${twoDigits(day)}`;
  const long = `${day} ${MONTH_NAMES[month - 1] ?? ""} ${year}`;
  return style === "long" ? long : `${WEEKDAY_NAMES[weekdayOf(date)] ?? ""} ${long}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
