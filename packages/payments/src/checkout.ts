import type { BotHost, PreCheckoutQuery, SuccessfulPayment } from "balekit";
import { sayingOf } from "./fulfiller.js";
import type { OrderBook } from "./order-book.js";
import { type Charge, charged, publicOrder, type StoredOffer, type StoredOrder } from "./order.js";
import { markIn } from "./payload.js";
import { PaymentError } from "./payment-error.js";
import type { Product } from "./product.js";
import { DECIDED_MS, type Reconciler } from "./reconciler.js";
import type { PaymentTexts } from "./texts.js";

/** Of Bale's ten seconds: the rest is for the answer's way. */
const ANSWER_WITHIN_MS = 8_000;
/** How long an order that was made by a press on somebody's link can be paid: it is being paid right now. */
const OFFER_ORDER_MS = 900_000;

/** What is said to a payment. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Lets payments through or refuses them, and writes down those that came. */
export class Checkout {
  readonly #book: OrderBook;
  readonly #host: BotHost;
  readonly #products: ReadonlyMap<string, Product>;
  readonly #reconciler: Reconciler;
  readonly #texts: PaymentTexts;

  constructor(
    book: OrderBook,
    host: BotHost,
    products: ReadonlyMap<string, Product>,
    reconciler: Reconciler,
    texts: PaymentTexts,
  ) {
    this.#book = book;
    this.#host = host;
    this.#products = products;
    this.#reconciler = reconciler;
    this.#texts = texts;
  }

  /**
   * Decides about a payment in time for Bale, whatever the store and `reserve` do: when they take too long or fail it is
   * refused, and nobody is charged.
   */
  verify(query: PreCheckoutQuery): Promise<Verdict> {
    const { clock } = this.#host;
    let isLate = false;
    return new Promise<Verdict>((resolve) => {
      const refuse = (): void => resolve({ ok: false, reason: this.#texts.tryAgain });
      const timer = clock.setTimeout(() => {
        isLate = true;
        refuse();
      }, ANSWER_WITHIN_MS);
      this.#decide(query, () => isLate)
        .then(resolve, (error: unknown) => {
          refuse();
          void this.#host.report(error, "Deciding about a payment, which was refused");
        })
        .finally(() => clock.clearTimeout(timer));
    });
  }

  /**
   * Writes a payment down, once however often it is told. Resolves to the order it paid when its goods are owed;
   * `undefined` when there is nothing to give.
   */
  async record(
    payment: SuccessfulPayment,
    payerId: number | undefined,
    chatId: number,
  ): Promise<StoredOrder | undefined> {
    const mark = markIn(payment.invoice_payload);
    if (mark === undefined) return undefined;
    const charge: Charge = {
      id: payment.telegram_payment_charge_id,
      providerId: payment.provider_payment_charge_id ?? undefined,
      amount: payment.total_amount,
      at: this.#host.clock.now(),
      from: "message",
    };
    const known = await this.#book.findByCharge(charge.id);
    if (known !== undefined) return this.#again(known, charge);
    const order =
      mark.kind === "order"
        ? await this.#book.find(mark.id)
        : await this.#orderOf(mark.id, charge.id, payerId);
    if (order === undefined) {
      await this.#orphan(mark.id, charge, payerId ?? chatId, chatId);
      return undefined;
    }
    return this.#pay(order, charge);
  }

  async #decide(query: PreCheckoutQuery, isLate: () => boolean): Promise<Verdict> {
    const texts = this.#texts;
    const mark = markIn(query.invoice_payload);
    const found =
      mark?.kind === "offer"
        ? await this.#orderOf(mark.id, query.id, query.from.id)
        : await this.#book.find(mark?.id ?? "");
    if (found === undefined) return { ok: false, reason: texts.unknown };
    if (this.#isLeftOver(found, query) && (await this.#reconciler.ask(found)) === "paid") {
      // The wallet waits for an answer, and not for the goods.
      void this.#reconciler.give(found);
    }
    let objection: string | undefined;
    const { clock } = this.#host;
    const changed = await this.#book.change(
      found,
      (order) => {
        objection = undefined;
        if (isLate()) objection = texts.tryAgain;
        else if (order.charge?.id !== query.id) objection = this.#objectionTo(order, query);
        if (objection !== undefined || order.charge?.id === query.id) return undefined;
        const { asked: _asked, ...rest } = order;
        const checkedAt = clock.now();
        return {
          ...rest,
          state: "checking",
          queryId: query.id,
          checkedAt,
          lookAt: checkedAt + DECIDED_MS,
        };
      },
      "let through to the wallet",
    );
    if (objection !== undefined) return { ok: false, reason: objection };
    // Paid by this very query already: told again, it is said again.
    if (changed === undefined) return { ok: true };
    const verdict = await this.#reserve(changed.after);
    if (!verdict.ok) await this.#reconciler.letGo(changed.after, query.id, "not let through", false);
    else if (isLate()) await this.#reconciler.letGo(changed.after, query.id, "not let through", "late");
    return verdict;
  }

  #objectionTo(order: StoredOrder, query: PreCheckoutQuery): string | undefined {
    const texts = this.#texts;
    if (query.from.id !== order.userId) return texts.notYours;
    if (order.state === "paid" || order.state === "fulfilled" || order.charge !== undefined)
      return texts.alreadyPaid;
    if (query.total_amount !== order.amount || query.currency !== "IRR") return texts.changed;
    if (order.state === "expired" || order.expiresAt <= this.#host.clock.now()) return texts.expired;
    if (order.state === "failed") return texts.unknown;
    if (!this.#products.has(order.product)) return texts.unavailable;
    return order.state === "checking" && order.queryId !== query.id ? texts.inProgress : undefined;
  }

  /** Whether an earlier payment of this order was let through, never heard of again, and must be decided by now. */
  #isLeftOver(order: StoredOrder, query: PreCheckoutQuery): boolean {
    return (
      order.state === "checking" &&
      order.queryId !== query.id &&
      (order.checkedAt ?? 0) + DECIDED_MS <= this.#host.clock.now()
    );
  }

  async #reserve(order: StoredOrder): Promise<Verdict> {
    const reserve = this.#products.get(order.product)?.options.reserve;
    if (reserve === undefined) return { ok: true };
    try {
      const said: unknown = await reserve(publicOrder(order));
      if (said === true) return { ok: true };
      return { ok: false, reason: typeof said === "string" && said !== "" ? said : this.#texts.unavailable };
    } catch (error) {
      const message = `reserve threw, so the payment was refused: ${sayingOf(error)}`;
      await this.#host.report(error, `Checking out the order ${order.id}: ${message}`);
      return { ok: false, reason: this.#texts.tryAgain };
    }
  }

  /** The order that a payment of an offer makes: of the payer, and under the payment's own id. */
  async #orderOf(offerId: string, id: string, payerId: number | undefined): Promise<StoredOrder | undefined> {
    const existing = await this.#book.find(id);
    if (existing !== undefined) return existing;
    const offer = await this.#book.findOffer(offerId);
    if (offer === undefined || payerId === undefined) return undefined;
    const order = orderFromOffer(offer, this.#book.botId, id, payerId, this.#host.clock.now());
    await this.#book.create(order, `of the offer ${offer.id}`);
    return this.#book.find(id);
  }

  async #pay(order: StoredOrder, charge: Charge): Promise<StoredOrder | undefined> {
    const failure =
      charge.amount === order.amount
        ? undefined
        : `${charge.amount} rials were paid instead of ${order.amount}`;
    let isSecond = false;
    const changed = await this.#book.change(order, (now) => {
      isSecond = now.charge !== undefined && now.charge.id !== charge.id;
      return now.charge === undefined ? charged(now, charge, failure) : undefined;
    });
    if (isSecond) return this.#payAgain(order, charge);
    const after = changed?.after ?? (await this.#book.find(order.id));
    if (after === undefined || failure === undefined) return after;
    await this.#report(
      "ERR_BALE_PAYMENT_AMOUNT",
      after.id,
      `${failure}. Nothing was given for it: look at it.`,
    );
    return undefined;
  }

  /** One invoice, paid a second time by another payment: an order of its own, because the money is there. */
  async #payAgain(order: StoredOrder, charge: Charge): Promise<StoredOrder | undefined> {
    const { claim: _claim, outcome: _outcome, fulfilledAt: _at, failure: _failure, ...rest } = order;
    const again: StoredOrder = {
      ...rest,
      id: charge.id,
      again: order.id,
      state: "created",
      attempts: 0,
      charge: undefined,
      createdAt: charge.at,
    };
    await this.#book.create(again, `the invoice of ${order.id}, paid once more`);
    return this.#pay(again, charge);
  }

  /** Heard of before. When Bale was asked first, its message still brings the wallet's number. */
  async #again(order: StoredOrder, charge: Charge): Promise<StoredOrder> {
    if (order.charge?.providerId !== undefined || charge.providerId === undefined) return order;
    const { providerId } = charge;
    const changed = await this.#book.change(order, (now) =>
      now.charge === undefined ? undefined : { ...now, charge: { ...now.charge, providerId } },
    );
    return changed?.after ?? order;
  }

  /** Money for an order that nobody knows any more: kept in the ledger, and told. */
  async #orphan(id: string, charge: Charge, userId: number, chatId: number): Promise<void> {
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

  #report(code: PaymentError["code"], orderId: string, message: string): Promise<void> {
    const error = new PaymentError(code, `Taking the payment of the order ${orderId}: ${message}`, {
      orderId,
    });
    return this.#host.report(error, "Taking a payment");
  }
}

function orderFromOffer(
  offer: StoredOffer,
  botId: number,
  id: string,
  userId: number,
  now: number,
): StoredOrder {
  const { product, data, title, description, prices, amount, chatId } = offer;
  // The offer decides what can be paid: once it is over, so is what is made of it.
  const expiresAt = offer.expiresAt <= now ? offer.expiresAt : now + OFFER_ORDER_MS;
  return {
    id,
    botId,
    product,
    state: "created",
    data,
    userId,
    chatId: chatId ?? userId,
    title,
    description,
    prices,
    amount,
    createdAt: now,
    expiresAt,
    attempts: 0,
  };
}
