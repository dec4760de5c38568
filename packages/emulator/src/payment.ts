import type { PaymentStatus, StoredPayment } from "./payments.js";

/** A payment, and what became of it. Reading it again later shows what came later. */
export class Payment {
  readonly #stored: StoredPayment;

  constructor(stored: StoredPayment) {
    this.#stored = stored;
  }

  /** Of the transaction, the pre-checkout query and the charge alike. */
  get id(): string {
    return this.#stored.id;
  }

  get status(): PaymentStatus {
    return this.#stored.status;
  }

  /** What the payer was told when it did not work. */
  get reason(): string | undefined {
    return this.#stored.reason;
  }

  /** Whole rials. */
  get amount(): number {
    return this.#stored.invoice.invoice.total_amount;
  }
}
