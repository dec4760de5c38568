import type { Api, Update } from "@balekit/api";

/**
 * Answers presses on buttons that no handler has answered, so that no button spins for ever. Watches the calls of the
 * api for that; one attempt to answer, whatever came of it, counts.
 */
export class AutoAnswer {
  readonly #api: Api;
  readonly #onError: (error: unknown, update: Update) => Promise<void>;
  /** The presses being worked on, and whether each has been answered. */
  readonly #presses = new Map<string, boolean>();

  constructor(api: Api, onError: (error: unknown, update: Update) => Promise<void>) {
    this.#api = api;
    this.#onError = onError;
    api.use((call, next) => {
      if (call.method === "answerCallbackQuery") {
        const id = (call.params as { readonly callback_query_id?: unknown } | undefined)?.callback_query_id;
        if (typeof id === "string" && this.#presses.has(id)) this.#presses.set(id, true);
      }
      return next(call);
    });
  }

  /** Call when work on an update begins. */
  begin(update: Update): void {
    const id = update.callback_query?.id;
    if (id !== undefined && !this.#presses.has(id)) this.#presses.set(id, false);
  }

  /** Answers now, once, what is to be worked on again: nobody's button spins through all attempts. */
  early(update: Update): void {
    const id = update.callback_query?.id;
    if (id === undefined || this.#presses.get(id) !== false) return;
    this.#presses.set(id, true);
    void this.#answer(id, update);
  }

  /** Call when it is over. Answers nothing when there is nothing to do. */
  finish(update: Update): Promise<void> | undefined {
    const id = update.callback_query?.id;
    if (id === undefined) return undefined;
    const answered = this.#presses.get(id);
    this.#presses.delete(id);
    return answered === false ? this.#answer(id, update) : undefined;
  }

  async #answer(id: string, update: Update): Promise<void> {
    try {
      await this.#api.answerCallbackQuery({ callback_query_id: id });
    } catch (error) {
      await this.#onError(error, update);
    }
  }
}
