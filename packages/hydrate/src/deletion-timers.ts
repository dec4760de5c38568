import {
  botHost,
  type BotHost,
  type Capability,
  type LaneStore,
  NetworkError,
  RateLimitedError,
  ServerError,
  TimeoutError,
  type Timer,
} from "balekit";
import type { Deletion } from "./deletion.js";
import { beyondLimits, wrongUse } from "./misuse.js";

/** What the timers stand on. */
export interface DeletionTimersInit {
  readonly find: <Value>(token: Capability<Value>) => Value | undefined;
  readonly lanes: LaneStore | undefined;
  readonly onStop: "delete" | "forget";
}

/** One message that is to be deleted. */
interface Pending {
  readonly key: string;
  readonly chatId: number;
  readonly messageId: number;
  readonly dueAt: number;
  readonly tries: number;
  timer: Timer;
}

/** What a lane store keeps of it. */
interface Kept {
  readonly chat_id: number;
  readonly message_id: number;
  readonly dueAt: number;
}

const LONGEST_MS = 48 * 60 * 60 * 1000;
const SWEEP_MS = 60_000;
const MOST_TRIES = 5;

/** Deletes messages when their time has come, once each. */
export class DeletionTimers {
  readonly #init: DeletionTimersInit;
  readonly #pending = new Map<string, Pending>();
  readonly #running = new Set<Promise<void>>();
  #sweeping: Timer;
  #isStopped = false;

  constructor(init: DeletionTimersInit) {
    this.#init = init;
  }

  /** How many messages wait for their deletion in this process. */
  get size(): number {
    return this.#pending.size;
  }

  /** Notes a deletion. A second one for the same message takes the place of the first. */
  async after(chatId: number, messageId: number, delayMs: number): Promise<Deletion> {
    if (!(delayMs >= 0 && delayMs <= LONGEST_MS)) {
      const hint = "Bale deletes messages for 48 hours: give milliseconds from 0 to 172_800_000.";
      throw beyondLimits(
        "ERR_BALE_DELETION",
        `Deleting a message later: the delay is ${String(delayMs)}. ${hint}`,
      );
    }
    if (!Number.isSafeInteger(chatId) || !Number.isSafeInteger(messageId)) {
      const what = `the chat is ${String(chatId)}, the message ${String(messageId)}`;
      throw wrongUse(
        "ERR_BALE_DELETION",
        `Deleting a message later: ${what}. Give a message that Bale sent.`,
      );
    }
    const host = this.#host();
    const key = `${this.#prefix(host)}${chatId}:${messageId}`;
    const dueAt = host.clock.now() + delayMs;
    await this.#keep(key, { chat_id: chatId, message_id: messageId, dueAt });
    const one = { key, chatId, messageId, dueAt, tries: 0 };
    if (this.#isStopped) this.#leave(one);
    else this.#arm(one);
    return { chatId, messageId, dueAt, cancel: () => this.#cancel(key, dueAt) };
  }

  /** Takes up what an earlier process has noted. */
  async start(): Promise<void> {
    this.#isStopped = false;
    const { lanes } = this.#init;
    if (lanes === undefined) return;
    const host = this.#host();
    for await (const key of lanes.keys(this.#prefix(host))) await this.#takeUp(lanes, key);
    this.#sweepLater(lanes, host);
  }

  /** Ends all timers; deletes what is left, unless it is kept or to be forgotten. Waits for what is under way. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#isStopped = true;
    const host = this.#init.find(botHost);
    if (host === undefined) return;
    host.clock.clearTimeout(this.#sweeping);
    for (const one of [...this.#pending.values()]) {
      host.clock.clearTimeout(one.timer);
      this.#pending.delete(one.key);
      this.#leave(one);
    }
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([Promise.all(this.#running), aborted]);
  }

  #host(): BotHost {
    const host = this.#init.find(botHost);
    if (host !== undefined) return host;
    const hint = "Extend the bot with deletions(), and delete in its handlers.";
    throw wrongUse("ERR_BALE_DELETION", `Deleting a message later: there is no bot yet. ${hint}`);
  }

  #prefix(host: BotHost): string {
    return `deletion:${host.me.id}:`;
  }

  #arm(one: Omit<Pending, "timer">): void {
    const { clock } = this.#host();
    const before = this.#pending.get(one.key);
    if (before !== undefined) clock.clearTimeout(before.timer);
    const pending: Pending = { ...one, timer: undefined };
    this.#pending.set(one.key, pending);
    pending.timer = clock.setTimeout(
      () => {
        if (this.#pending.get(one.key) !== pending) return;
        this.#pending.delete(one.key);
        this.#begin(pending);
      },
      Math.max(0, one.dueAt - clock.now()),
    );
  }

  /** Does with what is left at the end of the bot, or noted behind it, what it is to do: no timer outlives the bot. */
  #leave(one: Omit<Pending, "timer">): void {
    const { lanes, onStop } = this.#init;
    if (lanes === undefined && onStop === "delete") this.#begin(one);
  }

  #begin(one: Omit<Pending, "timer">): void {
    const running = this.#delete(one).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Never rejects. */
  async #delete(one: Omit<Pending, "timer">): Promise<void> {
    const { lanes } = this.#init;
    const host = this.#host();
    try {
      if (lanes !== undefined) {
        const lane = await lanes.load(one.key);
        // Another process has deleted it, cancelled it, or put it off.
        if (lane === undefined) return;
        const { dueAt } = lane.head as Kept;
        if (dueAt > one.dueAt && !this.#isStopped) return this.#arm({ ...one, dueAt });
      }
      await host.api.deleteMessage({ chat_id: one.chatId, message_id: one.messageId });
    } catch (error) {
      const tries = one.tries + 1;
      if (mayPass(error) && tries < MOST_TRIES && !this.#isStopped) {
        return this.#arm({ ...one, tries, dueAt: host.clock.now() + 1000 * 2 ** tries });
      }
      const isKept = mayPass(error) && lanes !== undefined && this.#isStopped;
      host.logger.warn("A message could not be deleted.", {
        chatId: one.chatId,
        messageId: one.messageId,
        error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      });
      if (isKept) return;
    }
    await lanes?.delete(one.key).catch((error: unknown) => host.report(error, "Forgetting a deletion"));
  }

  async #cancel(key: string, dueAt: number): Promise<boolean> {
    const { lanes } = this.#init;
    const one = this.#pending.get(key);
    const isOurs = one !== undefined && (one.dueAt === dueAt || one.tries > 0);
    if (isOurs) {
      this.#host().clock.clearTimeout(one.timer);
      this.#pending.delete(key);
    }
    if (lanes === undefined) return isOurs;
    const lane = await lanes.load(key);
    if (lane === undefined || (lane.head as Kept).dueAt !== dueAt) return false;
    return lanes.delete(key, lane.version);
  }

  async #keep(key: string, kept: Kept): Promise<void> {
    const { lanes } = this.#init;
    if (lanes === undefined) return;
    for (;;) {
      const lane = await lanes.load(key);
      const done = await lanes.commit(key, lane?.version ?? null, { head: kept, wakeAt: kept.dueAt });
      if (done !== false) return;
    }
  }

  async #takeUp(lanes: LaneStore, key: string): Promise<void> {
    if (this.#pending.has(key)) return;
    const head = (await lanes.load(key))?.head as Kept | undefined;
    if (head === undefined || this.#isStopped) return;
    this.#arm({ key, chatId: head.chat_id, messageId: head.message_id, dueAt: head.dueAt, tries: 0 });
  }

  /** Finds what a process has left that died or runs no more. */
  #sweepLater(lanes: LaneStore, host: BotHost): void {
    this.#sweeping = host.clock.setTimeout(() => {
      const sweep = async (): Promise<void> => {
        // What is pending here is due as well; it is not taken up twice.
        const limit = 1_000 + this.#pending.size;
        const due = await lanes.due(this.#prefix(host), host.clock.now(), limit);
        for (const key of due) await this.#takeUp(lanes, key);
      };
      const running = sweep()
        .catch((error: unknown) => host.report(error, "Looking for messages to delete"))
        .finally(() => {
          this.#running.delete(running);
          if (!this.#isStopped) this.#sweepLater(lanes, host);
        });
      this.#running.add(running);
    }, SWEEP_MS);
  }
}

/** Whether it may be different a little later. */
function mayPass(error: unknown): boolean {
  return (
    error instanceof NetworkError ||
    error instanceof TimeoutError ||
    error instanceof ServerError ||
    error instanceof RateLimitedError
  );
}
