/** What went wrong with money: `code` says what, and has a page in docs/errors. */
export type PaymentErrorCode =
  | "ERR_BALE_PAYMENT_UNKNOWN"
  | "ERR_BALE_PAYMENT_AMOUNT"
  | "ERR_BALE_PAYMENT_FULFIL"
  | "ERR_BALE_PAYMENT_CONTENDED";

/** A fault that somebody has to look at. Comes to `bot.catch`; the order it names is in the ledger. */
export class PaymentError extends Error {
  override readonly name = "PaymentError";
  readonly code: PaymentErrorCode;
  /** The order concerned. */
  readonly orderId: string | undefined;

  constructor(
    code: PaymentErrorCode,
    message: string,
    options: { readonly orderId?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.orderId = options.orderId;
  }
}
