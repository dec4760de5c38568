import { keyOf } from "@balekit/storage";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileNameOf, mayHavePrefix } from "../src/file-name.js";
import { keyFromText, keyToText, prefixToText } from "../src/key.js";

const anyKey = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});

describe("keyOf", () => {
  it("joins readable parts, and no two lists of parts to one key", () => {
    expect(keyOf("session", -100123, "علی")).toBe("session:-100123:علی");
    const parts = fc.array(fc.string({ unit: fc.constantFrom("a", ":", "%", "3", "A") }), { minLength: 1 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(keyOf(...one) === keyOf(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  it("never makes a key of something that is missing", () => {
    expect(() => keyOf("user", undefined as never)).toThrow("part 2 is undefined");
    expect(() => keyOf("user", Number.NaN)).toThrow(TypeError);
    expect(() => keyOf()).toThrow("there are no parts");
  });
});

describe("a key as text", () => {
  it("is well formed, without NUL, and the same key again", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const text = keyToText(key);
        expect(Buffer.from(text).toString()).toBe(text);
        expect(text).not.toContain("\0");
        expect(keyFromText(text)).toBe(key);
      }),
    );
  });

  it("begins with the text of every prefix of the key", () => {
    fc.assert(
      fc.property(anyKey, fc.nat(20), (key, length) => {
        expect(keyToText(key).startsWith(prefixToText(key.slice(0, length)))).toBe(true);
        expect(mayHavePrefix(fileNameOf(key), key.slice(0, length))).toBe(true);
      }),
    );
  });
});

describe("a key as the name of a file", () => {
  it("is short, lower-case ASCII on every file system", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(fileNameOf(key)).toMatch(/^k-[a-z0-9_=+-]{0,180}$/);
      }),
    );
    expect(fileNameOf("ن".repeat(512))).toHaveLength(167);
    expect(fileNameOf("ن".repeat(512))).not.toBe(fileNameOf(`${"ن".repeat(511)}و`));
    expect(mayHavePrefix(fileNameOf("ن".repeat(512)), "ن".repeat(300))).toBe(true);
    expect(mayHavePrefix(fileNameOf("ن".repeat(512)), "و")).toBe(false);
  });
});
