import { outOfRange, shown, wrongType } from "./misuse.js";

/** A button and the number of the row it was put in. */
export interface PlacedButton<Button> {
  readonly item: Button;
  /** Counted from 1. */
  readonly row: number;
}

/**
 * Buttons in rows: what `Keyboard` and `InlineKeyboard` have in common.
 *
 * Rows carry natural numbers, 1 first, and keep the number they were given: after `add(a, 1)` and `add(b, 5)` the user
 * sees two rows, and row 5 is still called 5. `columns`, `flow` and `pattern` number the rows anew, from 1.
 */
export abstract class ButtonGrid<Button extends object> {
  readonly #rows: Map<number, Button[]> = new Map();
  /** The same rows as Bale wants them: sorted, without gaps or empty rows. Changed in place. */
  readonly #wire: Button[][];
  #current = 1;
  #columns: number | undefined;

  /** `wire` is the array the subclass shows under its wire name; this class fills it. */
  protected constructor(wire: Button[][]) {
    this.#wire = wire;
  }

  /** Checks a button given from outside and answers the frozen copy to keep. */
  protected abstract accept(button: Button): Button;

  /** An empty keyboard of the same kind, for the methods that answer a copy. */
  protected abstract blank(): this;

  /** How many buttons there are. */
  get size(): number {
    return this.#wire.reduce((sum, row) => sum + row.length, 0);
  }

  /** Every button with the number of its row, in the order the user sees them. */
  placed(): PlacedButton<Button>[] {
    return this.#sorted().flatMap(([row, buttons]) => buttons.map((item) => ({ item, row })));
  }

  /** Ends the current row: the next button starts a new one. Never makes an empty row. */
  row(): this {
    const last = Math.max(0, ...this.#rows.keys());
    this.#current = last + 1;
    return this;
  }

  /**
   * Puts a button in a row, at its end. A row of that number is made if there is none.
   *
   * @param row a natural number, 1 for the first row. @default the current row
   * @throws RangeError for 0, negative numbers and fractions
   */
  add(button: Button, row?: number): this {
    const accepted = this.accept(button);
    this.#put(accepted, row === undefined ? this.#nextRow() : checkRow(row));
    return this;
  }

  /**
   * Takes buttons away. A button takes the first one equal to it; a placed button takes that one in its row; a test
   * takes every button it says `true` to.
   *
   * @returns whether anything was taken
   */
  remove(which: Button | PlacedButton<Button> | ((button: Button, row: number) => boolean)): boolean {
    const placed = this.placed();
    const gone = new Set<PlacedButton<Button>>();
    if (typeof which === "function") {
      for (const entry of placed) if (which(entry.item, entry.row)) gone.add(entry);
    } else {
      const wanted: Partial<PlacedButton<Button>> = isPlaced(which) ? which : { item: which };
      const found =
        placed.find((entry) => entry.item === wanted.item && (wanted.row ?? entry.row) === entry.row) ??
        placed.find((entry) => same(entry.item, wanted.item) && (wanted.row ?? entry.row) === entry.row);
      if (found) gone.add(found);
    }
    if (gone.size === 0) return false;
    this.#rows.clear();
    for (const entry of placed) if (!gone.has(entry)) this.#listOf(entry.row).push(entry.item);
    this.#publish();
    return true;
  }

  /**
   * Takes a row away with all its buttons. The other rows keep their numbers.
   *
   * @returns whether there was such a row
   * @throws RangeError for 0, negative numbers and fractions
   */
  removeRow(row: number): boolean {
    const removed = this.#rows.delete(checkRow(row));
    if (removed) this.#publish();
    return removed;
  }

  /**
   * Lays the buttons out so many to a row, those here already and those still to come.
   *
   * @example
   * const keyboard = new InlineKeyboard().columns(3);
   * for (const size of ["S", "M", "L", "XL"]) keyboard.text(size, `size:${size}`);
   */
  columns(count: number): this {
    this.flow(count);
    this.#columns = count;
    return this;
  }

  /** Lays the buttons that are here now out so many to a row, once. */
  flow(columns: number): this {
    return this.pattern([checkCount("columns", columns)]);
  }

  /** A copy with the buttons laid out so many to a row; this keyboard stays as it is. */
  toFlowed(columns: number): this {
    return this.clone().flow(columns);
  }

  /** Lays the buttons that are here now out in rows of these lengths; the last length goes on for the rest. */
  pattern(lengths: readonly number[]): this {
    if (!(lengths?.length > 0)) {
      throw wrongType(
        "ERR_BALE_KEYBOARD_ROW",
        `Laying out a keyboard: the pattern is ${shown(lengths)}. Give row lengths, like [1, 2].`,
      );
    }
    for (const length of lengths) checkCount("a row length", length);
    const buttons = this.#wire.flat();
    this.#rows.clear();
    for (let row = 1, taken = 0; taken < buttons.length; row++) {
      const length = lengths[Math.min(row, lengths.length) - 1] ?? 1;
      this.#rows.set(row, buttons.slice(taken, taken + length));
      taken += length;
    }
    this.#current = Math.max(1, this.#rows.size);
    this.#publish();
    return this;
  }

  /** Puts the rows of other keyboards below the rows of this one. */
  append(...others: readonly ButtonGrid<Button>[]): this {
    for (const other of others) {
      for (const row of other.#wire.map((buttons) => [...buttons])) {
        this.row();
        for (const button of row) this.#put(button, this.#current);
      }
    }
    return this;
  }

  /** A keyboard of its own with the same rows; changing one leaves the other alone. */
  clone(): this {
    const copy = this.blank();
    for (const { item, row } of this.placed()) copy.#put(item, row);
    copy.#current = this.#current;
    copy.#columns = this.#columns;
    return copy;
  }

  /** Adds a button of ours at the cursor. */
  protected push(button: Button): this {
    this.#put(Object.freeze(button), this.#nextRow());
    return this;
  }

  #nextRow(): number {
    const length = this.#rows.get(this.#current)?.length ?? 0;
    if (this.#columns !== undefined && length >= this.#columns) this.row();
    return this.#current;
  }

  #put(button: Button, row: number): void {
    const known = this.#rows.has(row);
    this.#listOf(row).push(button);
    if (!known) this.#publish();
  }

  #listOf(row: number): Button[] {
    const list = this.#rows.get(row) ?? [];
    this.#rows.set(row, list);
    return list;
  }

  #sorted(): [number, Button[]][] {
    return [...this.#rows].sort(([a], [b]) => a - b);
  }

  #publish(): void {
    this.#wire.splice(0, this.#wire.length, ...this.#sorted().map(([, buttons]) => buttons));
  }
}

function checkRow(row: unknown): number {
  if (typeof row !== "number" || !Number.isSafeInteger(row) || row < 1) {
    throw outOfRange(
      "ERR_BALE_KEYBOARD_ROW",
      `Placing a button: there is no row ${shown(row)}. Rows are counted 1, 2, 3 from the top.`,
    );
  }
  return row;
}

function checkCount(what: string, count: unknown): number {
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 1) {
    throw outOfRange(
      "ERR_BALE_KEYBOARD_ROW",
      `Laying out a keyboard: ${what} is ${shown(count)}. Give a whole number of at least 1.`,
    );
  }
  return count;
}

function isPlaced<Button extends object>(value: object): value is PlacedButton<Button> {
  return "item" in value && "row" in value;
}

/** Whether two buttons look and do the same. Keys may come in any order. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const left = Object.entries(a);
  const right = b as Readonly<Record<string, unknown>>;
  return left.length === Object.keys(right).length && left.every(([key, value]) => same(value, right[key]));
}
