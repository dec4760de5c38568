import type { Api, Call, Reply, Send, Transformer } from "@balekit/api";

/**
 * The transformers around all others, as one in the api: those that may answer by themselves, the last registered
 * outermost, and around them those that only add to what callers get.
 */
export class Outermost {
  readonly #answering: Transformer[] = [];
  readonly #adding: Transformer[] = [];
  #around: readonly Transformer[] = [];

  /** Puts one in; the first puts all of them into the api. */
  add(api: Api, transformer: Transformer, onlyAdds: boolean): void {
    const isFirst = this.#around.length === 0;
    (onlyAdds ? this.#adding : this.#answering).unshift(transformer);
    this.#around = [...this.#adding, ...this.#answering].reverse();
    if (isFirst) api.useFirst(this.#run);
  }

  readonly #run = (call: Call, next: Send): Promise<Reply> => {
    const send = this.#around.reduce<Send>(
      (inner, transformer) => async (each) => transformer(each, inner),
      next,
    );
    return send(call);
  };
}
