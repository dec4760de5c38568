/** Keeps what was put or read last, up to a number of entries. */
export class Lru<Key, Value> {
  readonly max: number;
  readonly #entries = new Map<Key, Value>();

  constructor(max: number) {
    this.max = max;
  }

  /** How many are kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** Reads one, which counts as used. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Whether one is kept; does not count as used. */
  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  put(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.max) return;
    const [oldest] = this.#entries.keys();
    this.#entries.delete(oldest as Key);
  }

  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }

  /** All that are kept, least recently used first. */
  values(): IterableIterator<Value> {
    return this.#entries.values();
  }
}
