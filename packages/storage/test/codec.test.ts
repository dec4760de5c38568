import { deepStrictEqual } from "node:assert/strict";
import { json, memory, richJson } from "@balekit/storage";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("richJson", () => {
  it("carries what JSON has no word for, at any depth", () => {
    const value = {
      at: new Date(5),
      never: new Date(Number.NaN),
      big: 2n ** 70n,
      map: new Map<unknown, unknown>([[new Date(1), new Set([1n])]]),
      bytes: new Uint8Array([0, 255]),
      numbers: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0],
    };
    expect(richJson.decode(richJson.encode(value))).toEqual(value);
  });

  it("gives back any value, names that look like its own marks among them", () => {
    const names = fc.constantFrom("a", "$bale:date", "$bale:$bale:map", "$bale:", "__proto__", "constructor");
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double(),
        fc.bigInt(),
        // Of no time at all is tested above: Node's deepStrictEqual knows two such dates as equal only since 24.
        fc.date({ noInvalidDate: true }),
        fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
        fc.array(tie("tree")),
        fc.array(fc.tuple(names, tie("tree"))).map((entries) => Object.fromEntries(entries)),
        fc.array(fc.tuple(fc.string(), tie("tree"))).map((entries) => new Map(entries)),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        deepStrictEqual(richJson.decode(richJson.encode(value)), value);
      }),
    );
  });

  it("reads what json wrote, and touches no prototype", () => {
    const text = json.encode(JSON.parse('{"__proto__":{"admin":1},"n":[1,null]}'));
    const value = richJson.decode(text) as { admin?: number };
    expect(value.admin).toBeUndefined();
    expect(Object.keys(value)).toEqual(["__proto__", "n"]);
  });

  it("refuses circles, functions and marks it does not know", () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(() => richJson.encode(circle)).toThrow("holds itself");
    expect(() => richJson.encode(() => 1)).toThrow("cannot be kept");
    expect(() => richJson.decode('{"$bale:moon":1}')).toThrow("does not know");
  });
});

describe("values of a store", () => {
  it("are refused by name when the codec cannot write them", async () => {
    await expect(memory().set("k", new Map())).rejects.toThrow(
      'Storing "k": the value cannot be written: JSON writes a Map as {}. Use the codec richJson.',
    );
    await expect(memory().set("k", 1n)).rejects.toMatchObject({ code: "ERR_BALE_STORAGE_VALUE" });
  });

  it("are refused above maxBytes, counted in bytes of UTF-8", async () => {
    const storage = memory({ maxBytes: 10 });
    expect((await storage.set("k", "سلام")).ok).toBe(true);
    await expect(storage.set("k", "سلام!")).rejects.toThrow("takes 11 bytes, and maxBytes is 10");
    expect((await storage.get("k"))?.value).toBe("سلام");
    expect(() => memory({ maxBytes: 0 })).toThrow(TypeError);
  });

  it("that cannot be read are told with their key", async () => {
    const codec = { encode: () => "x", decode: json.decode };
    const storage = memory({ codec });
    await storage.set("k", 1);
    await expect(storage.get("k")).rejects.toThrow('Reading "k": what is kept there cannot be read');
    await expect(storage.get("k")).rejects.toMatchObject({ code: "ERR_BALE_STORAGE_READ" });
  });
});
