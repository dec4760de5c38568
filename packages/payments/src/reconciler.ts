import { randomUUID } from "node:crypto";
import { BadRequestError, type BotHost, NotFoundError, type Timer } from "balekit";
import { type Fulfiller, sayingOf } from "./fulfiller.js";
import { unlessHurried } from "./hurry.js";
import type { OrderBook } from "./order-book.js";
import { charged, publicOrder, type StoredOrder } from "./order.js";
import { PaymentError } from "./payment-error.js";
import type { Product } from "./product.js";
import { transactionVerdict } from "./transaction-verdict.js";

/** Bale gives a pre-checkout query ten seconds; after this it is decided, whatever we have heard. */
export const DECIDED_MS = 15_000;
/** How long a process that gives back what was reserved may be silent before another one takes over. */
const CLAIM_MS = 60_000;
/** How often `release` may throw before the order can be paid anew all the same. */
const MOST_RELEASES = 5;
/** How many orders are worked on at once when many are owed their goods. */
const MOST_AT_ONCE = 16;
const LONGEST_PAUSE_MS = 3_600_000;
/** After this a payment that is still pending, or unknown, is given up and shown to the owner. */
const GIVE_UP_MS = 7 * 24 * 3_600_000;

type Release = NonNullable<Product["options"]["release"]>;

/** What one `reconcile` found. */
export interface Reconciliation {
  /** Payments that Bale was asked about. */
  readonly asked: number;
  readonly paid: number;
  readonly unpaid: number;
  readonly pending: number;
  /** Paid orders whose goods were given now. */
  readonly fulfilled: number;
}

/**
 * Finds out what became of payments whose message never came, gives goods that are still owed, and ends what nobody paid:
 * by timer on every machine, and by hand.
 */
export class Reconciler {
  readonly #book: OrderBook;
  readonly #host: BotHost;
  readonly #products: ReadonlyMap<string, Product>;
  readonly #fulfiller: Fulfiller;
  readonly #everyMs: number;
  /** Goods that are being given because of a sweep: those that take long hold up nothing else. */
  readonly #giving = new Set<Promise<void>>();
  #timer: Timer;
  #sweeping: Promise<void> | undefined;
  #stopped = true;

  constructor(
    book: OrderBook,
    host: BotHost,
    products: ReadonlyMap<string, Product>,
    fulfiller: Fulfiller,
    everyMs: number,
  ) {
    this.#book = book;
    this.#host = host;
    this.#products = products;
    this.#fulfiller = fulfiller;
    this.#everyMs = everyMs;
  }

  /** Begins to look, now and every so often. */
  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#timer = this.#host.clock.setTimeout(() => this.#tick(), 0);
  }

  /** Begins nothing more, and waits for what it is at, unless time is up. */
  async stop(hurry: AbortSignal): Promise<void> {
    this.#stopped = true;
    this.#host.clock.clearTimeout(this.#timer);
    if (this.#sweeping !== undefined) await unlessHurried(this.#sweeping, hurry);
  }

  /** Looks at every order that is owed something, whether its time has come or not. */
  async reconcile(): Promise<Reconciliation> {
    const found = { asked: 0, paid: 0, unpaid: 0, pending: 0, fulfilled: 0 };
    for await (const order of this.#book.all()) {
      if (order.state === "checking" && this.#isDecided(order)) {
        found.asked++;
        const verdict = await this.ask(order);
        found[verdict]++;
        if (verdict !== "paid") continue;
      } else if (order.state !== "paid") continue;
      await this.#fulfiller.run(order);
      found.fulfilled += await this.#isFulfilled(order);
    }
    return found;
  }

  /** Asks Bale about the payment of an order in `checking`, and writes the answer down. Whoever asks gives the goods. */
  async ask(order: StoredOrder): Promise<"paid" | "unpaid" | "pending"> {
    const { api, clock } = this.#host;
    const queryId = order.queryId as string;
    let verdict: ReturnType<typeof transactionVerdict>;
    let amount = order.amount;
    try {
      const transaction = await api.inquireTransaction({ transaction_id: queryId });
      verdict = transactionVerdict(transaction.status);
      amount = transaction.amount;
    } catch (error) {
      verdict = "pending";
      // That Bale doesn't know a payment it has just asked us about is not yet a verdict; nor is a network that is away.
      if (!(error instanceof NotFoundError || error instanceof BadRequestError)) {
        await this.#report(order, `Bale could not be asked about its payment: ${sayingOf(error)}`, error);
      }
    }
    if (verdict === "pending") await this.#later(order);
    else if (verdict === "unpaid") await this.letGo(order, queryId, "Bale says that it was not paid");
    else {
      const charge = { id: queryId, amount, at: clock.now(), from: "inquiry" } as const;
      const isRight = amount === order.amount;
      const failure = `${amount} rials were paid instead of ${order.amount}`;
      await this.#book.change(
        order,
        (now) =>
          now.charge === undefined && now.queryId === queryId
            ? charged(now, charge, isRight ? undefined : failure)
            : undefined,
        "Bale was asked, and says that it is paid",
      );
      if (!isRight) await this.#report(order, failure);
    }
    return verdict;
  }

  /** Has goods given that nobody waits for. Resolves when there is room for more. */
  async give(order: StoredOrder): Promise<void> {
    const work = this.#fulfiller
      .run(order)
      .catch((error: unknown) => this.#host.report(error, `Fulfilling the order ${order.id}`))
      .finally(() => this.#giving.delete(work));
    this.#giving.add(work);
    if (this.#giving.size >= MOST_AT_ONCE) await Promise.race(this.#giving);
  }

  /**
   * Puts an order whose payment will not come back to where it can be paid. What was reserved for it is given back before,
   * so that no process dies between the two and nobody reserves it anew meanwhile: one at a time does that, and when it
   * dies over it, or `release` throws, `release` is told once more a minute later.
   * @param reserved `"late"`: only now, long after Bale was answered, so that the order may have been let go of already
   */
  async letGo(
    order: StoredOrder,
    queryId: string,
    note: string,
    reserved: boolean | "late" = true,
  ): Promise<void> {
    const { clock } = this.#host;
    const release = reserved === false ? undefined : this.#products.get(order.product)?.options.release;
    const isOpen = (now: StoredOrder): boolean => now.state === "checking" && now.queryId === queryId;
    const by = randomUUID();
    if (release !== undefined) {
      const claimed = await this.#book.change(order, (now) => {
        if (!isOpen(now) || (now.claim !== undefined && now.claim.until > clock.now())) return undefined;
        const until = clock.now() + CLAIM_MS;
        return { ...now, claim: { by, until, times: (now.claim?.times ?? 0) + 1 }, lookAt: until };
      });
      if (claimed === undefined) {
        if (reserved === "late") await this.#giveBackLate(release, order, queryId);
        return;
      }
      const isGivenBack = await this.#giveBack(release, this.#opened(claimed.after));
      // The claim stands: when it is over, it is tried again.
      if (!isGivenBack && (claimed.after.claim?.times ?? 0) < MOST_RELEASES) return;
    }
    await this.#book.change(
      order,
      (now) =>
        isOpen(now) && (release === undefined || now.claim?.by === by) ? this.#opened(now) : undefined,
      note,
    );
  }

  /** Whoever let go of the order did so before anything was reserved. What is paid or being paid keeps it. */
  async #giveBackLate(release: Release, { id }: StoredOrder, queryId: string): Promise<void> {
    const now = await this.#book.find(id);
    if (now === undefined || now.charge !== undefined) return;
    if (now.state === "checking" && now.queryId !== queryId) return;
    await this.#giveBack(release, now);
  }

  /** Resolves to whether `release` has come to a good end. */
  async #giveBack(release: Release, order: StoredOrder): Promise<boolean> {
    try {
      await release(publicOrder(order));
      return true;
    } catch (error) {
      await this.#report(order, `release threw: ${sayingOf(error)}`, error);
      return false;
    }
  }

  /** The order as it can be paid again, unless its time is up. */
  #opened(order: StoredOrder): StoredOrder {
    const {
      queryId: _query,
      checkedAt: _checked,
      asked: _asked,
      lookAt: _look,
      claim: _claim,
      ...rest
    } = order;
    return { ...rest, state: rest.expiresAt <= this.#host.clock.now() ? "expired" : "invoiced" };
  }

  #tick(): void {
    this.#sweeping = this.#sweep().finally(() => {
      this.#sweeping = undefined;
      if (!this.#stopped) this.#timer = this.#host.clock.setTimeout(() => this.#tick(), this.#everyMs);
    });
  }

  async #sweep(): Promise<void> {
    const doing = "Looking for orders that are owed something";
    try {
      for (const key of await this.#book.due()) {
        if (this.#stopped) return;
        // One that nothing can be done with must not keep those behind it from being looked at.
        await this.#look(key).catch((error: unknown) => this.#host.report(error, doing));
      }
    } catch (error) {
      await this.#host.report(error, doing);
    }
  }

  async #look(key: string): Promise<void> {
    const order = await this.#book.at(key);
    if (order === undefined) return;
    if (order.state === "checking") {
      if ((await this.ask(order)) === "paid") await this.give(order);
    } else if (order.state === "paid") await this.give(order);
    else if (order.state === "created" || order.state === "invoiced") {
      await this.#book.change(
        order,
        (now) =>
          (now.state === "created" || now.state === "invoiced") && now.expiresAt <= this.#host.clock.now()
            ? { ...now, state: "expired" }
            : undefined,
        "nobody paid in time",
      );
    }
  }

  async #later(order: StoredOrder): Promise<void> {
    const { clock } = this.#host;
    let isOver = false;
    await this.#book.change(order, (now) => {
      if (now.state !== "checking" || now.queryId !== order.queryId) return undefined;
      const asked = (now.asked ?? 0) + 1;
      isOver = clock.now() - (now.checkedAt ?? 0) > GIVE_UP_MS;
      if (isOver) return { ...now, state: "failed", failure: "Bale never said what became of its payment" };
      return {
        ...now,
        asked,
        lookAt: clock.now() + Math.min(DECIDED_MS * 2 ** Math.min(asked, 20), LONGEST_PAUSE_MS),
      };
    });
    if (isOver) await this.#report(order, "Bale never said what became of its payment. Ask the buyer.");
  }

  /** Bale has not told us when it stops waiting; whoever is told by hand to look may not look too soon. */
  #isDecided(order: StoredOrder): boolean {
    return (order.checkedAt ?? 0) + DECIDED_MS <= this.#host.clock.now();
  }

  async #isFulfilled(order: StoredOrder): Promise<0 | 1> {
    return (await this.#book.find(order.id))?.state === "fulfilled" ? 1 : 0;
  }

  #report(order: StoredOrder, message: string, cause?: unknown): Promise<void> {
    const error = new PaymentError("ERR_BALE_PAYMENT_UNKNOWN", `The order ${order.id}: ${message}`, {
      orderId: order.id,
      cause,
    });
    return this.#host.report(error, `Reconciling the order ${order.id}`);
  }
}
