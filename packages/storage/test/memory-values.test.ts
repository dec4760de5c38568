import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Codec, json, memory, type Storage } from "@balekit/storage";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Writes as `json` does, and is another: a store with it keeps nothing but text. */
const asText: Codec = { encode: json.encode, decode: json.decode };

/** All that can be seen of a value: kinds, fields in their order, how each is defined, -0, holes. */
function seen(value: unknown): unknown {
  if (typeof value !== "object" || value === null) {
    return typeof value === "string" ? JSON.stringify(value) : Object.is(value, -0) ? "-0" : String(value);
  }
  const fields = Object.entries(Object.getOwnPropertyDescriptors(value)).map(
    ([key, { value: field, writable, enumerable, configurable }]) => [
      key,
      [writable, enumerable, configurable],
      seen(field),
    ],
  );
  return {
    kind: Object.prototype.toString.call(value),
    isPlain: [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value) as never),
    isOpen: Object.isExtensible(value),
    symbols: Object.getOwnPropertySymbols(value).length,
    fields,
  };
}

/** What a store does with a value: how it is seen in the first reading and in a second one, or the refusal. */
async function outcome(storage: Storage, value: unknown): Promise<unknown> {
  try {
    await storage.set("k", value);
  } catch (error) {
    const { name, code, message } = error as Error & { code: unknown };
    return { name, code, message };
  }
  const first = (await storage.get("k"))?.value;
  const before = seen(first);
  if (Array.isArray(first)) first.push("a reader's");
  else if (typeof first === "object" && first !== null) Object.assign(first, { reader: 1 });
  return [before, seen((await storage.get("k"))?.value)];
}

async function expectSame(value: unknown, maxBytes?: number): Promise<void> {
  const kept = await outcome(memory({ maxBytes }), value);
  expect(kept).toEqual(await outcome(memory({ maxBytes, codec: asText }), value));
}

class Money {
  readonly rials = 5;
}

class Priced {
  toJSON(): unknown {
    return { price: [1, 2] };
  }
}

class Listed extends Array<unknown> {
  override *[Symbol.iterator](): ArrayIterator<unknown> {
    yield "something else";
  }
}

const odd: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  "a function": () => () => 1,
  "a symbol": () => Symbol("s"),
  "a bigint": () => 1n,
  NaN: () => Number.NaN,
  infinity: () => Number.NEGATIVE_INFINITY,
  "minus zero": () => -0,
  "a date": () => new Date(5),
  "a date that is none": () => new Date(Number.NaN),
  "a map": () => new Map([["a", 1]]),
  "a set": () => new Set([1]),
  bytes: () => new Uint8Array([1, 2]),
  "an expression": () => /a/g,
  "an error": () => new Error("e"),
  "a number in a box": () => Object(7) as unknown,
  "a string in a box": () => Object("text") as unknown,
  "an object of a class": () => new Money(),
  "an object with toJSON of its class": () => new Priced(),
  "an object with toJSON": () => ({ a: 1, toJSON: () => "written otherwise" }),
  "an object with a field toJSON": () => ({ a: 1, toJSON: 5 }),
  "an object with a hidden toJSON": () => Object.defineProperty({ a: 1 }, "toJSON", { value: () => [1] }),
  "an object with an empty toJSON": () => ({ a: 1, toJSON: undefined }),
  "a list with toJSON": () => Object.assign([1], { toJSON: () => ({ b: 2 }) }),
  "a list with a field": () => Object.assign([1, 2], { more: 3 }),
  "a list with a hole": () => Object.assign([1], { 2: 3 }),
  "a list of nothing but holes": () => Object.assign([], { length: 3 }),
  "a list of a class": () => Listed.from([1, 2]),
  "an object without a prototype": () => Object.assign(Object.create(null) as object, { a: 1 }),
  "an object that inherits": () => Object.assign(Object.create({ inherited: 1 }) as object, { own: 2 }),
  "an object with a hidden field": () => Object.defineProperty({ a: 1 }, "hidden", { value: 2 }),
  "an object with a symbol": () => ({ a: 1, [Symbol("s")]: 2 }),
  "an object with a getter": () => ({
    get a() {
      return { worked: "out" };
    },
  }),
  "an object whose getter throws": () => ({
    get a(): never {
      throw new RangeError("not today");
    },
  }),
  "a frozen object": () => Object.freeze({ a: Object.freeze([1]) }),
  "a proxy": () => new Proxy({ a: [1] }, {}),
  "a list behind a proxy": () => new Proxy([1, { b: 2 }], {}),
  "a field named __proto__": () => JSON.parse('{"a":1,"__proto__":{"admin":true}}') as unknown,
  "names that are numbers": () => ({ b: 1, 10: 2, 9: 3, "-1": 4, "01": 5, 4294967295: 6 }),
  "half a pair": () => ({ "\ud83d": "\ude00", text: "a\ud800" }),
  "signs that are written long": () => ({ '\u0000\n"\\': '\u0001\u2028\u007f"\\/' }),
};

describe("a value in memory comes back as JSON gives it back", () => {
  it.each(Object.entries(odd))("%s: alone, in an object, in a list", async (_what, make) => {
    await expectSame(make());
    await expectSame({ before: 1, odd: make(), after: { deep: [make()] } });
    await expectSame([make(), [make()], "after"]);
  });

  it("any mixture of them, at any limit of bytes", async () => {
    const names = fc.oneof(fc.string({ unit: "binary", maxLength: 4 }), fc.constantFrom("a", "7", "toJSON"));
    const plain = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        { arbitrary: plain, weight: 6 },
        { arbitrary: fc.constantFrom(...Object.values(odd)).map((make) => make()), weight: 1 },
        { arbitrary: fc.array(tie("tree"), { maxLength: 5 }), weight: 3 },
        { arbitrary: fc.dictionary(names, tie("tree"), { maxKeys: 5 }), weight: 4 },
      ),
    }));
    const limit = fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined });
    await fc.assert(fc.asyncProperty(tree, limit, expectSame), { numRuns: 300 });
  });

  it("plain data of many levels, and of more than a call stack has", async () => {
    for (const levels of [30, 31, 32, 33, 34, 200, 100_000]) {
      let list: unknown = [];
      let fields: unknown = {};
      for (let level = 1; level < levels; level++) {
        list = [list];
        fields = { fields };
      }
      // What is seen of a hundred thousand levels cannot be compared level by level; whether they are taken can.
      for (const value of [list, fields]) {
        if (levels <= 200) await expectSame(value);
        else await expect(memory().set("k", value)).rejects.toMatchObject({ code: "ERR_BALE_STORAGE_VALUE" });
      }
    }
  });

  it("what holds itself is refused", async () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle["self"] = { list: [circle] };
    await expectSame(circle);
    await expect(memory().set("k", circle)).rejects.toThrow("circular");
  });

  it("up to exactly maxBytes, whatever its text is made of", async () => {
    for (const text of ["a".repeat(500), "س".repeat(500), "\u0000".repeat(500), "😀".repeat(500)]) {
      const value = { list: [text, 1.5, true, null, { [text]: -1e-7 }] };
      const bytes = Buffer.byteLength(JSON.stringify(value));
      for (const maxBytes of [bytes - 1, bytes, bytes + 1, 6 * bytes, 20 * bytes]) {
        await expectSame(value, maxBytes);
      }
      expect(await memory({ maxBytes: bytes }).set("k", value)).toMatchObject({ ok: true });
    }
  });

  it("none of a shared part is shared afterwards", async () => {
    const part = { n: 1 };
    const storage = memory<{ one: { n: number }; other: { n: number } }>();
    await storage.set("k", { one: part, other: part });
    const found = (await storage.get("k"))?.value;
    expect(found?.one).not.toBe(found?.other);
    part.n = 2;
    if (found !== undefined) found.one.n = 3;
    expect((await storage.get("k"))?.value).toEqual({ one: { n: 1 }, other: { n: 1 } });
  });
});

it("a short piece of a long text does not keep the text in memory", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const storage = memory<{ piece: string }>();
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let key = 0; key < 400; key++) {
    const text = `${key}: ${"abcdefghij".repeat(10_000)}`;
    await storage.set(String(key), { piece: text.slice(0, 20) });
  }
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  expect((await storage.get("399"))?.value.piece).toBe("399: abcdefghijabcde");
  // Forty million letters were looked at.
  expect(grown).toBeLessThan(20_000_000);
});
