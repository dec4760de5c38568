import type { Update } from "@balekit/api";
import type { Context } from "./context.js";
import { labelOf } from "./origin.js";

/** Where in a bot something went wrong. */
export type BotErrorPlace = "handler" | "polling" | "webhook" | "background";

/** What a `BotError` is made of. */
export interface BotErrorInit<C extends Context = Context> {
  readonly where: BotErrorPlace;
  /** What was thrown, of any type. */
  readonly cause: unknown;
  readonly ctx?: C | undefined;
  readonly update?: Update | undefined;
  /** Which attempt at the update failed, from 1. */
  readonly attempt?: number | undefined;
  /** In how many milliseconds the next attempt comes. */
  readonly retryInMs?: number | undefined;
  /** What was being done, when the place alone does not say it. */
  readonly doing?: string | undefined;
}

/**
 * What `bot.catch` receives: the error that was thrown in `cause`, and where it happened. Its message names the
 * update by id, kind and chat, never by what somebody wrote.
 */
export class BotError<C extends Context = Context> extends Error {
  override readonly name: string = "BotError";
  readonly code: string = "ERR_BALE_BOT";
  readonly where: BotErrorPlace;
  /** The context of the handler that failed. Absent outside handlers. */
  readonly ctx: C | undefined;
  /** The update that was being handled. Absent outside handlers. */
  readonly update: Update | undefined;
  /** Which attempt at the update failed, counted from 1. Above 1 only with an inbox, which counts them. */
  readonly attempt: number;
  /** In how many milliseconds the handlers are given the update again. Absent when they are not. */
  readonly retryInMs: number | undefined;

  constructor(init: BotErrorInit<C>) {
    const update = init.update ?? init.ctx?.update;
    const { attempt = 1 } = init;
    const again = attempt > 1 ? `, attempt ${attempt}` : "";
    const doing = init.doing ?? (update === undefined ? DOING[init.where] : `Handling ${labelOf(update)}`);
    super(`${doing}${again}: ${sayingOf(init.cause)}`, { cause: init.cause });
    this.attempt = attempt;
    this.retryInMs = init.retryInMs;
    this.where = init.where;
    this.ctx = init.ctx;
    this.update = update;
    // The context holds the whole bot: printing an error must not print that, nor what people wrote.
    for (const key of ["ctx", "update"] as const) Object.defineProperty(this, key, { enumerable: false });
  }
}

const DOING: Readonly<Record<BotErrorPlace, string>> = {
  handler: "Handling an update",
  polling: "Asking Bale for updates",
  webhook: "Taking an update from the webhook",
  background: "Working in the background",
};

/** A `waitFor` got no answer in time. */
export class WaitTimeoutError extends Error {
  override readonly name: string = "WaitTimeoutError";
  readonly code: string = "ERR_BALE_WAIT_TIMEOUT";
  readonly query: string;
  readonly timeoutMs: number;

  constructor(query: string, timeoutMs: number) {
    super(
      `Waiting for "${query}": nothing that fits came within ${timeoutMs} ms. Catch this error, or wait longer.`,
    );
    this.query = query;
    this.timeoutMs = timeoutMs;
  }
}

/** A `ctx.waitFor` was still waiting when its handler ended: it lost a race, or nobody awaited it. */
export class WaitAbandonedError extends Error {
  override readonly name: string = "WaitAbandonedError";
  readonly code: string = "ERR_BALE_WAIT_ABANDONED";
  readonly query: string;

  constructor(query: string) {
    super(
      `Waiting for "${query}": the handler that waits has ended. Await ctx.waitFor in it; what outlives a handler uses bot.waitFor.`,
    );
    this.query = query;
  }
}

/** The bot has stopped, or is stopping: it takes no more updates, and nobody's wait can be answered. */
export class BotStoppedError extends Error {
  override readonly name: string = "BotStoppedError";
  readonly code: string = "ERR_BALE_STOPPED";

  constructor(doing: string) {
    super(`${doing}: the bot has stopped.`);
  }
}

/** What an error says, in one line. */
export function sayingOf(error: unknown): string {
  if (error instanceof Error) {
    const name = error.name === "Error" ? "" : `${error.name}: `;
    return `${name}${error.message}`;
  }
  return `thrown ${typeof error}: ${String(error)}`;
}

/** A text that something else can follow: with a full stop, unless it ends in one. */
export function sentence(text: string): string {
  return /[.!?\u2026]$/.test(text) ? text : `${text}.`;
}
