import type { BotHost } from "balekit";
import type { OrderBook } from "./order-book.js";
import { type Charge, charged, type StoredOrder } from "./order.js";
import { PaymentError, type PaymentErrorCode } from "./payment-error.js";

/** Writes payments down: each once, and none without an order. */
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
    let isSecond = false;
    const changed = await this.#book.change(
      order,
      (now) => {
        isSecond = now.charge !== undefined && now.charge.id !== charge.id;
        return now.charge === undefined ? charged(now, charge, failure) : undefined;
      },
      note,
    );
    if (isSecond) return this.#payAgain(order, charge, failure);
    const after = changed?.after ?? (await this.#book.find(order.id));
    if (changed !== undefined) await this.#tellOfOther(changed.before, charge);
    if (after === undefined || failure === undefined) return after;
    await this.#tellOfAmount(after, failure);
    return undefined;
  }

  /** Keeps money for an order that nobody knows any more in the ledger, and tells of it. */
  async orphan(id: string, charge: Charge, userId: number, chatId: number): Promise<void> {
    const failure = `paid, but there is no order ${id}: was its store lost, or another one given?`;
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
    await this.#report("ERR_BALE_PAYMENT_UNKNOWN", charge.id, failure);
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
    await this.#book.create(again, `the invoice of ${order.id}, paid once more`);
    if (failure === undefined) return this.#book.find(charge.id);
    await this.#tellOfAmount(again, failure);
    return undefined;
  }

  #tellOfAmount(order: StoredOrder, failure: string): Promise<void> {
    return this.#report(
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
