import type { Update } from "@balekit/api";
import type { Clock } from "@balekit/storage";
import type { Context, WaitForOptions } from "./context.js";
import type { Delivery } from "./delivery.js";
import type { WaitEvent } from "./diagnostics.js";
import { BotStoppedError } from "./errors.js";
import { wrongType } from "./misuse.js";
import { chatIdOf, userIdOf } from "./origin.js";
import { Answer, type Run, runOf } from "./run.js";
import { nameOf, Waiter, type WaitQuery, type WaitScope } from "./waiter.js";

/** What live waits need from the rest of the bot. */
export interface WaitsHost {
  readonly clock: Clock;
  makeContext(delivery: Delivery): Context;
  /** Lets go of the turns a run holds: it waits now. Other runs of its update hold theirs. */
  park(run: Run): void;
  /** Gives a run its lane again: it stopped waiting without an answer. */
  resume(run: Run): void;
}

/**
 * All who wait for an update right now. Waits of handlers look at the updates of their chat and user, and take the one
 * they are answered with; waits of the bot look at every update and take none.
 */
export class Waits {
  readonly #host: WaitsHost;
  /** Waits of handlers, by the user they wait for, or by the chat where there is no user. */
  readonly #byUser = new Map<number, Set<Waiter>>();
  readonly #byChat = new Map<number, Set<Waiter>>();
  /** Waits of the bot, each with the checks still running for it, so that updates are tried in their order. */
  readonly #open = new Map<Waiter, Promise<void>>();
  #scoped = 0;
  #stopped = false;

  constructor(host: WaitsHost) {
    this.#host = host;
  }

  /** How many wait: in handlers, and on the bot. Both come back to 0 when all is settled. */
  get counts(): { readonly inHandlers: number; readonly onBot: number } {
    return { inHandlers: this.#scoped, onBot: this.#open.size };
  }

  /** What `ctx.waitFor` does: waits for the same chat and user, and lets the lane go meanwhile. */
  inHandler(ctx: Context, query: WaitQuery, options: WaitForOptions | undefined): Promise<Context> {
    const { update } = ctx;
    const scope: WaitScope = { chatId: chatIdOf(update), userId: userIdOf(update) };
    if (scope.chatId === undefined && scope.userId === undefined) {
      const message = `ctx.waitFor: this update has neither chat nor user, so nobody's answer can be told from another's. Use bot.waitFor with a check.`;
      throw wrongType("ERR_BALE_WAIT", message, ctx.waitFor);
    }
    if (this.#stopped) return Promise.reject(new BotStoppedError(`Waiting for "${nameOf(query)}"`));
    const run = runOf(ctx.delivery);
    const waiter = this.#make(query, options, scope, run);
    if (waiter.settled) return waiter.promise;
    const [index, key] = this.#place(scope);
    const others = index.get(key);
    if (others === undefined) index.set(key, new Set([waiter]));
    else others.add(waiter);
    this.#scoped++;
    if (run !== undefined && !run.ended) {
      run.waits ??= new Set();
      run.waits.add(waiter);
      this.#host.park(run);
    }
    return waiter.promise;
  }

  /**
   * What `bot.waitFor` does: waits for any chat and user, and takes nothing away from the handlers.
   * @param queued updates that have come already and wait for their turn: the answer may be among them
   */
  onBot(query: WaitQuery, options: WaitForOptions | undefined, queued: Iterable<Delivery>): Promise<Context> {
    if (this.#stopped) return Promise.reject(new BotStoppedError(`Waiting for "${nameOf(query)}"`));
    const waiter = this.#make(query, options, undefined, undefined);
    if (waiter.settled) return waiter.promise;
    this.#open.set(waiter, Promise.resolve());
    const early = [...queued].sort((one, other) => one.update.update_id - other.update.update_id);
    for (const delivery of early) this.#show(waiter, delivery);
    return waiter.promise;
  }

  /** Shows an update that has just come to the waits of the bot. */
  observe(delivery: Delivery): void {
    if (this.#open.size === 0) return;
    for (const waiter of this.#open.keys()) this.#show(waiter, delivery);
  }

  /** Whether some handler waits for an update of this chat and user. Says no quickly. */
  concerns(update: Update): boolean {
    if (this.#scoped === 0) return false;
    return this.#candidates(update).some((waiter) => waiter.fits(update));
  }

  /**
   * Offers an update to the handlers that wait, oldest first, and answers every one that agrees. Resolves to whether
   * one did.
   * @param ride told of each run that is answered, before it goes on, so that it holds the update's turn
   */
  async offer(delivery: Delivery, ride: (run: Run) => void): Promise<boolean> {
    const answers: [Waiter, Context][] = [];
    for (const waiter of this.#candidates(delivery.update)) {
      const make = (): Context => this.#host.makeContext(new Answer(delivery, waiter.run));
      const ctx = await waiter.choose(delivery.update, make);
      if (ctx !== undefined) answers.push([waiter, ctx]);
    }
    let taken = false;
    for (const [waiter, ctx] of answers) {
      // While another's check ran, this one may have timed out.
      if (waiter.settled) continue;
      const { run } = waiter;
      run?.waits?.delete(waiter);
      if (run !== undefined && !run.ended) ride(run);
      waiter.answer(ctx);
      taken = true;
    }
    return taken;
  }

  /** Rejects all who wait, and whoever waits from now on, with `BotStoppedError`. */
  stop(): void {
    this.#stopped = true;
    for (const index of [this.#byUser, this.#byChat]) {
      for (const waiters of [...index.values()]) for (const waiter of [...waiters]) waiter.stop();
    }
    for (const waiter of [...this.#open.keys()]) waiter.stop();
  }

  /** Lets waits begin again after `stop`. */
  open(): void {
    this.#stopped = false;
  }

  #make(
    query: WaitQuery,
    options: WaitForOptions | undefined,
    scope: WaitScope | undefined,
    run: Run | undefined,
  ): Waiter {
    const onSettled = (waiter: Waiter, outcome: WaitEvent["outcome"]): void => this.#forget(waiter, outcome);
    return new Waiter({ query, options, clock: this.#host.clock, scope, run, onSettled });
  }

  #show(waiter: Waiter, delivery: Delivery): void {
    const before = this.#open.get(waiter);
    if (before === undefined || !waiter.fits(delivery.update)) return;
    const tried = before.then(async () => {
      const make = (): Context => this.#host.makeContext(new Answer(delivery, undefined));
      const ctx = await waiter.choose(delivery.update, make);
      if (ctx !== undefined) waiter.answer(ctx);
    });
    this.#open.set(waiter, tried);
  }

  #candidates(update: Update): readonly Waiter[] {
    const userId = userIdOf(update);
    const chatId = chatIdOf(update);
    const ofUser = userId === undefined ? undefined : this.#byUser.get(userId);
    const ofChat = chatId === undefined ? undefined : this.#byChat.get(chatId);
    return [...(ofUser ?? []), ...(ofChat ?? [])];
  }

  #place({ chatId, userId }: WaitScope): [Map<number, Set<Waiter>>, number] {
    return userId === undefined ? [this.#byChat, chatId as number] : [this.#byUser, userId];
  }

  #forget(waiter: Waiter, outcome: WaitEvent["outcome"]): void {
    if (waiter.scope === undefined) {
      this.#open.delete(waiter);
      return;
    }
    const [index, key] = this.#place(waiter.scope);
    const waiters = index.get(key);
    if (waiters?.delete(waiter) !== true) return;
    if (waiters.size === 0) index.delete(key);
    this.#scoped--;
    const { run } = waiter;
    if (run === undefined || run.ended || outcome === "answered") return;
    run.waits?.delete(waiter);
    // A handler that waits for something else as well goes on waiting, as far as anybody can tell.
    if (!run.isWaiting) this.#host.resume(run);
  }
}
