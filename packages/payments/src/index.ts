/** Taking money. */
export { payments } from "./payments.js";
export type { Payments, PaymentsContext, PaymentsOptions } from "./payments.js";
export type { Buyer, Offer, SaleOf, SaleOptions, Sell } from "./sale.js";
export type { Fulfilment, Product, ProductOptions } from "./product.js";
export type { Charge, Order, OrderEvent, OrderState } from "./order.js";
export type { OrderFilter } from "./ledger.js";
export type { Reconciliation } from "./reconciler.js";
export { TEST_WALLET } from "./provider-token.js";
/** Amounts of money. */
export { formatRials, formatToman, toman } from "./amount.js";
/** What is said to payers. */
export { type PaymentTexts, persianTexts } from "./texts.js";
/** What goes wrong. */
export { PaymentError, type PaymentErrorCode } from "./payment-error.js";
