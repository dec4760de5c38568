import { expect, test } from "vitest";
import { closest, distance } from "../src/closest.js";
import { normalizeText } from "../src/normalize-text.js";

test("letters inserted, deleted, replaced or swapped count one each", () => {
  expect([
    distance("start", "strat"),
    distance("help", "halp"),
    distance("a", ""),
    distance("kitten", "sitting"),
  ]).toEqual([1, 1, 1, 3]);
});

test("only a name that is near enough is the closest", () => {
  expect(closest("strat", ["stop", "start"])).toBe("start");
  expect(closest("zebra", ["stop", "start"])).toBeUndefined();
});

test("digits and the two Arabic letters are made comparable, the rest is left alone", () => {
  expect(normalizeText("كتاب علي ۱۲٣ Ab")).toBe("کتاب علی 123 Ab");
});
