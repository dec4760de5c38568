import { BadRequestError, type BotHost, NotFoundError, sleep, type Timer } from "balekit";
import type { Cashier } from "./cashier.js";
import type { ClaimWatch } from "./claim-watch.js";
import { type Fulfiller, sayingOf } from "./fulfiller.js";
import { unlessHurried } from "./hurry.js";
import type { OrderBook } from "./order-book.js";
import type { StoredOrder } from "./order.js";
import { PaymentError } from "./payment-error.js";
import type { Releaser } from "./releaser.js";
import { transactionVerdict } from "./transaction-verdict.js";

/** Bale gives a pre-checkout query ten seconds; after this it is decided, whatever we have heard. */
export const DECIDED_MS = 15_000;
/** How many orders are worked on at once when many are owed their goods. */
const MOST_AT_ONCE = 16;
/** Those that take longer than this are not counted among them any more. */
const LONG_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** After this a payment that is still pending, or unknown, is given up and shown to the owner. */
const GIVE_UP_MS = 7 * 24 * 3_600_000;
/** The longest that an order which cannot be worked on is left alone. */
const LONGEST_TROUBLE_MS = 300_000;
const LOOKING = "Looking for orders that are owed something";
const NEVER_SAID = "Bale never said what became of its payment";

/** What one `reconcile` found. */
export interface Reconciliation {
  /** Payments that Bale was asked about. */
  readonly asked: number;
  readonly paid: number;
  readonly unpaid: number;
  readonly pending: number;
  /** Paid orders whose goods were given now. */
  readonly fulfilled: number;
  /** Orders that the store could not read or write. Each is told to `bot.catch`, and looked at again. */
  readonly failed: number;
}

type Counts = { -readonly [Count in keyof Reconciliation]: Reconciliation[Count] };

/** An order that could not be worked on, for as long as that is so. */
interface Trouble {
  readonly times: number;
  /** Until when it is left alone, so that it does not use up the time of the others. */
  readonly until: number;
}

/** What reconciling is done with. */
export interface ReconcilerInit {
  readonly book: OrderBook;
  readonly host: BotHost;
  readonly cashier: Cashier;
  readonly releaser: Releaser;
  readonly watch: ClaimWatch;
  readonly fulfiller: Fulfiller;
  readonly everyMs: number;
}

/**
 * Finds out what became of payments whose message never came, gives goods that are still owed, and ends what nobody paid:
 * by timer on every machine, and by hand.
 */
export class Reconciler {
  readonly #book: OrderBook;
  readonly #host: BotHost;
  readonly #cashier: Cashier;
  readonly #releaser: Releaser;
  readonly #watch: ClaimWatch;
  readonly #fulfiller: Fulfiller;
  readonly #everyMs: number;
  /** What could not be worked on the last time, by the order's key. */
  readonly #troubles = new Map<string, Trouble>();
  /** Goods that are being given because of a sweep: those that take long hold up nothing else. */
  readonly #giving = new Set<Promise<void>>();
  #timer: Timer;
  #sweeping: Promise<void> | undefined;
  #stopping = new AbortController();
  #stopped = true;

  constructor(init: ReconcilerInit) {
    this.#book = init.book;
    this.#host = init.host;
    this.#cashier = init.cashier;
    this.#releaser = init.releaser;
    this.#watch = init.watch;
    this.#fulfiller = init.fulfiller;
    this.#everyMs = init.everyMs;
  }

  /** Begins to look, now and every so often. */
  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#stopping = new AbortController();
    this.#timer = this.#host.clock.setTimeout(() => this.#tick(), 0);
  }

  /** Begins nothing more, and waits for what it is at, unless time is up. */
  async stop(hurry: AbortSignal): Promise<void> {
    this.#stopped = true;
    this.#stopping.abort();
    this.#host.clock.clearTimeout(this.#timer);
    this.#watch.stop();
    if (this.#sweeping !== undefined) await unlessHurried(this.#sweeping, hurry);
  }

  /** Looks at every order that is owed something, whether its time has come or not. @throws what listing them throws */
  async reconcile(): Promise<Reconciliation> {
    const found = { asked: 0, paid: 0, unpaid: 0, pending: 0, fulfilled: 0, failed: 0 };
    for await (const key of this.#book.keys()) {
      try {
        await this.#settle(key, found);
      } catch (error) {
        found.failed++;
        await this.#host.report(error, `Reconciling the order behind the key ${key}`);
      }
    }
    return found;
  }

  async #settle(key: string, found: Counts): Promise<void> {
    const order = await this.#book.at(key);
    if (order === undefined) return;
    if (order.state === "checking" && this.#isDecided(order)) {
      found.asked++;
      const verdict = await this.ask(order);
      found[verdict]++;
      if (verdict !== "paid") return;
    } else if (order.state !== "paid") return;
    await this.#fulfiller.run(order);
    found.fulfilled += await this.#isFulfilled(order);
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
    else if (verdict === "unpaid") {
      await this.#releaser.letGo(order, queryId, "Bale says that it was not paid");
    } else {
      const charge = { id: queryId, amount, at: clock.now(), from: "inquiry" } as const;
      await this.#cashier.pay(order, charge, "Bale was asked, and says that it is paid");
    }
    return verdict;
  }

  /** Has goods given that nobody waits for. Resolves when there is room for more. */
  async give(order: StoredOrder): Promise<void> {
    const key = this.#book.keyOf(order);
    const work = this.#fulfiller
      .run(order)
      .then(
        () => void this.#troubles.delete(key),
        (error: unknown) => this.#failed(key, error, `Fulfilling the order ${order.id}`),
      )
      .finally(() => this.#giving.delete(work));
    this.#giving.add(work);
    if (this.#giving.size < MOST_AT_ONCE) return;
    const waited = new AbortController();
    // Goods that take long, or for ever, take no place from the others.
    const patience = sleep(
      this.#host.clock,
      LONG_MS,
      AbortSignal.any([waited.signal, this.#stopping.signal]),
    ).then(
      () => this.#giving.clear(),
      () => undefined,
    );
    await Promise.race([...this.#giving, patience]);
    waited.abort();
  }

  #tick(): void {
    this.#sweeping = this.#sweep().finally(() => {
      this.#sweeping = undefined;
      if (!this.#stopped) this.#timer = this.#host.clock.setTimeout(() => this.#tick(), this.#everyMs);
    });
  }

  async #sweep(): Promise<void> {
    const due = new Set<string>();
    try {
      for await (const key of this.#book.due()) {
        if (this.#stopped) return;
        due.add(key);
        if ((this.#troubles.get(key)?.until ?? 0) > this.#host.clock.now()) continue;
        // One that nothing can be done with must not keep those behind it from being looked at.
        await this.#look(key).catch((error: unknown) => this.#failed(key, error, LOOKING));
      }
      this.#watch.tidy();
      for (const key of this.#troubles.keys()) if (!due.has(key)) this.#troubles.delete(key);
    } catch (error) {
      await this.#host.report(error, LOOKING);
    }
  }

  /** Leaves an order alone for a while, a longer one each time, and tells of it. */
  async #failed(key: string, error: unknown, doing: string): Promise<void> {
    const times = (this.#troubles.get(key)?.times ?? 0) + 1;
    const forMs = Math.min(this.#everyMs * 2 ** Math.min(times - 1, 20), LONGEST_TROUBLE_MS);
    this.#troubles.set(key, { times, until: this.#host.clock.now() + forMs });
    await this.#host.report(error, doing);
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
    if (clock.now() - (order.checkedAt ?? 0) > GIVE_UP_MS) {
      const queryId = order.queryId as string;
      const tell = (): Promise<void> => this.#report(order, `${NEVER_SAID} (${queryId}). Ask the buyer.`);
      let isOver: boolean;
      try {
        isOver = await this.#releaser.letGo(order, queryId, NEVER_SAID, { failure: NEVER_SAID });
      } catch (error) {
        // It may have been written all the same, and then nobody looks at it again.
        await tell();
        throw error;
      }
      if (isOver) await tell();
      return;
    }
    await this.#book.change(order, (now) => {
      if (now.state !== "checking" || now.queryId !== order.queryId) return undefined;
      const asked = (now.asked ?? 0) + 1;
      return {
        ...now,
        asked,
        lookAt: clock.now() + Math.min(DECIDED_MS * 2 ** Math.min(asked, 20), LONGEST_PAUSE_MS),
      };
    });
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
