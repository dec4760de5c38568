import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { readAnswer } from "./answer.js";
import type { Download } from "./call.js";
import { BaleError, DecodeError, TimeoutError } from "./errors.js";
import { networkError } from "./exchange.js";
import { shown } from "./misuse.js";
import type { Scrub } from "./redact.js";
import { errorOf } from "./refusal.js";

/** Where a file is. */
export interface DownloadInit {
  readonly origin: string;
  /** Path up to the file's own, token included. */
  readonly prefix: string;
  /** As Bale gave it; not trusted. */
  readonly filePath: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly scrub: Scrub;
}

const METHOD = "download";
/** Of an error page, this much is read. */
const LONGEST_REFUSAL = 64 * 1024;

/** Opens a file on Bale's server; resolves when its first bytes are on their way. */
export async function openDownload(dispatcher: Dispatcher, init: DownloadInit): Promise<Download> {
  const { origin, prefix, filePath, timeoutMs, signal, scrub } = init;
  let started = false;
  try {
    // Our pool comes from its own file; it is undici's index that gives dispatchers their `request`.
    await import("undici");
    const answer = await dispatcher.request({
      origin,
      path: prefix + encodeFilePath(filePath),
      method: "GET",
      headers: ["user-agent", "balekit"],
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: signal ?? null,
    });
    started = true;
    const { statusCode: status, headers, body } = answer;
    if (status !== 200) {
      const reply = readAnswer(METHOD, { status, text: await beginningOf(body) }, scrub);
      throw reply.ok
        ? new DecodeError(`${METHOD}: HTTP ${status} instead of a file.`, { method: METHOD, status, snippet: "" })
        : errorOf(reply, METHOD, { file_path: filePath }, scrub);
    }
    const length = Number(headers["content-length"] ?? Number.NaN);
    return { totalBytes: Number.isSafeInteger(length) ? length : undefined, body: bytesOf(body, init) };
  } catch (error) {
    throw faultOf(error, init, started);
  }
}

/**
 * The path of a file as part of an address: each step encoded, so that ids with `:` arrive whole.
 * @throws DecodeError for a path that would lead out of the token's own folder
 */
export function encodeFilePath(filePath: string): string {
  const steps = filePath.split("/");
  const isUnsafe =
    /\p{Surrogate}/u.test(filePath) ||
    steps.some((step) => step === "" || step === "." || step === "..") || /[\\\0-\x1f]|^[a-z][a-z0-9+.-]*:\/\//i.test(filePath);
  if (isUnsafe) {
    throw new DecodeError(`${METHOD}: Bale gave the file path ${shown(filePath)}, which is not a path below its files.`, {
      method: METHOD,
      status: 200,
      snippet: filePath.slice(0, 200),
    });
  }
  return steps.map(encodeURIComponent).join("/");
}

/** Not a generator: `return()` before the first `next()` has to let go of the socket too. */
function bytesOf(body: Readable, init: DownloadInit): AsyncIterable<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  // A body that is let go of emits an error nobody waits for any more.
  body.on("error", () => {});
  const bytes: AsyncIterableIterator<Uint8Array> = {
    async next() {
      try {
        return await iterator.next();
      } catch (error) {
        throw faultOf(error, init, true);
      }
    },
    async return() {
      body.destroy();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => bytes,
  };
  return bytes;
}

function faultOf(error: unknown, init: DownloadInit, started: boolean): unknown {
  const { signal, origin, timeoutMs, scrub } = init;
  if (signal?.aborted === true) return signal.reason;
  if (error instanceof BaleError) return error;
  const code = String((error as { code?: unknown }).code ?? "");
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
    return new TimeoutError(`${METHOD}: nothing came for ${timeoutMs} ms (${origin}).`, {
      method: METHOD,
      timeoutMs,
      maybeSent: true,
    });
  }
  return networkError(METHOD, origin, error, { maybeSent: started, fate: "", scrub });
}

async function beginningOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes >= LONGEST_REFUSAL) break;
  }
  return Buffer.concat(chunks).toString();
}
