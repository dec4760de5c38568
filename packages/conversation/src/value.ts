import { AmbiguousEffectError, ExitError, JournalLimitError } from "./errors.js";
import { misuse, shown } from "./misuse.js";

/** What JSON can carry: how values stand in a journal. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The only key of an object that stands for something JSON has no word for. Own objects with it are listed. */
const TAG = "$";

/** A value made ready for the journal. */
export interface Packed {
  readonly json: Json;
  /** About how many bytes it takes. */
  readonly bytes: number;
}

/**
 * Turns a value into JSON for the journal: plain data, and Date, bigint, Map, Set, Uint8Array, Error, undefined, NaN
 * and the infinities at any depth. Always a copy. @throws TypeError for anything else, with the path to it
 */
export function pack(value: unknown, doing: string): Packed {
  const packer = new Packer(doing);
  const json = packer.pack(value);
  return { json, bytes: packer.bytes };
}

/** The value that was packed; a new copy each time. */
export function unpack(json: Json): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (isList(json)) return json.map(unpack);
  const tag = json[TAG];
  if (Array.isArray(tag)) return untag(tag[0] as string, tag[1] as Json);
  const copy: Record<string, unknown> = {};
  for (const key in json) put(copy, key, unpack(json[key] as Json));
  return copy;
}

/** The same in place, for whoever owns what it was packed in: nothing is copied that need not be. */
export function unpackOwn(json: Json): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (isList(json)) {
    const list = json as Json[];
    for (let at = 0; at < list.length; at++) {
      const item = list[at];
      if (typeof item === "object" && item !== null) list[at] = unpackOwn(item) as Json;
    }
    return list;
  }
  const tag = json[TAG];
  if (Array.isArray(tag)) return untag(tag[0] as string, tag[1] as Json);
  const record = json as Record<string, Json>;
  for (const key in record) {
    const item = record[key];
    if (typeof item !== "object" || item === null) continue;
    const value = unpackOwn(item);
    if (value !== item) put(record, key, value);
  }
  return record;
}

class Packer {
  bytes = 2;
  readonly #doing: string;
  readonly #above: object[] = [];
  /** The way to where it is: of objects only, since nothing else is refused. */
  readonly #path: (string | number)[] = [];

  constructor(doing: string) {
    this.#doing = doing;
  }

  pack(value: unknown): Json {
    switch (typeof value) {
      case "string":
        this.bytes += value.length + 3;
        return value;
      case "boolean":
        this.bytes += 5;
        return value;
      case "number":
        this.bytes += 8;
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : tagged("number", Object.is(value, -0) ? "-0" : String(value));
      case "undefined":
        return tagged("undefined", null);
      case "bigint":
        return tagged("bigint", String(value));
      case "object":
        return value === null ? null : this.#object(value);
      default:
        return this.#refuse(value, "Keep data in it, not code.");
    }
  }

  /** Packs what stands at a place inside of what is packed now. */
  #at(place: string | number, value: unknown): Json {
    if (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol")
      return this.pack(value);
    this.#path.push(place);
    const packed = this.pack(value);
    this.#path.pop();
    return packed;
  }

  #object(value: object): Json {
    if (this.#above.includes(value)) {
      return this.#refuse("an object that holds itself", "Keep an id in place of the circle.");
    }
    this.#above.push(value);
    const packed = this.#inside(value);
    this.#above.pop();
    return packed;
  }

  #inside(value: object): Json {
    this.bytes += 4;
    if (Array.isArray(value)) return (value as unknown[]).map((item, at) => this.#at(at, item));
    if (isPlain(value)) return this.#plain(value);
    if (value instanceof Date) return tagged("date", Number.isNaN(value.getTime()) ? null : value.getTime());
    if (value instanceof Map) {
      return tagged(
        "map",
        [...(value as Map<unknown, unknown>)].map(
          ([key, item], at): Json => [this.#at(`key(${at})`, key), this.#at(`get(${at})`, item)],
        ),
      );
    }
    if (value instanceof Set) {
      return tagged(
        "set",
        [...(value as Set<unknown>)].map((item, at) => this.#at(`item(${at})`, item)),
      );
    }
    if (value instanceof Uint8Array) {
      this.bytes += value.byteLength * 1.34;
      return tagged(
        "bytes",
        Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64"),
      );
    }
    if (value instanceof Error) return tagged("error", this.#error(value));
    const { name } = (value as { readonly constructor?: { readonly name?: string } }).constructor ?? {};
    return this.#refuse(`an instance of ${name || "a class"}`, "Keep the plain data that is needed of it.");
  }

  #plain(value: object): Json {
    const copy: Record<string, Json> = {};
    let isTagLike = false;
    for (const key of Object.keys(value)) {
      const item: unknown = (value as Record<string, unknown>)[key];
      if (item === undefined) continue;
      this.bytes += key.length + 4;
      if (key === TAG) isTagLike = true;
      put(copy, key, this.#at(key, item));
    }
    return isTagLike ? tagged("object", Object.entries(copy)) : copy;
  }

  #error(error: Error): Json {
    const own: Record<string, Json> = {};
    for (const [key, item] of Object.entries(error) as [string, unknown][]) {
      if (key === "name" || key === "message" || key === "stack" || key === "cause") continue;
      const depth = [this.#path.length, this.#above.length] as const;
      try {
        own[key] = this.#at(key, item);
      } catch {
        [this.#path.length, this.#above.length] = depth;
        // An error is kept as far as it goes: what it carries beside its message is a courtesy.
      }
    }
    this.bytes += error.message.length + error.name.length;
    return { name: error.name, message: error.message, own };
  }

  #refuse(value: unknown, hint: string): never {
    const what = typeof value === "string" ? value : shown(value);
    const path = this.#path.map((place) => (typeof place === "number" ? `[${place}]` : `.${place}`)).join("");
    const where = path === "" ? "the value" : `the value's ${path.replace(/^\./, "")}`;
    throw misuse(
      "ERR_BALE_CONVERSATION_VALUE",
      `${this.#doing}: ${where} is ${what}, which a journal can't keep. ${hint}`,
    );
  }
}

/** Whether a value is data alone: also where a plugin has given Bale's objects methods through their prototype. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as { readonly constructor?: unknown } | null;
  return prototype === null || prototype === Object.prototype || prototype.constructor === Object;
}

function isList(json: object): json is readonly Json[] {
  return Array.isArray(json);
}

function tagged(name: string, value: Json): Json {
  return { [TAG]: [name, value] };
}

/** A key of its own, whatever it is called. */
function put(target: object, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  } else (target as Record<string, unknown>)[key] = value;
}

function untag(name: string, inner: Json): unknown {
  switch (name) {
    case "undefined":
      return undefined;
    case "number":
      return Number(inner);
    case "bigint":
      return BigInt(inner as string);
    case "date":
      return new Date(inner === null ? Number.NaN : (inner as number));
    case "map":
      return new Map(
        (inner as readonly (readonly [Json, Json])[]).map(([key, item]) => [unpack(key), unpack(item)]),
      );
    case "set":
      return new Set((inner as readonly Json[]).map(unpack));
    case "bytes":
      return new Uint8Array(Buffer.from(inner as string, "base64"));
    case "object": {
      const copy = {};
      for (const [key, item] of inner as readonly (readonly [string, Json])[]) put(copy, key, unpack(item));
      return copy;
    }
    case "error":
      return unpackError(inner as unknown as PackedError);
    default:
      throw misuse(
        "ERR_BALE_CONVERSATION_VALUE",
        `Reading a journal: it holds a value of kind ${shown(name)}, which this release does not know. Update @balekit/conversation.`,
      );
  }
}

interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly own: Readonly<Record<string, Json>>;
}

/** Errors that come out of a journal as what they were: those of the language, and our own that code may catch. */
const CLASSES: readonly (abstract new (...made: never[]) => Error)[] = [
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  AmbiguousEffectError,
  ExitError,
  JournalLimitError,
];

function unpackError({ name, message, own }: PackedError): Error {
  const error = new Error(message);
  const known = CLASSES.find((one) => one.name === name);
  if (known !== undefined) Object.setPrototypeOf(error, known.prototype as object);
  Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  for (const [key, value] of Object.entries(own)) put(error, key, unpack(value));
  return error;
}
