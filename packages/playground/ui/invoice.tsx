import type { Message } from "@balekit/api";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { pay } from "./control.js";
import { Icon } from "./icons.jsx";
import { useOutcomes, usePage } from "./page-context.js";
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
  const { words, language, attempt, toast } = usePage();
  const { payments, connection } = useOutcomes();
  /** The payment under way; "" until it has an id. */
  const [payment, setPayment] = useState<string>();
  const [failed, setFailed] = useState(false);
  const { invoice } = message;
  const amount = `${digits(invoice?.total_amount ?? 0, language)} ${words.rial}`;
  const outcome = payment === undefined ? undefined : payments.get(payment);
  const paying = payment !== undefined && outcome === undefined;

  // What was decided while the page was cut off is not told again.
  useEffect(() => setPayment(undefined), [connection]);
  useEffect(() => {
    if (payment === undefined) return;
    if (outcome !== undefined) {
      if (outcome.status === "failed") toast(words.payUnanswered);
      if (outcome.status === "rejected") toast(outcome.reason ?? words.payFailed);
      setFailed(outcome.status !== "paid");
      setPayment(undefined);
      return;
    }
    const timer = setTimeout(() => setPayment(undefined), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [payment, outcome, toast, words]);

  const begin = (): void => {
    if (paying) return;
    setPayment("");
    setFailed(false);
    void attempt(async () => {
      try {
        setPayment((await pay(payer, message)).id);
      } catch (error) {
        setPayment(undefined);
        throw error;
      }
    });
  };

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
      <button type="button" class="pay" aria-disabled={paying} aria-busy={paying} onClick={begin}>
        {paying ? <span class="spinner" /> : <Icon name="wallet" />}
        {paying ? words.paying : failed ? words.payFailed : words.pay}
      </button>
      <small>{words.test}</small>
    </div>
  );
}
