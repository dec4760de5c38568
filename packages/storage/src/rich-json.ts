import type { Codec } from "./codec.js";

/** Marks an object as the writing of something JSON has no word for. Own keys that begin so are doubled. */
const TAG = "$bale:";

/**
 * JSON that also carries Date, bigint, Map, Set, Uint8Array, NaN, the infinities and -0, at any depth. It reads what
 * `json` wrote, so a store can change over at any time.
 */
export const richJson: Codec = {
  encode(value: unknown): string {
    const text: string | undefined = JSON.stringify(pack(value, new Set()));
    if (text === undefined) {
      throw new TypeError(
        `the value is ${typeof value}, which cannot be kept. To remove a key use delete().`,
      );
    }
    return text;
  },
  decode: (text: string): unknown => unpack(JSON.parse(text)),
};

function tagged(name: string, value: unknown): object {
  return { [`${TAG}${name}`]: value };
}

function pack(value: unknown, above: Set<object>): unknown {
  if (typeof value === "bigint") return tagged("bigint", String(value));
  if (typeof value === "number") {
    const plain = Number.isFinite(value) && !Object.is(value, -0);
    return plain ? value : tagged("number", Object.is(value, -0) ? "-0" : String(value));
  }
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return tagged("date", Number.isNaN(value.getTime()) ? null : value.getTime());
  if (value instanceof Uint8Array) {
    return tagged("bytes", Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64"));
  }
  if (above.has(value)) throw new TypeError("the value holds itself. Keep an id in place of the circle.");
  above.add(value);
  const packed = packObject(value, above);
  above.delete(value);
  return packed;
}

function packObject(value: object, above: Set<object>): unknown {
  if (Array.isArray(value)) return value.map((item) => pack(item, above));
  if (value instanceof Map) {
    return tagged(
      "map",
      [...value].map(([key, item]) => [pack(key, above), pack(item, above)]),
    );
  }
  if (value instanceof Set)
    return tagged(
      "set",
      [...value].map((item) => pack(item, above)),
    );
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return pack((value as { toJSON(): unknown }).toJSON(), above);
  }
  return withOwn(
    (Object.entries(value) as [string, unknown][]).map(([key, item]) => [
      key.startsWith(TAG) ? TAG + key : key,
      pack(item, above),
    ]),
  );
}

/** Object.fromEntries defines own properties, `__proto__` among them: nothing reaches a prototype. */
function withOwn(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries) as object;
}

function unpack(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unpack);
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const [key, inner] = first;
    if (key.startsWith(TAG) && !key.startsWith(TAG + TAG)) return untag(key.slice(TAG.length), inner);
  }
  return withOwn(
    entries.map(([key, item]) => [key.startsWith(TAG + TAG) ? key.slice(TAG.length) : key, unpack(item)]),
  );
}

function untag(name: string, inner: unknown): unknown {
  switch (name) {
    case "bigint":
      return BigInt(inner as string);
    case "number":
      return Number(inner);
    case "date":
      return new Date(inner === null ? Number.NaN : (inner as number));
    case "bytes":
      return new Uint8Array(Buffer.from(inner as string, "base64"));
    case "map":
      return new Map((inner as [unknown, unknown][]).map(([key, item]) => [unpack(key), unpack(item)]));
    case "set":
      return new Set((inner as unknown[]).map(unpack));
    default:
      throw new TypeError(`it holds a "${TAG}${name}", which this release does not know.`);
  }
}
