import type { IncomingMessage, ServerResponse } from "node:http";

import type { Reply } from "@balekit/api";

import { control } from "./control.js";
import { DOWNLOAD_LIMIT_BYTES } from "./files.js";
import { guardProblem } from "./http-guard.js";
import { readRequest } from "./http-request.js";
import { decoded } from "./percent-encoding.js";
import { badRequest, notFound } from "./refusal.js";
import { answer, checkToken, failure, type Incoming, logSpoiled, methodName } from "./server.js";
import { isDoneAnyway, spoiledAnswer } from "./spoiled.js";
import type { World } from "./world.js";

const JSON_TYPE = "application/json";
const CALL = /^\/(business\/)?bot([^/]*)\/([^/?]*)\/?$/;
const FILE = /^\/file\/bot([^/]*)\/(.*)$/;

/** Whether a path is the emulator's: Bale's API, its files, or the control API. */
export function isOurs(path: string): boolean {
  return /^\/(emulator(\/|$)|bot[^/]*\/|(business|file)\/bot[^/]*\/)/.test(path);
}

/** Answers one request over HTTP. Never rejects. */
export async function serve(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  hosts: readonly string[],
): Promise<void> {
  try {
    const problem = guardProblem(request, hosts);
    const url = request.url ?? "/";
    const question = url.indexOf("?");
    const path = question === -1 ? url : url.slice(0, question);
    if (problem !== undefined) {
      if (path.startsWith("/emulator")) write(response, 403, JSON_TYPE, JSON.stringify({ error: problem }));
      else sendReply(response, { ok: false, error_code: 403, description: problem });
      return;
    }
    const query = new URLSearchParams(question === -1 ? "" : url.slice(question + 1));
    if (path === "/emulator" || path.startsWith("/emulator/")) {
      await control(world, request, response, path.slice("/emulator".length), query);
      return;
    }
    const call = CALL.exec(path);
    if (call !== null) {
      const [, business, token = "", method = ""] = call;
      await serveCall(world, request, response, decoded(token), method, query, business !== undefined);
      return;
    }
    const file = FILE.exec(path);
    if (file === null) throw notFound();
    serveFile(world, request, response, decoded(file[1] ?? ""), decoded(file[2] ?? ""));
  } catch (error) {
    fail(response, error);
  }
}

async function serveCall(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  method: string,
  query: URLSearchParams,
  business: boolean,
): Promise<void> {
  const fault = world.faults.take(method);
  const incoming: Incoming = {
    token,
    business,
    fault,
    // Only long polls ask for it, and it costs something to make.
    get signal() {
      return closing(response);
    },
  };
  const isPost = request.method === "POST" || request.method === "GET";
  if (!isPost) throw notFound();
  const decodedRequest = await readRequest(request, method, query);
  if (fault === undefined) {
    sendReply(response, await answer(world, decodedRequest, incoming));
    return;
  }
  let whole = "";
  if (isDoneAnyway(fault)) whole = JSON.stringify(await answer(world, decodedRequest, incoming));
  else logSpoiled(world, decodedRequest, incoming, `emulated fault ${fault.kind}`);
  world.events.emit("fault", { ...fault, method: methodName(method) });
  if (fault.kind === "hang") return;
  const spoiled = spoiledAnswer(fault, whole);
  if (spoiled === undefined) {
    cut(request);
    return;
  }
  write(response, spoiled.status, spoiled.type, spoiled.body);
}

/** Aborts when the caller has gone away. */
function closing(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.once("close", () => gone.abort());
  return gone.signal;
}

function serveFile(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  pathOrId: string,
): void {
  checkToken(world, token);
  const file = world.files.at(pathOrId);
  if (file === undefined) throw notFound(world.files.lossOf(pathOrId));
  if (file.bytes.length > DOWNLOAD_LIMIT_BYTES) throw badRequest("file is too big");
  response.writeHead(200, {
    "content-type": file.type ?? "application/octet-stream",
    "content-length": file.bytes.length,
    // A file somebody sent must not run as a page of this server.
    "content-security-policy": "sandbox",
    "x-content-type-options": "nosniff",
  });
  response.end(request.method === "HEAD" ? undefined : file.bytes);
}

/** Writes a reply; the status mirrors its error_code. */
function sendReply(response: ServerResponse, reply: Reply): void {
  write(response, reply.ok ? 200 : httpStatus(reply.error_code), JSON_TYPE, JSON.stringify(reply));
}

/** Writes a thrown error as a reply, if there is still somebody to read it. */
function fail(response: ServerResponse, error: unknown): void {
  const { socket } = response;
  if (response.headersSent || socket === null || socket.destroyed) {
    socket?.destroy();
    return;
  }
  const reply = failure(error);
  // The rest of a body that was refused is not read, so the connection cannot be used again.
  if (reply.error_code === 413) response.setHeader("connection", "close");
  sendReply(response, reply);
}

/** Writes a whole answer. */
export function write(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** Cuts the connection as a crash would: with a reset, not a goodbye. */
function cut(request: IncomingMessage): void {
  const { socket } = request;
  if (typeof socket.resetAndDestroy === "function") socket.resetAndDestroy();
  else socket.destroy();
}

function httpStatus(code: number): number {
  return code >= 400 && code <= 599 ? code : 500;
}
