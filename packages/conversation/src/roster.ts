/** Something that stands in a roster, and is told where. */
export interface Enrolled {
  place: number;
}

/**
 * What is under way right now, in no order. Not a Set: V8 links each table that a Set has outgrown to the next one, so
 * that a Set which is added to and taken from all the time keeps what was in it until the next full collection.
 */
export class Roster<Item extends Enrolled> {
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: Item): void {
    item.place = this.#items.push(item) - 1;
  }

  /** Takes one out that is in it; nothing happens when it is not. */
  delete(item: Item): void {
    if (this.#items[item.place] !== item) return;
    const last = this.#items.pop() as Item;
    if (last === item) return;
    this.#items[item.place] = last;
    last.place = item.place;
  }

  clear(): void {
    this.#items.length = 0;
  }

  /** All there are, in a list of its own. */
  all(): Item[] {
    return [...this.#items];
  }
}
