import type { Api, BotHost, Context, Message } from "balekit";
import { InvoiceSender } from "./invoice-sender.js";
import type { Invoices } from "./invoices.js";
import { misuse, shown } from "./misuse.js";
import type { Opened, OrderBook } from "./order-book.js";
import type { Order, StoredOffer, StoredOrder } from "./order.js";
import { idOf, newId } from "./payload.js";
import { type Product, quote } from "./product.js";
import type { Buyer, SaleOptions } from "./sale.js";
import { checkSpan } from "./span.js";

/** What sales are made with. */
export interface SalesInit {
  readonly book: OrderBook;
  readonly host: BotHost;
  readonly products: ReadonlyMap<string, Product>;
  readonly invoices: Invoices;
  /** How long an invoice can be paid where the sale does not say. */
  readonly expiresMs: number;
}

/** Sells: writes an order or an offer down, and sends its invoice. */
export class Sales {
  readonly #init: SalesInit;
  readonly #sender: InvoiceSender;

  constructor(init: SalesInit) {
    this.#init = init;
    this.#sender = new InvoiceSender(init);
  }

  /** What `ctx.sell` does: sells to the sender of an update. */
  async sell(ctx: Context, product: Product<never> | string, sale: SaleOptions | undefined): Promise<Order> {
    const userId = ctx.from?.id;
    const chatId = ctx.chatId ?? userId;
    if (userId === undefined || chatId === undefined) {
      throw misuse(
        "ctx.sell: this update has no sender, so nobody is known to buy. ctx.offer makes an invoice that anybody can pay.",
      );
    }
    return this.sellTo(ctx.api, product, { userId, chatId }, sale);
  }

  /** Opens an order and sends its invoice; again only while it is not known to have been sent. */
  async sellTo(
    api: Api,
    product: Product<never> | string,
    buyer: Buyer,
    sale: SaleOptions = {},
  ): Promise<Order> {
    const draft = this.#draft(product, buyer, sale);
    const { idempotencyKey } = sale;
    if (idempotencyKey === undefined) return this.#sender.send(api, draft);
    return this.#sender.sendOnce(api, draft, (order) => checkProduct(order, draft, idempotencyKey));
  }

  /** What `ctx.offer` does: sends an invoice to a chat that anybody can pay. */
  async offer(
    ctx: Context,
    product: Product<never> | string,
    sale: SaleOptions | undefined,
  ): Promise<Message> {
    const { chatId } = ctx;
    if (chatId === undefined) {
      throw misuse(
        "ctx.offer: this update has no chat to send an invoice to. payments.link makes one without a chat.",
      );
    }
    const made = await this.#openOffer(product, chatId, sale);
    return ctx.api.sendInvoice(this.#init.invoices.message("offer", made, chatId));
  }

  /** Makes a link that the buyer can pay, once; without a buyer anybody can. */
  async link(
    product: Product<never> | string,
    buyer: Buyer | undefined,
    sale: SaleOptions | undefined,
  ): Promise<string> {
    const { host, invoices } = this.#init;
    const params =
      buyer === undefined
        ? invoices.link("offer", await this.#openOffer(product, undefined, sale))
        : invoices.link("order", (await this.open(product, buyer, sale)).order);
    return host.api.createInvoiceLink(params);
  }

  /** Writes an order down, or finds the one that has its key. */
  async open(product: Product<never> | string, buyer: Buyer, sale: SaleOptions = {}): Promise<Opened> {
    const draft = this.#draft(product, buyer, sale);
    const opened = await this.#init.book.open(draft);
    checkProduct(opened.order, draft, sale.idempotencyKey);
    return opened;
  }

  /** The order that a sale would make. @throws {TypeError} for a sale that cannot be made */
  #draft(product: Product<never> | string, buyer: Buyer, sale: SaleOptions): StoredOrder {
    const { host, expiresMs } = this.#init;
    const found = this.#productOf(product);
    if (!Number.isSafeInteger(buyer?.userId)) {
      throw misuse(
        `Selling ${shown(found.name)}: the buyer's userId is ${shown(buyer?.userId)}. Give the id of a user.`,
      );
    }
    checkSpan(`Selling ${shown(found.name)}: expiresMs`, sale.expiresMs ?? expiresMs);
    const createdAt = host.clock.now();
    const { idempotencyKey } = sale;
    if (idempotencyKey !== undefined && (typeof idempotencyKey !== "string" || idempotencyKey === "")) {
      throw misuse(
        `Selling ${shown(found.name)}: idempotencyKey is ${shown(idempotencyKey)}. Give a text that is of this sale alone, or leave it out.`,
      );
    }
    return {
      id: idempotencyKey === undefined ? newId() : idOf(idempotencyKey, buyer.userId),
      botId: host.me.id,
      product: found.name,
      state: "created",
      data: plain(sale.data, found.name),
      userId: buyer.userId,
      chatId: buyer.chatId ?? buyer.userId,
      ...quote(found, sale.data),
      createdAt,
      expiresAt: createdAt + (sale.expiresMs ?? expiresMs),
      attempts: 0,
    };
  }

  async #openOffer(
    product: Product<never> | string,
    chatId: number | undefined,
    sale: SaleOptions = {},
  ): Promise<StoredOffer> {
    const { book, host, expiresMs } = this.#init;
    const found = this.#productOf(product);
    checkSpan(`Selling ${shown(found.name)}: expiresMs`, sale.expiresMs ?? expiresMs);
    const createdAt = host.clock.now();
    const offer: StoredOffer = {
      id: newId(),
      product: found.name,
      data: plain(sale.data, found.name),
      ...(chatId === undefined ? {} : { chatId }),
      ...quote(found, sale.data),
      createdAt,
      expiresAt: createdAt + (sale.expiresMs ?? expiresMs),
    };
    await book.createOffer(offer);
    return offer;
  }

  #productOf(product: Product<never> | string): Product {
    const { products } = this.#init;
    const name = typeof product === "string" ? product : product?.name;
    const found = products.get(name);
    if (found !== undefined) return found;
    const known =
      products.size === 0 ? "None is registered yet" : `There are ${[...products.keys()].join(", ")}`;
    throw misuse(
      `Selling ${shown(name)}: there is no such product. ${known}; register it with payments.product.`,
    );
  }
}

/** Refuses a key under which the buyer has an order of something else. */
function checkProduct(
  { product }: StoredOrder,
  draft: StoredOrder,
  idempotencyKey: string | undefined,
): void {
  if (product === draft.product) return;
  throw misuse(
    `Selling ${shown(draft.product)}: under the idempotencyKey ${shown(idempotencyKey)} this buyer has an order of ${shown(product)}. Give each sale a key of its own.`,
  );
}

/** Data as the store will give it back, so that the first run sees what a later one sees. */
function plain(data: unknown, product: string): unknown {
  if (data === undefined) return null;
  try {
    const text: string | undefined = JSON.stringify(data);
    if (text !== undefined) return JSON.parse(text);
  } catch {
    // said below
  }
  throw misuse(`Selling ${shown(product)}: data is ${shown(data)}, which is no JSON. Give plain values.`);
}
