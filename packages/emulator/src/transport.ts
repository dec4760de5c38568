import { readFile } from "node:fs/promises";

import {
  type Call,
  type CallOptions,
  type Download,
  InputFile,
  InvalidTokenError,
  NotFoundError,
  type Reply,
  TimeoutError,
  TooLargeError,
  type Transport,
} from "@balekit/api";

import { isObject, type Request } from "./fields.js";
import { DOWNLOAD_LIMIT_BYTES, type Upload } from "./files.js";
import { answer, checkToken, failure, type Incoming, logSpoiled } from "./server.js";
import { isDoneAnyway, spoiledReply } from "./spoiled.js";
import type { World } from "./world.js";

/** How long a call may hang when its caller sets no bound: the default of the HTTP transport. */
const DEFAULT_TIMEOUT_MS = 30_000;

/** Stands where HTTP stands, without a socket: calls go straight into the world, timed by its clock. */
export function inProcess(world: World, token: string): Transport {
  return {
    send: (call) => send(world, token, call),
    download: (filePath, options) => download(world, token, filePath, options),
    close: () => Promise.resolve(),
  };
}

async function send(world: World, token: string, call: Call): Promise<Reply> {
  const { signal, timeoutMs } = call.options;
  signal?.throwIfAborted();
  const fault = world.faults.take(call.method);
  const leave = new AbortController();
  const incoming: Incoming = { token, business: false, signal: leave.signal, fault };
  return within(
    world,
    call.method,
    carriedOut(world, call, incoming),
    leave,
    signal,
    timeoutMs ?? (fault === undefined ? undefined : DEFAULT_TIMEOUT_MS),
  );
}

async function carriedOut(world: World, call: Call, incoming: Incoming): Promise<Reply> {
  const request = await requestOf(call);
  // Given up while its files were read: it never reached the server.
  incoming.signal?.throwIfAborted();
  return incoming.fault === undefined
    ? overTheWire(await answer(world, request, incoming))
    : spoiled(world, request, incoming);
}

async function spoiled(world: World, request: Request, incoming: Incoming): Promise<Reply> {
  const { fault } = incoming;
  if (fault === undefined) return answer(world, request, incoming);
  let whole = "";
  if (isDoneAnyway(fault)) whole = JSON.stringify(await answer(world, request, incoming));
  else logSpoiled(world, request, incoming, `emulated fault ${fault.kind}`);
  world.events.emit("fault", fault);
  if (fault.kind === "hang") return new Promise<Reply>(() => {});
  return spoiledReply(fault, request.method, whole);
}

/** Bounds work by the caller's signal and patience. */
function within(
  world: World,
  method: string,
  work: Promise<Reply>,
  leave: AbortController,
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
): Promise<Reply> {
  if (signal === undefined && timeoutMs === undefined) return work;
  return new Promise((resolve, reject) => {
    const timer =
      timeoutMs === undefined
        ? undefined
        : world.clock.setTimeout(() => {
            const message = `${method}: no answer within ${timeoutMs} ms.`;
            fail(new TimeoutError(message, { method, maybeSent: true, timeoutMs }));
          }, timeoutMs);
    const end = (): void => {
      if (timer !== undefined) world.clock.clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
    };
    const fail = (error: Error): void => {
      end();
      leave.abort();
      reject(error);
    };
    const aborted = (): void => fail(signal?.reason as Error);
    work.then((reply) => {
      end();
      resolve(reply);
    }, fail);
    // The call may have been given up while its files were read.
    if (signal?.aborted === true) aborted();
    else signal?.addEventListener("abort", aborted, { once: true });
  });
}

/** What is left of a reply after JSON: a copy of its own, and explicit nulls are absent as with the HTTP transport. */
function overTheWire(reply: Reply): Reply {
  const text = JSON.stringify(reply);
  return JSON.parse(text, text.includes(":null") ? withoutNull : undefined) as Reply;
}

function withoutNull(_key: string, value: unknown): unknown {
  return value === null ? undefined : value;
}

async function download(
  world: World,
  token: string,
  filePath: string,
  options: CallOptions,
): Promise<Download> {
  options.signal?.throwIfAborted();
  try {
    checkToken(world, token);
  } catch (error) {
    const { error_code: errorCode, description } = failure(error);
    const Refused = errorCode === 403 ? InvalidTokenError : NotFoundError;
    throw new Refused({ method: "download", errorCode, description });
  }
  const file = world.files.at(filePath);
  if (file === undefined) {
    const description = `Not Found${world.files.lossOf(filePath)}`;
    throw new NotFoundError({ method: "download", errorCode: 404, description });
  }
  if (file.bytes.length > DOWNLOAD_LIMIT_BYTES) {
    const description = "Bad Request: file is too big";
    throw new TooLargeError({ method: "download", errorCode: 400, description });
  }
  return { totalBytes: file.bytes.length, body: chunks(file.bytes, options.signal) };
}

const CHUNK_BYTES = 64 * 1024;

async function* chunks(bytes: Uint8Array, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    signal?.throwIfAborted();
    yield bytes.slice(at, at + CHUNK_BYTES);
  }
}

/** A call as the server reads it: files beside the parameters, as in a multipart body. */
async function requestOf(call: Call): Promise<Request> {
  const files = new Map<string, Upload>();
  const params: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(call.params ?? {})) {
    if (value instanceof InputFile) {
      if (value.source instanceof URL) params[name] = value.source.href;
      else files.set(name, await read(value, name));
    } else if (value !== undefined) {
      params[name] = await detached(value, files);
    }
  }
  let bytes = 0;
  for (const file of files.values()) bytes += file.bytes.length;
  if (files.size > 0) call.options.onUploadProgress?.({ bytes, totalBytes: bytes });
  return { method: call.method, params, files, encoding: "in process" };
}

/** A plain copy of a parameter, its files taken out and referred to as parts. */
async function detached(value: unknown, files: Map<string, Upload>): Promise<unknown> {
  if (value instanceof InputFile) {
    if (value.source instanceof URL) return value.source.href;
    const name = `file${files.size}`;
    files.set(name, await read(value, name));
    return `attach://${name}`;
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    for (const item of value) copy.push(await detached(item, files));
    return copy;
  }
  if (!isObject(value)) return value;
  if (typeof value["toJSON"] === "function") return detached((value["toJSON"] as () => unknown)(), files);
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined && typeof item !== "function") copy[key] = await detached(item, files);
  }
  return copy;
}

async function read(file: InputFile, part: string): Promise<Upload> {
  return { bytes: await bytesOf(file), name: file.name ?? part, type: file.type };
}

async function bytesOf({ source }: InputFile): Promise<Uint8Array> {
  if (typeof source === "string") return readFile(source);
  if (source instanceof Uint8Array) return source.slice();
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  if (source instanceof URL) throw new TypeError(`Reading ${source.href}: an address is for Bale to fetch.`);
  const parts: Uint8Array[] = [];
  for await (const part of (await source()) as AsyncIterable<Uint8Array>) parts.push(part);
  return Buffer.concat(parts);
}
