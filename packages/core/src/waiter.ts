import type { QueryInfo, Update, User } from "@balekit/api";
import type { Clock, Timer } from "@balekit/storage";
import type { Context, WaitForOptions } from "./context.js";
import { channels, type WaitEvent } from "./diagnostics.js";
import { BotStoppedError, WaitAbandonedError, WaitTimeoutError } from "./errors.js";
import { outOfRange, shown, wrongType } from "./misuse.js";
import { chatIdOf, userIdOf } from "./origin.js";
import { fits, queryRow } from "./queries.js";
import type { PendingWait, Run } from "./run.js";
import { kindOf } from "./update-kind.js";

/** Whose updates a waiter is interested in; an absent part is not looked at. */
export interface WaitScope {
  readonly chatId: number | undefined;
  readonly userId: number | undefined;
}

/** What is waited for: a query, or a list of which any will do. */
export type WaitQuery = string | readonly string[];

/** What a waiter is made of. */
export interface WaiterInit {
  readonly query: WaitQuery;
  readonly options: WaitForOptions | undefined;
  readonly clock: Clock;
  readonly scope: WaitScope | undefined;
  /** The run that waits; absent outside handlers. */
  readonly run: Run | undefined;
  /** Told once, when the waiter is answered or gives up, before its promise settles. */
  readonly onSettled: (waiter: Waiter, outcome: WaitEvent["outcome"]) => void;
}

/** Somebody who waits for one update. Settles once: answered, timed out, aborted, failed by its check, or stopped. */
export class Waiter implements PendingWait {
  readonly query: string;
  readonly scope: WaitScope | undefined;
  readonly run: Run | undefined;
  readonly promise: Promise<Context>;
  readonly #rows: readonly QueryInfo[];
  readonly #check: WaitForOptions["check"];
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #onSettled: WaiterInit["onSettled"];
  #timer: Timer;
  #settled = false;
  #resolve!: (ctx: Context) => void;
  #reject!: (reason: unknown) => void;
  /** Checks still running: they are not waited for once the wait is over. */
  readonly #checks = new Set<() => void>();

  constructor({ query, options = {}, clock, scope, run, onSettled }: WaiterInit) {
    const { check, timeoutMs, signal } = options;
    const names = typeof query === "string" ? [query] : query;
    this.query = nameOf(query);
    this.#rows = names.map(queryRow);
    if (names.length === 0) {
      throw wrongType("ERR_BALE_WAIT", "Waiting: the list of queries is empty. Name at least one.", Waiter);
    }
    if (timeoutMs !== undefined && !(timeoutMs >= 0)) {
      const message = `Waiting for "${this.query}": timeoutMs is ${shown(timeoutMs)}. Give milliseconds from 0 up, or leave it out to wait until the bot stops.`;
      throw outOfRange("ERR_BALE_WAIT", message, Waiter);
    }
    if (check !== undefined && typeof check !== "function") {
      throw wrongType(
        "ERR_BALE_WAIT",
        `Waiting for "${this.query}": check is ${shown(check)}. Give a function.`,
        Waiter,
      );
    }
    this.scope = scope;
    this.run = run;
    this.#check = check;
    this.#clock = clock;
    this.#signal = signal;
    this.#onSettled = onSettled;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // A wait that lost a race and is stopped with the bot must not end the process as an unhandled rejection.
    this.promise.catch(() => undefined);
    this.#publish("begun");
    if (signal?.aborted) {
      this.#onAbort();
      return;
    }
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (timeoutMs !== undefined && timeoutMs !== Number.POSITIVE_INFINITY) {
      this.#timer = clock.setTimeout(
        () => this.fail(new WaitTimeoutError(this.query, timeoutMs), "timeout"),
        timeoutMs,
      );
    }
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Whether the update is of the right kind, chat and user; the check is not asked. */
  fits(update: Update): boolean {
    if (this.#settled || this.#rowOf(update) === undefined) return false;
    if (this.scope === undefined) return true;
    const { chatId, userId } = this.scope;
    const otherChat = chatIdOf(update);
    // A press on an old message, and a payment, come without a chat: then the user decides alone.
    if (chatId !== undefined && otherChat !== undefined && chatId !== otherChat) return false;
    if (chatId !== undefined && otherChat === undefined && userId === undefined) return false;
    return userId === undefined || userId === userIdOf(update);
  }

  /**
   * The context to answer with, if the check agrees: one for each member when the query runs once a member.
   * A check that throws fails the waiter. Answers nothing once the waiter has given up, even if the check never ends.
   */
  async choose(update: Update, make: () => Context): Promise<Context | undefined> {
    if (!this.fits(update)) return undefined;
    for (const member of this.#members(update)) {
      const ctx = make();
      ctx.memberNow = member;
      if (this.#check === undefined) return ctx;
      try {
        const verdict = this.#check(ctx);
        const agreed = typeof verdict === "boolean" ? verdict : await this.#unlessSettled(verdict);
        if (this.#settled) return undefined;
        if (agreed) return ctx;
      } catch (error) {
        this.fail(error, "failed");
        return undefined;
      }
    }
    return undefined;
  }

  /** Gives the waiter what it waited for. */
  answer(ctx: Context): void {
    if (this.#end("answered")) this.#resolve(ctx);
  }

  /** Ends the wait with an error. */
  fail(reason: unknown, outcome: Exclude<WaitEvent["outcome"], "begun" | "answered">): void {
    if (this.#end(outcome)) this.#reject(reason);
  }

  /** Ends the wait because the bot stops. */
  stop(): void {
    this.fail(new BotStoppedError(`Waiting for "${this.query}"`), "stopped");
  }

  /** Ends the wait because its handler has ended without it: it lost a race, or nobody awaited it. */
  abandon(): void {
    this.fail(new WaitAbandonedError(this.query), "abandoned");
  }

  readonly #onAbort = (): void => this.fail(this.#signal?.reason, "aborted");

  #end(outcome: WaitEvent["outcome"]): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#clock.clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#onSettled(this, outcome);
    for (const give of this.#checks) give();
    this.#publish(outcome);
    return true;
  }

  async #unlessSettled(verdict: PromiseLike<boolean>): Promise<boolean> {
    let give: () => void = () => undefined;
    const over = new Promise<false>((resolve) => {
      give = () => resolve(false);
    });
    this.#checks.add(give);
    try {
      return await Promise.race([verdict, over]);
    } finally {
      this.#checks.delete(give);
    }
  }

  /** The first query an update fits. */
  #rowOf(update: Update): QueryInfo | undefined {
    const kind = kindOf(update);
    return this.#rows.find((row) => fits(row, update, kind));
  }

  #members(update: Update): readonly (User | undefined)[] {
    if (this.#rowOf(update)?.each === undefined) return [undefined];
    return update.message?.new_chat_members ?? [];
  }

  #publish(outcome: WaitEvent["outcome"]): void {
    if (!channels.wait.hasSubscribers) return;
    const event: WaitEvent = { query: this.query, outcome };
    channels.wait.publish(event);
  }
}

/** What is waited for, in words for errors and logs. */
export function nameOf(query: WaitQuery): string {
  return typeof query === "string" ? query : query.join(" or ");
}
