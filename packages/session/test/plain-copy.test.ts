import { expect, test } from "vitest";
import { plainCopy, sameData } from "../src/plain-copy.js";

class Money {
  readonly rials: number = 5;
}

const everything = () => ({
  list: [1, [2, { deep: "سه" }], null, undefined],
  when: new Date(5),
  map: new Map<unknown, unknown>([["a", { n: 1 }]]),
  set: new Set<unknown>([1, "two"]),
  bytes: new Uint8Array([1, 2, 3]),
  big: 10n,
  nan: Number.NaN,
});

test("a copy says the same, and no part of it is the part it was copied from", () => {
  const data = everything();
  const copy = plainCopy(data);
  expect(copy).toEqual(data);
  expect(sameData(copy, data)).toBe(true);
  for (const key of ["list", "when", "map", "set", "bytes"] as const) expect(copy[key]).not.toBe(data[key]);
  expect(copy.map.get("a")).not.toBe(data.map.get("a"));
  expect(copy.list[1]).not.toBe(data.list[1]);
});

test.each<[string, (data: ReturnType<typeof everything>) => unknown]>([
  ["a list", ({ list }) => list.pop()],
  ["a list in a list", ({ list }) => (list[1] as unknown[]).push(1)],
  ["a date", ({ when }) => when.setTime(6)],
  ["a value of a map", ({ map }) => ((map.get("a") as { n: number }).n = 2)],
  ["a key of a map", ({ map }) => map.set("b", 1)],
  ["a set", ({ set }) => set.add(3)],
  ["a byte", ({ bytes }) => (bytes[1] = 9)],
  ["a bigint", (data) => (data.big = 11n)],
  ["NaN", (data) => (data.nan = 0)],
  ["a field more", (data) => Object.assign(data, { more: undefined })],
])("a change of %s is seen", (_what, change) => {
  const data = everything();
  const copy = plainCopy(data);
  change(data);
  expect(sameData(data, copy)).toBe(false);
  expect(sameData(copy, data)).toBe(false);
});

test("the order of keys is no change, and kinds that look alike are not the same", () => {
  expect(sameData({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  for (const [one, other] of [
    [[], {}],
    [new Map(), new Set()],
    [new Date(0), { getTime: 0 }],
    [new Uint8Array(1), [0]],
    [{ a: undefined }, { b: undefined }],
    [null, {}],
  ]) {
    expect(sameData(one, other)).toBe(false);
    expect(sameData(other, one)).toBe(false);
  }
});

test("an object of a class is taken over as it is, and counts as changed", () => {
  const data = { price: new Money() };
  expect(plainCopy(data).price).toBe(data.price);
  expect(sameData(data, plainCopy({ price: new Money() }))).toBe(false);
});

test("a field named __proto__ is copied as a field, and reaches no prototype", () => {
  const data = JSON.parse('{"__proto__":{"admin":true}}') as object;
  const copy = plainCopy(data);
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  expect(Object.keys(copy)).toEqual(["__proto__"]);
  expect((copy as { admin?: boolean }).admin).toBeUndefined();
});
