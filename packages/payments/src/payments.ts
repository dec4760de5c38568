import {
  botHost,
  type BotHost,
  type Composer,
  type Context,
  deliverAgain,
  type LaneStore,
  type Plugin,
  type SendInvoiceParams,
  StorageUnavailableError,
} from "balekit";
import { Cashier } from "./cashier.js";
import { Checkout } from "./checkout.js";
import { ClaimWatch } from "./claim-watch.js";
import { Fulfiller } from "./fulfiller.js";
import { Invoices } from "./invoices.js";
import { csvOf, type OrderFilter, ordersOf } from "./ledger.js";
import { misuse, shown } from "./misuse.js";
import { OrderBook, type OrderLanes } from "./order-book.js";
import { AT_ONCE, type Order, type OrderEvent, publicOrder, type StoredOrder } from "./order.js";
import { markIn } from "./payload.js";
import { makeProduct, type Product, type ProductOptions } from "./product.js";
import { checkProviderToken } from "./provider-token.js";
import { receiptText } from "./receipt.js";
import { type Reconciliation, Reconciler } from "./reconciler.js";
import { Releaser } from "./releaser.js";
import type { Buyer, Offer, SaleOf, SaleOptions, Sell } from "./sale.js";
import { Sales } from "./sales.js";
import { checkSpan, DAY_MS } from "./span.js";
import { type PaymentTexts, persianTexts } from "./texts.js";

/** How money is taken. */
export interface PaymentsOptions {
  /** Token of your wallet, from @botfather. `TEST_WALLET` tries payments out without moving money. */
  readonly providerToken: string;
  /**
   * Where orders are kept: `sqliteLanes(database)`, `postgresLanes(pool)`, … of its own table. Whoever loses it loses who
   * has paid for what.
   */
  readonly storage: LaneStore;
  /** How long an invoice can be paid. @default 86_400_000, a day */
  readonly expiresMs?: number | undefined;
  /** How often Bale is asked about payments that were never heard of again. @default 15_000 */
  readonly reconcileMs?: number | undefined;
  /** How long an order that nobody paid is kept after its end; paid ones are kept for ever. @default 2_592_000_000, 30 days */
  readonly keepUnpaidMs?: number | undefined;
  /** The command that shows somebody in private what they have paid; `false` for none. @default "receipt" */
  readonly receiptCommand?: string | false | undefined;
  /** Texts of your own in place of the Persian ones. */
  readonly texts?: Partial<PaymentTexts> | undefined;
  /**
   * Told of every change of an order, after it has been written: for notices and figures, not for giving goods. Not waited
   * for; what it throws or rejects with comes to `bot.catch`.
   */
  readonly onChange?: ((order: Order, before: Order | undefined) => void) | undefined;
  /** Takes what may not work. @default process.emitWarning */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** What `payments` adds to contexts. */
export interface PaymentsContext {
  readonly sell: Sell;
  readonly offer: Offer;
}

/** Everything about money: install it with `bot.extend`, register products on it, and ask it for the ledger. */
export interface Payments extends Plugin<PaymentsContext> {
  /** Registers what is sold, under a name that is stored with every order: do not change it while orders are open. */
  product<Data = unknown>(name: string, options: ProductOptions<Data>): Product<Data>;
  /** Does what `ctx.sell` does, for sales that no update has caused. */
  sell<Data = unknown>(
    product: Product<Data> | string,
    buyer: Buyer,
    ...options: SaleOf<Data>
  ): Promise<Order<Data>>;
  /** Writes an order down without sending anything: for invoices that you send yourself, with `invoice(order)`. */
  open<Data = unknown>(
    product: Product<Data> | string,
    buyer: Buyer,
    ...options: SaleOf<Data>
  ): Promise<Order<Data>>;
  /** What `sendInvoice` takes for an order. */
  invoice(order: Order): SendInvoiceParams;
  /**
   * Makes the identifier that a mini app gives to `Bale.WebApp.openInvoice`. With a buyer only they can pay, once; without
   * one anybody can, each payer with an order of their own.
   */
  link<Data = unknown>(
    product: Product<Data> | string,
    buyer: Buyer | undefined,
    ...options: SaleOf<Data>
  ): Promise<string>;
  /** The order of this id; of this product, where one is given, which says what its `data` is. */
  order<Data = unknown>(id: string, product?: Product<Data>): Promise<Order<Data> | undefined>;
  /** What has happened to an order, oldest first. */
  history(id: string): Promise<readonly OrderEvent[]>;
  /** The ledger: orders that fit, newest first. */
  list<Data = unknown>(filter?: OrderFilter<Data>): Promise<readonly Order<Data>[]>;
  /** The ledger as lines of CSV, for a file: `Readable.from(payments.csv({ state: "fulfilled" }))`. */
  csv(filter?: OrderFilter): AsyncIterable<string>;
  /**
   * Asks Bale, now, what became of every payment that is open, and gives the goods that are owed. Where the store fails for
   * an order it goes on with the others, and tells `bot.catch` of each. @throws what listing the orders throws
   */
  reconcile(): Promise<Reconciliation>;
  /** Runs `fulfil` again for an order that is paid and failed. Resolves to whether it was one. */
  retry(id: string): Promise<boolean>;
}

/** What stands once the bot is known. */
interface Works {
  readonly host: BotHost;
  readonly book: OrderBook;
  readonly fulfiller: Fulfiller;
  readonly reconciler: Reconciler;
  readonly checkout: Checkout;
  readonly sales: Sales;
}

/**
 * Takes money through Bale's wallet: an order is written down before its invoice is sent, checked before the wallet may take
 * the money, and its goods are given once for each payment, also when the process dies at the worst moment.
 * @throws {TypeError} for a token that is none, and for options of the wrong kind.
 * @example
 * const shop = payments({ providerToken: TEST_WALLET, storage: memoryLanes() });
 * shop.product("vip", {
 *   title: "اشتراک", description: "یک ماه", prices: [{ label: "اشتراک", amount: toman(50_000) }],
 *   fulfil: ({ order, api }) => api.sendMessage({ chat_id: order.chatId, text: "فعال شد." }),
 * });
 * bot.extend(shop).command("buy", (ctx) => ctx.sell("vip"));
 */
export function payments(options: PaymentsOptions): Payments {
  const { storage, expiresMs = DAY_MS, reconcileMs = 15_000, keepUnpaidMs = 30 * DAY_MS } = options;
  for (const [name, value] of Object.entries({ expiresMs, reconcileMs, keepUnpaidMs })) {
    checkSpan(`payments: ${name}`, value, payments);
  }
  if (typeof storage?.commit !== "function") {
    throw misuse(
      `payments: storage is ${shown(storage)}. Give a lane store, such as sqliteLanes(database).`,
      payments,
    );
  }
  const warn =
    options.onWarning ?? ((message: string) => process.emitWarning(message, { type: "BaleWarning" }));
  const providerToken = checkProviderToken(options.providerToken, warn);
  const texts: PaymentTexts = { ...persianTexts, ...options.texts };
  const products = new Map<string, Product>();
  const invoices = new Invoices(providerToken, products);
  let installedIn: Composer<never> | undefined;
  let works: Promise<Works> | undefined;

  /** Built at the first need, when the bot's own account is known. */
  function ready(): Promise<Works> {
    works ??= build().catch((error: unknown) => {
      works = undefined;
      throw error;
    });
    return works;
  }

  async function build(): Promise<Works> {
    const host = installedIn?.find(botHost);
    if (host === undefined) {
      throw misuse("payments: it is in no bot yet. Call bot.extend(payments) first.");
    }
    await host.ready();
    return make(host);
  }

  function make(host: BotHost): Works {
    const book = new OrderBook({
      lanes: storage as OrderLanes,
      botId: host.me.id,
      clock: host.clock,
      keepUnpaidMs,
      onChange: (after, before) => {
        // An async one, which `void` lets through, may reject later: nobody else would catch that.
        const telling = async (): Promise<void> =>
          options.onChange?.(publicOrder(after), before && publicOrder(before));
        telling().catch((error: unknown) => host.report(error, "Telling of a change of an order"));
      },
    });
    const watch = new ClaimWatch(host.clock);
    const fulfiller = new Fulfiller(book, host, products, watch);
    const cashier = new Cashier(book, host);
    const releaser = new Releaser(book, host, products, watch);
    const reconciler = new Reconciler({
      book,
      host,
      cashier,
      releaser,
      watch,
      fulfiller,
      everyMs: reconcileMs,
    });
    const checkout = new Checkout({ book, host, products, cashier, reconciler, releaser, texts });
    const sales = new Sales({ book, host, products, invoices, expiresMs });
    return { host, book, fulfiller, reconciler, checkout, sales };
  }

  const install = <C extends Context>(composer: Composer<C>): Composer<C & PaymentsContext> => {
    installedIn = composer as unknown as Composer<never>;
    composer.onStart(async () => {
      const host = composer.find(botHost);
      if (host === undefined) return;
      // Not through `ready`, which waits for the very start that waits for this.
      works = Promise.resolve(make(host));
      (await works).reconciler.start();
    });
    composer.onStop(async (hurry) => {
      const started = await works?.catch(() => undefined);
      works = undefined;
      await started?.reconciler.stop(hurry);
      await started?.fulfiller.stop(hurry);
    });
    composer.onForget(async (userId) => {
      const { book } = await ready();
      for await (const order of book.all(userId)) {
        // What was paid is bookkeeping, and stays.
        await book.remove(order, ({ charge, state }) => charge === undefined && state !== "checking");
      }
    });
    composer.onExport("payments", async (userId) => listed({ userId }));
    composer.on("pre_checkout_query", async (ctx, next) => {
      const query = ctx.preCheckoutQuery;
      if (query === undefined || markIn(query.invoice_payload) === undefined) return next();
      const verdict = await (await ready()).checkout.verify(query);
      await ctx.answerPreCheckout(verdict.ok, verdict.ok ? undefined : verdict.reason);
    });
    composer.on("successful_payment", async (ctx, next) => {
      const { payment } = ctx;
      const { from, chatId } = ctx as Context;
      if (payment !== undefined && chatId !== undefined) {
        const { checkout, fulfiller } = await ready();
        const owed = await checkout.record(payment, from?.id, chatId).catch((error: unknown) => {
          // Written down once however often it is told: what waits is only when the goods are given.
          throw error instanceof StorageUnavailableError ? deliverAgain(ctx, error) : error;
        });
        if (owed !== undefined) await fulfiller.run(owed);
      }
      return next();
    });
    const { receiptCommand = "receipt" } = options;
    if (receiptCommand !== false) {
      composer.command(receiptCommand, async (ctx, next) => {
        const { from, chat } = ctx as Context;
        // What somebody has bought is not for the others of a group to read.
        if (chat?.type !== "private") return next();
        const orders = from === undefined ? [] : await listed({ userId: from.id });
        await ctx.reply(receiptText(orders, texts));
      });
    }
    return composer
      .derive(
        "sell",
        (ctx) =>
          ((product, sale) =>
            ctx.services.effect("sell", async ({ idempotencyKey }) => {
              const { sales } = await ready();
              const key = sale?.idempotencyKey ?? idempotencyKey;
              return sales.sell(ctx, product, { ...sale, idempotencyKey: key });
            })) as Sell,
      )
      .derive(
        "offer",
        (ctx) =>
          ((product, sale) =>
            ctx.services.effect("sendInvoice", async () =>
              (await ready()).sales.offer(ctx, product, sale),
            )) as Offer,
      ) as unknown as Composer<C & PaymentsContext>;
  };

  async function listed(filter: OrderFilter): Promise<readonly Order[]> {
    const { book } = await ready();
    const found: Order[] = [];
    for await (const order of ordersOf(book, filter)) found.push(order);
    return found.sort((one, other) => other.createdAt - one.createdAt);
  }

  const face: Omit<Payments, keyof Plugin<PaymentsContext> | "adds"> = {
    product: (name, given) => {
      const made = makeProduct(name, given);
      if (products.has(name)) {
        throw misuse(`payments.product(${shown(name)}): there is one of this name. Give each its own.`);
      }
      products.set(name, made as unknown as Product);
      return made;
    },
    sell: (async (product: string, buyer: Buyer, sale?: SaleOptions) => {
      const { host, sales } = await ready();
      return sales.sellTo(host.api, product, buyer, sale);
    }) as Payments["sell"],
    open: (async (product: string, buyer: Buyer, sale?: SaleOptions) =>
      publicOrder((await (await ready()).sales.open(product, buyer, sale)).order)) as Payments["open"],
    invoice: (order) => invoices.message("order", order as StoredOrder, order.chatId),
    link: (async (product: string, buyer: Buyer | undefined, sale?: SaleOptions) =>
      (await ready()).sales.link(product, buyer, sale)) as Payments["link"],
    order: async <Data>(id: string, product?: Product<Data>) => {
      const found = await (await ready()).book.find(id);
      const fits = product === undefined || found?.product === product.name;
      return found && fits ? publicOrder<Data>(found) : undefined;
    },
    history: async (id) => {
      const { book } = await ready();
      const found = await book.find(id);
      return found === undefined ? [] : book.history(found);
    },
    list: (async (filter: OrderFilter = {}) => listed(filter)) as Payments["list"],
    csv: (filter = {}) => csvOf(lazily(async () => ordersOf((await ready()).book, filter))),
    reconcile: async () => (await ready()).reconciler.reconcile(),
    retry: async (id) => {
      const { book, fulfiller } = await ready();
      const found = await book.find(id);
      if (found === undefined) return false;
      const changed = await book.change(
        found,
        (now) => {
          if (now.state !== "failed" || now.charge === undefined || !products.has(now.product))
            return undefined;
          const { failure: _failure, ...rest } = now;
          return { ...rest, state: "paid", attempts: 0, lookAt: AT_ONCE };
        },
        "to be fulfilled again, by hand",
      );
      if (changed === undefined) return false;
      await fulfiller.run(changed.after);
      return true;
    },
  };
  return Object.assign(install as unknown as Payments, { id: "payments" }, face);
}

async function* lazily<Item>(make: () => Promise<AsyncIterable<Item>>): AsyncGenerator<Item> {
  yield* await make();
}
