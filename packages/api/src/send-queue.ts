import type { Call, Reply, Send } from "./call.js";
import { ChatLane, type Waiting } from "./chat-lane.js";
import { LimitScope } from "./limit-scope.js";
import { misuse, shown } from "./misuse.js";
import { paced, waitedOut } from "./pacing.js";
import { PRIORITIES, type Priority } from "./priority.js";
import { QueueClosedError, QueueFullError } from "./queue-error.js";
import { causeOf, type Refusal } from "./refusal.js";
import { type RateBounds, SendRate } from "./send-rate.js";
import { Turns } from "./turns.js";

/** What `throttle` reads the time from; the `Clock` of `@balekit/storage` fits. */
export interface ThrottleClock {
  /** Milliseconds, from wherever. */
  now(): number;
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(timer: never): void;
}

/** How a throttle is doing, at one moment. */
export interface ThrottleStats {
  /** Calls a second that may leave, as learned so far. */
  readonly perSecond: number;
  /** Calls that wait for their turn. */
  readonly waiting: Readonly<Record<Priority, number>>;
  /** How long the oldest of them has waited. */
  readonly longestWaitMs: number;
  /** Calls on their way to Bale. */
  readonly inFlight: number;
  /** How long all calls still rest. */
  readonly pausedMs: number;
  /** Chats that rest. */
  readonly pausedChats: number;
  /** Times a call has left, and times Bale refused one for being too many, since the start. */
  readonly left: number;
  readonly limited: number;
}

/** What a queue is made of. */
export interface SendQueueInit {
  readonly rates: RateBounds;
  readonly maxWaitMs: number;
  readonly rateLimitMs: number;
  readonly attempts: number;
  readonly maxQueued: number;
  readonly clock: ThrottleClock;
}

const LONGEST_GUESSED_PAUSE_MS = 60_000;
const BROADCAST = PRIORITIES.indexOf("broadcast");

/** Calls on their way out, in lanes of chats, let go one by one as the learned rate and Bale's pauses allow. */
export class SendQueue {
  readonly #init: SendQueueInit;
  readonly #rate: SendRate;
  readonly #scope = new LimitScope();
  readonly #turns = new Turns();
  readonly #lanes: Map<string | symbol, ChatLane> = new Map();
  /** What wakes lanes that rest and have something to send. */
  readonly #laneTimers: Map<ChatLane, unknown> = new Map();
  readonly #waiting: number[] = PRIORITIES.map(() => 0);
  readonly #idle: (() => void)[] = [];
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #timer: unknown;
  #wakesAt = Number.POSITIVE_INFINITY;
  #inFlight = 0;
  #left = 0;
  #limited = 0;
  #isClosing = false;
  #isClosed = false;

  constructor(init: SendQueueInit) {
    this.#init = init;
    this.#rate = new SendRate(init.rates, init.clock.now());
  }

  /** Takes a call in; resolves to what came of it. */
  enter(call: Call, next: Send): Promise<Reply> {
    const { priority = "answer", signal } = call.options;
    const rank = PRIORITIES.indexOf(priority);
    if (rank < 0) {
      const wrong = `${call.method}: the priority is ${shown(priority)}. Give "answer", "notify" or "broadcast".`;
      return Promise.reject(misuse("ERR_BALE_OPTION", wrong));
    }
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    if (this.#isClosing && rank === BROADCAST) return Promise.reject(closed(call));
    const lane = this.#laneOf(call);
    const refusal = this.#refusalBy(lane);
    if (refusal !== undefined) return Promise.resolve(refusal);
    if ((this.#waiting[rank] ?? 0) >= this.#init.maxQueued)
      return Promise.reject(full(call, priority, this.#init));
    return new Promise((resolve, reject) => {
      const unlisten = (): void => signal?.removeEventListener("abort", onAbort);
      const one: Waiting = {
        call,
        next,
        rank,
        since: this.#init.clock.now(),
        resolve: (reply) => {
          unlisten();
          resolve(reply);
        },
        reject: (reason) => {
          unlisten();
          reject(reason as Error);
        },
        attempts: 0,
        guesses: 0,
        leftAt: 0,
      };
      const onAbort = (): void => {
        // One that is on its way is its sender's to abort.
        if (!lane.remove(one)) return;
        this.#count(one, -1);
        one.reject(signal?.reason);
        this.#turns.remove(lane);
        this.#settle(lane);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#lanes.set(lane.key, lane);
      lane.add(one);
      this.#count(one, 1);
      this.#offer(lane);
      this.#pump();
    });
  }

  /** Refuses broadcasts; resolves when nothing is left, or when the signal aborts what is. */
  drain(signal: AbortSignal | undefined): Promise<void> {
    this.#isClosing = true;
    return new Promise((resolve) => {
      const end = (): void => {
        signal?.removeEventListener("abort", abort);
        resolve();
      };
      const abort = (): void => {
        this.#isClosed = true;
        for (const lane of [...this.#lanes.values()])
          this.#refuse(lane, (one) => one.reject(closed(one.call)));
        end();
      };
      if (signal?.aborted === true) abort();
      else if (this.#isIdle) end();
      else {
        this.#idle.push(end);
        signal?.addEventListener("abort", abort, { once: true });
      }
    });
  }

  open(): void {
    this.#isClosing = false;
    this.#isClosed = false;
  }

  stats(): ThrottleStats {
    const now = this.#init.clock.now();
    let oldest = now;
    let pausedChats = 0;
    for (const lane of this.#lanes.values()) {
      if (lane.pausedUntil > now) pausedChats++;
      oldest = Math.min(oldest, lane.oldestSince ?? now);
    }
    const [answer = 0, notify = 0, broadcast = 0] = this.#waiting;
    return {
      perSecond: this.#rate.perSecond,
      waiting: { answer, notify, broadcast },
      longestWaitMs: now - oldest,
      inFlight: this.#inFlight,
      pausedMs: Math.max(0, this.#pausedUntil - now),
      pausedChats,
      left: this.#left,
      limited: this.#limited,
    };
  }

  get #isIdle(): boolean {
    return this.#inFlight === 0 && this.#waiting.every((count) => count === 0);
  }

  #laneOf(call: Call): ChatLane {
    const chat = (call.params as { readonly chat_id?: unknown } | undefined)?.chat_id;
    // What only reads has no order to keep.
    const hasChat = (typeof chat === "number" || typeof chat === "string") && !call.method.startsWith("get");
    const key = hasChat ? String(chat) : Symbol("no chat");
    return this.#lanes.get(key) ?? new ChatLane(key);
  }

  /** The 429 that a call gets at once, because the rest of a pause is longer than it is to wait. */
  #refusalBy(lane: ChatLane): Reply | undefined {
    const leftMs = Math.max(this.#pausedUntil, lane.pausedUntil) - this.#init.clock.now();
    return leftMs > this.#init.maxWaitMs ? waitedOut(tooMany(leftMs)) : undefined;
  }

  /** Lets a lane take part, if it can; has it woken, if it will be able to. */
  #offer(lane: ChatLane): void {
    if (lane.busy || lane.size === 0) return;
    const restMs = lane.pausedUntil - this.#init.clock.now();
    if (restMs <= 0) this.#turns.add(lane);
    else if (!this.#laneTimers.has(lane)) {
      const wake = (): void => {
        this.#laneTimers.delete(lane);
        this.#offer(lane);
        this.#pump();
      };
      this.#laneTimers.set(lane, this.#init.clock.setTimeout(wake, Math.ceil(restMs)));
    }
  }

  /** Lets go of all that may leave now, and sets the timer for the next. */
  #pump(): void {
    while (this.#turns.size > 0) {
      const now = this.#init.clock.now();
      const waitMs = Math.max(Math.ceil(this.#pausedUntil - now), this.#rate.waitMs(now));
      if (waitMs > 0) {
        this.#wakeAt(now + waitMs, waitMs);
        return;
      }
      const lane = this.#turns.take();
      if (lane === undefined) break;
      this.#rate.leave(now);
      void this.#send(lane, now);
    }
    this.#stopTimer();
  }

  #wakeAt(at: number, waitMs: number): void {
    // Woken too early, it looks again.
    if (this.#wakesAt <= at) return;
    this.#stopTimer();
    this.#wakesAt = at;
    this.#timer = this.#init.clock.setTimeout(() => {
      this.#wakesAt = Number.POSITIVE_INFINITY;
      this.#pump();
    }, waitMs);
  }

  #stopTimer(): void {
    if (this.#wakesAt === Number.POSITIVE_INFINITY) return;
    this.#wakesAt = Number.POSITIVE_INFINITY;
    this.#init.clock.clearTimeout(this.#timer as never);
  }

  async #send(lane: ChatLane, now: number): Promise<void> {
    const one = lane.shift();
    if (one === undefined) return;
    this.#count(one, -1);
    lane.busy = true;
    this.#inFlight++;
    this.#left++;
    one.attempts++;
    one.leftAt = now;
    try {
      const reply = await one.next(paced(one.call));
      if (isLimit(reply)) this.#meetLimit(lane, one, reply);
      else {
        const over = this.#init.clock.now();
        this.#scope.passed(lane.chat, over);
        if (this.#turns.size > 0) this.#rate.grow(over);
        one.resolve(reply);
      }
    } catch (error) {
      one.reject(error);
    }
    lane.busy = false;
    this.#inFlight--;
    this.#settle(lane);
  }

  #meetLimit(lane: ChatLane, one: Waiting, refusal: Refusal): void {
    const now = this.#init.clock.now();
    const pauseMs = this.#pauseAfter(refusal, one);
    const until = now + pauseMs;
    this.#limited++;
    const isTooLong = pauseMs > this.#init.maxWaitMs;
    if (
      isTooLong ||
      one.attempts >= this.#init.attempts ||
      this.#isClosed ||
      one.call.options.signal?.aborted
    ) {
      one.resolve(waitedOut(refusal));
    } else {
      lane.unshift(one);
      this.#count(one, 1);
    }
    const isOfBot = this.#scope.isOfBot(lane.chat, refusal.description, now);
    if (isOfBot) {
      this.#rate.cut(one.leftAt, now);
      this.#pausedUntil = Math.max(this.#pausedUntil, until);
    } else {
      this.#rate.ease(now);
      lane.pausedUntil = Math.max(lane.pausedUntil, until);
    }
    if (isTooLong) {
      const lanes = isOfBot ? [...this.#lanes.values()] : [lane];
      for (const each of lanes) this.#refuse(each, (late) => late.resolve(waitedOut(tooMany(pauseMs))));
    }
    this.#forgetRested(now);
  }

  /** How long Bale asks to wait; a growing guess when it does not say. */
  #pauseAfter(refusal: Refusal, one: Waiting): number {
    const seconds = refusal.parameters?.retry_after;
    if (seconds !== undefined) return seconds * 1000;
    return Math.min(this.#init.rateLimitMs * 2 ** one.guesses++, LONGEST_GUESSED_PAUSE_MS);
  }

  /** Takes everything out of a lane. */
  #refuse(lane: ChatLane, tell: (one: Waiting) => void): void {
    this.#turns.remove(lane);
    for (const one of lane.clear()) {
      this.#count(one, -1);
      tell(one);
    }
    this.#settle(lane);
  }

  /** After something was taken out of a lane: what becomes of it. */
  #settle(lane: ChatLane): void {
    if (lane.size > 0) this.#offer(lane);
    else {
      const timer = this.#laneTimers.get(lane);
      if (this.#laneTimers.delete(lane)) this.#init.clock.clearTimeout(timer as never);
      // A chat that rests is remembered; `forgetRested` lets go of it.
      if (!lane.busy && lane.pausedUntil <= this.#init.clock.now()) this.#lanes.delete(lane.key);
    }
    this.#pump();
    if (this.#isIdle) for (const tell of this.#idle.splice(0)) tell();
  }

  #forgetRested(now: number): void {
    for (const lane of this.#lanes.values()) {
      if (lane.size > 0 || lane.busy || lane.pausedUntil > now) continue;
      this.#lanes.delete(lane.key);
      this.#scope.forget(lane.chat);
    }
  }

  #count(one: Waiting, by: number): void {
    this.#waiting[one.rank] = (this.#waiting[one.rank] ?? 0) + by;
  }
}

/** What a transformer of somebody's gives may be no reply at all; whoever unwraps it says so. */
function isLimit(reply: Reply | undefined): reply is Refusal {
  return (
    reply !== undefined &&
    reply !== null &&
    !reply.ok &&
    "error_code" in reply &&
    causeOf(reply) === "rateLimited"
  );
}

function tooMany(leftMs: number): Refusal {
  const description =
    "Too Many Requests: Bale has asked for a longer pause than maxWaitMs, and it is not over";
  return { ok: false, error_code: 429, description, parameters: { retry_after: Math.ceil(leftMs / 1000) } };
}

function full({ method }: Call, priority: Priority, { maxQueued }: SendQueueInit): QueueFullError {
  const what = `${method}: ${maxQueued} calls with priority "${priority}" are waiting already`;
  return new QueueFullError(`${what}. Await each send before the next, or raise maxQueued.`, { method });
}

function closed({ method }: Call): QueueClosedError {
  const hint = "It was not made; make it again when the bot has started.";
  return new QueueClosedError(
    `${method}: the bot stops, and the call was still waiting for its turn. ${hint}`,
    { method },
  );
}
