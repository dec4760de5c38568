import { expect, test } from "vitest";
import { isThenable } from "../src/thenable.js";

const name = "then";

test("promises, and whatever else await would wait for, are thenable", () => {
  const own = (value: object): object => Object.assign(value, { [name]: () => undefined });
  expect([Promise.resolve(), own({}), own(() => undefined)].map(isThenable)).toEqual([true, true, true]);
});

test("plain values, and a then that is no function, are not", () => {
  const values = [undefined, null, 0, name, Symbol(name), () => undefined, {}, [], { [name]: true }];
  expect(values.filter(isThenable)).toEqual([]);
});
