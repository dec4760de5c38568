import type { Message } from "@balekit/api";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { pay } from "./control.js";
import { Icon } from "./icons.jsx";
import { usePage } from "./page-context.js";
import { digits } from "./words.js";

/** Bale gives a bot ten seconds to answer; after a little more the button can be pressed again. */
const PATIENCE_MS = 12_000;

/** An invoice with the button that pays it from the wallet of the person whose chat is open. */
export function Invoice({
  message,
  payer,
}: {
  readonly message: Message;
  readonly payer: number;
}): JSX.Element {
  const { words, language, store, attempt, toast } = usePage();
  const [since, setSince] = useState<number>();
  const { invoice } = message;
  const amount = `${digits(invoice?.total_amount ?? 0, language)} ${words.rial}`;
  const outcome = store.payments
    .slice(since)
    .find((one) => one.user_id === payer && one.status !== "pending");
  const failed = since !== undefined && outcome !== undefined && outcome.status !== "paid";
  const paying = since !== undefined && outcome === undefined;

  useEffect(() => {
    if (since === undefined) return;
    if (outcome !== undefined) {
      if (outcome.status !== "paid") toast(outcome.reason ?? words.payFailed);
      setSince(undefined);
      return;
    }
    const timer = setTimeout(() => setSince(undefined), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [since, outcome, toast, words]);

  return (
    <div class="invoice">
      <div class="invoice-head">
        <span class="card-icon">
          <Icon name="wallet" />
        </span>
        <b dir="auto">{invoice?.title}</b>
      </div>
      <p dir="auto">{invoice?.description}</p>
      <div class="amount">{amount}</div>
      <button
        type="button"
        class="pay"
        disabled={paying}
        onClick={() => {
          setSince(store.payments.length);
          void attempt(() =>
            pay(payer, message).catch((error: unknown) => {
              setSince(undefined);
              throw error;
            }),
          );
        }}
      >
        {paying ? <span class="spinner" /> : <Icon name="wallet" />}
        {paying ? words.paying : failed ? words.payFailed : words.pay}
      </button>
      <small>{words.test}</small>
    </div>
  );
}
