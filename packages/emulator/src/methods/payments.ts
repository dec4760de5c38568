import type { Invoice } from "@balekit/api";

import { type Fields, isObject } from "../fields.js";
import type { MethodTable } from "../method.js";
import type { StoredInvoice } from "../payments.js";
import { badRequest } from "../refusal.js";
import type { World } from "../world.js";
import { send } from "./messages.js";

/** Reads and keeps an invoice; the bounds are documented. The currency is always IRR and is no parameter. */
function invoiceOf(world: World, fields: Fields): StoredInvoice {
  const title = fields.text("title", { min: 1, max: 32 });
  const description = fields.text("description", { min: 1, max: 255 });
  const payload = fields.text("payload", { min: 1, max: 128, bytes: true });
  const providerToken = fields.text("provider_token");
  // Invoices to a card were removed: only wallet tokens are taken (notes.md 9: documented).
  if (/^\d{16}$/.test(providerToken.replace(/[-\s]/g, ""))) {
    throw badRequest("PAYMENT_PROVIDER_INVALID: card numbers are no longer taken, give a wallet token");
  }
  const invoice: Invoice = { title, description, total_amount: total(fields.structure("prices")) };
  return world.payments.addInvoice(invoice, payload, providerToken);
}

function isWhole(amount: unknown): amount is number {
  return Number.isSafeInteger(amount);
}

/** Adds the prices up, in whole rials. */
function total(prices: unknown): number {
  if (!Array.isArray(prices) || prices.length === 0) throw badRequest("prices must be a non-empty array");
  let sum = 0;
  for (const price of prices) {
    const label = isObject(price) ? price["label"] : undefined;
    const given = isObject(price) ? price["amount"] : undefined;
    const amount = typeof given === "string" && /^-?\d{1,16}$/.test(given) ? Number(given) : given;
    if (typeof label !== "string" || label === "" || !isWhole(amount)) {
      throw badRequest("each price must have a label and a whole amount in rials");
    }
    sum += amount;
  }
  if (sum <= 0 || !Number.isSafeInteger(sum)) throw badRequest("the prices must add up to more than nothing");
  return sum;
}

/** Payments through the wallet: the only kind there is (notes.md 9: documented). */
export const paymentMethods: MethodTable = {
  sendInvoice: (world, fields, context) => {
    const stored = invoiceOf(world, fields);
    fields.optionalText("photo_url");
    return send(world, fields, context, { invoice: stored.invoice }, stored.id).message;
  },

  // Answers with an identifier for the mini app's openInvoice, not with an address (notes.md 9: documented).
  createInvoiceLink: (world, fields) => invoiceOf(world, fields).id,

  answerPreCheckoutQuery: (world, fields) => {
    const id = fields.text("pre_checkout_query_id");
    const ok = fields.boolean("ok");
    const error = fields.optionalText("error_message");
    if (!ok && (error === undefined || error === ""))
      throw badRequest("error_message is needed when ok is false");
    world.payments.answer(id, ok, error);
    return true;
  },

  inquireTransaction: (world, fields) => world.payments.transaction(fields.text("transaction_id")),
};
