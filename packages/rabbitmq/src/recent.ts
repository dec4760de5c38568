/** Remembers the last so many of what it was told. */
export class Recent<Value> {
  readonly #size: number;
  readonly #values = new Set<Value>();
  /** In the order they came, written over round and round. */
  readonly #order: Value[] = [];
  #next = 0;

  constructor(size: number) {
    this.#size = size;
  }

  has(value: Value): boolean {
    return this.#values.has(value);
  }

  add(value: Value): void {
    if (this.#values.has(value)) return;
    const oldest = this.#order[this.#next];
    if (oldest !== undefined) this.#values.delete(oldest);
    this.#order[this.#next] = value;
    this.#next = (this.#next + 1) % this.#size;
    this.#values.add(value);
  }
}
