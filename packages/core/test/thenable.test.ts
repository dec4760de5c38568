import { expect, test } from "vitest";
import { isThenable, whenReady } from "../src/thenable.js";

const name = "then";

test("promises, and whatever else await would wait for, are thenable", () => {
  const own = (value: object): object => Object.assign(value, { [name]: () => undefined });
  expect([Promise.resolve(), own({}), own(() => undefined)].map(isThenable)).toEqual([true, true, true]);
});

test("plain values, and a then that is no function, are not", () => {
  const values = [undefined, null, 0, name, Symbol(name), () => undefined, {}, [], { [name]: true }];
  expect(values.filter(isThenable)).toEqual([]);
});

test("what is there goes on at once, and what is promised once, even by one that calls back twice", async () => {
  const seen: unknown[] = [];
  const goOn = (value: unknown): Promise<void> => Promise.resolve(void seen.push(value));
  const done = whenReady("now", goOn);
  expect(seen).toEqual(["now"]);
  await done;
  const twice = {
    [name]: (resolve: (value: unknown) => void) => {
      resolve("first");
      resolve("second");
    },
  };
  await whenReady(twice as unknown as PromiseLike<unknown>, goOn);
  expect(seen).toEqual(["now", "first"]);
  await expect(whenReady(Promise.reject(new Error("lost")), goOn)).rejects.toThrow("lost");
  expect(seen).toHaveLength(2);
});
