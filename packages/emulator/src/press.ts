import type { CallbackQuery, Message } from "@balekit/api";

import type { StoredCallback } from "./callbacks.js";

/** A press, and what became of it. Reading it again later shows what came later. */
export class Press {
  /** The callback; absent when the button was of a reply keyboard. */
  readonly query: CallbackQuery | undefined;
  /** What a button of a reply keyboard sent. */
  readonly message: Message | undefined;
  readonly #callback: StoredCallback | undefined;

  constructor(
    query: CallbackQuery | undefined,
    callback: StoredCallback | undefined,
    message: Message | undefined,
  ) {
    this.query = query;
    this.#callback = callback;
    this.message = message;
  }

  /** Whether the button still turns: a callback no answer came to. */
  get spinning(): boolean {
    return this.#callback !== undefined && !this.#callback.answered;
  }

  get answered(): boolean {
    return this.#callback?.answered === true;
  }

  /** What the answer showed. */
  get text(): string | undefined {
    return this.#callback?.text;
  }

  /** Whether it was shown as an alert, not as a passing notice. */
  get alert(): boolean {
    return this.#callback?.showAlert === true;
  }
}
