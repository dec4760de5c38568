import fc from "fast-check";
import { expect, test } from "vitest";
import { formatJalali } from "../src/date-format.js";
import { parseJalali } from "../src/date-parser.js";
import { toJalali, WEEKDAY_NAMES, weekdayOf } from "../src/jalali-date.js";

const today = { year: 1405, month: 9, day: 5 };

test("days are read in every way they are written", () => {
  const written = [
    "۱۴۰۵/۹/۵",
    "1405/09/05",
    "1405-9-5",
    "۱۴۰۵.۰۹.۰۵",
    "۵/۹/۱۴۰۵",
    "۱۴۰۵ / ۹ / ۵",
    "۵ آذر ۱۴۰۵",
    "۵ آذر ماه ۱۴۰۵",
    "۵ آذرماه ۱۴۰۵",
    "پنجم آذر ۱۴۰۵",
    "پنج آذر ۱۴۰۵",
    "۵م آذر ۱۴۰۵",
    "۵ ام آذر ۱۴۰۵",
    "۵ اذر سال ۱۴۰۵",
    "پنج‌شنبه ۵ آذر ۱۴۰۵",
    "پنجشنبه ۵ آذر ۱۴۰۵",
    "پنج شنبه، ۵ آذر ۱۴۰۵",
    "پنجشنبه ۱۴۰۵/۹/۵",
  ];
  for (const text of written) expect([text, parseJalali(text)]).toEqual([text, today]);
  expect(parseJalali("سی‌ام شهریور ۱۴۰۵")).toEqual({ year: 1405, month: 6, day: 30 });
  expect(parseJalali("بیست و سوم تیر ۱۴۰۵")).toEqual({ year: 1405, month: 4, day: 23 });
  expect(parseJalali("اول مهر ۱۴۰۵")).toEqual({ year: 1405, month: 7, day: 1 });
});

test("with today, near days, days of this year and short years are read; without it they are not", () => {
  const near = [
    ["امروز", today],
    ["فردا", { year: 1405, month: 9, day: 6 }],
    ["پس‌فردا", { year: 1405, month: 9, day: 7 }],
    ["دیروز", { year: 1405, month: 9, day: 4 }],
    ["۱۰ دی", { year: 1405, month: 10, day: 10 }],
    ["۹۹/۱۲/۱", { year: 1399, month: 12, day: 1 }],
    ["۰۶/۱/۱", { year: 1406, month: 1, day: 1 }],
    ["۱ دی ۹۹", { year: 1399, month: 10, day: 1 }],
  ] as const;
  for (const [text, day] of near) {
    expect([text, parseJalali(text, { today })]).toEqual([text, day]);
    expect([text, parseJalali(text)]).toEqual([text, undefined]);
  }
});

test("a day of the other calendar is the Persian day it is, and no day in five hundred years", () => {
  for (const text of ["2026-11-26", "۲۰۲۶/۱۱/۲۶", "26/11/2026", "پنجشنبه 2026/11/26"]) {
    expect([text, parseJalali(text)]).toEqual([text, today]);
  }
  expect(parseJalali("2024-02-29")).toEqual({ year: 1402, month: 12, day: 10 });
  for (const text of [
    "2026-02-29",
    "2026-13-01",
    "2026/11/31",
    "جمعه 2026/11/26",
    "۵ آذر ۲۰۲۶",
    "2999-01-01",
  ]) {
    expect([text, parseJalali(text)]).toEqual([text, undefined]);
  }
});

test("what is no day is not read, nor a day with the wrong day of the week", () => {
  for (const text of [
    "",
    "سلام",
    "۱۴۰۴/۱۲/۳۰",
    "۱۴۰۵/۱۳/۱",
    "۱۴۰۵/۹-۵",
    "۱۴۰۵/۹/۵/۱",
    "۳۲ آذر ۱۴۰۵",
    "۵ آذر ۱۴۰۵ شب",
    "جمعه ۵ آذر ۱۴۰۵",
    "۵ جون ۱۴۰۵",
    "14050905",
  ]) {
    expect([text, parseJalali(text)]).toEqual([text, undefined]);
  }
});

test("every day is read back from every way of writing it", () => {
  const days = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2100, 0, 1) }).map((ms) => toJalali(ms));
  const style = fc.constantFrom("short" as const, "long" as const, "full" as const);
  fc.assert(
    fc.property(days, style, fc.constantFrom("persian" as const, "latin" as const), (day, how, digits) => {
      expect(parseJalali(formatJalali(day, { style: how, digits }))).toEqual(day);
      expect(WEEKDAY_NAMES[weekdayOf(day)]).toBeDefined();
    }),
    { numRuns: 1000 },
  );
});
