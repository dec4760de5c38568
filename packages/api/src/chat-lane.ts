import type { Call, Reply, Send } from "./call.js";
import { PRIORITIES } from "./priority.js";

/** A call that waits for its turn, and those who wait for it. */
export interface Waiting {
  readonly call: Call;
  /** The way on: calls of several copies of an api share one queue. */
  readonly next: Send;
  /** Its place in `PRIORITIES`. */
  readonly rank: number;
  readonly since: number;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: unknown) => void;
  /** Times it has left. */
  attempts: number;
  /** Pauses after limits that named no time. */
  guesses: number;
  leftAt: number;
}

/** The calls of one chat, which leave one after another in the order they were made. */
export class ChatLane {
  /** The chat; a symbol of its own for a call that goes to none. */
  readonly key: string | symbol;
  /** A call of this lane is on its way. */
  busy = false;
  /** Until when Bale does not want to hear of this chat. */
  pausedUntil: number = Number.NEGATIVE_INFINITY;
  readonly #waiting: Waiting[] = [];
  readonly #counts: number[] = PRIORITIES.map(() => 0);

  constructor(key: string | symbol) {
    this.key = key;
  }

  /** The chat, if there is one. */
  get chat(): string | undefined {
    return typeof this.key === "string" ? this.key : undefined;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /**
   * How urgent the lane is: as urgent as the most urgent of its calls. An answer behind a broadcast to the same chat
   * lends it its urgency, for it may neither overtake it nor wait for thousands of others. -1: nothing waits.
   */
  get rank(): number {
    return this.#counts.findIndex((count) => count > 0);
  }

  /** When its oldest call came. */
  get oldestSince(): number | undefined {
    return this.#waiting[0]?.since;
  }

  add(one: Waiting): void {
    this.#waiting.push(one);
    this.#count(one, 1);
  }

  /** Takes the oldest call out. */
  shift(): Waiting | undefined {
    const first = this.#waiting.shift();
    if (first !== undefined) this.#count(first, -1);
    return first;
  }

  /** Puts a call back that is to leave once more, before all others. */
  unshift(one: Waiting): void {
    this.#waiting.unshift(one);
    this.#count(one, 1);
  }

  /** Takes one call out; whether it was there. */
  remove(one: Waiting): boolean {
    const at = this.#waiting.indexOf(one);
    if (at < 0) return false;
    this.#waiting.splice(at, 1);
    this.#count(one, -1);
    return true;
  }

  /** Takes all calls out. */
  clear(): readonly Waiting[] {
    this.#counts.fill(0);
    return this.#waiting.splice(0);
  }

  #count(one: Waiting, by: number): void {
    this.#counts[one.rank] = (this.#counts[one.rank] ?? 0) + by;
  }
}
