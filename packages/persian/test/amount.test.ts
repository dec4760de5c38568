import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAmount, parseAmount, tomansToRials } from "../src/amount.js";

test("amounts are read in rials whatever they are written in", () => {
  const read = [
    ["۲ میلیون و ۵۰۰ هزار تومان", 25_000_000],
    ["سه و نیم میلیون تومن", 35_000_000],
    ["۱۲۵٬۰۰۰ ریال", 125_000],
    ["۱۲۵۰۰۰ریال", 125_000],
    ["50 هزار ت", 500_000],
    ["۵۰ت", 500],
    ["1,250,000 IRR", 1_250_000],
    ["۱٬۲۳۴٫۵ تومان", 12_345],
    ["پنجاه هزار تومانی", 500_000],
    ["دو میلیون ريال", 2_000_000],
  ] as const;
  for (const [text, rials] of read) expect([text, parseAmount(text)?.rials]).toEqual([text, rials]);
  expect(parseAmount("۵ تومان")).toEqual({ rials: 50, unit: "toman" });
});

test("without a unit an amount is read only when one is assumed", () => {
  expect(parseAmount("۵۰۰۰")).toBeUndefined();
  expect(parseAmount("۵۰۰۰", { unit: "toman" })).toEqual({ rials: 50_000, unit: "toman" });
  expect(parseAmount("۵۰۰۰ ریال", { unit: "toman" })).toEqual({ rials: 5000, unit: "rial" });
});

test("less than a rial, too much, a sign and nonsense are not read", () => {
  for (const text of [
    "۱٫۵ ریال",
    "۰٫۰۵ تومان",
    "۲.۵۰۰ تومان",
    "-۵ تومان",
    "تومان",
    "ریال تومان",
    "هیچ تومان",
    "بیست",
  ]) {
    expect([text, parseAmount(text)]).toEqual([text, undefined]);
  }
  expect(parseAmount("9007199254740991 ریال")?.rials).toBe(Number.MAX_SAFE_INTEGER);
  expect(parseAmount("9007199254740992 ریال")).toBeUndefined();
});

test("amounts are written in tomans or rials, digits or words, to the last rial", () => {
  expect(formatAmount(125_000)).toBe("۱۲٬۵۰۰ تومان");
  expect(formatAmount(12_345)).toBe("۱٬۲۳۴٫۵ تومان");
  expect(formatAmount(5)).toBe("۰٫۵ تومان");
  expect(formatAmount(125_000, { unit: "rial" })).toBe("۱۲۵٬۰۰۰ ریال");
  expect(formatAmount(125_000, { digits: "latin" })).toBe("12,500 تومان");
  expect(formatAmount(125_000, { words: true })).toBe("دوازده هزار و پانصد تومان");
  expect(formatAmount(12_345, { words: true })).toBe("هزار و دویست و سی و چهار تومان و پنج ریال");
  expect(formatAmount(5, { words: true })).toBe("پنج ریال");
  expect(formatAmount(0)).toBe("۰ تومان");
  expect(formatAmount(-50)).toBe("\u200e-۵ تومان");
});

test("every amount is read back from how it is written, digit for digit", () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      fc.constantFrom("rial" as const, "toman" as const),
      fc.constantFrom("persian" as const, "latin" as const),
      (rials, unit, digits) => {
        expect(parseAmount(formatAmount(rials, { unit, digits }))).toEqual({ rials, unit });
      },
    ),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.maxSafeNat(), (rials) => {
      expect(parseAmount(formatAmount(rials, { unit: "rial", words: true }))?.rials).toBe(rials);
    }),
  );
});

test("what is not whole or not exact is refused", () => {
  expect(() => formatAmount(1.5)).toThrow(/formatAmount: 1.5 is not a whole number/);
  expect(() => formatAmount(2 ** 53)).toThrow(RangeError);
  expect(() => formatAmount(1, { unit: "dollar" as never })).toThrow(/Give "rial" or "toman"/);
  expect(tomansToRials(12_500)).toBe(125_000);
  expect(() => tomansToRials(0.1)).toThrow(TypeError);
  expect(() => tomansToRials(Number.MAX_SAFE_INTEGER)).toThrow(RangeError);
});
