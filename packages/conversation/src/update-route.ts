import type { Call, Update } from "balekit";

const INVOICE_TOKEN = /~cv:([a-z0-9]+)$/;

/** Puts the way back to a conversation into an invoice it sends. */
export function routed(call: Call, instance: string): Call {
  const params = call.params as { readonly payload?: unknown } | undefined;
  if (typeof params?.payload !== "string" || !/invoice/i.test(call.method)) return call;
  const payload = `${params.payload}~cv:${instance}`;
  // Too long for Bale with it: then the payment finds its way by the user alone.
  if (Buffer.byteLength(payload) > 128) return call;
  return { ...call, params: { ...params, payload } } as Call;
}

/** The instance an update names. */
export interface Way {
  readonly instance: string;
  readonly by: "button" | "invoice";
}

/** The instance an update names: a press on its button, a payment of its invoice. */
export function routeOf(update: Update): Way | undefined {
  const button = /^cv:([a-z0-9]+):/.exec(update.callback_query?.data ?? "")?.[1];
  if (button !== undefined) return { instance: button, by: "button" };
  const payload =
    update.pre_checkout_query?.invoice_payload ?? update.message?.successful_payment?.invoice_payload;
  const invoice = typeof payload === "string" ? INVOICE_TOKEN.exec(payload)?.[1] : undefined;
  return invoice === undefined ? undefined : { instance: invoice, by: "invoice" };
}

/** An update as the author of an invoice expects it: with the payload that was given. */
export function unrouted(update: Update): Update {
  const { pre_checkout_query: query, message } = update;
  if (query !== undefined && query !== null && INVOICE_TOKEN.test(query.invoice_payload ?? "")) {
    const invoice_payload = query.invoice_payload.replace(INVOICE_TOKEN, "");
    return { ...update, pre_checkout_query: { ...query, invoice_payload } };
  }
  const payment = message?.successful_payment;
  if (!message || !payment || !INVOICE_TOKEN.test(payment.invoice_payload ?? "")) return update;
  const invoice_payload = payment.invoice_payload.replace(INVOICE_TOKEN, "");
  return { ...update, message: { ...message, successful_payment: { ...payment, invoice_payload } } };
}
