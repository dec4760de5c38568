import { type Clock, keyOf, type LaneStore } from "balekit";
import type { OrderEvent, StoredOffer, StoredOrder } from "./order.js";
import { PaymentError } from "./payment-error.js";

/** What a lane of ours has as its head. */
export type OrderLanes = LaneStore<unknown, OrderEvent>;

/** What the book needs of the bot. */
export interface OrderBookInit {
  readonly lanes: OrderLanes;
  readonly botId: number;
  readonly clock: Clock;
  /** How long an order that nobody paid is kept after its end. */
  readonly keepUnpaidMs: number;
  /** Told of every change that has been written. Must not throw. */
  readonly onChange: (after: StoredOrder, before: StoredOrder | undefined) => void;
}

/** A change as it was written. */
export interface Changed {
  readonly before: StoredOrder;
  readonly after: StoredOrder;
}

/** What came of opening an order. */
export interface Opened {
  readonly order: StoredOrder;
  /** Whether this very call has put it where it is. */
  readonly isNew: boolean;
}

const MOST_ATTEMPTS = 100;
const KEPT_EVENTS = 50;
/** Due orders that the store is asked for in one go. */
const DUE_AT_ONCE = 100;

/**
 * The orders and offers of one bot in a lane store. Every change is a compare-and-set on the order's own lane, so that
 * two processes never both make it.
 */
export class OrderBook {
  readonly #init: OrderBookInit;

  constructor(init: OrderBookInit) {
    this.#init = init;
  }

  get botId(): number {
    return this.#init.botId;
  }

  /** What the keys of all orders begin with, or those of one buyer. */
  prefix(userId?: number): string {
    const parts = ["pay", this.#init.botId, "order"];
    return `${userId === undefined ? keyOf(...parts) : keyOf(...parts, userId)}:`;
  }

  /** Where an order is kept in the store. */
  keyOf({ userId, id }: Pick<StoredOrder, "userId" | "id">): string {
    return keyOf("pay", this.#init.botId, "order", userId, id);
  }

  /** Writes a new order down. Resolves to whether there was none of this id and buyer. */
  async create(order: StoredOrder, note?: string): Promise<boolean> {
    const written = await this.#commit(null, order, note, true);
    if (written) this.#init.onChange(order, undefined);
    return written;
  }

  /**
   * Writes an order down, or answers the one of its id and buyer as it is. One that ended without money begins anew as
   * the order given, if it is of the same product.
   */
  async open(order: StoredOrder): Promise<Opened> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      if (await this.create(order)) return { order, isNew: true };
      let known: StoredOrder | undefined;
      const changed = await this.change(
        order,
        (now) => {
          known = now;
          return now.product === order.product && hasEndedUnpaid(now, order.createdAt) ? order : undefined;
        },
        "sold anew",
      );
      if (changed !== undefined) return { order: changed.after, isNew: true };
      // Otherwise it was removed in between.
      if (known !== undefined) return { order: known, isNew: false };
    }
    throw contended(order.id);
  }

  /** The order of this id. */
  async find(id: string): Promise<StoredOrder | undefined> {
    return this.#byToken(this.#idToken(id));
  }

  /** The order that this payment paid. */
  async findByCharge(chargeId: string): Promise<StoredOrder | undefined> {
    return this.#byToken(this.#chargeToken(chargeId));
  }

  /** The order behind a key of the store. */
  async at(key: string): Promise<StoredOrder | undefined> {
    const lane = await this.#init.lanes.load(key, Number.MAX_SAFE_INTEGER);
    return lane?.head as StoredOrder | undefined;
  }

  /** What has happened to an order, oldest first; at most the last fifty changes. */
  async history(order: StoredOrder): Promise<readonly OrderEvent[]> {
    return (await this.#init.lanes.load(this.keyOf(order)))?.log ?? [];
  }

  /**
   * Changes an order as it is now: `decide` is asked again whenever somebody else was first. Resolves to `undefined` when
   * it decided against a change, or when there is no such order.
   */
  async change(
    { userId, id }: Pick<StoredOrder, "userId" | "id">,
    decide: (order: StoredOrder) => StoredOrder | undefined,
    note?: string,
  ): Promise<Changed | undefined> {
    const key = this.keyOf({ userId, id });
    return this.#untilFirst(id, async () => {
      const lane = await this.#init.lanes.load(key, Number.MAX_SAFE_INTEGER);
      if (lane === undefined) return { isDone: true, result: undefined };
      const before = lane.head as StoredOrder;
      const after = decide(before);
      if (after === undefined) return { isDone: true, result: undefined };
      const isDone = await this.#commit(lane.version, after, note, before.state !== after.state);
      if (isDone) this.#init.onChange(after, before);
      return { isDone, result: { before, after } };
    });
  }

  /**
   * Removes an order as if it had never been, if it may be as it is now: `mayGo` is asked again whenever somebody else was
   * first. Resolves to whether it did.
   */
  async remove(
    { userId, id }: Pick<StoredOrder, "userId" | "id">,
    mayGo: (order: StoredOrder) => boolean,
  ): Promise<boolean> {
    const key = this.keyOf({ userId, id });
    return this.#untilFirst(id, async () => {
      const lane = await this.#init.lanes.load(key, Number.MAX_SAFE_INTEGER);
      if (lane === undefined || !mayGo(lane.head as StoredOrder)) return { isDone: true, result: false };
      return { isDone: await this.#init.lanes.delete(key, lane.version), result: true };
    });
  }

  /** The key of every order, or of those of one buyer, in no particular order. */
  keys(userId?: number): AsyncIterable<string> {
    return this.#init.lanes.keys(this.prefix(userId));
  }

  /** Every order, or those of one buyer, in no particular order. */
  async *all(userId?: number): AsyncGenerator<StoredOrder> {
    for await (const key of this.keys(userId)) {
      const order = await this.at(key);
      if (order !== undefined) yield order;
    }
  }

  /**
   * The keys of all orders that want to be looked at by now, each once, the earliest first. Whoever takes the next one is
   * done with those before; that some of them are still due hides none of those behind.
   */
  async *due(): AsyncGenerator<string> {
    const { lanes, clock } = this.#init;
    const seen = new Set<string>();
    for (let isLast = false; !isLast; ) {
      // Twice as many, so that whatever stays due is read again a few times only.
      const limit = DUE_AT_ONCE + 2 * seen.size;
      const keys = await lanes.due(this.prefix(), clock.now(), limit);
      isLast = keys.length < limit;
      const fresh = keys.filter((key) => !seen.has(key));
      if (fresh.length === 0) return;
      for (const key of fresh) {
        seen.add(key);
        yield key;
      }
    }
  }

  /** Writes an offer down. */
  async createOffer(offer: StoredOffer): Promise<void> {
    await this.#init.lanes.commit(this.#offerKey(offer.id), null, {
      head: offer,
      ttlMs: offer.expiresAt - this.#init.clock.now() + this.#init.keepUnpaidMs,
    });
  }

  async findOffer(id: string): Promise<StoredOffer | undefined> {
    return (await this.#init.lanes.load(this.#offerKey(id)))?.head as StoredOffer | undefined;
  }

  async #commit(
    version: string | null,
    order: StoredOrder,
    note: string | undefined,
    isNews: boolean,
  ): Promise<boolean> {
    const { lanes, clock, keepUnpaidMs } = this.#init;
    const over = order.charge === undefined && (order.state === "expired" || order.state === "failed");
    const event: OrderEvent = {
      at: clock.now(),
      state: order.state,
      ...(note === undefined ? {} : { note }),
    };
    const key = this.keyOf(order);
    const written = await lanes.commit(key, version, {
      head: order,
      ...(isNews ? { append: [event] } : {}),
      wakeAt: wakeOf(order) ?? null,
      ...(over ? { ttlMs: keepUnpaidMs } : {}),
      index: [
        this.#idToken(order.id),
        ...(order.charge === undefined ? [] : [this.#chargeToken(order.charge.id)]),
      ],
    });
    // Only what goes back to where it can be paid again makes a history that grows.
    const isBack = version !== null && (order.state === "created" || order.state === "invoiced");
    if (written !== false && isNews && isBack) await this.#cut(key);
    return written !== false;
  }

  /** Keeps a history that goes back and forth from growing without end. */
  async #cut(key: string): Promise<void> {
    const lane = await this.#init.lanes.load(key);
    if (lane === undefined || lane.log.length <= KEPT_EVENTS * 2) return;
    const order = lane.head as StoredOrder;
    await this.#init.lanes.commit(key, lane.version, {
      head: order,
      cutTo: lane.firstIndex + lane.log.length - KEPT_EVENTS,
      wakeAt: wakeOf(order) ?? null,
      index: [
        this.#idToken(order.id),
        ...(order.charge === undefined ? [] : [this.#chargeToken(order.charge.id)]),
      ],
    });
  }

  /** Makes an attempt at a write until nobody else was first. */
  async #untilFirst<Result>(
    id: string,
    attempt: () => Promise<{ readonly isDone: boolean; readonly result: Result }>,
  ): Promise<Result> {
    for (let attempts = 1; attempts <= MOST_ATTEMPTS; attempts++) {
      const { isDone, result } = await attempt();
      if (isDone) return result;
      // Whoever was first is done now, or soon: what has to be waited for is one write of theirs.
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw contended(id);
  }

  async #byToken(token: string): Promise<StoredOrder | undefined> {
    const key = await this.#init.lanes.find(token);
    return key === undefined ? undefined : this.at(key);
  }

  #offerKey(id: string): string {
    return keyOf("pay", this.#init.botId, "offer", id);
  }

  #idToken(id: string): string {
    return keyOf("pay", this.#init.botId, "id", id);
  }

  #chargeToken(chargeId: string): string {
    return keyOf("pay", this.#init.botId, "charge", chargeId);
  }
}

/** Whether nobody has paid this order, and nobody can any more. */
function hasEndedUnpaid(order: StoredOrder, now: number): boolean {
  if (order.charge !== undefined) return false;
  const { state, expiresAt } = order;
  if (state === "created" || state === "invoiced") return expiresAt <= now;
  return state === "failed" || state === "expired";
}

function contended(id: string): PaymentError {
  return new PaymentError(
    "ERR_BALE_PAYMENT_CONTENDED",
    `Changing the order ${id}: others changed it ${MOST_ATTEMPTS} times in between, so nothing was written. Try again.`,
    { orderId: id },
  );
}

/** When an order wants to be looked at again. */
function wakeOf(order: StoredOrder): number | undefined {
  switch (order.state) {
    case "created":
    case "invoiced":
      return order.expiresAt;
    case "checking":
    case "paid":
      return order.lookAt;
    default:
      return undefined;
  }
}
