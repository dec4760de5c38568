import type { OrderBook } from "./order-book.js";
import { type Order, ORDER_STATES, type OrderState, publicOrder } from "./order.js";
import { misuse, shown } from "./misuse.js";
import type { Product } from "./product.js";

/** Which orders are wanted. What is left out does not narrow. */
export interface OrderFilter<Data = unknown> {
  readonly state?: OrderState | readonly OrderState[] | undefined;
  /** A product, which says what the orders' `data` is, or its name. */
  readonly product?: Product<Data> | string | undefined;
  /** Who buys. Cheap: an index leads to a buyer's orders; without it all orders are read. */
  readonly userId?: number | undefined;
  /** Made at or after this, in ms since 1970. */
  readonly from?: number | undefined;
  /** Made before this, in ms since 1970. */
  readonly to?: number | undefined;
}

/** The orders that fit, in no particular order. */
export async function* ordersOf(book: OrderBook, filter: OrderFilter): AsyncGenerator<Order> {
  const { userId, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = filter;
  const states = statesOf(filter.state);
  const product = typeof filter.product === "object" ? filter.product.name : filter.product;
  for await (const order of book.all(userId)) {
    if (states !== undefined && !states.has(order.state)) continue;
    if (product !== undefined && order.product !== product) continue;
    if (order.createdAt >= from && order.createdAt < to) yield publicOrder(order);
  }
}

function statesOf(state: OrderFilter["state"]): ReadonlySet<OrderState> | undefined {
  if (state === undefined) return undefined;
  const states = new Set(Array.isArray(state) ? (state as readonly OrderState[]) : [state as OrderState]);
  for (const one of states) {
    if (ORDER_STATES.includes(one)) continue;
    throw misuse(`Listing orders: there is no state ${shown(one)}. Take one of ${ORDER_STATES.join(", ")}.`);
  }
  return states;
}

const COLUMNS: readonly (readonly [string, (order: Order) => string | number | undefined])[] = [
  ["id", ({ id }) => id],
  ["state", ({ state }) => state],
  ["product", ({ product }) => product],
  ["title", ({ title }) => title],
  ["user_id", ({ userId }) => userId],
  ["chat_id", ({ chatId }) => chatId],
  ["amount_rial", ({ amount }) => amount],
  ["paid_rial", ({ charge }) => charge?.amount],
  ["created_at", ({ createdAt }) => isoTime(createdAt)],
  ["paid_at", ({ charge }) => charge && isoTime(charge.at)],
  ["fulfilled_at", ({ fulfilledAt }) => (fulfilledAt === undefined ? undefined : isoTime(fulfilledAt))],
  ["charge_id", ({ charge }) => charge?.id],
  ["tracking_number", ({ charge }) => charge?.providerId],
  ["failure", ({ failure }) => failure],
];

/** Orders as lines of CSV, the first with the names of the columns. Opens in Excel and LibreOffice as UTF-8. */
export async function* csvOf(orders: AsyncIterable<Order>): AsyncGenerator<string> {
  yield `\uFEFF${COLUMNS.map(([name]) => name).join(",")}\r\n`;
  for await (const order of orders) yield `${COLUMNS.map(([, read]) => cell(read(order))).join(",")}\r\n`;
}

/** One cell. A text that a spreadsheet would run as a formula is kept from it by a leading apostrophe. */
function cell(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
