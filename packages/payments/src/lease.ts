import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "balekit";
import { SILENT_MS } from "./claim-watch.js";
import type { OrderBook } from "./order-book.js";
import type { OrderClaim, StoredOrder } from "./order.js";

/**
 * The right to work on one order for as long as one shows signs of life. A claim is taken in a change of the order that
 * sets `first`; from `hold` on it is renewed three times in the span after which others may take it over.
 */
export class Lease {
  /** What a claim begins as. */
  readonly first: OrderClaim = { by: randomUUID(), beat: 0 };
  readonly #order: Pick<StoredOrder, "userId" | "id">;
  readonly #book: OrderBook;
  readonly #clock: Clock;
  readonly #silentMs: number;
  readonly #lost = new AbortController();
  readonly #begunAt: number;
  #beating: Timer;
  #ending: Timer;
  #isOver = false;

  /** Make it before the claim is written: its time counts from here. */
  constructor(
    order: Pick<StoredOrder, "userId" | "id">,
    book: OrderBook,
    clock: Clock,
    silentMs: number = SILENT_MS,
  ) {
    this.#order = order;
    this.#book = book;
    this.#clock = clock;
    this.#silentMs = silentMs;
    this.#begunAt = clock.now();
  }

  /** Aborts when somebody else has the order, or may have it because nothing could be renewed for so long. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether an order is still claimed by this lease. */
  owns({ claim }: StoredOrder): boolean {
    return claim?.by === this.first.by;
  }

  /**
   * Begins to renew. Resolves to whether the order is ours: a store that took long to answer may have answered when the
   * claim had been taken over.
   */
  async hold(): Promise<boolean> {
    this.#endBy(this.#begunAt);
    if (this.#sinceMs(this.#begunAt) >= this.#silentMs / 3) return this.#beat();
    this.#later();
    return true;
  }

  /** Ends the renewing; the claim stands as it is. */
  end(): void {
    this.#isOver = true;
    this.#clock.clearTimeout(this.#beating);
    this.#clock.clearTimeout(this.#ending);
  }

  #later(): void {
    if (this.#isOver || this.lost.aborted) return;
    this.#beating = this.#clock.setTimeout(() => void this.#beat(), this.#silentMs / 3);
  }

  /** Renews. Resolves to whether that is certain. */
  async #beat(): Promise<boolean> {
    const begunAt = this.#clock.now();
    let isOurs = false;
    try {
      const changed = await this.#book.change(this.#order, (now) =>
        this.owns(now) ? { ...now, claim: { ...this.first, beat: (now.claim?.beat ?? 0) + 1 } } : undefined,
      );
      isOurs = changed !== undefined;
      if (isOurs) this.#endBy(begunAt);
      else if (!this.#isOver) this.#lose("was taken over by another process");
    } catch {
      // A store that is away for a while: the next time may get through.
    }
    this.#later();
    return isOurs;
  }

  /** Shortly before others may take the order over, whoever works on it is told. */
  #endBy(renewedAt: number): void {
    this.#clock.clearTimeout(this.#ending);
    if (this.#isOver) return;
    this.#ending = this.#clock.setTimeout(
      () => this.#lose("could not be claimed anew, so that another process may have it by now"),
      this.#silentMs * 0.9 - this.#sinceMs(renewedAt),
    );
  }

  #lose(why: string): void {
    this.#lost.abort(new Error(`The order ${this.#order.id} ${why}.`));
  }

  #sinceMs(at: number): number {
    return Math.max(this.#clock.now() - at, 0);
  }
}
