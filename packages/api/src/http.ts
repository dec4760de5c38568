import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { Call, CallOptions, Download, Reply, Transport } from "./call.js";
import { type ConnectionOptions, Connections } from "./connections.js";
import { checkToken, defaultApiRoot, missingToken, type Root, rootOf } from "./endpoint.js";
import { ApiError } from "./errors.js";
import { Exchange } from "./exchange.js";
import { type AttachStyle, attachReferenceOf } from "./attach-reference.js";
import { needsForm } from "./file-search.js";
import type { FormSettings } from "./form.js";
import { METHODS, type MethodInfo } from "./generated/method-table.js";
import { checkFileSizes } from "./limit-check.js";
import { misuse, shown } from "./misuse.js";
import { type Scrub, tokenScrubber } from "./redact.js";
import { type OnWarning, warner } from "./warning.js";

/** How to reach Bale. */
export interface HttpOptions extends ConnectionOptions {
  /** From @botfather on Bale, like `123456789:abc…`. Without one every call rejects with `InvalidTokenError`. */
  readonly token?: string | undefined;
  /**
   * Where the API is: an emulator, a gateway. May have a path.
   * @default the environment's `BALE_API_ROOT`, or `https://tapi.bale.ai`
   */
  readonly apiRoot?: string | undefined;
  /** Where files are downloaded from. @default `apiRoot` + `/file` */
  readonly fileRoot?: string | undefined;
  /**
   * Milliseconds until a call is given up, waiting for a free socket included; 0 waits for ever. `getUpdates` gets its
   * own `timeout` on top. For uploads and downloads: milliseconds during which not one byte moved.
   * @default 30_000
   */
  readonly timeoutMs?: number | undefined;
  /** How media inside albums and stickers refer to their parts. @default "plain" */
  readonly attachReference?: AttachStyle | undefined;
  /** Told what may not go through, e.g. a file above Bale's limits. @default process.emitWarning, once per kind */
  readonly onWarning?: OnWarning | undefined;
  /** Which face of Bale answers. @default "bot" */
  readonly face?: "bot" | "business" | undefined;
}

const TIMEOUT_MS = 30_000;
const USER_AGENT = "balekit";
const JSON_HEADERS = ["content-type", "application/json", "user-agent", USER_AGENT];

/**
 * Makes the transport that talks to Bale: one POST per call, JSON or a streamed form. undici is loaded and sockets
 * are opened at the first call.
 *
 * @throws InvalidTokenError when the token cannot be one; TypeError for a wrong option
 */
export function http(options: HttpOptions = {}): Transport {
  return new HttpTransport(options);
}

class HttpTransport implements Transport {
  /** Bound, because transformers get it as a bare function. */
  readonly send: (call: Call) => Promise<Reply>;
  readonly #hasToken: boolean;
  readonly #root: Root;
  readonly #fileRoot: Root;
  readonly #prefix: string;
  readonly #filePrefix: string;
  readonly #timeoutMs: number;
  readonly #form: FormSettings;
  readonly #warn: OnWarning;
  readonly #connections: Connections;
  readonly #scrub: Scrub;

  constructor(options: HttpOptions) {
    const { token, face = "bot" } = options;
    this.#hasToken = token !== undefined && token !== "";
    if (token !== undefined && token !== "") checkToken(token);
    const apiRoot = options.apiRoot ?? defaultApiRoot();
    this.#root = rootOf("apiRoot", apiRoot);
    this.#fileRoot = rootOf("fileRoot", options.fileRoot ?? `${apiRoot.replace(/\/+$/, "")}/file`);
    this.#prefix = `${this.#root.path}${face === "business" ? "/business" : ""}/bot${token}/`;
    this.#filePrefix = `${this.#fileRoot.path}/bot${token}/`;
    this.#timeoutMs = checkedTimeout(options.timeoutMs) ?? TIMEOUT_MS;
    // Our own pools wait until a chunk has left; a dispatcher of the user's may keep what it is given.
    this.#form = {
      attach: attachReferenceOf(options.attachReference),
      isCopied: options.dispatcher === undefined,
    };
    this.#warn = warner(options.onWarning);
    this.#connections = new Connections(options);
    this.#scrub = tokenScrubber(token);
    this.send = (call) => {
      try {
        return this.#send(call);
      } catch (error) {
        return Promise.reject(error as Error);
      }
    };
  }

  /** Not an async function: the promise of the exchange is the only one a call has here. */
  #send(call: Call): Promise<Reply> {
    const { method, options } = call;
    if (!this.#hasToken) throw missingToken(method);
    options.signal?.throwIfAborted();
    const params = (call.params ?? {}) as Readonly<Record<string, unknown>>;
    const info: MethodInfo | undefined = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
    if (needsForm(info, params)) return this.#connections.during(this.#sendForm(call, info, params));
    const body = jsonOf(method, params);
    const open = this.#connections.ready(this.#root.origin);
    if (open === undefined) return this.#connections.during(this.#sendFirst(call, body));
    return this.#exchanged(call, body, open);
  }

  /** A call that has to wait until sockets can be had. */
  async #sendFirst(call: Call, body: string): Promise<Reply> {
    const dispatcher = await this.#connections.open(this.#root.origin);
    // It may have been given up meanwhile.
    call.options.signal?.throwIfAborted();
    return this.#exchanged(call, body, dispatcher);
  }

  #exchanged(call: Call, body: string, dispatcher: Dispatcher): Promise<Reply> {
    const exchange = new Exchange(this.#about(call, false));
    dispatcher.dispatch(this.#request(call.method, JSON_HEADERS, body), exchange);
    return exchange.reply;
  }

  async #sendForm(
    call: Call,
    info: MethodInfo | undefined,
    params: Readonly<Record<string, unknown>>,
  ): Promise<Reply> {
    const { method, options } = call;
    const dispatcher = await this.#connections.open(this.#root.origin);
    // Loaded with the first upload: most programs start without one.
    const { formOf } = await import("./transfers.js");
    const form = await formOf(method, params, this.#form);
    try {
      if (info !== undefined) checkFileSizes(method, info, form.files, this.#warn);
      options.signal?.throwIfAborted();
      const exchange = new Exchange(this.#about(call, true));
      const headers = ["content-type", form.contentType, "user-agent", USER_AGENT];
      if (form.totalBytes !== undefined) headers.push("content-length", String(form.totalBytes));
      dispatcher.dispatch(this.#request(method, headers, watched(form, exchange, options)), exchange);
      return await exchange.reply;
    } finally {
      form.close();
    }
  }

  #request(
    method: string,
    headers: string[],
    body: string | AsyncIterable<Uint8Array>,
  ): Dispatcher.DispatchOptions {
    return {
      origin: this.#root.origin,
      path: this.#prefix + method,
      method: "POST",
      headers,
      // undici takes any async iterable; its types only name Readable.
      body: body as string | Readable,
      // Our own deadline holds instead.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
  }

  #about(call: Call, idle: boolean): ConstructorParameters<typeof Exchange>[0] {
    const { method, options, params } = call;
    let timeoutMs = checkedTimeout(options.timeoutMs);
    if (timeoutMs === undefined) {
      timeoutMs = this.#timeoutMs;
      // A long poll is silent for as long as it was told to be.
      if (method === "getUpdates" && timeoutMs > 0) timeoutMs += 1000 * (Number(params?.timeout) || 0);
    }
    return { method, origin: this.#root.origin, timeoutMs, idle, signal: options.signal, scrub: this.#scrub };
  }

  async download(filePath: string, options: CallOptions): Promise<Download> {
    if (!this.#hasToken) throw missingToken("download");
    options.signal?.throwIfAborted();
    return this.#connections.during(this.#openDownload(filePath, options));
  }

  async #openDownload(filePath: string, options: CallOptions): Promise<Download> {
    const { origin } = this.#fileRoot;
    const dispatcher = await this.#connections.open(origin);
    const { openDownload } = await import("./transfers.js");
    // It may have been given up meanwhile.
    options.signal?.throwIfAborted();
    return openDownload(dispatcher, {
      origin,
      prefix: this.#filePrefix,
      filePath,
      timeoutMs: checkedTimeout(options.timeoutMs) ?? this.#timeoutMs,
      signal: options.signal,
      scrub: this.#scrub,
    });
  }

  close(): Promise<void> {
    return this.#connections.close();
  }
}

function jsonOf(method: string, params: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(params);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw misuse(
      "ERR_BALE_PARAMS",
      `${method}: the parameters cannot be written as JSON: ${String(error)}.`,
      error,
    );
  }
}

function checkedTimeout(timeoutMs: number | undefined): number | undefined {
  if (timeoutMs === undefined || timeoutMs >= 0) return timeoutMs;
  throw misuse(
    "ERR_BALE_OPTION",
    `timeoutMs: ${shown(timeoutMs)} is not a number of milliseconds. Give 0 or more.`,
  );
}

/** The body of a form, telling the deadline and the caller how far it has come. */
async function* watched(
  form: { readonly body: AsyncIterable<Uint8Array>; readonly totalBytes: number | undefined },
  exchange: Exchange,
  options: CallOptions,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of form.body) {
    yield chunk;
    // Asked for the next one: this one has left.
    bytes += chunk.byteLength;
    exchange.alive();
    try {
      options.onUploadProgress?.({ bytes, totalBytes: form.totalBytes });
    } catch (error) {
      // Its own error, not one of the connection, which would be tried again.
      exchange.fail(error);
      throw error;
    }
  }
}
