import type { Message } from "balekit";
import type { Order } from "./order.js";
import type { Product } from "./product.js";

/** What one sale is about. */
export interface SaleOptions<Data = unknown> {
  /** Kept in `order.data`, and given to the product's functions. JSON. */
  readonly data?: Data | undefined;
  /** How long this invoice can be paid, instead of the option of `payments`. */
  readonly expiresMs?: number | undefined;
  /**
   * The same key of the same buyer is the same order, however often it is sold: its invoice is sent once, also of two sales
   * at once, of which the second waits for the first. Where the order was refused by Bale or has expired without being
   * paid, it begins anew. Of another product it is an error.
   * @default an order of its own; in a conversation, of the step
   */
  readonly idempotencyKey?: string | undefined;
}

/** Options that must name `data` where the product says what it is. */
export type SaleOf<Data> = unknown extends Data
  ? [options?: SaleOptions<Data>]
  : [options: SaleOptions<Data> & { readonly data: Data }];

/** Who buys, and where: for sales that no update has caused. */
export interface Buyer {
  readonly userId: number;
  /** @default the private chat with the buyer */
  readonly chatId?: number | undefined;
}

/**
 * Sends an invoice that only the sender of this update can pay. Resolves to its order, in state `invoiced`. In a
 * conversation it happens once, whatever is run again.
 */
export type Sell = <Data = unknown>(
  product: Product<Data> | string,
  ...options: SaleOf<Data>
) => Promise<Order<Data>>;

/** Sends an invoice to this chat that anybody can pay, each payer with an order of their own. */
export type Offer = <Data = unknown>(
  product: Product<Data> | string,
  ...options: SaleOf<Data>
) => Promise<Message>;
