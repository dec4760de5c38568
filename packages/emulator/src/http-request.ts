import type { IncomingMessage } from "node:http";

import { type Encoding, isObject, type Request } from "./fields.js";
import type { Upload } from "./files.js";
import { badRequest, Refusal } from "./refusal.js";

/** The largest body that is read: the largest documented upload and something around it. */
export const BODY_LIMIT_BYTES: number = 64 * 1024 * 1024;

/**
 * Decodes a call over HTTP: query, urlencoded, JSON and multipart, with GET and POST alike. One client sends GET with
 * a JSON body, which a web-standard Request cannot hold; so this reads Node's own message.
 */
export async function readRequest(
  message: IncomingMessage,
  method: string,
  query: URLSearchParams,
): Promise<Request> {
  const params: Record<string, unknown> = {};
  for (const [name, value] of query) params[name] = value;
  const files = new Map<string, Upload>();
  const body = await readBody(message);
  if (body.length === 0) return { method, params, files, encoding: "query" };
  const type = message.headers["content-type"] ?? "";
  const encoding = await readParams(body, type, params, files);
  return { method, params, files, encoding };
}

/** The whole body, up to the limit. */
export async function readBody(message: IncomingMessage, limit: number = BODY_LIMIT_BYTES): Promise<Buffer> {
  const { headers } = message;
  if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined) return EMPTY;
  if (Number(headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] ?? EMPTY) : Buffer.concat(chunks);
}

const EMPTY: Buffer = Buffer.alloc(0);

function tooLarge(limit: number): Refusal {
  return new Refusal(413, `Request Entity Too Large: at most ${limit} bytes are read`);
}

async function readParams(
  body: Buffer,
  type: string,
  params: Record<string, unknown>,
  files: Map<string, Upload>,
): Promise<Encoding> {
  const kind = type.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (kind === "multipart/form-data") {
    await readMultipart(body, type, params, files);
    return "multipart";
  }
  const text = body.toString("utf8");
  if (kind === "application/json" || (kind !== "application/x-www-form-urlencoded" && /^\s*\{/.test(text))) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      throw badRequest("can't parse JSON object");
    }
    if (!isObject(parsed)) throw badRequest("JSON object expected");
    Object.assign(params, parsed);
    return "json";
  }
  for (const [name, value] of new URLSearchParams(text)) params[name] = value;
  return "form";
}

async function readMultipart(
  body: Buffer,
  type: string,
  params: Record<string, unknown>,
  files: Map<string, Upload>,
): Promise<void> {
  const form = await parsedForm(body, type);
  for (const [name, value] of form) {
    if (typeof value === "string") {
      params[name] = value;
      continue;
    }
    const bytes = new Uint8Array(await value.arrayBuffer());
    const isTyped =
      value.type !== "" && !value.type.startsWith("multipart/") && value.type !== "application/octet-stream";
    files.set(name, { bytes, name: fileName(value.name), ...(isTyped ? { type: value.type } : {}) });
  }
}

const BOUNDARY = /boundary=(?:"([^"]+)"|([^\s;]+))/i;

/** The platform's own parser, which takes boundaries of 27 to 70 characters only; shorter ones are made longer. */
async function parsedForm(body: Buffer, type: string): Promise<FormData> {
  const match = BOUNDARY.exec(type);
  const boundary = match?.[1] ?? match?.[2];
  try {
    if (boundary === undefined || boundary.length >= SHORTEST_BOUNDARY) {
      return await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
    }
    const longer = boundary.padEnd(SHORTEST_BOUNDARY, "x");
    const marked = body.toString("latin1").replaceAll(`--${boundary}`, `--${longer}`);
    const headers = { "content-type": `multipart/form-data; boundary=${longer}` };
    return await new Response(new Uint8Array(Buffer.from(marked, "latin1")), { headers }).formData();
  } catch {
    throw badRequest("can't parse multipart/form-data");
  }
}

const SHORTEST_BOUNDARY = 27;

/** The last part of a file's name; one client percent-encodes names. */
function fileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
