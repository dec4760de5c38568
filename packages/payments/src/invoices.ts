import type { CreateInvoiceLinkParams, SendInvoiceParams } from "balekit";
import type { StoredOffer, StoredOrder } from "./order.js";
import { payloadOf } from "./payload.js";
import type { Product } from "./product.js";

/** Makes what Bale takes for an invoice of an order, which one buyer can pay, or of an offer, which anybody can. */
export class Invoices {
  readonly #providerToken: string;
  readonly #products: ReadonlyMap<string, Product>;

  constructor(providerToken: string, products: ReadonlyMap<string, Product>) {
    this.#providerToken = providerToken;
    this.#products = products;
  }

  /** What `createInvoiceLink` takes. */
  link(kind: "order" | "offer", sold: StoredOrder | StoredOffer): CreateInvoiceLinkParams {
    return {
      title: sold.title,
      description: sold.description,
      payload: payloadOf({ kind, id: sold.id }),
      provider_token: this.#providerToken,
      prices: sold.prices,
    };
  }

  /** What `sendInvoice` takes. */
  message(kind: "order" | "offer", sold: StoredOrder | StoredOffer, chatId: number): SendInvoiceParams {
    const photo = this.#products.get(sold.product)?.options.photoUrl;
    return {
      chat_id: chatId,
      ...this.link(kind, sold),
      ...(photo === undefined ? {} : { photo_url: photo }),
    };
  }
}
