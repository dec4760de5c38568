import type { Dispatcher } from "undici";
import { readAnswer } from "./answer.js";
import type { Download } from "./call.js";
import { BaleError, DecodeError, TimeoutError } from "./errors.js";
import { networkError } from "./exchange.js";
import { Inflow } from "./inflow.js";
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
  const path = prefix + encodeFilePath(filePath, scrub);
  const message = `${METHOD}: nothing came for ${timeoutMs} ms (${origin}).`;
  const timedOut = (): Error => new TimeoutError(message, { method: METHOD, timeoutMs, maybeSent: true });
  const inflow = new Inflow({ timeoutMs, signal, timedOut });
  const headers = ["user-agent", "balekit"];
  dispatcher.dispatch({ origin, path, method: "GET", headers, headersTimeout: 0, bodyTimeout: 0 }, inflow);
  try {
    const { status, headers } = await inflow.head;
    if (status === 200) {
      const length = Number(headers["content-length"] ?? Number.NaN);
      return {
        totalBytes: Number.isSafeInteger(length) ? length : undefined,
        body: withOurErrors(inflow, init),
      };
    }
    const reply = readAnswer(METHOD, { status, text: await beginningOf(inflow) }, scrub);
    throw reply.ok
      ? new DecodeError(`${METHOD}: HTTP ${status} instead of a file.`, {
          method: METHOD,
          status,
          snippet: "",
        })
      : errorOf(reply, METHOD, { file_path: filePath }, scrub);
  } catch (error) {
    throw faultOf(error, init);
  }
}

/**
 * The path of a file as part of an address: each step encoded, so that ids with `:` arrive whole.
 * @throws DecodeError for a path that would lead out of the token's own folder
 */
export function encodeFilePath(filePath: string, scrub: Scrub): string {
  const steps = filePath.split("/");
  const isUnsafe =
    /\p{Surrogate}/u.test(filePath) ||
    steps.some((step) => step === "" || step === "." || step === "..") ||
    /[\\\p{Cc}]|^[a-z][a-z0-9+.-]*:\/\//iu.test(filePath);
  if (isUnsafe) {
    const told = scrub(filePath);
    const message = `${METHOD}: Bale gave the file path ${shown(told)}, which is not a path below its files.`;
    throw new DecodeError(message, { method: METHOD, status: 200, snippet: told.slice(0, 200) });
  }
  return steps.map(encodeURIComponent).join("/");
}

function withOurErrors(inflow: Inflow, init: DownloadInit): AsyncIterable<Uint8Array> {
  const bytes: AsyncIterableIterator<Uint8Array> = {
    async next() {
      try {
        return await inflow.next();
      } catch (error) {
        throw faultOf(error, init);
      }
    },
    return: () => inflow.return(),
    [Symbol.asyncIterator]: () => bytes,
  };
  return bytes;
}

function faultOf(error: unknown, { signal, origin, scrub }: DownloadInit): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (error instanceof BaleError) return error;
  // A download may always be repeated, so what the server saw of it does not matter.
  return networkError(METHOD, origin, error, { maybeSent: true, fate: "", scrub });
}

async function beginningOf(inflow: Inflow): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of inflow) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= LONGEST_REFUSAL) break;
  }
  return Buffer.concat(chunks).toString();
}
