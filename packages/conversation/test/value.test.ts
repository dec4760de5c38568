import { expect, test } from "vitest";
import { AmbiguousEffectError, JournalLimitError } from "../src/errors.js";
import { pack, unpack } from "../src/value.js";

const through = (value: unknown): unknown => unpack(pack(value, "A test").json);

test.each([
  new TypeError("t"),
  new RangeError("r"),
  new SyntaxError("s"),
  new JournalLimitError("j"),
  new AmbiguousEffectError("api:sendInvoice"),
])("an error comes out of a journal with its class and its fields: %s", (error) => {
  const back = through(error) as Error;
  expect(back).toBeInstanceOf(error.constructor);
  expect(back).toMatchObject({ ...error, name: error.name, message: error.message });
  expect(back.stack).toContain("value.test.ts");
});

test("an error of a class that a journal does not know keeps its name and its fields", () => {
  class ShopError extends Error {
    override readonly name: string = "ShopError";
    readonly item: number = 7;
  }
  const back = through(new ShopError("sold out")) as Error;
  expect(back).toBeInstanceOf(Error);
  expect(back).toMatchObject({ name: "ShopError", message: "sold out", item: 7 });
});
