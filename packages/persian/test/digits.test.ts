import { digitsArToFa, digitsEnToFa, digitsFaToEn } from "@persian-tools/persian-tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toLatinDigits, toPersianDigits } from "../src/digits.js";

const text = fc.string({ unit: fc.constantFrom(..."0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩ aی.-") });

test("digits of all three kinds become the ones asked for, and nothing else changes", () => {
  expect(toPersianDigits("a1۲٣-٫")).toBe("a۱۲۳-٫");
  expect(toLatinDigits("a1۲٣-٫")).toBe("a123-٫");
  expect(toPersianDigits(1405)).toBe("۱۴۰۵");
  expect(toPersianDigits(-12345678901234567890n)).toBe("-۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶۷۸۹۰");
});

test("there and back is the text with its digits in ASCII", () => {
  fc.assert(fc.property(text, (typed) => toLatinDigits(toPersianDigits(typed)) === toLatinDigits(typed)));
});

test("another library writes the same digits", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), (value) => {
      expect(toPersianDigits(value)).toBe(digitsEnToFa(String(value)));
      expect(toLatinDigits(toPersianDigits(value))).toBe(digitsFaToEn(digitsEnToFa(String(value))));
    }),
  );
  expect(toPersianDigits("٠١٢٣٤٥٦٧٨٩")).toBe(digitsArToFa("٠١٢٣٤٥٦٧٨٩"));
});

test("what is neither text nor number is refused by name", () => {
  expect(() => toPersianDigits(undefined as never)).toThrow(/toPersianDigits: undefined is neither/);
});
