import type { IncomingMessage, ServerResponse } from "node:http";
import type { Update } from "@balekit/api";
import type { Delivery, Sink } from "./delivery.js";
import { channels, type WebhookEvent } from "./diagnostics.js";
import { BotStoppedError } from "./errors.js";
import { type ExpressHandler, expressHandler } from "./express-handler.js";
import { type FastifyPlugin, fastifyPlugin } from "./fastify-plugin.js";
import { type HonoHandler, honoHandler } from "./hono-handler.js";
import { type KoaHandler, koaHandler } from "./koa-handler.js";
import { outOfRange, shown, wrongType } from "./misuse.js";
import { isUpdate } from "./polled-delivery.js";
import { RecentUpdates } from "./recent-updates.js";
import { bytesOf, collect } from "./webhook-body.js";
import type { Door } from "./webhook-door.js";
import { isSecret, pathOf } from "./webhook-path.js";
import { type RegisterInit, type RegisterOptions, register } from "./webhook-registration.js";
import {
  ALREADY_READ,
  CUT_OFF,
  closing,
  NOT_FOUND,
  NOT_JSON,
  NOT_UPDATE,
  refusal,
  respond,
  responseOf,
  type Verdict,
  verdictOn,
  WRONG_METHOD,
  WRONG_TYPE,
} from "./webhook-verdict.js";

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
  /** For servers that speak web standards: `Deno.serve(webhook.fetch)`, Bun. */
  fetch(request: Request): Promise<Response>;
  /**
   * For `node:http`: `createServer(webhook.node)`.
   * @param body the body, when something before has read and parsed it
   */
  node(request: IncomingMessage, response: ServerResponse, body?: unknown): void;
  /** For Express: `app.use(webhook.express())`. Other paths go on to what comes after; parsed bodies are taken. */
  express(): ExpressHandler;
  /** For Koa: `app.use(webhook.koa())`. Other paths go on to what comes after; parsed bodies are taken. */
  koa(): KoaHandler;
  /** For Fastify: `app.register(webhook.fastify())`. Leaves how the rest of the app reads bodies as it is. */
  fastify(): FastifyPlugin;
  /** For Hono: `app.use(webhook.hono())`. Other paths go on to what comes after; parsed bodies are taken. */
  hono(): HonoHandler;
  /**
   * Tells Bale where this webhook is, and asks Bale whether it knows. Resolves to the whole address, which is a secret.
   * @param origin where Bale reaches your server: https on port 443 or 88, with what a proxy puts before the path
   * @throws TypeError for an address that Bale does not take, Error when Bale says that another one is set
   */
  register(origin: string, options?: RegisterOptions): Promise<string>;
}

/** What a webhook is made of. */
export interface WebhookInit extends WebhookOptions {
  readonly token: string | undefined;
  /** Whose webhook is told to Bale. */
  readonly bot: RegisterInit;
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

/** How long an update is held whose handlers cannot begin: whoever has sent it waits for the answer. */
export const REQUEST_HOLD_MS = 20_000;

const jsonType = /^\s*application\/json\s*(?:;|$)/i;

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

  const isHere = (target: string): boolean => isSecret(path, target);

  function receive(
    request: IncomingMessage,
    target: string,
    read: unknown,
    answer: (verdict: Verdict) => void,
  ): void {
    const { "content-type": type, "content-length": length } = request.headers;
    const refusal = refused(request.method, target, type, length);
    if (refusal !== undefined) {
      request.resume();
      // A stranger's endless body is not read to its end: the connection goes with the answer.
      const isLong = Number(length) > maxBytes || request.headers["transfer-encoding"] !== undefined;
      answer(publish(isLong ? closing(refusal) : refusal));
      return;
    }
    if (typeof read === "string" || Buffer.isBuffer(read)) take(Buffer.from(read), answer);
    else if (isUpdate(read)) deliver(read, answer);
    else if (isParsed(read)) answer(publish(NOT_UPDATE));
    else if (request.readableEnded || request.readableDidRead) answer(publish(ALREADY_READ));
    else {
      collect(request, maxBytes, (bytes) => {
        if (bytes === undefined) answer(publish(tooLarge));
        else take(bytes, answer);
      });
    }
  }

  function node(request: IncomingMessage, response: ServerResponse, body?: unknown): void {
    // Express puts the whole target aside when the handler is mounted on a prefix.
    const { originalUrl, body: kept } = request as { readonly originalUrl?: string; readonly body?: unknown };
    const read = body === undefined || typeof body === "function" ? kept : body;
    receive(request, originalUrl ?? request.url ?? "", read, (verdict) => respond(response, verdict));
  }

  async function fetch(request: Request, reread?: () => Promise<string>): Promise<Response> {
    const { pathname } = new URL(request.url);
    const { headers } = request;
    const refusal = refused(
      request.method,
      pathname,
      headers.get("content-type"),
      headers.get("content-length"),
    );
    if (refusal !== undefined) return responseOf(publish(refusal));
    let bytes: Buffer | undefined;
    try {
      if (!request.bodyUsed) bytes = await bytesOf(request, maxBytes);
      else if (reread !== undefined) bytes = Buffer.from(await reread());
      else return responseOf(publish(ALREADY_READ));
    } catch {
      return responseOf(publish(request.bodyUsed && reread !== undefined ? ALREADY_READ : CUT_OFF));
    }
    if (bytes === undefined) return responseOf(publish(tooLarge));
    return new Promise((resolve) => take(bytes, (verdict) => resolve(responseOf(verdict))));
  }

  const door: Door = { path, maxBytes, isHere, receive, node, fetch };
  return {
    path,
    fetch: (request) => fetch(request),
    node,
    express: () => expressHandler(door),
    koa: () => koaHandler(door),
    fastify: () => fastifyPlugin(door),
    hono: () => honoHandler(door),
    register: (origin, options) => register(init.bot, path, origin, options),
  };
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
  // What has been answered does not come again.
  const holdMs = answerEarly === true ? undefined : REQUEST_HOLD_MS;
  const delivery: Delivery = { update, signal: signal(), accept, holdMs };
  try {
    sink(delivery).then(accept, (error: unknown) => once(error ?? new Error("rejected with nothing")));
  } catch (error) {
    once(error);
  }
  if (answerEarly === true) once();
}

/** Whether a body was parsed and is something. Parsers put an empty object where they have read nothing. */
function isParsed(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && (Array.isArray(value) || Object.keys(value).length > 0)
  );
}

function publish(verdict: Verdict, update?: Update): Verdict {
  if (channels.webhook.hasSubscribers) {
    const event: WebhookEvent = { status: verdict.status, updateId: update?.update_id };
    channels.webhook.publish(event);
  }
  return verdict;
}
