import type { Upload } from "./files.js";
import { badRequest } from "./refusal.js";

/** How parameters came. Two methods care: stickers and animations by id fail outside multipart. */
export type Encoding = "query" | "form" | "json" | "multipart" | "in process";

/** One call, decoded: parameters as they came, and the files beside them by the name of their part. */
export interface Request {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly files: ReadonlyMap<string, Upload>;
  readonly encoding: Encoding;
}

/** Bounds of a text, both included. */
export interface TextBounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Count UTF-8 bytes, not characters. */
  readonly bytes?: boolean | undefined;
}

const INTEGER = /^-?\d{1,16}$/;
const NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;

/**
 * Reads the parameters of one call as Bale would: numbers may be strings, objects may be JSON strings, `null` is
 * absent. What is never read was ignored, and `ignored()` says so.
 */
export class Fields {
  readonly request: Request;
  readonly #read: Set<string> = new Set();
  readonly warnings: string[] = [];

  constructor(request: Request) {
    this.request = request;
  }

  /** The raw value; `undefined` when it is absent or `null`. */
  raw(name: string): unknown {
    this.#read.add(name);
    return this.request.params[name] ?? undefined;
  }

  /** A file part of this name. */
  upload(name: string): Upload | undefined {
    this.#read.add(name);
    return this.request.files.get(name);
  }

  optionalText(name: string, bounds: TextBounds = {}): string | undefined {
    const raw = this.raw(name);
    if (raw === undefined) return undefined;
    if (typeof raw !== "string" && typeof raw !== "number") throw badRequest(`${name} must be a string`);
    const text = String(raw);
    const size = bounds.bytes === true ? Buffer.byteLength(text) : lengthOf(text, bounds.max ?? text.length);
    const unit = bounds.bytes === true ? "bytes" : "characters";
    if (size < (bounds.min ?? 0)) throw badRequest(`${name} is empty`);
    if (bounds.max !== undefined && size > bounds.max) {
      throw badRequest(`${name} is too long: ${size} ${unit}, at most ${bounds.max} are allowed`);
    }
    return text;
  }

  text(name: string, bounds: TextBounds = { min: 1 }): string {
    const text = this.optionalText(name, bounds);
    if (text === undefined) throw badRequest(`${name} is empty`);
    return text;
  }

  optionalInteger(name: string): number | undefined {
    const raw = this.raw(name);
    if (raw === undefined || raw === "") return undefined;
    const number = typeof raw === "string" && INTEGER.test(raw.trim()) ? Number(raw) : raw;
    if (typeof number !== "number" || !Number.isSafeInteger(number))
      throw badRequest(`${name} must be an integer`);
    return number;
  }

  integer(name: string): number {
    const number = this.optionalInteger(name);
    if (number === undefined) throw badRequest(`${name} is not specified`);
    return number;
  }

  optionalNumber(name: string): number | undefined {
    const raw = this.raw(name);
    if (raw === undefined || raw === "") return undefined;
    const number = typeof raw === "string" && NUMBER.test(raw.trim()) ? Number(raw) : raw;
    if (typeof number !== "number" || !Number.isFinite(number)) throw badRequest(`${name} must be a number`);
    return number;
  }

  number(name: string): number {
    const number = this.optionalNumber(name);
    if (number === undefined) throw badRequest(`${name} is not specified`);
    return number;
  }

  optionalBoolean(name: string): boolean | undefined {
    const raw = this.raw(name);
    if (raw === undefined || raw === "") return undefined;
    if (raw === true || raw === 1) return true;
    if (raw === false || raw === 0) return false;
    if (typeof raw === "string") {
      const word = raw.toLowerCase();
      if (word === "true" || word === "1") return true;
      if (word === "false" || word === "0") return false;
    }
    throw badRequest(`${name} must be a boolean`);
  }

  boolean(name: string): boolean {
    const value = this.optionalBoolean(name);
    if (value === undefined) throw badRequest(`${name} is not specified`);
    return value;
  }

  /** An object or array, given as such or as JSON in a string. */
  structure(name: string): unknown {
    const raw = this.raw(name);
    if (typeof raw !== "string") return raw;
    if (raw === "") return undefined;
    try {
      return JSON.parse(raw) ?? undefined;
    } catch {
      throw badRequest(`can't parse ${name} JSON object`);
    }
  }

  /** Names of what the caller sent and Bale does not know. */
  ignored(): string[] {
    const names = new Set([...Object.keys(this.request.params), ...this.request.files.keys()]);
    for (const name of this.#read) names.delete(name);
    return [...names];
  }
}

/** Whether a decoded value is a plain object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Characters by code point. Not counted one by one when there can't be more than `enough`. */
export function lengthOf(text: string, enough = 0): number {
  if (text.length <= enough) return text.length;
  let length = 0;
  for (const _ of text) length++;
  return length;
}
