import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatRials, formatToman, toman } from "../src/index.js";
import { asciiDigits } from "../src/amount.js";
import { passesLuhn } from "../src/provider-token.js";

describe("toman", () => {
  it("reads numbers, bigints and texts in any digits", () => {
    expect(toman(12_000)).toBe(120_000);
    expect(toman(12n)).toBe(120);
    expect(toman("۱۲٬۵۰۰")).toBe(125_000);
    expect(toman(" ١٢,٥٠٠ ")).toBe(125_000);
    expect(toman("1.5")).toBe(15);
    expect(toman("۱٫۵")).toBe(15);
    expect(toman("-0.5")).toBe(-5);
  });

  it("refuses what would lose a digit, and what is no amount", () => {
    for (const bad of [1.5, Number.NaN, 2 ** 53, "1.55", "12a", "", "۱۲ هزار", "1e5", 10n ** 18n]) {
      expect(() => toman(bad as number)).toThrow(TypeError);
    }
  });

  it("refuses a comma that may be meant as a decimal point, rather than make ten times as much of it", () => {
    for (const bad of ["12,5", "۱۲٬۵", "1,2,3", "1,0000", "1 2", "12_50", ",500", "12,500,"]) {
      expect(() => toman(bad)).toThrow(/before three digits/);
    }
    expect(toman("1,000,000")).toBe(10_000_000);
    expect(toman("12 500.5")).toBe(125_005);
  });

  it("never loses a digit on the way to rials and back", () => {
    fc.assert(
      fc.property(fc.integer({ min: -9e14, max: 9e14 }), (rials) => {
        const shown = formatToman(rials);
        expect(toman(asciiDigits(shown).replace(" تومان", "").replace("−", "-"))).toBe(rials);
      }),
    );
  });

  it("shows amounts as people write them", () => {
    expect(formatToman(125_000)).toBe("۱۲٬۵۰۰ تومان");
    expect(formatToman(15)).toBe("۱٫۵ تومان");
    expect(formatRials(1_234_567)).toBe("۱٬۲۳۴٬۵۶۷ ریال");
    expect(() => formatToman(0.1)).toThrow(/whole number of rials/);
  });
});

describe("the check of a card number", () => {
  it("finds every single mistyped digit", () => {
    const good = "6037991111111112";
    expect(passesLuhn(good)).toBe(true);
    for (let place = 0; place < good.length; place++) {
      for (const digit of "0123456789") {
        if (digit === good[place]) continue;
        expect(passesLuhn(good.slice(0, place) + digit + good.slice(place + 1))).toBe(false);
      }
    }
  });
});
