import { type BotHost, sleep } from "balekit";
import type { ClaimWatch } from "./claim-watch.js";
import { unlessHurried } from "./hurry.js";
import { Lease } from "./lease.js";
import type { OrderBook } from "./order-book.js";
import { AT_ONCE, publicOrder, type StoredOrder } from "./order.js";
import { PaymentError } from "./payment-error.js";
import type { Product } from "./product.js";

const MOST_ATTEMPTS = 10;
const MOST_OUTCOME_BYTES = 16_384;
/** Of a message that goes into the order. */
const MOST_FAILURE_LENGTH = 500;
/** What could not be recorded is tried again after this, and ever less often. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** After this somebody is told that goods are still being given. */
const LONG_MS = 600_000;

/** Where there is no room for more. */
const THREW = "fulfil threw";

/** How a run of `fulfil` has ended, as it is recorded. */
type Ending = { readonly outcome: unknown } | { readonly error: unknown; readonly failure: string };

/**
 * Gives the goods of paid orders. One process at a time works on an order, by a claim in the order itself that it keeps
 * renewing; the outcome is recorded, and only an order whose outcome was never recorded is worked on again.
 */
export class Fulfiller {
  readonly #book: OrderBook;
  readonly #host: BotHost;
  readonly #products: ReadonlyMap<string, Product>;
  readonly #watch: ClaimWatch;
  /** What this process is at, by the order's id. */
  readonly #running = new Map<string, Promise<void>>();
  /** What ends with the bot, for each that is still running then: its claim is left to the next start. */
  readonly #letGo = new Set<() => void>();
  readonly #stopped = new AbortController();
  readonly #lacking = new Set<string>();

  constructor(book: OrderBook, host: BotHost, products: ReadonlyMap<string, Product>, watch: ClaimWatch) {
    this.#book = book;
    this.#host = host;
    this.#products = products;
    this.#watch = watch;
  }

  /** Works on a paid order, unless somebody does. Resolves when the outcome is recorded. */
  async run(order: Pick<StoredOrder, "userId" | "id">): Promise<void> {
    // However long the store keeps this process from renewing its claim: it does not compete with itself.
    if (this.#running.has(order.id)) return;
    const work = this.#run(order).finally(() => this.#running.delete(order.id));
    this.#running.set(order.id, work);
    return work;
  }

  /** Waits for what runs; what is still running when time is up is told so and left, for the next start to take up. */
  async stop(hurry: AbortSignal): Promise<void> {
    await unlessHurried(Promise.allSettled(this.#running.values()), hurry);
    this.#stopped.abort(new Error("The bot has stopped."));
    for (const letGo of this.#letGo) letGo();
  }

  async #run(which: Pick<StoredOrder, "userId" | "id">): Promise<void> {
    const { clock } = this.#host;
    const lease = new Lease(which, this.#book, clock);
    let tooOften = false;
    let lacking: string | undefined;
    const claimed = await this.#book.change(which, (order) => {
      lacking = undefined;
      if (order.state !== "paid" || this.#watch.isHeld(order)) return undefined;
      tooOften = order.attempts >= MOST_ATTEMPTS;
      if (tooOften) return { ...order, state: "failed", failure: diedOf(order) };
      if (!this.#products.has(order.product)) lacking = order.product;
      // Nothing is written: another release of the bot may sell it, and look at any time.
      if (lacking !== undefined) return undefined;
      return { ...order, claim: lease.first, lookAt: AT_ONCE, attempts: order.attempts + 1 };
    });
    if (lacking !== undefined) return this.#lacks(which, lacking);
    this.#lacking.delete(which.id);
    if (claimed === undefined) return;
    const order = claimed.after;
    if (tooOften) {
      await this.#report(order, order.failure as string);
      return;
    }
    const product = this.#products.get(order.product) as Product;
    const stopTelling = this.#tellOfDelay(order);
    const letGo = (): void => {
      stopTelling();
      lease.end();
    };
    this.#letGo.add(letGo);
    try {
      const isOurs = await lease.hold();
      if (this.#stopped.signal.aborted) await this.#leave(order, lease);
      else if (isOurs) await this.#give(product, order, lease);
    } finally {
      letGo();
      this.#letGo.delete(letGo);
    }
  }

  async #give(product: Product, order: StoredOrder, lease: Lease): Promise<void> {
    let ending: Ending;
    try {
      const outcome: unknown = await product.options.fulfil({
        order: publicOrder(order),
        idempotencyKey: order.charge?.id ?? order.id,
        attempt: order.attempts,
        api: this.#host.api,
        signal: AbortSignal.any([lease.lost, this.#stopped.signal]),
      });
      ending = { outcome: this.#recordable(order, outcome) };
    } catch (error) {
      ending = { error, failure: short(`fulfil threw: ${sayingOf(error)}`) };
    }
    // Thrown because it was told to stop: no outcome, and it runs again.
    if ("error" in ending && (this.#stopped.signal.aborted || lease.lost.aborted)) {
      return this.#leave(order, lease);
    }
    const isRecorded = await this.#record(order, lease, ending);
    if (!("error" in ending) || !isRecorded) return;
    const message = `${ending.failure}. The payment is there, the goods are not: look at it, then payments.retry("${order.id}").`;
    await this.#report(order, message, ending.error);
  }

  /**
   * Writes down how it ended, and keeps the claim until that is done: an outcome that is not recorded would have the goods
   * given once more. Resolves to whether it was; not when another process has the order by now.
   */
  async #record(order: StoredOrder, lease: Lease, ending: Ending): Promise<boolean> {
    let kept = ending;
    for (let tries = 1; ; tries++) {
      try {
        return await this.#write(order, lease, kept);
      } catch (error) {
        const less = isTooLarge(error) ? withLess(kept) : undefined;
        if (less !== undefined) {
          kept = less;
          await this.#report(
            order,
            "What fulfil came to is too large for the store, so it was left out.",
            error,
          );
          continue;
        }
        const isLast = this.#stopped.signal.aborted;
        if (tries === 1 || isLast) {
          const what = "error" in ending ? "failed" : "succeeded";
          const then = isLast ? "so the next start runs fulfil again" : "which is tried until it works";
          await this.#report(
            order,
            `fulfil has ${what}, and that could not be written, ${then}: ${sayingOf(error)}`,
            error,
          );
        }
        if (isLast) return false;
        const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
        // The end of the bot ends the pause, and one last try is made.
        await sleep(this.#host.clock, pauseMs, this.#stopped.signal).catch(() => undefined);
      }
    }
  }

  async #write(order: StoredOrder, lease: Lease, ending: Ending): Promise<boolean> {
    const failure = "error" in ending ? ending.failure : undefined;
    let isWritten = false;
    const changed = await this.#book.change(
      order,
      (now) => {
        // By an earlier try, of which only the store's answer was lost: somebody has to be told all the same.
        isWritten = failure !== undefined && now.failure === failure && now.attempts === order.attempts;
        if (now.state !== "paid" || !lease.owns(now)) return undefined;
        const { claim: _claim, lookAt: _lookAt, ...rest } = now;
        if (failure !== undefined) return { ...rest, state: "failed", failure };
        const { outcome } = ending as { readonly outcome: unknown };
        return {
          ...rest,
          state: "fulfilled",
          fulfilledAt: this.#host.clock.now(),
          ...(outcome === undefined ? {} : { outcome }),
        };
      },
      failure,
    );
    return changed !== undefined || isWritten;
  }

  /** Gives the claim up, so that nobody has to wait for its end. */
  async #leave(order: StoredOrder, lease: Lease): Promise<void> {
    await this.#book.change(order, (now) => {
      if (!lease.owns(now)) return undefined;
      const { claim: _claim, ...rest } = now;
      return rest;
    });
  }

  /** Tells once of goods that take so long that somebody should look. */
  #tellOfDelay(order: StoredOrder): () => void {
    const { clock } = this.#host;
    const timer = clock.setTimeout(() => {
      const message = `fulfil has been running for ${LONG_MS / 60_000} minutes. The order stays paid until it comes to an end.`;
      void this.#report(order, message);
    }, LONG_MS);
    return () => clock.clearTimeout(timer);
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

  async #lacks(order: Pick<StoredOrder, "id">, product: string): Promise<void> {
    if (this.#lacking.has(order.id)) return;
    this.#lacking.add(order.id);
    await this.#report(
      order,
      `It is paid, but no product "${product}" is registered. Register it again; the order is tried at every look.`,
    );
  }

  #report(order: Pick<StoredOrder, "id">, message: string, cause?: unknown): Promise<void> {
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

/** A text cut to what an order has room for. */
function short(text: string): string {
  return text.length > MOST_FAILURE_LENGTH ? `${text.slice(0, MOST_FAILURE_LENGTH)}…` : text;
}

/** Whether a store refuses what it is given, and not merely fails. */
function isTooLarge(error: unknown): boolean {
  return (error as { readonly code?: unknown } | undefined)?.code === "ERR_BALE_STORAGE_TOO_LARGE";
}

/** The same ending without what may be large; `undefined` where nothing can be left out. */
function withLess(ending: Ending): Ending | undefined {
  if (!("error" in ending)) return ending.outcome === undefined ? undefined : { outcome: undefined };
  return ending.failure === THREW ? undefined : { error: ending.error, failure: THREW };
}
