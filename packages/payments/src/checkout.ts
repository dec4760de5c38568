import type { BotHost, PreCheckoutQuery, SuccessfulPayment } from "balekit";
import type { Cashier } from "./cashier.js";
import { sayingOf } from "./fulfiller.js";
import type { OrderBook } from "./order-book.js";
import { type Charge, publicOrder, type StoredOffer, type StoredOrder } from "./order.js";
import { markIn } from "./payload.js";
import type { Product } from "./product.js";
import { DECIDED_MS, type Reconciler } from "./reconciler.js";
import type { Releaser } from "./releaser.js";
import type { PaymentTexts } from "./texts.js";

/** Of Bale's ten seconds: the rest is for the answer's way. */
const ANSWER_WITHIN_MS = 8_000;
/** How long an order that was made by a press on somebody's link can be paid: it is being paid right now. */
const OFFER_ORDER_MS = 900_000;

/** What a payment, its goods and their outcome add to an order takes less than this. */
const ROOM = " ".repeat(800);

/** What is said to a payment. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** What came of asking `reserve`. */
interface Reservation {
  readonly verdict: Verdict;
  /** Whether something may be reserved now. Nobody knows how far a `reserve` got that threw. */
  readonly mayHold: boolean;
}

/** What payments are let through with. */
export interface CheckoutInit {
  readonly book: OrderBook;
  readonly host: BotHost;
  readonly products: ReadonlyMap<string, Product>;
  readonly cashier: Cashier;
  readonly reconciler: Reconciler;
  readonly releaser: Releaser;
  readonly texts: PaymentTexts;
}

/** Lets payments through or refuses them, and writes down those that came. */
export class Checkout {
  readonly #book: OrderBook;
  readonly #host: BotHost;
  readonly #products: ReadonlyMap<string, Product>;
  readonly #cashier: Cashier;
  readonly #reconciler: Reconciler;
  readonly #releaser: Releaser;
  readonly #texts: PaymentTexts;

  constructor(init: CheckoutInit) {
    this.#book = init.book;
    this.#host = init.host;
    this.#products = init.products;
    this.#cashier = init.cashier;
    this.#reconciler = init.reconciler;
    this.#releaser = init.releaser;
    this.#texts = init.texts;
  }

  /**
   * Decides about a payment in time for Bale, whatever the store and `reserve` do: when they take too long or fail it is
   * refused, and nobody is charged.
   */
  verify(query: PreCheckoutQuery): Promise<Verdict> {
    const { clock } = this.#host;
    const lateAt = clock.now() + ANSWER_WITHIN_MS;
    let isRefused = false;
    // A process that stood still may come to the answer before the timer.
    const isLate = (): boolean => isRefused || clock.now() >= lateAt;
    return new Promise<Verdict>((resolve) => {
      const refuse = (): void => {
        isRefused = true;
        resolve({ ok: false, reason: this.#texts.tryAgain });
      };
      const timer = clock.setTimeout(refuse, ANSWER_WITHIN_MS);
      this.#decide(query, isLate)
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
      await this.#cashier.orphan(mark.id, charge, payerId ?? chatId, chatId);
      return undefined;
    }
    return this.#cashier.pay(order, charge);
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
        // Whoever is sending its invoice has no more to do than to write down which message it is.
        const { asked: _asked, claim: _claim, ...rest } = order;
        const checkedAt = clock.now();
        return {
          ...rest,
          state: "checking",
          queryId: query.id,
          checkedAt,
          lookAt: checkedAt + DECIDED_MS,
          room: ROOM,
        };
      },
      "let through to the wallet",
    );
    if (objection !== undefined) return { ok: false, reason: objection };
    // Paid by this very query already: told again, it is said again.
    if (changed === undefined) return { ok: true };
    const note = "not let through";
    // The store took so long that Bale has been told no: nothing needs to be reserved.
    const { verdict, mayHold } = isLate()
      ? { verdict: { ok: false, reason: texts.tryAgain } as const, mayHold: false }
      : await this.#reserve(changed.after);
    if (verdict.ok && !isLate()) return verdict;
    if (mayHold) await this.#releaser.giveBackLate(changed.after, query.id, note);
    else await this.#releaser.letGo(changed.after, query.id, note, { isReserved: false });
    return verdict.ok ? { ok: false, reason: texts.tryAgain } : verdict;
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

  async #reserve(order: StoredOrder): Promise<Reservation> {
    const reserve = this.#products.get(order.product)?.options.reserve;
    if (reserve === undefined) return { verdict: { ok: true }, mayHold: true };
    try {
      const said: unknown = await reserve(publicOrder(order));
      if (said === true) return { verdict: { ok: true }, mayHold: true };
      const reason = typeof said === "string" && said !== "" ? said : this.#texts.unavailable;
      return { verdict: { ok: false, reason }, mayHold: false };
    } catch (error) {
      const message = `reserve threw, so the payment was refused: ${sayingOf(error)}`;
      await this.#host.report(error, `Checking out the order ${order.id}: ${message}`);
      return { verdict: { ok: false, reason: this.#texts.tryAgain }, mayHold: true };
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

  /** Heard of before. When Bale was asked first, its message still brings the wallet's number. */
  async #again(order: StoredOrder, charge: Charge): Promise<StoredOrder> {
    if (order.charge?.providerId !== undefined || charge.providerId === undefined) return order;
    const { providerId } = charge;
    const changed = await this.#book.change(order, (now) =>
      now.charge === undefined ? undefined : { ...now, charge: { ...now.charge, providerId } },
    );
    return changed?.after ?? order;
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
