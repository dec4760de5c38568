import { BadRequestError, type BotHost, NotFoundError, type Timer } from "balekit";
import { type Fulfiller, sayingOf } from "./fulfiller.js";
import type { OrderBook } from "./order-book.js";
import { publicOrder, type StoredOrder } from "./order.js";
import { PaymentError } from "./payment-error.js";
import type { Product } from "./product.js";
import { transactionVerdict } from "./transaction-verdict.js";

/** Bale gives a pre-checkout query ten seconds; after this it is decided, whatever we have heard. */
export const DECIDED_MS = 15_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** After this a payment that is still pending, or unknown, is given up and shown to the owner. */
const GIVE_UP_MS = 7 * 24 * 3_600_000;

/** What one `reconcile` found. */
export interface Reconciliation {
  /** Payments that Bale was asked about. */
  readonly asked: number;
  readonly paid: number;
  readonly unpaid: number;
  readonly pending: number;
  /** Paid orders whose goods were given now. */
  readonly fulfilled: number;
}

/**
 * Finds out what became of payments whose message never came, gives goods that are still owed, and ends what nobody paid:
 * by timer on every machine, and by hand.
 */
export class Reconciler {
  readonly #book: OrderBook;
  readonly #host: BotHost;
  readonly #products: ReadonlyMap<string, Product>;
  readonly #fulfiller: Fulfiller;
  readonly #everyMs: number;
  #timer: Timer;
  #sweeping: Promise<void> | undefined;
  #stopped = true;

  constructor(
    book: OrderBook,
    host: BotHost,
    products: ReadonlyMap<string, Product>,
    fulfiller: Fulfiller,
    everyMs: number,
  ) {
    this.#book = book;
    this.#host = host;
    this.#products = products;
    this.#fulfiller = fulfiller;
    this.#everyMs = everyMs;
  }

  /** Begins to look, now and every so often. */
  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#timer = this.#host.clock.setTimeout(() => this.#tick(), 0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#host.clock.clearTimeout(this.#timer);
    await this.#sweeping;
  }

  /** Looks at every order that is owed something, whether its time has come or not. */
  async reconcile(): Promise<Reconciliation> {
    const found = { asked: 0, paid: 0, unpaid: 0, pending: 0, fulfilled: 0 };
    for await (const order of this.#book.all()) {
      if (order.state === "checking" && this.#isDecided(order)) {
        found.asked++;
        const verdict = await this.ask(order);
        found[verdict]++;
        if (verdict === "paid") found.fulfilled += await this.#isFulfilled(order);
      } else if (order.state === "paid") {
        await this.#fulfiller.run(order);
        found.fulfilled += await this.#isFulfilled(order);
      }
    }
    return found;
  }

  /** Asks Bale about the payment of an order in `checking`, and acts on the answer. */
  async ask(order: StoredOrder): Promise<"paid" | "unpaid" | "pending"> {
    const { api, clock } = this.#host;
    const queryId = order.queryId as string;
    let verdict: ReturnType<typeof transactionVerdict>;
    let amount = order.amount;
    try {
      const transaction = await api.inquireTransaction({ transaction_id: queryId });
      verdict = transactionVerdict(transaction.status);
      amount = transaction.amount;
    } catch (error) {
      verdict = "pending";
      // That Bale doesn't know a payment it has just asked us about is not yet a verdict; nor is a network that is away.
      if (!(error instanceof NotFoundError || error instanceof BadRequestError)) {
        await this.#report(order, `Bale could not be asked about its payment: ${sayingOf(error)}`, error);
      }
    }
    if (verdict === "pending") await this.#later(order);
    else if (verdict === "unpaid") await this.letGo(order, queryId, "Bale says that it was not paid");
    else {
      const charge = { id: queryId, amount, at: clock.now(), from: "inquiry" } as const;
      const isRight = amount === order.amount;
      const failure = `${amount} rials were paid instead of ${order.amount}`;
      await this.#book.change(
        order,
        (now) =>
          now.charge === undefined && now.queryId === queryId
            ? {
                ...now,
                charge,
                state: isRight ? "paid" : "failed",
                lookAt: clock.now(),
                ...(isRight ? {} : { failure }),
              }
            : undefined,
        "Bale was asked, and says that it is paid",
      );
      if (isRight) await this.#fulfiller.run(order);
      else await this.#report(order, failure);
    }
    return verdict;
  }

  /** Puts an order whose payment will not come back to where it can be paid, and gives back what was reserved. */
  async letGo(order: StoredOrder, queryId: string, note: string, release = true): Promise<void> {
    const { clock } = this.#host;
    const changed = await this.#book.change(
      order,
      (now) => {
        if (now.state !== "checking" || now.queryId !== queryId) return undefined;
        const { queryId: _query, checkedAt: _checked, asked: _asked, lookAt: _look, ...rest } = now;
        return { ...rest, state: now.expiresAt <= clock.now() ? "expired" : "invoiced" };
      },
      note,
    );
    const giveBack = this.#products.get(order.product)?.options.release;
    if (changed === undefined || !release || giveBack === undefined) return;
    try {
      await giveBack(publicOrder(changed.after));
    } catch (error) {
      await this.#report(order, `release threw: ${sayingOf(error)}`, error);
    }
  }

  #tick(): void {
    this.#sweeping = this.#sweep().finally(() => {
      this.#sweeping = undefined;
      if (!this.#stopped) this.#timer = this.#host.clock.setTimeout(() => this.#tick(), this.#everyMs);
    });
  }

  async #sweep(): Promise<void> {
    try {
      for (const key of await this.#book.due()) {
        if (this.#stopped) return;
        await this.#look(key);
      }
    } catch (error) {
      await this.#host.report(error, "Looking for orders that are owed something");
    }
  }

  async #look(key: string): Promise<void> {
    const order = await this.#book.at(key);
    if (order === undefined) return;
    if (order.state === "checking") await this.ask(order);
    else if (order.state === "paid") await this.#fulfiller.run(order);
    else if (order.state === "created" || order.state === "invoiced") {
      await this.#book.change(
        order,
        (now) =>
          (now.state === "created" || now.state === "invoiced") && now.expiresAt <= this.#host.clock.now()
            ? { ...now, state: "expired" }
            : undefined,
        "nobody paid in time",
      );
    }
  }

  async #later(order: StoredOrder): Promise<void> {
    const { clock } = this.#host;
    let isOver = false;
    await this.#book.change(order, (now) => {
      if (now.state !== "checking" || now.queryId !== order.queryId) return undefined;
      const asked = (now.asked ?? 0) + 1;
      isOver = clock.now() - (now.checkedAt ?? 0) > GIVE_UP_MS;
      if (isOver) return { ...now, state: "failed", failure: "Bale never said what became of its payment" };
      return {
        ...now,
        asked,
        lookAt: clock.now() + Math.min(DECIDED_MS * 2 ** Math.min(asked, 20), LONGEST_PAUSE_MS),
      };
    });
    if (isOver) await this.#report(order, "Bale never said what became of its payment. Ask the buyer.");
  }

  /** Bale has not told us when it stops waiting; whoever is told by hand to look may not look too soon. */
  #isDecided(order: StoredOrder): boolean {
    return (order.checkedAt ?? 0) + DECIDED_MS <= this.#host.clock.now();
  }

  async #isFulfilled(order: StoredOrder): Promise<0 | 1> {
    return (await this.#book.find(order.id))?.state === "fulfilled" ? 1 : 0;
  }

  #report(order: StoredOrder, message: string, cause?: unknown): Promise<void> {
    const error = new PaymentError("ERR_BALE_PAYMENT_UNKNOWN", `The order ${order.id}: ${message}`, {
      orderId: order.id,
      cause,
    });
    return this.#host.report(error, `Reconciling the order ${order.id}`);
  }
}
