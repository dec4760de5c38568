import fc from "fast-check";
import { isValidJalaaliDate, toGregorian } from "jalaali-js";
import { expect, test } from "vitest";
import { dayAt, ordinalOf, readDate } from "../src/date-reader.js";
import { spelled } from "./spelled.js";

/** Half past eleven in the evening of 5 Azar 1405 in Tehran. */
const NOW = Date.parse("2026-11-26T20:00:00Z");
const now = (): number => NOW;
const read = (text: string): string | undefined => {
  const date = readDate(text, now);
  return date === undefined ? undefined : `${date.year}/${date.month}/${date.day} ${date.iso}`;
};

test.each([
  ["۱۴۰۵/۹/۵", "1405/9/5 2026-11-26"],
  ["1405-09-05", "1405/9/5 2026-11-26"],
  ["۵/۹/۱۴۰۵", "1405/9/5 2026-11-26"],
  ["١٤٠٥.٩.٥", "1405/9/5 2026-11-26"],
  ["۱۴۰۵ ۹ ۵", "1405/9/5 2026-11-26"],
  ["۵ آذر ۱۴۰۵", "1405/9/5 2026-11-26"],
  ["۵ آذرماه سال ۱۴۰۵", "1405/9/5 2026-11-26"],
  ["۵ام آذر", "1405/9/5 2026-11-26"],
  ["2026-11-26", "1405/9/5 2026-11-26"],
  ["امروز", "1405/9/5 2026-11-26"],
  ["فردا", "1405/9/6 2026-11-27"],
  ["پس‌فردا", "1405/9/7 2026-11-28"],
  ["دیروز", "1405/9/4 2026-11-25"],
  ["۷۲/۵/۳", "1372/5/3 1993-07-25"],
  ["۳۰ اسفند ۱۴۰۳", "1403/12/30 2025-03-20"],
])("reads %s", (text, expected) => {
  expect(read(text)).toBe(expected);
});

test.each([
  "",
  "آذر",
  "۱۴۰۵/۱۳/۱",
  "۱۴۰۵/۱۲/۳۰",
  "۱۴۰۵/۹-۵",
  "2026-02-30",
  "5 Azar",
  "32 آذر 1405",
  "1/2",
  "۵ آذر ۲۰۲۶",
])("%j is no day", (text) => {
  expect(readDate(text, now)).toBeUndefined();
});

test("the clock is not asked where the text says all", () => {
  const never = (): number => {
    throw new Error("asked");
  };
  expect(readDate("۱۴۰۵/۹/۵", never)?.day).toBe(5);
  expect(() => readDate("فردا", never)).toThrow("asked");
});

test("days change at midnight in Tehran", () => {
  expect(dayAt(Date.parse("2026-11-26T20:29:00Z")).day).toBe(5);
  expect(dayAt(Date.parse("2026-11-26T20:31:00Z")).day).toBe(6);
});

test("every day of the calendar is read back in each form, and days keep their order", () => {
  const day = fc
    .tuple(
      fc.integer({ min: 1200, max: 1899 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
    )
    .filter(([year, month, date]) => isValidJalaaliDate(year, month, date));
  fc.assert(
    fc.property(day, day, spelled, fc.constantFrom("/", "-", "."), (one, other, spell, mark) => {
      const [year, month, date] = one;
      const { gy, gm, gd } = toGregorian(year, month, date);
      const iso = `${gy}-${String(gm).padStart(2, "0")}-${String(gd).padStart(2, "0")}`;
      const expected = { year, month, day: date, iso };
      expect(readDate(spell(one.join(mark)), now)).toEqual(expected);
      expect(readDate(spell([...one].reverse().join(mark)), now)).toEqual(expected);
      const [otherYear, otherMonth, otherDay] = other;
      const otherIso = readDate(other.join("/"), now)?.iso ?? "";
      const order = ordinalOf({ year: otherYear, month: otherMonth, day: otherDay });
      expect(Math.sign(ordinalOf(expected) - order)).toBe(iso === otherIso ? 0 : iso < otherIso ? -1 : 1);
    }),
  );
});

test("no text breaks the reader", () => {
  const words = fc.string({ unit: fc.constantFrom(..."0123456789۰۵۹/-. آذردیم") });
  fc.assert(
    fc.property(fc.oneof(fc.string(), words), (text) => {
      const date = readDate(text, now);
      if (date !== undefined) expect(isValidJalaaliDate(date.year, date.month, date.day)).toBe(true);
    }),
  );
});
