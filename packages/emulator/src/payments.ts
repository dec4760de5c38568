import type { Invoice, PreCheckoutQuery, Transaction, User } from "@balekit/api";
import type { Clock, Timer } from "@balekit/storage";

import type { Events } from "./events.js";
import { badRequest, queryTooOld } from "./refusal.js";

/**
 * A bot must answer a pre-checkout query within ten seconds, or the payment is cancelled (notes.md 9: documented).
 */
export const PRE_CHECKOUT_SECONDS = 10;

/** Behaves like a real wallet token without moving money (notes.md 9: documented). */
export const TEST_PROVIDER_TOKEN = "WALLET-TEST-1111111111111111";

/** How many invoices and payments are kept; the oldest go first. */
const KEPT_INVOICES = 100_000;
const KEPT_PAYMENTS = 10_000;

/** An invoice as the bot made it, sent as a message or as a link for a mini app. */
export interface StoredInvoice {
  readonly id: string;
  readonly invoice: Invoice;
  readonly payload: string;
  readonly providerToken: string;
}

/** Where a payment stands: the names inquireTransaction uses (notes.md 9: documented). */
export type PaymentStatus = "pending" | "paid" | "failed" | "rejected";

/** One try of one person to pay one invoice. */
export interface StoredPayment {
  /** Of the transaction, the pre-checkout query and the charge alike (notes.md 9: documented). */
  readonly id: string;
  readonly payer: User;
  readonly chatId: number;
  readonly invoice: StoredInvoice;
  readonly createdAt: number;
  status: PaymentStatus;
  /** What the payer was told when it did not work. */
  reason: string | undefined;
  timer: Timer;
  readonly settle: (status: PaymentStatus) => void;
}

/**
 * The wallet: invoices, and what became of them. Amounts are whole rials; the currency is always IRR (notes.md 9:
 * documented).
 */
export class Payments {
  readonly #clock: Clock;
  readonly #events: Events;
  readonly #invoices: Map<string, StoredInvoice> = new Map();
  readonly #payments: Map<string, StoredPayment> = new Map();
  #made = 0;

  constructor(clock: Clock, events: Events) {
    this.#clock = clock;
    this.#events = events;
  }

  /** Keeps an invoice and gives it the identifier that createInvoiceLink answers with. */
  addInvoice(invoice: Invoice, payload: string, providerToken: string): StoredInvoice {
    const stored = { id: `inv${++this.#made}`, invoice, payload, providerToken };
    this.#invoices.set(stored.id, stored);
    if (this.#invoices.size > KEPT_INVOICES) {
      for (const oldest of this.#invoices.keys()) {
        this.#invoices.delete(oldest);
        break;
      }
    }
    return stored;
  }

  invoice(id: string): StoredInvoice | undefined {
    return this.#invoices.get(id);
  }

  /** Begins a payment: the wallet asks the bot, and waits ten seconds. `settled` is called once it is decided. */
  begin(
    payer: User,
    chatId: number,
    invoice: StoredInvoice,
    settled: (payment: StoredPayment) => void,
  ): { readonly payment: StoredPayment; readonly query: PreCheckoutQuery } {
    const id = `${700_000_000 + ++this.#made}`;
    const payment: StoredPayment = {
      id,
      payer,
      chatId,
      invoice,
      createdAt: this.#clock.now(),
      status: "pending",
      reason: undefined,
      timer: undefined,
      settle: (status) => {
        if (payment.status !== "pending") return;
        payment.status = status;
        this.#clock.clearTimeout(payment.timer);
        this.#tell(payment);
        settled(payment);
      },
    };
    payment.timer = this.#clock.setTimeout(() => {
      payment.reason = "The bot did not confirm the payment within 10 seconds.";
      payment.settle("failed");
    }, PRE_CHECKOUT_SECONDS * 1000);
    this.#payments.set(id, payment);
    if (this.#payments.size > KEPT_PAYMENTS) this.#forgetOldest();
    this.#tell(payment);
    const { total_amount } = invoice.invoice;
    return {
      payment,
      query: { id, from: payer, currency: "IRR", total_amount, invoice_payload: invoice.payload },
    };
  }

  /** `answerPreCheckoutQuery`. */
  answer(id: string, ok: boolean, errorMessage: string | undefined): void {
    const payment = this.#payments.get(id);
    if (payment === undefined) throw badRequest("pre_checkout_query_id is invalid");
    if (isRepeated(payment.status, ok)) return;
    if (payment.status !== "pending") throw queryTooOld();
    if (!ok) payment.reason = errorMessage;
    payment.settle(ok ? "paid" : "rejected");
  }

  /** `inquireTransaction`; two of its keys are in camelCase (notes.md 9: documented). */
  transaction(id: string): Transaction {
    const payment = this.#payments.get(id);
    if (payment === undefined) throw badRequest("transaction not found");
    return {
      id,
      status: payment.status,
      userID: payment.payer.id,
      amount: payment.invoice.invoice.total_amount,
      createdAt: Math.floor(payment.createdAt / 1000),
    };
  }

  /** Of those that are decided: one under way must still find its answer. */
  #forgetOldest(): void {
    for (const [id, { status }] of this.#payments) {
      if (status === "pending") continue;
      this.#payments.delete(id);
      return;
    }
  }

  #tell(payment: StoredPayment): void {
    this.#events.emit("payment", {
      id: payment.id,
      user_id: payment.payer.id,
      chat_id: payment.chatId,
      status: payment.status,
      ...(payment.reason === undefined ? {} : { reason: payment.reason }),
    });
  }
}

/**
 * Whether an answer says once more what has been said, as after a connection that was lost. Low confidence: it is taken to
 * be fine, which nobody has verified.
 */
function isRepeated(status: PaymentStatus, ok: boolean): boolean {
  return status === (ok ? "paid" : "rejected");
}
