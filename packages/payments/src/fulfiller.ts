import { randomUUID } from "node:crypto";
import type { BotHost } from "balekit";
import { unlessHurried } from "./hurry.js";
import type { OrderBook } from "./order-book.js";
import { publicOrder, type StoredOrder } from "./order.js";
import { PaymentError } from "./payment-error.js";
import type { Product } from "./product.js";

/** How long a process that gives goods may be silent before another one takes over. */
const CLAIM_MS = 60_000;
const RENEW_MS = 20_000;
/** Where the product of a paid order is not sold by this release: looked at again after this. */
const NO_PRODUCT_MS = 300_000;
const MOST_ATTEMPTS = 10;
const MOST_OUTCOME_BYTES = 16_384;

/**
 * Gives the goods of paid orders. One process at a time works on an order, by a claim in the order itself that it keeps
 * renewing; the outcome is recorded, and only an order whose outcome was never recorded is worked on again.
 */
export class Fulfiller {
  readonly #book: OrderBook;
  readonly #host: BotHost;
  readonly #products: ReadonlyMap<string, Product>;
  readonly #running = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  readonly #lacking = new Set<string>();

  constructor(book: OrderBook, host: BotHost, products: ReadonlyMap<string, Product>) {
    this.#book = book;
    this.#host = host;
    this.#products = products;
  }

  /** Works on a paid order, unless somebody does. Resolves when the outcome is recorded; rejects when it can't be. */
  run(order: Pick<StoredOrder, "userId" | "id">): Promise<void> {
    const work = this.#run(order).finally(() => this.#running.delete(work));
    this.#running.add(work);
    return work;
  }

  /** Waits for what runs; what is still running when time is up is told so and left, for the next start to take up. */
  async stop(hurry: AbortSignal): Promise<void> {
    await unlessHurried(Promise.allSettled(this.#running), hurry);
    this.#stopped.abort(new Error("The bot has stopped."));
  }

  async #run(which: Pick<StoredOrder, "userId" | "id">): Promise<void> {
    const { clock } = this.#host;
    const by = randomUUID();
    let tooOften = false;
    const claimed = await this.#book.change(which, (order) => {
      if (order.state !== "paid" || (order.claim !== undefined && order.claim.until > clock.now()))
        return undefined;
      tooOften = order.attempts >= MOST_ATTEMPTS;
      if (tooOften) return { ...order, state: "failed", failure: diedOf(order) };
      if (!this.#products.has(order.product)) return { ...order, lookAt: clock.now() + NO_PRODUCT_MS };
      const until = clock.now() + CLAIM_MS;
      return { ...order, claim: { by, until }, lookAt: until, attempts: order.attempts + 1 };
    });
    if (claimed === undefined) return;
    const order = claimed.after;
    if (tooOften) {
      await this.#report(order, order.failure as string);
      return;
    }
    const product = this.#products.get(order.product);
    if (product === undefined) await this.#lacks(order);
    else await this.#give(product, order, by);
  }

  async #give(product: Product, order: StoredOrder, by: string): Promise<void> {
    const taken = new AbortController();
    const stopRenewing = this.#renew(order, by, taken);
    let ended: { readonly outcome: unknown } | { readonly error: unknown };
    try {
      const outcome: unknown = await product.options.fulfil({
        order: publicOrder(order),
        idempotencyKey: order.charge?.id ?? order.id,
        attempt: order.attempts,
        api: this.#host.api,
        signal: AbortSignal.any([taken.signal, this.#stopped.signal]),
      });
      ended = { outcome };
    } catch (error) {
      ended = { error };
    } finally {
      stopRenewing();
    }
    // Thrown because it was told to stop: no outcome, and the next start runs it again.
    if ("error" in ended && this.#stopped.signal.aborted) return this.#leave(order, by);
    const { clock } = this.#host;
    const recorded = "outcome" in ended ? this.#recordable(order, ended.outcome) : undefined;
    const failure = "error" in ended ? `fulfil threw: ${sayingOf(ended.error)}` : undefined;
    await this.#book.change(
      order,
      (now) => {
        if (now.claim?.by !== by) return undefined;
        const { claim: _claim, lookAt: _lookAt, ...rest } = now;
        if (failure !== undefined) return { ...rest, state: "failed", failure };
        return {
          ...rest,
          state: "fulfilled",
          fulfilledAt: clock.now(),
          ...(recorded === undefined ? {} : { outcome: recorded }),
        };
      },
      failure,
    );
    if ("error" in ended) {
      const message = `${failure}. The payment is there, the goods are not: look at it, then payments.retry("${order.id}").`;
      await this.#report(order, message, ended.error);
    }
  }

  /** Gives the claim up, so that nobody has to wait for its end. */
  async #leave(order: StoredOrder, by: string): Promise<void> {
    const { clock } = this.#host;
    await this.#book.change(order, (now) => {
      if (now.claim?.by !== by) return undefined;
      const { claim: _claim, ...rest } = now;
      return { ...rest, lookAt: clock.now() };
    });
  }

  /** Keeps the claim while the goods are being given, on the bot's clock. */
  #renew(order: StoredOrder, by: string, taken: AbortController): () => void {
    const { clock } = this.#host;
    let over = false;
    let timer = clock.setTimeout(renew, RENEW_MS);
    const book = this.#book;
    function renew(): void {
      book
        .change(order, (now) => {
          if (now.claim?.by !== by) {
            taken.abort(new Error(`The order ${order.id} was taken over by another process.`));
            return undefined;
          }
          const until = clock.now() + CLAIM_MS;
          return { ...now, claim: { by, until }, lookAt: until };
        })
        // A store that is away for a while: the next renewal tries again, within the claim.
        .catch(() => undefined)
        .finally(() => {
          if (!over && !taken.signal.aborted) timer = clock.setTimeout(renew, RENEW_MS);
        });
    }
    return () => {
      over = true;
      clock.clearTimeout(timer);
    };
  }

  /** An outcome as it can be kept. The goods are given by now, so one that can't be kept is reported and left out. */
  #recordable(order: StoredOrder, outcome: unknown): unknown {
    if (outcome === undefined) return undefined;
    let why: string;
    try {
      const text: string | undefined = JSON.stringify(outcome);
      if (text !== undefined && Buffer.byteLength(text) <= MOST_OUTCOME_BYTES) return JSON.parse(text);
      why = text === undefined ? `is ${typeof outcome}` : `has more than ${MOST_OUTCOME_BYTES} bytes as JSON`;
    } catch (error) {
      why = `cannot be written as JSON (${sayingOf(error)})`;
    }
    void this.#report(
      order,
      `What fulfil resolved to ${why}, so it was not recorded; that it succeeded was.`,
    );
    return undefined;
  }

  async #lacks(order: StoredOrder): Promise<void> {
    if (this.#lacking.has(order.id)) return;
    this.#lacking.add(order.id);
    await this.#report(
      order,
      `It is paid, but no product "${order.product}" is registered. Register it again; the order is tried every five minutes.`,
    );
  }

  #report(order: StoredOrder, message: string, cause?: unknown): Promise<void> {
    const error = new PaymentError(
      "ERR_BALE_PAYMENT_FULFIL",
      `Fulfilling the order ${order.id}: ${message}`,
      {
        orderId: order.id,
        cause,
      },
    );
    return this.#host.report(error, `Fulfilling the order ${order.id}`);
  }
}

function diedOf(order: StoredOrder): string {
  return `fulfil was begun ${order.attempts} times and never came to an end: the process died, or was taken for dead, each time`;
}

/** An error in one line. */
export function sayingOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
