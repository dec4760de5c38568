import type { LabeledPrice } from "balekit";

/**
 * `created`: written down. `invoiced`: the invoice has been sent. `checking`: Bale has asked whether it may be paid, and was
 * told yes. `paid`: the money is there, the goods are not yet. `fulfilled`: both. `failed`: the invoice could not be sent,
 * or the goods could not be given (then there is a `charge`). `expired`: nobody paid in time.
 */
export type OrderState = "created" | "invoiced" | "checking" | "paid" | "fulfilled" | "failed" | "expired";

/** Every state an order can be in, in the order they come. */
export const ORDER_STATES: readonly OrderState[] = [
  "created",
  "invoiced",
  "checking",
  "paid",
  "fulfilled",
  "failed",
  "expired",
];

/** Money that has arrived. */
export interface Charge {
  /** Bale's `telegram_payment_charge_id`, which is also the id of the pre-checkout query and of the transaction. */
  readonly id: string;
  /** The wallet's number for the payment, when the success message brought it. */
  readonly providerId?: string | undefined;
  /** Rials. */
  readonly amount: number;
  /** When we heard of it, in ms since 1970. */
  readonly at: number;
  /** Whether Bale told by message, or when it was asked. */
  readonly from: "message" | "inquiry";
}

/** One sale of one product to one person. */
export interface Order<Data = unknown> {
  readonly id: string;
  readonly botId: number;
  /** The name the product was registered under. */
  readonly product: string;
  readonly state: OrderState;
  /** What you gave to `sell`: which size, which address. JSON. */
  readonly data: Data;
  /** Who buys. */
  readonly userId: number;
  /** Where the invoice was sent; for a link, the private chat with the buyer. */
  readonly chatId: number;
  readonly title: string;
  readonly description: string;
  readonly prices: readonly LabeledPrice[];
  /** Rials, all lines together. */
  readonly amount: number;
  readonly createdAt: number;
  /** When it can no longer be paid, in ms since 1970. */
  readonly expiresAt: number;
  /** The message with the invoice. */
  readonly messageId?: number | undefined;
  /** The pre-checkout query that was let through last, and when. */
  readonly queryId?: string | undefined;
  readonly checkedAt?: number | undefined;
  readonly charge?: Charge | undefined;
  /** How often `fulfil` was begun. */
  readonly attempts: number;
  /** What `fulfil` resolved to. JSON. */
  readonly outcome?: unknown;
  readonly fulfilledAt?: number | undefined;
  /** Why it failed, in words for you. */
  readonly failure?: string | undefined;
  /** The order this one repeats: its invoice was paid a second time. */
  readonly again?: string | undefined;
}

/** A time to be looked at that has come, whatever a machine's clock says: at every look, until the order is done with. */
export const AT_ONCE = 0;

/** Who is at an order right now: sends its invoice, gives its goods, or gives back what was reserved. */
export interface OrderClaim {
  readonly by: string;
  /** Counts the signs of life: a claim that does not change any more is of a process that has ended. */
  readonly beat: number;
}

/** An order as it is stored: with what only the machinery looks at. */
export interface StoredOrder extends Order {
  readonly claim?: OrderClaim | undefined;
  /** How often Bale was asked about the payment in vain. */
  readonly asked?: number | undefined;
  /** When the machinery looks at it again, in ms since 1970. */
  readonly lookAt?: number | undefined;
  /** How often `release` was begun for the payment that is open. */
  readonly releases?: number | undefined;
  /** `reserve` has said yes for an earlier payment, too late for it: whoever ends this one gives that back. */
  readonly isHeld?: boolean | undefined;
  /** Blank. An order for which money may come takes the place that it will need then. */
  readonly room?: string | undefined;
}

/** One line of an order's history. */
export interface OrderEvent {
  /** In ms since 1970. */
  readonly at: number;
  readonly state: OrderState;
  readonly note?: string | undefined;
}

/** Something anybody may pay, each payer with an order of their own. */
export interface StoredOffer {
  readonly id: string;
  readonly product: string;
  readonly data: unknown;
  readonly chatId?: number | undefined;
  readonly title: string;
  readonly description: string;
  readonly prices: readonly LabeledPrice[];
  readonly amount: number;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/**
 * An order with the money that has come for it: owed its goods, or failed when it is not the right sum. Why it had failed
 * before is forgotten.
 */
export function charged(order: StoredOrder, charge: Charge, failure: string | undefined): StoredOrder {
  const {
    claim: _claim,
    failure: _before,
    asked: _asked,
    releases: _releases,
    isHeld: _held,
    room: _room,
    ...rest
  } = order;
  const common = { ...rest, charge, lookAt: AT_ONCE };
  return failure === undefined ? { ...common, state: "paid" } : { ...common, state: "failed", failure };
}

/** An order without what only the machinery looks at. */
export function publicOrder<Data = unknown>(stored: StoredOrder): Order<Data> {
  const {
    claim: _claim,
    asked: _asked,
    lookAt: _lookAt,
    releases: _releases,
    isHeld: _held,
    room: _room,
    ...order
  } = stored;
  return order as Order as Order<Data>;
}
