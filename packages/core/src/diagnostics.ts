import type { Channel } from "node:diagnostics_channel";
import type { Reply, Transformer, Update } from "@balekit/api";
import type { BotState } from "./bot-state.js";
import { sayingOf } from "./errors.js";
import { debugFilter, type Logger } from "./logger.js";
import { labelOf } from "./origin.js";
import type { RouteEvent } from "./route-mark.js";

/** Published on `balekit:update` when an update's turn begins. */
export interface UpdateEvent {
  readonly update: Update;
}

/** Published on `balekit:handled` when an update's turn is over. */
export interface HandledEvent {
  readonly update: Update;
  readonly ms: number;
  /** How it ended: `parked` is a handler that waits in `waitFor`, `taken` an answer that went to one. */
  readonly outcome: "done" | "failed" | "parked" | "taken";
}

/** Published on `balekit:call` when Bale has answered a call, or has not. */
export interface CallEvent {
  readonly method: string;
  readonly ms: number;
  readonly ok: boolean;
  /** What went wrong: Bale's code, or the error of the transport. */
  readonly errorCode?: number | undefined;
  readonly error?: unknown;
}

/** Published on `balekit:poll` after each poll. */
export interface PollEvent {
  readonly offset: number | undefined;
  /** How many updates came, and how many of them were not known yet. */
  readonly received: number;
  readonly fresh: number;
  readonly ms: number;
  readonly error?: unknown;
}

/** Published on `balekit:webhook` after each request. */
export interface WebhookEvent {
  readonly status: number;
  readonly updateId?: number | undefined;
}

/** Published on `balekit:wait` when a wait begins or ends. */
export interface WaitEvent {
  readonly query: string;
  readonly outcome: "begun" | "answered" | "failed" | "timeout" | "aborted" | "abandoned" | "stopped";
}

/** Published on `balekit:error`, right before `bot.catch` is asked. */
export interface ErrorEvent {
  readonly error: Error;
}

/** Published on `balekit:health` when the state of a bot as a whole has changed. */
export interface HealthEvent {
  readonly state: BotState;
  readonly before: BotState;
  readonly reasons: readonly string[];
}

interface Events {
  readonly update: UpdateEvent;
  readonly route: RouteEvent;
  readonly handled: HandledEvent;
  readonly call: CallEvent;
  readonly poll: PollEvent;
  readonly webhook: WebhookEvent;
  readonly wait: WaitEvent;
  readonly error: ErrorEvent;
  readonly health: HealthEvent;
}

// Here as everywhere that a start comes by, without `import`: that costs Node a module of its own for each of its modules.
const { channel } = process.getBuiltinModule("node:diagnostics_channel");

/**
 * What happens inside a bot, for tracing and metrics: subscribe to these names with `node:diagnostics_channel`.
 * Nothing is built while nobody listens. Events carry whole updates; log them with care.
 */
export const channels: { readonly [Name in keyof Events]: Channel } = {
  update: channel("balekit:update"),
  route: channel("balekit:route"),
  handled: channel("balekit:handled"),
  call: channel("balekit:call"),
  poll: channel("balekit:poll"),
  webhook: channel("balekit:webhook"),
  wait: channel("balekit:wait"),
  error: channel("balekit:error"),
  health: channel("balekit:health"),
};

/** What a debug line says about an event: ids, kinds, methods and times, and nothing anybody wrote. */
const lines: { readonly [Name in keyof Events]: (event: Events[Name]) => string } = {
  update: ({ update }) => labelOf(update),
  route: ({ update, label, at }) => `${labelOf(update)} enters ${label}${at === undefined ? "" : ` (${at})`}`,
  handled: ({ update, ms, outcome }) => `${labelOf(update)} ${outcome} after ${rounded(ms)} ms`,
  call: ({ method, ms, ok, errorCode, error }) =>
    `${method} ${ok ? "ok" : `failed (${errorCode ?? sayingOf(error)})`} after ${rounded(ms)} ms`,
  poll: ({ offset, received, fresh, ms, error }) =>
    error === undefined
      ? `offset ${offset ?? "none"}: ${received} updates, ${fresh} new, after ${rounded(ms)} ms`
      : `offset ${offset ?? "none"}: ${sayingOf(error)} after ${rounded(ms)} ms`,
  webhook: ({ status, updateId }) => `${status}${updateId === undefined ? "" : ` for update ${updateId}`}`,
  wait: ({ query, outcome }) => `for ${query}: ${outcome}`,
  error: ({ error }) => error.message,
  health: ({ state, before, reasons }) => [`${before}, now ${state}`, ...reasons].join(": "),
};

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** The channels are the process's: with several bots, the first one writes. */
let isLogging = false;

/**
 * Writes what happens as debug lines of a logger, for the channels a `DEBUG` value names. Answers the function that
 * ends it. Costs nothing when `DEBUG` names none of ours.
 */
export function logChannels(logger: Logger, debug: string = process.env["DEBUG"] ?? ""): () => void {
  if (isLogging) return () => undefined;
  const shows = debugFilter(debug);
  const ends: (() => void)[] = [];
  for (const name of Object.keys(channels) as (keyof Events)[]) {
    const topic = `balekit:${name}`;
    if (!shows(topic)) continue;
    const line = lines[name] as (event: unknown) => string;
    const listen = (event: unknown): void => logger.debug(line(event), { topic });
    channels[name].subscribe(listen);
    ends.push(() => channels[name].unsubscribe(listen));
  }
  isLogging = ends.length > 0;
  return () => {
    if (ends.length > 0) isLogging = false;
    for (const end of ends.splice(0)) end();
  };
}

/** Publishes each call of an api when somebody listens. */
export const watchCalls: Transformer = (call, next) => {
  if (!channels.call.hasSubscribers) return next(call);
  const began = performance.now();
  const publish = (rest: Pick<CallEvent, "ok" | "errorCode" | "error">): void => {
    const event: CallEvent = { method: call.method, ms: performance.now() - began, ...rest };
    channels.call.publish(event);
  };
  return next(call).then(
    (reply: Reply) => {
      publish(reply.ok ? { ok: true } : { ok: false, errorCode: reply.error_code });
      return reply;
    },
    (error: unknown) => {
      publish({ ok: false, error });
      throw error;
    },
  );
};
