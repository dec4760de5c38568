import type { Clock } from "@balekit/storage";
import type { Call, Reply, Transport } from "../src/call.js";

/** How much a Bale of a test takes. */
export interface Limits {
  /** Calls in any second; 429 beyond. */
  readonly perSecond?: number;
  /** Calls to one chat in any second. */
  readonly perChatSecond?: number;
  readonly retryAfter?: number;
  readonly latencyMs?: number;
  readonly description?: string;
}

/** A call that was taken. */
export interface Taken {
  readonly at: number;
  readonly chat: unknown;
  readonly text: unknown;
  readonly method: string;
}

/** A Bale that takes no more than it is told to, and keeps what it took. */
export class LimitedBale implements Transport {
  readonly taken: Taken[] = [];
  readonly refused: Taken[] = [];
  readonly #clock: Clock;
  limits: Limits;

  constructor(clock: Clock, limits: Limits) {
    this.#clock = clock;
    this.limits = limits;
  }

  readonly send = async (call: Call): Promise<Reply> => {
    const { chat_id: chat, text } = call.params as { chat_id?: unknown; text?: unknown };
    const { latencyMs = 0 } = this.limits;
    const one: Taken = { at: this.#clock.now(), chat, text, method: call.method };
    const isLimited = this.#isLimited(one);
    (isLimited ? this.refused : this.taken).push(one);
    if (latencyMs > 0) {
      await new Promise<void>((done, fail) => {
        this.#clock.setTimeout(done, latencyMs);
        call.options.signal?.addEventListener("abort", () => fail(call.options.signal?.reason as Error));
      });
    }
    if (!isLimited) return { ok: true, result: text ?? true };
    const { retryAfter, description = "Too Many Requests" } = this.limits;
    const parameters = retryAfter === undefined ? undefined : { retry_after: retryAfter };
    return { ok: false, error_code: 429, description, ...(parameters && { parameters }) };
  };

  download = (): never => {
    throw new Error("there are no files here");
  };

  close = async (): Promise<void> => undefined;

  #isLimited(one: Taken): boolean {
    const { perSecond = Number.POSITIVE_INFINITY, perChatSecond = Number.POSITIVE_INFINITY } = this.limits;
    let all = 0;
    let same = 0;
    for (let i = this.taken.length - 1; i >= 0; i--) {
      const before = this.taken[i] as Taken;
      if (before.at <= one.at - 1000) break;
      all++;
      if (before.chat === one.chat) same++;
    }
    return all >= perSecond || same >= perChatSecond;
  }
}
