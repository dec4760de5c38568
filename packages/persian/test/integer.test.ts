import fc from "fast-check";
import { expect, test } from "vitest";
import { toPersianDigits } from "../src/digits.js";
import { parseBigInteger, parseInteger } from "../src/integer.js";
import { toWords } from "../src/number-words.js";

test("whole numbers are read in digits, words and both", () => {
  const read = [
    ["۱۲", 12],
    [" ۱۲٬۵۰۰ ", 12_500],
    ["1,250,000", 1_250_000],
    ["۱۲۵۰۰۰۰", 1_250_000],
    ["۱ ۲۵۰ ۰۰۰", 1_250_000],
    ["1.250.000", 1_250_000],
    ["دو هزار و پانصد", 2500],
    ["۲ میلیون و ۵۰۰ هزار", 2_500_000],
    ["۲میلیون و۵۰۰هزار", 2_500_000],
    ["سه و نیم میلیون", 3_500_000],
    ["دو میلیون و نیم", 2_500_000],
    ["نیم میلیون", 500_000],
    ["۲٫۵ میلیون", 2_500_000],
    ["دو هزار میلیارد", 2_000_000_000_000],
    ["هزار میلیارد و یک", 1_000_000_000_001],
    ["میلیون", 1_000_000],
    ["بیست‌وپنج", 25],
    ["بیست وپنج", 25],
    ["پنجهزار", 5000],
    ["یکصد و بیست و سه", 123],
    ["منفی سه", -3],
    ["-۱۲", -12],
    ["+12", 12],
    ["صفر", 0],
    ["چهار صد و نه", 409],
    ["پونصد هزار", 500_000],
    ["صد و یازده هزار و صد و یازده", 111_111],
  ] as const;
  for (const [text, value] of read) expect([text, parseInteger(text)]).toEqual([text, value]);
});

test("what is no whole number, or could be two, is not read", () => {
  const unread = [
    "",
    " ",
    "سلام",
    "۱۲ تا",
    "2.500",
    "1,25",
    "12,3456",
    "1,234.5",
    "۲٫۵",
    "پنج شش",
    "بیست و یازده",
    "ده و پنج",
    "بیست و صفر",
    "صد و دویست",
    "دو هزار هزار هزار",
    "هزار و دو هزار",
    "هزار و میلیون و",
    "پنج و",
    "و پنج",
    "نیم",
    "نیم و نیم میلیون",
    "--5",
    "1e5",
    "0x10",
    "٫۵",
    "یک بیلیون",
    "۹۰۰۷۱۹۹۲۵۴۷۴۰۹۹۳",
    "9".repeat(4096),
  ];
  for (const text of unread) expect([text, parseInteger(text)]).toEqual([text, undefined]);
  expect(parseInteger(12 as never)).toBeUndefined();
  expect(parseBigInteger("۹۰۰۷۱۹۹۲۵۴۷۴۰۹۹۳")).toBe(9007199254740993n);
});

test("every number is read back from its words, with and without half-spaces, and from its digits", () => {
  const bound = 10n ** 24n - 1n;
  fc.assert(
    fc.property(fc.bigInt({ min: -bound, max: bound }), (value) => {
      const words = toWords(value);
      expect(parseBigInteger(words)).toBe(value);
      expect(parseBigInteger(words.replaceAll(" و ", "\u200cو\u200c"))).toBe(value);
      expect(parseBigInteger(toPersianDigits(value))).toBe(value);
      expect(parseBigInteger(String(value).replace(/\B(?=(?:\d{3})+$)/g, "٬"))).toBe(value);
    }),
    { numRuns: 1000 },
  );
});

test("no text makes reading throw", () => {
  const unit = fc.constantFrom(
    ..."0123456789۰۵٬٫., و-",
    "هزار",
    "میلیون",
    "صد",
    "پنج",
    "نیم",
    "بیست",
    "منفی ",
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
      const value = parseBigInteger(text);
      return value === undefined || typeof value === "bigint";
    }),
    { numRuns: 3000 },
  );
});
