import type { IncomingMessage } from "node:http";

import { type Encoding, isObject, type Request } from "./fields.js";
import type { Upload } from "./files.js";
import { readParts } from "./multipart.js";
import { decoded } from "./percent-encoding.js";
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
  const encoding = readParams(body, type, params, files);
  return { method, params, files, encoding };
}

/** The whole body, up to the limit. */
export function readBody(message: IncomingMessage, limit: number = BODY_LIMIT_BYTES): Promise<Buffer> {
  const { headers } = message;
  if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined) {
    return Promise.resolve(EMPTY);
  }
  if (Number(headers["content-length"] ?? 0) > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else reject(tooLarge(limit));
    });
    message.once("end", () => resolve(chunks.length === 1 ? (chunks[0] ?? EMPTY) : Buffer.concat(chunks)));
    message.once("error", reject);
    message.once("close", () => {
      if (!message.complete) reject(badRequest("the body was cut off"));
    });
  });
}

const EMPTY: Buffer = Buffer.alloc(0);

function tooLarge(limit: number): Refusal {
  return new Refusal(413, `Request Entity Too Large: at most ${limit} bytes are read`);
}

function readParams(
  body: Buffer,
  type: string,
  params: Record<string, unknown>,
  files: Map<string, Upload>,
): Encoding {
  const kind = type.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (kind === "multipart/form-data") {
    readMultipart(body, type, params, files);
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
    // What cannot be written again would break the log it is kept in.
    if (isTooDeep(parsed, 0)) throw badRequest(`JSON is nested deeper than ${DEEPEST}`);
    Object.assign(params, parsed);
    return "json";
  }
  for (const [name, value] of new URLSearchParams(text)) params[name] = value;
  return "form";
}

/** Far deeper than anything Bale takes, and far from where JSON.stringify overflows the stack. */
const DEEPEST = 500;

function isTooDeep(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === DEEPEST || Object.values(value).some((inside) => isTooDeep(inside, depth + 1));
}

function readMultipart(
  body: Buffer,
  type: string,
  params: Record<string, unknown>,
  files: Map<string, Upload>,
): void {
  const parts = readParts(body, type);
  if (parts === undefined) throw badRequest("can't parse multipart/form-data");
  for (const { name, fileName, type: partType, bytes } of parts) {
    if (fileName === undefined) {
      params[name] = bytes.toString("utf8");
      continue;
    }
    files.set(name, { bytes, name: plainName(fileName), ...(isTelling(partType) ? { type: partType } : {}) });
  }
}

/** Whether a part's type says something of its file: one client types every part multipart/form-data. */
function isTelling(type: string | undefined): type is string {
  return (
    type !== undefined && type !== "" && type !== "application/octet-stream" && !type.startsWith("multipart/")
  );
}

/** The last part of a file's name; one client percent-encodes names. */
function plainName(name: string): string {
  // Decoded first: an encoded slash must not become one afterwards.
  return decoded(name).split(/[/\\]/).at(-1) ?? "";
}
