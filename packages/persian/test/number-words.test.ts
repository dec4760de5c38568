import { numberToWords } from "@persian-tools/persian-tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toWords } from "../src/number-words.js";

test("numbers are written as they are said", () => {
  const said = [
    [0, "صفر"],
    [11, "یازده"],
    [20, "بیست"],
    [21, "بیست و یک"],
    [100, "صد"],
    [110, "صد و ده"],
    [1000, "هزار"],
    [1001, "هزار و یک"],
    [1405, "هزار و چهارصد و پنج"],
    [1_000_000, "یک میلیون"],
    [1_000_001, "یک میلیون و یک"],
    [2_500_000, "دو میلیون و پانصد هزار"],
    [-3, "منفی سه"],
    [10n ** 12n, "یک تریلیون"],
  ] as const;
  for (const [value, words] of said) expect(toWords(value)).toBe(words);
});

test("another library says the same, but for «هزار» and «چهارصد», which it writes «یک هزار» and «چهار صد»", () => {
  const plain = (words: string): string =>
    words
      .replace(/\s+/g, " ")
      .replace(/(^|و )یک هزار/, "$1هزار")
      .replace(/(?<=چهار|شش|هفت|هشت|نه) صد/g, "صد")
      .trim();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999_999 }), (value) => {
      expect(plain(toWords(value))).toBe(plain(String(numberToWords(value))));
    }),
    { numRuns: 300 },
  );
});

test("a fraction, a number that is not exact, and one without a name are refused", () => {
  expect(() => toWords(1.5)).toThrow(TypeError);
  expect(() => toWords(Number.NaN)).toThrow(TypeError);
  expect(() => toWords(2 ** 53)).toThrow(/may have lost digits/);
  expect(() => toWords(10n ** 24n)).toThrow(RangeError);
  expect(() => toWords("12" as never)).toThrow(TypeError);
});
