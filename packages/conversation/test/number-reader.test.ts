import fc from "fast-check";
import { expect, test } from "vitest";
import { readInteger, readNumber } from "../src/number-reader.js";
import { spelled } from "./spelled.js";

test.each([
  ["۱۲٬۵۰۰", 12_500],
  ["١٢٣", 123],
  ["۲٫۵", 2.5],
  ["1,000.25", 1000.25],
  ["منفی ۲", -2],
  ["−3", -3],
  ["+۷", 7],
  ["12 500", 12_500],
  ["‏۴۲‏", 42],
  ["0.125", 0.125],
  ["۱٫۱۲۵", 1.125],
])("reads %s", (text, value) => {
  expect(readNumber(text)).toBe(value);
});

test.each([
  "",
  "دو",
  "1.500",
  "1,50",
  "12,5000",
  "1e3",
  "0x10",
  "--1",
  "NaN",
  "Infinity",
  "1.",
  ".5",
  "۳ عدد",
  "9".repeat(30),
])("does not guess what %j is", (text) => {
  expect(readNumber(text)).toBeUndefined();
});

test("a whole number has no point, whatever follows it", () => {
  expect(readInteger("3.0")).toBeUndefined();
  expect(readInteger("۳٫۰۰۰")).toBeUndefined();
  expect(readInteger("-0")).toBe(0);
  expect(readInteger("9007199254740993")).toBeUndefined();
});

test("every whole number is read back, in every spelling of its digits, grouped or not", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), spelled, fc.constantFrom("", ",", "٬", " "), (value, spell, mark) => {
      const plain = mark === "" ? String(value) : value.toLocaleString("en").replaceAll(",", mark);
      expect(readInteger(spell(plain))).toBe(value === 0 ? 0 : value);
      expect(readNumber(spell(plain))).toBe(value === 0 ? 0 : value);
    }),
  );
});

test("no text is read as anything but a number that is safe, and none breaks the readers", () => {
  const signs = fc.string({ unit: fc.constantFrom(..."0123456789۰۱۲۹٠٩.,٫٬-−+ '\u200c\u200f منفی") });
  fc.assert(
    fc.property(fc.oneof(fc.string(), signs), (text) => {
      const value = readNumber(text);
      if (value !== undefined) {
        expect(Math.abs(value)).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
        expect(Object.is(value, -0)).toBe(false);
      }
      const whole = readInteger(text);
      if (whole !== undefined) expect(whole).toBe(value);
    }),
  );
});
