import { type Clock, type Context, systemClock } from "balekit";
import { isValidJalaaliDate, jalaaliMonthLength, toGregorian, toJalaali } from "jalaali-js";
import type { ActionOutcome, Menu, MenuViewer, Place, Target } from "./menu.js";
import { outOfRange } from "./misuse.js";
import { persianDigits } from "./persian-digits.js";

/** A day of the Persian calendar. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** A day that bounds others. */
export type CalendarBound = CalendarDate | "today" | "tomorrow";

/** Options of `calendar`. */
export interface CalendarOptions<Viewer> {
  /** Runs when a day was chosen that may be. */
  readonly pick: (date: CalendarDate, viewer: Viewer) => ActionOutcome | Promise<ActionOutcome>;
  /** The first and the last day that may be chosen; `"today"` and `"tomorrow"` go with the clock. @default every day */
  readonly min?: CalendarBound | undefined;
  readonly max?: CalendarBound | undefined;
  /** Days that may not be chosen. @default none */
  readonly disabled?: ((date: CalendarDate) => boolean) | undefined;
  /** What stands above the days. @default "روز را انتخاب کنید:" */
  readonly text?: string | undefined;
  /** Where the button that leads back goes. @default none */
  readonly back?: (() => Target) | undefined;
  /** Says which day it is in Tehran: `bot.clock`. @default systemClock */
  readonly clock?: Clock | undefined;
}

/** The months of the Persian calendar. */
export const MONTHS: readonly string[] =
  "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split(" ");
const DAY_MS = 86_400_000;
const tehran = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
  timeZone: "Asia/Tehran",
  year: "numeric",
  month: "numeric",
  day: "numeric",
});

/**
 * A page that shows a month of the Persian calendar; `at({ month: "" })` is the month of today.
 * @throws RangeError for a bound that is no day of the Persian calendar, and for a first day behind the last
 */
export function calendar<Viewer extends MenuViewer = Context>(
  menu: Menu<Viewer>,
  name: string,
  options: CalendarOptions<Viewer>,
): Place<{ readonly month: string }> {
  const { pick, disabled, text = "روز را انتخاب کنید:", back, clock = systemClock } = options;
  checkBounds(name, options);
  const bound = (given: CalendarBound | undefined): CalendarDate | undefined =>
    typeof given === "string" ? dayIn(clock, given === "today" ? 0 : DAY_MS) : given;
  const isOpen = (date: CalendarDate): boolean => {
    const min = bound(options.min);
    const max = bound(options.max);
    return (
      isValidJalaaliDate(date.year, date.month, date.day) &&
      (min === undefined || code(date) >= code(min)) &&
      (max === undefined || code(date) <= code(max)) &&
      disabled?.(date) !== true
    );
  };
  const page: Place<{ readonly month: string }> = menu.page(`${name}/:month`, (view, { month: typed }) => {
    const today = dayIn(clock, 0);
    const min = bound(options.min);
    const max = bound(options.max);
    const wanted = /^\d{1,5}$/.test(typed) ? Number(typed) : today.year * 12 + today.month - 1;
    const count = Math.min(Math.max(wanted, 12), 3177 * 12 + 11);
    const year = Math.floor(count / 12);
    const month = (count % 12) + 1;
    view.say(text).say(persianDigits(`${MONTHS[month - 1] ?? ""} ${year}`));
    const here = page.at({ month: count });
    for (const letter of inRow("ش ی د س چ پ ج".split(" "))) view.button(letter, here);
    const days: (number | undefined)[] = [
      ...Array.from({ length: weekday(year, month, 1) }, () => undefined),
      ...Array.from({ length: jalaaliMonthLength(year, month) }, (_, at) => at + 1),
    ];
    while (days.length % 7 !== 0) days.push(undefined);
    for (let at = 0; at < days.length; at += 7) {
      view.row();
      for (const day of inRow(days.slice(at, at + 7))) {
        if (day === undefined) view.button("·", here);
        else if (!isOpen({ year, month, day })) view.button("×", here);
        else {
          const isToday = code(today) === code({ year, month, day });
          const label = persianDigits(day);
          view.button(isToday ? `[${label}]` : label, picked.at({ day: code({ year, month, day }) }));
        }
      }
    }
    view.row();
    if (max === undefined || count < max.year * 12 + max.month - 1)
      view.button("‹ بعد", page.at({ month: count + 1 }));
    if (min === undefined || count > min.year * 12 + min.month - 1)
      view.button("قبل ›", page.at({ month: count - 1 }));
    if (back !== undefined) view.back(back());
  });
  const picked: Place<{ readonly day: string }> = menu.action(`${name}-pick/:day`, (params, viewer) => {
    const value = Number(params.day);
    const date = { year: Math.floor(value / 10_000), month: Math.floor(value / 100) % 100, day: value % 100 };
    if (/^\d{5,8}$/.test(params.day) && isOpen(date)) return pick(date, viewer);
    return { notice: "این روز را نمی‌شود انتخاب کرد.", show: page.at({ month: "" }) };
  });
  return page;
}

function checkBounds(name: string, { min, max }: Pick<CalendarOptions<never>, "min" | "max">): void {
  for (const [which, given] of Object.entries({ min, max })) {
    if (given === undefined || given === "today" || given === "tomorrow") continue;
    const { year, month, day } = given;
    if ([year, month, day].every(Number.isInteger) && isValidJalaaliDate(year, month, day)) continue;
    throw outOfRange(
      `calendar ${name}: ${which} is ${year}/${month}/${day}. Give a day of the Persian calendar, "today" or "tomorrow".`,
    );
  }
  if (typeof min !== "object" || typeof max !== "object" || code(min) <= code(max)) return;
  throw outOfRange(
    `calendar ${name}: min is ${code(min)} and max ${code(max)}, so no day can be chosen. Give a min that is not later.`,
  );
}

/**
 * The days of a week as a row of buttons, Saturday first: on the right where a client lays rows out in the direction of its
 * language. That Bale's do is not documented; one that does not shows the week from left to right, still in its order.
 */
function inRow<Day>(week: readonly Day[]): readonly Day[] {
  return week;
}

function code(date: CalendarDate): number {
  return date.year * 10_000 + date.month * 100 + date.day;
}

/** The day in Tehran, so many milliseconds from now. */
function dayIn(clock: Clock, inMs: number): CalendarDate {
  const parts = new Map(
    tehran.formatToParts(clock.now() + inMs).map(({ type, value }) => [type, Number(value)]),
  );
  const { jy, jm, jd } = toJalaali(parts.get("year") ?? 0, parts.get("month") ?? 1, parts.get("day") ?? 1);
  return { year: jy, month: jm, day: jd };
}

/** 0 is Saturday. */
function weekday(year: number, month: number, day: number): number {
  const { gy, gm, gd } = toGregorian(year, month, day);
  return (new Date(Date.UTC(gy, gm - 1, gd)).getUTCDay() + 1) % 7;
}
