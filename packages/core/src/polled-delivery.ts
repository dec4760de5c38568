import type { Update } from "@balekit/api";
import type { Delivery } from "./delivery.js";

/** An update that came from a poll. */
export class PolledDelivery implements Delivery {
  readonly update: Update;
  readonly signal: AbortSignal;
  #finish: ((id: number) => void) | undefined;

  constructor(update: Update, signal: AbortSignal, finish: (id: number) => void) {
    this.update = update;
    this.signal = signal;
    this.#finish = finish;
  }

  accept(): void {
    const finish = this.#finish;
    this.#finish = undefined;
    finish?.(this.update.update_id);
  }
}

/** Whether Bale has sent what can be told apart from other updates. */
export function isUpdate(value: unknown): value is Update {
  return (
    typeof value === "object" &&
    value !== null &&
    Number.isSafeInteger((value as { readonly update_id?: unknown }).update_id)
  );
}
