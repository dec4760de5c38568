import type { BotHost } from "balekit";
import type { Changed, OrderBook } from "./order-book.js";
import { type Charge, charged, type StoredOrder } from "./order.js";
import { PaymentError, type PaymentErrorCode } from "./payment-error.js";

/**
 * Writes payments down: each once, and none without an order. What is wrong with one is told also when the store fails
 * over it: it may have been written all the same, and then nobody looks at it again.
 */
export class Cashier {
  readonly #book: OrderBook;
  readonly #host: BotHost;

  constructor(book: OrderBook, host: BotHost) {
    this.#book = book;
    this.#host = host;
  }

  /**
   * Writes a payment into its order. Resolves to the order that it paid, which is another one where this one had been paid
   * by another payment; `undefined` when nothing is owed for it.
   */
  async pay(order: StoredOrder, charge: Charge, note?: string): Promise<StoredOrder | undefined> {
    const failure = objectionTo(order, charge);
    let seen: StoredOrder | undefined;
    const isSecond = (): boolean => seen?.charge !== undefined && seen.charge.id !== charge.id;
    let changed: Changed | undefined;
    try {
      changed = await this.#book.change(
        order,
        (now) => {
          seen = now;
          return now.charge === undefined ? charged(now, charge, failure) : undefined;
        },
        note,
      );
    } catch (error) {
      if (seen !== undefined) await this.#tellOfOther(seen, charge);
      await this.#tellOfAmount(order, failure);
      throw error;
    }
    if (isSecond()) return this.#payAgain(order, charge, failure);
    const after = changed?.after ?? (await this.#book.find(order.id));
    if (changed !== undefined) await this.#tellOfOther(changed.before, charge);
    if (after === undefined || failure === undefined) return after;
    await this.#tellOfAmount(after, failure);
    return undefined;
  }

  /** Keeps money for an order that nobody knows any more in the ledger, and tells of it. */
  async orphan(id: string, charge: Charge, userId: number, chatId: number): Promise<void> {
    const failure = `paid, but there is no order ${id}: was its store lost, or another one given?`;
    await this.#report("ERR_BALE_PAYMENT_UNKNOWN", charge.id, failure);
    await this.#book.create({
      id: charge.id,
      botId: this.#book.botId,
      product: "",
      state: "failed",
      data: null,
      userId,
      chatId,
      title: "",
      description: "",
      prices: [],
      amount: charge.amount,
      createdAt: charge.at,
      expiresAt: charge.at,
      attempts: 0,
      charge,
      failure,
    });
  }

  /** One invoice, paid a second time by another payment: an order of its own, because the money is there. */
  async #payAgain(
    order: StoredOrder,
    charge: Charge,
    failure: string | undefined,
  ): Promise<StoredOrder | undefined> {
    const { outcome: _outcome, fulfilledAt: _at, ...rest } = order;
    const again = charged(
      { ...rest, id: charge.id, again: order.id, attempts: 0, createdAt: charge.at },
      charge,
      failure,
    );
    await this.#tellOfAmount(again, failure);
    await this.#book.create(again, `the invoice of ${order.id}, paid once more`);
    return failure === undefined ? this.#book.find(charge.id) : undefined;
  }

  async #tellOfAmount(order: StoredOrder, failure: string | undefined): Promise<void> {
    if (failure === undefined) return;
    await this.#report(
      "ERR_BALE_PAYMENT_AMOUNT",
      order.id,
      `${failure}. Nothing was given for it: look at it.`,
    );
  }

  /** Nobody asks Bale about an order that is paid: should another payment of it be open, somebody has to. */
  async #tellOfOther({ id, state, queryId }: StoredOrder, charge: Charge): Promise<void> {
    if (state !== "checking" || queryId === charge.id) return;
    await this.#report(
      "ERR_BALE_PAYMENT_UNKNOWN",
      id,
      `${charge.id} has paid it while its payment ${queryId} was open. Look whether that one took money as well.`,
    );
  }

  #report(code: PaymentErrorCode, orderId: string, message: string): Promise<void> {
    const error = new PaymentError(code, `Taking the payment of the order ${orderId}: ${message}`, {
      orderId,
    });
    return this.#host.report(error, "Taking a payment");
  }
}

/** Why nothing is given for a payment of an order. */
function objectionTo(order: StoredOrder, charge: Charge): string | undefined {
  return charge.amount === order.amount
    ? undefined
    : `${charge.amount} rials were paid instead of ${order.amount}`;
}
