import { formatToman } from "./amount.js";
import type { Order } from "./order.js";
import type { PaymentTexts } from "./texts.js";

const MOST_SHOWN = 10;
const persianDate = new Intl.DateTimeFormat("fa-IR-u-ca-persian", {
  timeZone: "Asia/Tehran",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});

/** What somebody has paid, newest first, as a message: when, what, how much, and the wallet's number for it. */
export function receiptText(orders: readonly Order[], texts: PaymentTexts): string {
  const paid = orders
    .filter((order) => order.charge !== undefined)
    .toSorted((one, other) => (other.charge?.at ?? 0) - (one.charge?.at ?? 0))
    .slice(0, MOST_SHOWN);
  if (paid.length === 0) return texts.noReceipts;
  const entries = paid.map(({ title, charge, amount }) => {
    const when = persianDate.format(charge?.at);
    const number = charge?.providerId ?? charge?.id ?? "";
    return `${when} · ${title} · ${formatToman(charge?.amount ?? amount)}\n${texts.trackingNumber}: ${number}`;
  });
  return [`${texts.receipts}:`, ...entries].join("\n\n");
}
