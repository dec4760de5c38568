import fc from "fast-check";
import { expect, test } from "vitest";
import { literalPrefix } from "../src/literal-prefix.js";
import { Pattern } from "../src/patterns.js";

const same = (text: string): string => text;

test("the literal prefix of a RegExp is what every match begins with", () => {
  const prefixes = [
    [/^buy (\d+)/, "buy "],
    [/^a\/b\.c[x]/, "a/b.c"],
    [/^ab*c/, "a"],
    [/^ab+c/, "ab"],
    [/^ab{2}/, "a"],
    [/^a|b/, ""],
    [/^(a|b)/, ""],
    [/^a(b|c)/, "a"],
    [/^a/i, ""],
    [/^a/m, ""],
    [/a/, ""],
    [/^\d+/, ""],
    [/^😀?x/u, ""],
  ] as const;
  for (const [regexp, prefix] of prefixes) expect([regexp, literalPrefix(regexp)]).toEqual([regexp, prefix]);
});

test("no text is found by a RegExp without beginning with its prefix", () => {
  const piece = fc.constantFrom(
    "a",
    "b",
    "\\/",
    "[ab]",
    "(a|b)",
    "b?",
    "a*",
    "b+",
    "a{2}",
    "|",
    ".",
    "\\d",
    "(?:ab)?",
  );
  const sources = fc.array(piece, { maxLength: 5 }).map((pieces) => `^${pieces.join("")}`);
  const text = fc
    .array(fc.constantFrom("a", "b", "/", "1"), { maxLength: 6 })
    .map((letters) => letters.join(""));
  fc.assert(
    fc.property(sources, text, (source, sample) => {
      const regexp = new RegExp(source);
      return !regexp.test(sample) || sample.startsWith(literalPrefix(regexp));
    }),
    { numRuns: 2000 },
  );
});

test("a RegExp with the g or y flag finds the same every time, and the caller's copy is left alone", () => {
  const original = /a/g;
  original.lastIndex = 1;
  const ready = new Pattern(original, "hears").ready(same);
  expect([1, 2, 3].map(() => ready.find("ba", "ba") !== undefined)).toEqual([true, true, true]);
  expect(original.lastIndex).toBe(1);
  const sticky = new Pattern(/a/y, "hears").ready(same);
  expect([sticky.find("ab", "ab"), sticky.find("ab", "ab")].every(Boolean)).toBe(true);
  expect(sticky.find("ba", "ba")).toBeUndefined();
});

test("a pattern is whole, case-sensitive, undecoded, and may have Persian names", () => {
  const ready = new Pattern("order/:شناسه", "callback").ready(same);
  expect(ready.find("order/%20", "order/%20")?.params).toEqual({ شناسه: "%20" });
  for (const text of ["Order/1", "order/1/", "order/1/2", "xorder/1"])
    expect(ready.find(text, text)).toBeUndefined();
  expect(ready.prefix).toBe("order/");
});

test("a string whose marks are all escaped is compared as a text", () => {
  expect(new Pattern("12\\:30", "hears").ready(same).exact).toBe("12:30");
});
