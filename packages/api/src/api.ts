import type { ReadableStream } from "node:stream/web";
import type { Transformer, Transport } from "./call.js";
import type { CallOptions } from "./call-options.js";
import type {
  DownloadedFile,
  DownloadOptions,
  DownloadSource,
  DownloadToOptions,
  FileReference,
} from "./download.js";
import { METHODS } from "./generated/method-table.js";
import type { DocumentedApi, UndocumentedApi } from "./generated/methods.js";
import type { File } from "./generated/types.js";
import { type HttpOptions, http } from "./http.js";
import { Line } from "./line.js";
import { misuse, shown } from "./misuse.js";
import { tokenScrubber } from "./redact.js";
import { warner } from "./warning.js";

/** How to make an api. */
export interface ApiOptions extends Omit<HttpOptions, "face"> {
  /** Carries the calls instead of HTTP; then no token is needed. */
  readonly transport?: Transport | undefined;
}

/**
 * Everything Bale documents, one method each, named and called as Bale's documentation says: one object in, the
 * result out, an error thrown when Bale says no.
 */
export interface Api extends DocumentedApi {
  /** Methods that Bale's documentation does not have but bots have been seen to use; each says how sure we are. */
  readonly undocumented: UndocumentedApi;
  /** Calls any method by name, also one this package has never heard of. */
  call<Result = unknown>(method: string, params?: object, options?: CallOptions): Promise<Result>;
  /** Installs transformers: the first one installed is outermost. They see every call from now on. */
  use(...transformers: Transformer[]): this;
  /**
   * Installs transformers around all that this api has: what they answer by themselves no other one sees. For those
   * that decide whether a call is made at all.
   */
  useFirst(...transformers: Transformer[]): this;
  /** A copy whose calls pass the given transformers too, inside this api's own. Costs next to nothing. */
  with(...transformers: Transformer[]): Api;
  /** Replaces what stands for Bale, for this api and everything that shares its origin through `with`. */
  connect(transport: Transport): void;
  /** Downloads a file into memory. @throws TooLargeError above `maxBytes` */
  download(file: FileReference, options?: DownloadOptions): Promise<Uint8Array>;
  /**
   * Downloads a file to a path. It appears there whole or not at all. If the path is a folder, the file gets the name
   * Bale has for it, and cannot land outside.
   */
  downloadTo(file: FileReference, path: string, options?: DownloadToOptions): Promise<DownloadedFile>;
  /** Downloads a file as a web stream, no faster than it is read. */
  downloadStream(file: FileReference, options?: DownloadOptions): Promise<ReadableStream<Uint8Array>>;
  /** Waits for calls under way and closes the sockets, of copies too. A later call opens them again. */
  close(): Promise<void>;
  /** Whether `close` was called and nothing has been called since. */
  isClosed(): boolean;
}

/**
 * Makes the api of one bot. Nothing is opened or loaded until the first call.
 *
 * @throws InvalidTokenError for a token that cannot be one; a missing token is told at the first call, because
 * `connect` may still make it needless
 * @example
 * const api = createApi({ token: process.env.BALE_TOKEN });
 * await api.sendMessage({ chat_id: 123, text: "سلام" });
 */
export function createApi(options: ApiOptions = {}): Api {
  const { transport = http(options), token, onWarning } = options;
  const shared = {
    transport,
    isClosed: false,
    version: 0,
    scrub: tokenScrubber(token),
    warn: warner(onWarning),
  };
  const api = apiOf(new Line(shared, undefined, []));
  // The first api of a bot has its methods ready; copies get each one when it is first asked for.
  for (const name of DOCUMENTED) void api[name];
  return api;
}

type MethodFunction = (params?: object, options?: CallOptions) => Promise<unknown>;

const LINE: unique symbol = Symbol("line");

interface WithLine {
  readonly [LINE]: Line;
}

function apiOf(line: Line): Api {
  return Object.defineProperty(Object.create(apiPrototype) as Api, LINE, { value: line });
}

/**
 * Gives an object one property a method. A property is made when it is first read and kept then, bound to its line,
 * so that methods may be taken off the api: `const { sendMessage } = api`.
 */
function defineMethods(prototype: object, names: readonly string[]): void {
  for (const name of names) {
    defineLazily(prototype, name, (line) => methodOf(line, name));
  }
}

function defineLazily(prototype: object, name: string, make: (line: Line) => unknown): void {
  const set = (target: object, value: unknown): void => {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  };
  Object.defineProperty(prototype, name, {
    get(this: Partial<WithLine>) {
      const line = this[LINE];
      if (line === undefined) return undefined;
      const value = make(line);
      set(this, value);
      return value;
    },
    // So that a test can put its own function in place.
    set(this: object, value: unknown) {
      set(this, value);
    },
    enumerable: true,
    configurable: true,
  });
}

function methodOf(line: Line, name: string): MethodFunction {
  return (params, options) => line.invoke(name, params, options);
}

const NAMES = Object.keys(METHODS) as (keyof typeof METHODS)[];
const DOCUMENTED = NAMES.filter((name) => METHODS[name].documented) as (keyof DocumentedApi)[];

const undocumentedPrototype: object = {};
defineMethods(
  undocumentedPrototype,
  NAMES.filter((name) => !METHODS[name].documented),
);

/** Nothing that could lead elsewhere when it becomes part of an address. */
const METHOD_NAME = /^[a-z]\w*$/i;

type OwnMembers = Omit<Api, keyof DocumentedApi | "undocumented">;

const apiPrototype: OwnMembers & ThisType<Api & WithLine> = {
  call<Result>(method: string, params?: object, options?: CallOptions): Promise<Result> {
    const line = this[LINE];
    return line.guard(() => {
      if (typeof method === "string" && METHOD_NAME.test(method)) return line.invoke(method, params, options);
      const wrong = `api.call: ${shown(method)} cannot be the name of a method. Give one like "sendMessage".`;
      return Promise.reject(misuse("ERR_BALE_METHOD_NAME", wrong));
    }) as Promise<Result>;
  },
  use(...transformers) {
    this[LINE].use(transformers);
    return this;
  },
  useFirst(...transformers) {
    this[LINE].useFirst(transformers);
    return this;
  },
  with(...transformers) {
    const line = this[LINE];
    return apiOf(new Line(line.shared, line, transformers));
  },
  connect(transport) {
    if (typeof transport?.send !== "function") {
      throw misuse(
        "ERR_BALE_OPTION",
        `api.connect: ${shown(transport)} is not a transport. Give http(options) or the emulator's.`,
      );
    }
    this[LINE].shared.transport = transport;
  },
  download(file, options = {}) {
    const line = this[LINE];
    return line.guard(async () =>
      (await import("./transfers.js")).downloadBytes(sourceOf(line), file, options),
    );
  },
  downloadTo(file, path, options = {}) {
    const line = this[LINE];
    return line.guard(async () =>
      (await import("./transfers.js")).downloadTo(sourceOf(line), file, path, options),
    );
  },
  downloadStream(file, options = {}) {
    const line = this[LINE];
    return line.guard(async () =>
      (await import("./transfers.js")).downloadStream(sourceOf(line), file, options),
    );
  },
  async close() {
    const { shared } = this[LINE];
    shared.isClosed = true;
    await shared.transport.close();
  },
  isClosed() {
    return this[LINE].shared.isClosed;
  },
};
defineMethods(apiPrototype, DOCUMENTED);
defineLazily(apiPrototype, "undocumented", (line) =>
  Object.defineProperty(Object.create(undocumentedPrototype), LINE, { value: line }),
);

function sourceOf(line: Line): DownloadSource {
  return {
    getFile: (fileId, options) => line.invoke("getFile", { file_id: fileId }, options) as Promise<File>,
    open: (filePath, options) => {
      line.shared.isClosed = false;
      return line.shared.transport.download(filePath, options);
    },
  };
}
