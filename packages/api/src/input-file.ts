import type { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { misuse, shown } from "./misuse.js";

const BRAND: unique symbol = Symbol.for("@balekit/api:InputFile");

/** A stream of bytes, or of text, in any of the shapes Node knows: a Node stream, a web stream, an async generator. */
export type ByteStream = AsyncIterable<Uint8Array | string> | ReadableStream<Uint8Array> | Readable;

/** Opens the stream anew on each call, so that a repeated upload can read it from the beginning. */
export type StreamFactory = () => ByteStream | Promise<ByteStream>;

/** Where the bytes of a file come from. */
export type FileSource = string | URL | Uint8Array | Blob | StreamFactory;

/** How a file introduces itself. */
export interface InputFileOptions {
  /** The name users see. May be Persian. @default the path's last part, the Blob's name, or the parameter's name */
  readonly name?: string | undefined;
  /** The media type, e.g. `image/jpeg`. @default by the name's extension */
  readonly type?: string | undefined;
  /**
   * The exact size of what the factory's stream gives, in bytes. Known sizes let the upload announce its length;
   * without it the upload is chunked, which not every server on the way likes.
   */
  readonly sizeBytes?: number | undefined;
}

/**
 * A file to upload, given where a method takes a file.
 *
 * A string is a **path** on this machine (a `file_id` or an address is given to the method as a plain string, without
 * `InputFile`). A `URL` is fetched by Bale, not by us. Streams come as a factory: `new InputFile(() => open())`.
 * Nothing is opened before the call, and uploads never hold the whole file in memory.
 *
 * @example
 * await api.sendPhoto({ chat_id, photo: new InputFile("cat.jpg") });
 */
export class InputFile {
  readonly source: FileSource;
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly sizeBytes: number | undefined;

  /** @throws TypeError when the source is a stream itself, or none of the kinds above */
  constructor(source: FileSource, options: InputFileOptions = {}) {
    this.source = checkedSource(source);
    this.name = checkedName(options.name) ?? nameOf(this.source);
    this.type = checkedType(
      options.type ?? (source instanceof Blob && source.type !== "" ? source.type : undefined),
    );
    this.sizeBytes = checkedSize(options.sizeBytes);
  }

  /** What the file is called in logs and errors. */
  toString(): string {
    return `InputFile(${this.source instanceof URL ? this.source.href : (this.name ?? "unnamed")})`;
  }

  /** `instanceof` works across two installed copies of this package. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
  }

  static {
    Object.defineProperty(this.prototype, BRAND, { value: true });
  }
}

function checkedSource(source: FileSource): FileSource {
  if (typeof source === "string") {
    if (source === "") throw misuse(CODE, "InputFile: the path is empty. Give the path of a file.");
    return source;
  }
  if (source instanceof URL) {
    if (source.protocol === "file:") return process.getBuiltinModule("node:url").fileURLToPath(source);
    if (source.protocol === "https:" || source.protocol === "http:") return source;
    throw misuse(
      CODE,
      `InputFile: Bale cannot fetch ${shown(source.href)}. Give an http, https or file URL.`,
    );
  }
  if (source instanceof Uint8Array || source instanceof Blob || typeof source === "function") return source;
  if (
    typeof source === "object" &&
    source !== null &&
    (Symbol.asyncIterator in source || "getReader" in source)
  ) {
    throw misuse(
      CODE,
      `InputFile: got ${shown(source)}, a stream that can be read only once. Give a function that opens it: new InputFile(() => createReadStream(path)).`,
    );
  }
  throw misuse(
    CODE,
    `InputFile: cannot read a file from ${shown(source)}. Give a path, a URL, a Uint8Array, a Blob, or a function that opens a stream.`,
  );
}

function checkedName(name: string | undefined): string | undefined {
  if (name === undefined || (typeof name === "string" && name !== "")) return name;
  throw misuse(
    CODE,
    `InputFile: name is ${shown(name)}. Give the name users see, like "orders.csv", or leave it out.`,
  );
}

function checkedSize(sizeBytes: number | undefined): number | undefined {
  if (sizeBytes === undefined || (Number.isSafeInteger(sizeBytes) && sizeBytes >= 0)) return sizeBytes;
  throw misuse(
    CODE,
    `InputFile: sizeBytes is ${shown(sizeBytes)}. Give a whole number of bytes, or leave it out.`,
  );
}

function checkedType(type: string | undefined): string | undefined {
  if (type === undefined || /^[\w.+-]+\/[\w.+-]+(?:;[\x20-\x7e]*)?$/.test(type)) return type;
  throw misuse(
    CODE,
    `InputFile: type is ${shown(type)}. Give a media type like "image/jpeg", or leave it out.`,
  );
}

function nameOf(source: FileSource): string | undefined {
  if (typeof source === "string") return process.getBuiltinModule("node:path").basename(source);
  if (source instanceof Blob && "name" in source && typeof source.name === "string") return source.name;
  return undefined;
}

const CODE = "ERR_BALE_INPUT_FILE";
