import type { Api, Call, Reply, Send, Transformer } from "@balekit/api";

/**
 * The transformers around all others, as one in the api: those that may answer by themselves, the last registered
 * outermost, and around them those that only add to what callers get.
 */
export class Outermost {
  readonly #answering: Transformer[] = [];
  readonly #adding: Transformer[] = [];
  /** All of them as one, in front of what comes after them: made anew when one is added. */
  #sends = new WeakMap<Send, Send>();
  #around: readonly Transformer[] = [];

  /** Puts one in; the first puts all of them into the api. */
  add(api: Api, transformer: Transformer, onlyAdds: boolean): void {
    const isFirst = this.#around.length === 0;
    (onlyAdds ? this.#adding : this.#answering).unshift(transformer);
    this.#around = [...this.#adding, ...this.#answering].reverse();
    this.#sends = new WeakMap();
    if (isFirst) api.useFirst(this.#run);
  }

  readonly #run = (call: Call, next: Send): Promise<Reply> => {
    let send = this.#sends.get(next);
    if (send === undefined) {
      send = this.#around.reduce(behind, next);
      this.#sends.set(next, send);
    }
    return send(call);
  };
}

/** A transformer with what comes after it; when it throws at once, that is a rejection all the same. */
function behind(next: Send, transformer: Transformer): Send {
  return (call) => {
    try {
      return transformer(call, next);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  };
}
