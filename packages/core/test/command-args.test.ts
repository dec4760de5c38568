import { expect, test } from "vitest";
import { arg } from "../src/command-args.js";
import { normalizeText } from "../src/normalize-text.js";

test("bounds that accept nothing are refused where the argument is made", () => {
  for (const make of [arg.integer, arg.number]) {
    expect(() => make({ min: 10, max: 1 })).toThrow(/min is 10 and max 1, so nothing would be accepted/);
    expect(() => make({ min: Number.NaN })).toThrow(/min is NaN/);
    expect(() => make({ max: "5" as never })).toThrow(/max is "5"/);
    expect(() => make({ min: 1, max: 1 })).not.toThrow();
    expect(() => make({ min: Number.NEGATIVE_INFINITY, max: undefined })).not.toThrow();
  }
});

test("a number is read with or without a fraction, in any digits", () => {
  const read = (typed: string): number | undefined => arg.number().read(typed, normalizeText);
  const numbers: readonly (readonly [string, number | undefined])[] = [
    ["12", 12],
    ["12.", 12],
    ["۱۲٫۵", 12.5],
    [".5", 0.5],
    ["-1.25", -1.25],
    ["+3", 3],
    [".", undefined],
    ["", undefined],
    ["1.2.3", undefined],
    ["1e3", undefined],
    [`${"1".repeat(100_000)}x`, undefined],
  ];
  for (const [typed, value] of numbers) expect(read(typed), typed.slice(0, 9)).toBe(value);
});
