import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Update } from "@balekit/api";
import type { Delivery, Sink } from "./delivery.js";
import { channels, type WebhookEvent } from "./diagnostics.js";
import { BotStoppedError } from "./errors.js";
import { outOfRange, shown, wrongType } from "./misuse.js";
import { RecentUpdates } from "./recent-updates.js";

/** How updates are taken from Bale's webhook. */
export interface WebhookOptions {
  /**
   * The path Bale posts to, which nobody else may know: Bale sends no secret header, so the path is the proof.
   * @default a path made from the token: unguessable, and the same after every restart
   */
  readonly path?: string | undefined;
  /** The largest body taken, in bytes. @default 1_048_576 */
  readonly maxBytes?: number | undefined;
}

/** Takes updates from Bale's webhook, in whatever server there is. */
export interface Webhook {
  /** The path to give to `setWebhook`, behind the address of your server. */
  readonly path: string;
  /** For servers that speak web standards: `Deno.serve(webhook.fetch)`, Hono, Bun. */
  fetch(request: Request): Promise<Response>;
  /**
   * For `node:http`, and as it is for Express. Koa: `ctx.respond = false; webhook.node(ctx.req, ctx.res)`.
   * Fastify: `reply.hijack(); webhook.node(request.raw, reply.raw, request.body)`.
   * @param body the body, when something before has read and parsed it
   */
  node(request: IncomingMessage, response: ServerResponse, body?: unknown): void;
}

/** What a webhook is made of. */
export interface WebhookInit extends WebhookOptions {
  readonly token: string;
  /** Makes the bot ready, once. */
  readonly ready: () => Promise<void> | undefined;
  readonly sink: Sink;
  /** The signal of deliveries that begin now. */
  readonly signal: () => AbortSignal;
  /** Told of faults that are not a handler's. Never rejects. */
  readonly onError: (error: unknown, update?: Update) => Promise<void>;
}

/** What to say to whoever asked. */
interface Verdict {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
const OK: Verdict = { status: 200, body: '{"ok":true}', headers: JSON_TYPE };
const NOT_FOUND = refusal(404, "Not Found");
const WRONG_METHOD = refusal(405, "Method Not Allowed: updates are sent by POST", { allow: "POST" });
const WRONG_TYPE = refusal(415, "Unsupported Media Type: an update is application/json");
const NOT_JSON = refusal(400, "Bad Request: the body is not JSON");
const NOT_UPDATE = refusal(400, "Bad Request: the body is not an update with an update_id");
const ALREADY_READ = refusal(
  500,
  "Internal Server Error: the body was read before; hand it over as the third argument",
);
const FAILED = refusal(500, "Internal Server Error");
const STOPPED = refusal(503, "Service Unavailable: the bot is stopping");

function refusal(status: number, description: string, headers: Record<string, string> = {}): Verdict {
  const body = JSON.stringify({ ok: false, error_code: status, description });
  return { status, body, headers: { ...JSON_TYPE, ...headers } };
}

/**
 * Makes the handlers for a webhook. They answer 200 when the update is done with, or accepted early, and never before;
 * an update that comes again while it is being worked on waits for the first, and is not handled twice.
 */
export function webhook(init: WebhookInit): Webhook {
  const { maxBytes = 1_048_576, path: given = pathOf(init.token) } = init;
  if (typeof given !== "string" || !/^\/[^?#]*$/.test(given)) {
    throw wrongType(
      "ERR_BALE_WEBHOOK",
      `bot.webhook: path is ${shown(given)}. Give one that begins with "/" and is hard to guess.`,
    );
  }
  if (!(maxBytes > 0)) {
    throw outOfRange(
      "ERR_BALE_WEBHOOK",
      `bot.webhook: maxBytes is ${shown(maxBytes)}. Give a number of bytes above 0.`,
    );
  }
  // As it stands in a request: letters beyond ASCII are percent-encoded there.
  const path = new URL(given, "http://localhost").pathname;
  const secret = Buffer.from(path);
  const tooLarge = refusal(413, `Payload Too Large: more than ${maxBytes} bytes`, { connection: "close" });
  const recent = new RecentUpdates();

  /** What is wrong with a request before its body is read. */
  function refused(
    method: string | undefined,
    target: string,
    type: string | null | undefined,
    length: unknown,
  ): Verdict | undefined {
    if (!isSecret(secret, target)) return NOT_FOUND;
    if (method !== "POST") return WRONG_METHOD;
    if (type === undefined || type === null || !type.toLowerCase().includes("application/json")) {
      return WRONG_TYPE;
    }
    return Number(length) > maxBytes ? tooLarge : undefined;
  }

  /** Hands an update over, and resolves when it is safe. */
  async function deliver(update: Update): Promise<Verdict> {
    try {
      const getting = init.ready();
      if (getting !== undefined) await getting;
      await recent.once(update.update_id, () => accepted(init, update));
      return OK;
    } catch (error) {
      if (error instanceof BotStoppedError) return STOPPED;
      await init.onError(error, update);
      return FAILED;
    }
  }

  async function take(bytes: Buffer): Promise<Verdict> {
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString());
    } catch {
      return NOT_JSON;
    }
    return isUpdate(value) ? publish(await deliver(value), value) : NOT_UPDATE;
  }

  function node(request: IncomingMessage, response: ServerResponse, body?: unknown): void {
    const answer = (verdict: Verdict): void => respond(response, verdict);
    // Express puts the whole target aside when the handler is mounted on a prefix.
    const target = (request as { readonly originalUrl?: string }).originalUrl ?? request.url ?? "";
    const { "content-type": type, "content-length": length } = request.headers;
    const verdict = refused(request.method, target, type, length);
    if (verdict !== undefined) {
      request.resume();
      answer(publish(verdict));
      return;
    }
    const parsed = typeof body === "function" ? undefined : body;
    const read = parsed ?? (request as { readonly body?: unknown }).body;
    if (typeof read === "string" || Buffer.isBuffer(read)) void take(Buffer.from(read)).then(answer);
    else if (isUpdate(read)) void deliver(read).then((done) => answer(publish(done, read)));
    else if (request.readableEnded || request.readableDidRead) answer(publish(ALREADY_READ));
    else
      collect(request, maxBytes, (bytes) =>
        bytes === undefined ? answer(publish(tooLarge)) : void take(bytes).then(answer),
      );
  }

  async function fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const { headers } = request;
    let verdict = refused(
      request.method,
      pathname,
      headers.get("content-type"),
      headers.get("content-length"),
    );
    if (verdict !== undefined) publish(verdict);
    else {
      const bytes = await bytesOf(request, maxBytes);
      verdict = bytes === undefined ? publish(tooLarge) : await take(bytes);
    }
    return new Response(verdict.body, { status: verdict.status, headers: verdict.headers });
  }

  return { path, fetch, node };
}

/** Resolves when an update is accepted, or done with: whichever is first. */
function accepted({ sink, signal }: WebhookInit, update: Update): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const delivery: Delivery = { update, signal: signal(), accept: resolve };
    sink(delivery).then(resolve, reject);
  });
}

/** Gathers the body as bytes, so that no character is torn where two chunks meet. `undefined`: it is too large. */
function collect(
  request: IncomingMessage,
  maxBytes: number,
  done: (bytes: Buffer | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let over = false;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (over) return;
    if (size > maxBytes) {
      over = true;
      chunks.length = 0;
      done(undefined);
    } else {
      chunks.push(chunk);
    }
  });
  request.on("end", () => {
    if (over) return;
    const [only] = chunks;
    done(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
  });
  // Whoever asked has gone: there is nobody to answer.
  request.on("error", () => undefined);
}

async function bytesOf(request: Request, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (request.body === null) return Buffer.alloc(0);
  const reader = request.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}

function respond(response: ServerResponse, { status, body, headers }: Verdict): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, headers);
  response.end(body);
}

/** Compares in a time that does not depend on where the two differ. Their length is no secret. */
function isSecret(secret: Buffer, target: string): boolean {
  const end = target.indexOf("?");
  const given = Buffer.from(end < 0 ? target : target.slice(0, end));
  return given.length === secret.length && timingSafeEqual(given, secret);
}

function pathOf(token: string): string {
  return `/balekit/${createHash("sha256").update(`webhook path of ${token}`).digest("hex").slice(0, 40)}`;
}

function isUpdate(value: unknown): value is Update {
  return (
    typeof value === "object" &&
    value !== null &&
    Number.isSafeInteger((value as { readonly update_id?: unknown }).update_id)
  );
}

function publish(verdict: Verdict, update?: Update): Verdict {
  if (channels.webhook.hasSubscribers) {
    const event: WebhookEvent = { status: verdict.status, updateId: update?.update_id };
    channels.webhook.publish(event);
  }
  return verdict;
}
