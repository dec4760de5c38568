import type { BotHost } from "balekit";
import type { ClaimWatch } from "./claim-watch.js";
import { sayingOf } from "./fulfiller.js";
import { Lease } from "./lease.js";
import type { OrderBook } from "./order-book.js";
import { AT_ONCE, publicOrder, type StoredOrder } from "./order.js";
import { PaymentError } from "./payment-error.js";
import type { Product } from "./product.js";

/** How often `release` may throw before the order can be paid anew all the same. */
const MOST_RELEASES = 5;
/** After this it is told again. */
const AGAIN_MS = 60_000;

/** How long an order is left to a process that sells its product. */
const OTHERS_MS = 3_600_000;

type Release = NonNullable<Product["options"]["release"]>;

/** How an order is let go of. */
export interface LetGoOptions {
  /** Whether anything may have been reserved for it. @default true */
  readonly isReserved?: boolean | undefined;
  /** Why it can't be paid any more. Absent: it can, unless its time is up. */
  readonly failure?: string | undefined;
}

/**
 * Puts orders whose payment will not come back to where they can be paid, or to their end. What was reserved for one is
 * given back before, so that no process dies between the two and nobody reserves it anew meanwhile: one at a time does
 * that. When it dies over it, or hangs, the next one that looks is at it after a minute; when `release` throws, it is told
 * again after a minute.
 */
export class Releaser {
  readonly #book: OrderBook;
  readonly #host: BotHost;
  readonly #products: ReadonlyMap<string, Product>;
  readonly #watch: ClaimWatch;

  constructor(book: OrderBook, host: BotHost, products: ReadonlyMap<string, Product>, watch: ClaimWatch) {
    this.#book = book;
    this.#host = host;
    this.#products = products;
    this.#watch = watch;
  }

  /** Lets go of an order that waits for this payment. Resolves to whether that is done by now, and by this call. */
  async letGo(
    order: StoredOrder,
    queryId: string,
    note: string,
    { isReserved = true, failure }: LetGoOptions = {},
  ): Promise<boolean> {
    const product = this.#products.get(order.product);
    const release = product?.options.release;
    const lease = this.#lease(order);
    const changed = await this.#book.change(
      order,
      (now) => {
        if (!isOpen(now, queryId) || this.#watch.isHeld(now) || this.#isTooSoon(now)) return undefined;
        if (!isReserved && now.isHeld !== true) return this.#over(now, failure);
        if (release !== undefined) return claimed(now, lease);
        // Another release of the bot may sell it, and know what was reserved.
        const { clock } = this.#host;
        if (product === undefined && (now.checkedAt ?? 0) + OTHERS_MS > clock.now()) return undefined;
        return this.#over(now, failure);
      },
      note,
    );
    if (changed === undefined) return false;
    if (release !== undefined && lease.owns(changed.after)) {
      return this.#giveBack(release, changed.after, queryId, lease, note, failure);
    }
    if (product === undefined && isReserved) {
      await this.#report(
        order,
        `no product "${order.product}" is registered, so nobody was told to give back what it may have reserved.`,
      );
    }
    return true;
  }

  /**
   * Has given back what `reserve` said yes to long after Bale was answered, or may hold although it threw: the order may
   * have been let go of already, and may be being paid anew. What is paid keeps it.
   */
  async giveBackLate(order: StoredOrder, queryId: string, note: string): Promise<void> {
    const release = this.#products.get(order.product)?.options.release;
    if (release === undefined) {
      await this.letGo(order, queryId, note);
      return;
    }
    const lease = this.#lease(order);
    let isAway = true;
    const changed = await this.#book.change(
      order,
      (now) => {
        isAway = false;
        if (now.charge !== undefined) return undefined;
        if (now.state === "checking") {
          const isOurs = isOpen(now, queryId) && !this.#watch.isHeld(now) && !this.#isTooSoon(now);
          return isOurs ? claimed(now, lease) : { ...now, isHeld: true };
        }
        isAway = now.state !== "invoiced" && now.state !== "expired";
        // Nobody can reserve it anew until it is given back.
        const checkedAt = this.#host.clock.now();
        return isAway ? undefined : { ...claimed(now, lease), state: "checking", queryId, checkedAt };
      },
      note,
    );
    if (isAway) await this.#tell(release, order);
    else if (changed !== undefined && lease.owns(changed.after)) {
      await this.#giveBack(release, changed.after, queryId, lease, note);
    }
  }

  /** Resolves to whether the order is let go of. */
  async #giveBack(
    release: Release,
    order: StoredOrder,
    queryId: string,
    lease: Lease,
    note: string,
    failure?: string,
  ): Promise<boolean> {
    let isAgain: boolean;
    let isOver: boolean;
    do {
      const isDone = await this.#tell(release, this.#over(order, failure));
      isAgain = false;
      isOver = false;
      await this.#book.change(
        order,
        (now) => {
          isAgain = false;
          isOver = false;
          if (!isOpen(now, queryId) || !lease.owns(now)) return undefined;
          if (!isDone && (now.releases ?? 0) < MOST_RELEASES) {
            const { claim: _claim, ...rest } = now;
            return { ...rest, lookAt: this.#host.clock.now() + AGAIN_MS };
          }
          // A yes that came while it was being given back.
          isAgain = now.isHeld === true;
          isOver = !isAgain;
          return isAgain ? claimed(now, lease) : this.#over(now, failure);
        },
        note,
      );
    } while (isAgain);
    return isOver;
  }

  /** Resolves to whether `release` has come to a good end. */
  async #tell(release: Release, order: StoredOrder): Promise<boolean> {
    try {
      await release(publicOrder(order));
      return true;
    } catch (error) {
      await this.#report(order, `release threw: ${sayingOf(error)}`, error);
      return false;
    }
  }

  #report({ id }: StoredOrder, message: string, cause?: unknown): Promise<void> {
    const fault = new PaymentError("ERR_BALE_PAYMENT_UNKNOWN", `The order ${id}: ${message}`, {
      orderId: id,
      cause,
    });
    return this.#host.report(fault, `Reconciling the order ${id}`);
  }

  /** Whether `release` has thrown a moment ago. */
  #isTooSoon({ releases, lookAt }: StoredOrder): boolean {
    return releases !== undefined && (lookAt ?? 0) > this.#host.clock.now();
  }

  /** The order as it can be paid again, unless its time is up or it has failed. */
  #over(order: StoredOrder, failure: string | undefined): StoredOrder {
    const {
      queryId,
      checkedAt,
      asked: _asked,
      lookAt: _look,
      claim: _claim,
      releases: _releases,
      isHeld: _held,
      room: _room,
      ...rest
    } = order;
    // Which payment nobody knows of is what its owner asks Bale about.
    if (failure !== undefined) return { ...rest, queryId, checkedAt, state: "failed", failure };
    return { ...rest, state: rest.expiresAt <= this.#host.clock.now() ? "expired" : "invoiced" };
  }

  #lease(order: StoredOrder): Lease {
    return new Lease(order, this.#book, this.#host.clock);
  }
}

function isOpen(order: StoredOrder, queryId: string): boolean {
  return order.state === "checking" && order.queryId === queryId;
}

/** It is not renewed: a `release` that hangs must not keep the order from being paid for ever. */
function claimed({ isHeld: _held, ...order }: StoredOrder, lease: Lease): StoredOrder {
  return { ...order, claim: lease.first, lookAt: AT_ONCE, releases: (order.releases ?? 0) + 1 };
}
