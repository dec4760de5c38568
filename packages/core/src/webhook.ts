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
  /**
   * Answers 200 as soon as an update has come, and not when its handlers are done: Bale never waits, and what is running
   * or waiting for its turn when the process is killed is lost. @default false
   */
  readonly answerEarly?: boolean | undefined;
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
  readonly token: string | undefined;
  /** Makes the bot ready, once. */
  readonly ready: () => Promise<void> | undefined;
  readonly sink: Sink;
  /** Takes updates in for good, which is answered 200 before the handlers have them. Absent: the sink has them at once. */
  readonly put?: ((updates: readonly Update[]) => Promise<void>) | undefined;
  /** The signal of deliveries that begin now. */
  readonly signal: () => AbortSignal;
  /** Told of faults that are not a handler's. Never rejects. */
  readonly onError: (error: unknown, update?: Update) => Promise<void>;
}

/** What to say to whoever asked; nothing but the status, when all is well. */
interface Verdict {
  readonly status: number;
  /** Empty, or JSON. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const jsonType = /^\s*application\/json\s*(?:;|$)/i;
const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
/** Without a body: nobody reads one, and with one the answer would be two writes instead of one. */
const OK: Verdict = { status: 200, body: "", headers: {} };
const NOT_FOUND = refusal(404, "Not Found");
const WRONG_METHOD = refusal(405, "Method Not Allowed: updates are sent by POST", { allow: "POST" });
const WRONG_TYPE = refusal(415, "Unsupported Media Type: an update is application/json");
const NOT_JSON = refusal(400, "Bad Request: the body is not JSON");
const NOT_UPDATE = refusal(400, "Bad Request: the body is not an update with an update_id");
const ALREADY_READ = refusal(
  500,
  "Internal Server Error: the body was read before. Give it to webhook.node as its third argument, or webhook.fetch an unread request",
);
const CUT_OFF = refusal(400, "Bad Request: the body was cut off");
const FAILED = refusal(500, "Internal Server Error");
const STOPPED = refusal(503, "Service Unavailable: the bot is stopping");

function refusal(status: number, description: string, headers: Record<string, string> = {}): Verdict {
  const body = JSON.stringify({ ok: false, error_code: status, description });
  // With its length, which spares Node the chunks.
  const length = String(Buffer.byteLength(body));
  return { status, body, headers: { ...JSON_TYPE, "content-length": length, ...headers } };
}

/**
 * Makes the handlers for a webhook. They answer 200 when the update is done with, or accepted early, and never before;
 * an update that comes again while it is being worked on waits for the first, and is not handled twice.
 */
export function webhook(init: WebhookInit): Webhook {
  if (init.token === undefined && init.path === undefined) {
    throw wrongType(
      "ERR_BALE_WEBHOOK",
      "bot.webhook: without a token there is no path to make from it. Give a path.",
    );
  }
  const { maxBytes = 1_048_576, path: given = pathOf(init.token ?? "") } = init;
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
  const tooLarge = refusal(413, `Payload Too Large: more than ${maxBytes} bytes`, { connection: "close" });
  const recent = new RecentUpdates();

  /** What is wrong with a request before its body is read. */
  function refused(
    method: string | undefined,
    target: string,
    type: string | null | undefined,
    length: unknown,
  ): Verdict | undefined {
    if (!isSecret(path, target)) return NOT_FOUND;
    if (method !== "POST") return WRONG_METHOD;
    if (type !== "application/json" && !jsonType.test(type ?? "")) return WRONG_TYPE;
    return Number(length) > maxBytes ? tooLarge : undefined;
  }

  /** Hands an update over, and answers when it is safe. Callbacks all the way: this is the hot path. */
  function deliver(update: Update, answer: (verdict: Verdict) => void): void {
    const told = (error?: unknown): void => answer(publish(verdictOn(error), update));
    if (!recent.enter(update.update_id, told)) return;
    const settle = (error?: unknown): void => {
      recent.settle(update.update_id, error);
      if (error === undefined || error instanceof BotStoppedError) told(error);
      else void init.onError(error, update).then(() => told(error));
    };
    const preparing = init.ready();
    if (preparing === undefined) hand(init, update, settle);
    else preparing.then(() => hand(init, update, settle), settle);
  }

  function take(bytes: Buffer, answer: (verdict: Verdict) => void): void {
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString());
    } catch {
      answer(publish(NOT_JSON));
      return;
    }
    if (isUpdate(value)) deliver(value, answer);
    else answer(publish(NOT_UPDATE));
  }

  function node(request: IncomingMessage, response: ServerResponse, body?: unknown): void {
    const answer = (verdict: Verdict): void => respond(response, verdict);
    // Express puts the whole target aside when the handler is mounted on a prefix.
    const target = (request as { readonly originalUrl?: string }).originalUrl ?? request.url ?? "";
    const { "content-type": type, "content-length": length } = request.headers;
    const refusal = refused(request.method, target, type, length);
    if (refusal !== undefined) {
      // A stranger's endless body is not read to its end: the connection goes with the answer.
      if (Number(length) > maxBytes || request.headers["transfer-encoding"] !== undefined) {
        response.shouldKeepAlive = false;
      }
      request.resume();
      answer(publish(refusal));
      return;
    }
    const parsed = typeof body === "function" ? undefined : body;
    const read = parsed ?? (request as { readonly body?: unknown }).body;
    if (typeof read === "string" || Buffer.isBuffer(read)) take(Buffer.from(read), answer);
    else if (isUpdate(read)) deliver(read, answer);
    else if (request.readableEnded || request.readableDidRead) answer(publish(ALREADY_READ));
    else {
      collect(request, maxBytes, (bytes) => {
        if (bytes === undefined) answer(publish(tooLarge));
        else take(bytes, answer);
      });
    }
  }

  async function fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const { headers } = request;
    const refusal = refused(
      request.method,
      pathname,
      headers.get("content-type"),
      headers.get("content-length"),
    );
    if (refusal !== undefined) return responseOf(publish(refusal));
    if (request.bodyUsed) return responseOf(publish(ALREADY_READ));
    let bytes: Buffer | undefined;
    try {
      bytes = await bytesOf(request, maxBytes);
    } catch {
      return responseOf(publish(CUT_OFF));
    }
    if (bytes === undefined) return responseOf(publish(tooLarge));
    return new Promise((resolve) => take(bytes, (verdict) => resolve(responseOf(verdict))));
  }

  return { path, fetch, node };
}

/** Gives an update to the sink; settles once, when it is accepted or done with, whichever is first. */
function hand(
  { sink, put, signal, answerEarly }: WebhookInit,
  update: Update,
  settle: (error?: unknown) => void,
): void {
  if (put !== undefined) {
    put([update]).then(
      () => settle(),
      (error: unknown) => settle(error ?? new Error("rejected with nothing")),
    );
    return;
  }
  let isSettled = false;
  const once = (error?: unknown): void => {
    if (isSettled) return;
    isSettled = true;
    settle(error);
  };
  const accept = (): void => once();
  const delivery: Delivery = { update, signal: signal(), accept };
  try {
    sink(delivery).then(accept, (error: unknown) => once(error ?? new Error("rejected with nothing")));
  } catch (error) {
    once(error);
  }
  if (answerEarly === true) once();
}

function verdictOn(error: unknown): Verdict {
  if (error === undefined) return OK;
  return error instanceof BotStoppedError ? STOPPED : FAILED;
}

function responseOf({ status, body, headers }: Verdict): Response {
  return new Response(body === "" ? null : body, { status, headers });
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
  request.on("error", ignore);
}

function ignore(): void {}

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
  if (body === "") {
    response.statusCode = status;
    response.end();
  } else {
    response.writeHead(status, headers);
    response.end(body);
  }
}

/**
 * Compares in a time that does not depend on where the two differ: every character is looked at. Their length is no
 * secret. Cheaper than making buffers for `timingSafeEqual`.
 */
function isSecret(path: string, target: string): boolean {
  if (target.length !== path.length) {
    const end = target.indexOf("?");
    return end >= 0 && isSecret(path, target.slice(0, end));
  }
  let differences = 0;
  for (let at = 0; at < path.length; at++) differences |= path.charCodeAt(at) ^ target.charCodeAt(at);
  return differences === 0;
}

function pathOf(token: string): string {
  // Loaded here, because it brings streams and keys along, and most bots poll.
  const { createHash } = process.getBuiltinModule("node:crypto");
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
