import type { Api, LabeledPrice } from "balekit";
import { totalOf } from "./amount.js";
import { misuse, shown } from "./misuse.js";
import type { Order } from "./order.js";

/** What `fulfil` is given. */
export interface Fulfilment<Data = unknown> {
  readonly order: Order<Data>;
  /**
   * The charge id: the same whenever the same payment is fulfilled again. Give it to whatever must happen once: a unique
   * column, the key of an HTTP call.
   */
  readonly idempotencyKey: string;
  /** Which attempt this is, counted from 1. Above 1, an earlier one began and nobody knows how it ended. */
  readonly attempt: number;
  readonly api: Api;
  /**
   * Aborts when another process has taken over because this one seemed dead, or the bot stops and its time is up. What is
   * thrown after that is no outcome: it runs again.
   */
  readonly signal: AbortSignal;
}

/** What is sold, and what happens when it is paid. */
export interface ProductOptions<Data = unknown> {
  /** 1 to 32 characters. */
  readonly title: string | ((data: Data) => string);
  /** 1 to 255 characters. */
  readonly description: string | ((data: Data) => string);
  /** The lines of the invoice, in whole rials. */
  readonly prices: readonly LabeledPrice[] | ((data: Data) => readonly LabeledPrice[]);
  /** Address of a picture. */
  readonly photoUrl?: string | undefined;
  /**
   * Gives the goods. Its outcome is recorded, an error as well, and then it is never run again by itself; only when nothing
   * was recorded because the process died in between, it runs again with the same `idempotencyKey`. What it resolves to
   * (JSON, up to 16 KB) is kept in `order.outcome`.
   */
  readonly fulfil: (fulfilment: Fulfilment<Data>) => unknown;
  /**
   * Asked before a payment is let through, at most for some seconds: is it in stock? `true` lets it through, a text refuses
   * it and is shown to the payer. May be asked again for the same order. @default every payment of the right amount
   */
  readonly reserve?: ((order: Order<Data>) => true | string | Promise<true | string>) | undefined;
  /**
   * Told that a payment that had been let through did not come, that Bale has not said for a week whether it did, or that
   * `reserve` threw: give back what this order holds, if anything. May be told twice. When it throws, it is told again each
   * minute, five times in all; until then the order cannot be paid anew.
   */
  readonly release?: ((order: Order<Data>) => unknown) | undefined;
}

/** A registered product. Give it to `ctx.sell`; its `data` is then checked by the compiler. */
export interface Product<Data = unknown> {
  readonly name: string;
  readonly options: ProductOptions<Data>;
}

/** What one sale puts on its invoice. */
export interface Quote {
  readonly title: string;
  readonly description: string;
  readonly prices: readonly LabeledPrice[];
  readonly amount: number;
}

/** Registers nothing: checks a product, as far as it can be checked without data. */
export function makeProduct<Data>(name: string, options: ProductOptions<Data>): Product<Data> {
  const doing = `payments.product(${shown(name)})`;
  if (typeof name !== "string" || !/^[\w.-]{1,64}$/.test(name)) {
    throw misuse(`${doing}: a name has 1 to 64 of the characters a–z, 0–9, "_", "-" and "."; it is stored.`);
  }
  if (typeof options !== "object" || options === null) {
    throw misuse(`${doing}: its options are ${shown(options)}. Give { title, description, prices, fulfil }.`);
  }
  for (const field of ["fulfil", "reserve", "release"] as const) {
    const given: unknown = options[field];
    if (typeof given === "function" || (field !== "fulfil" && given === undefined)) continue;
    throw misuse(`${doing}: ${field} is ${shown(given)}. Give a function.`);
  }
  if (typeof options.title !== "function") checkText(doing, "title", options.title, 32);
  if (typeof options.description !== "function") checkText(doing, "description", options.description, 255);
  if (typeof options.prices !== "function") totalOf(options.prices, doing);
  return Object.freeze({ name, options });
}

/** What a sale of this product asks for. @throws {TypeError} when a function of the product gives what Bale refuses. */
export function quote(product: Product, data: unknown): Quote {
  const { title, description, prices } = product.options as ProductOptions;
  const doing = `Selling ${shown(product.name)}`;
  const lines = typeof prices === "function" ? prices(data) : prices;
  const amount = totalOf(lines, doing);
  return {
    title: checkText(doing, "title", typeof title === "function" ? title(data) : title, 32),
    description: checkText(
      doing,
      "description",
      typeof description === "function" ? description(data) : description,
      255,
    ),
    prices: lines.map(({ label, amount }) => ({ label, amount })),
    amount,
  };
}

function checkText(doing: string, field: string, text: unknown, most: number): string {
  const length = typeof text === "string" ? [...text].length : 0;
  if (length >= 1 && length <= most) return text as string;
  const has = typeof text === "string" ? `has ${length} characters` : `is ${shown(text)}`;
  throw misuse(`${doing}: the ${field} ${has}. Bale takes 1 to ${most}.`);
}
