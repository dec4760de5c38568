/** Something to be done at a time. */
export interface Alarm {
  /** Milliseconds since 1970 on the clock it was set on. */
  readonly dueAt: number;
  readonly run: () => void;
  /** Rings it when the time flows. */
  handle: NodeJS.Timeout | undefined;
  /** Of two that are due at once, the one set first rings first. */
  order: number;
  /** Where it stands in the heap. */
  place: number;
}

/** The alarms that are set, as a heap: of many thousands the next one is found without looking at all of them. */
export class Alarms {
  readonly #heap: Alarm[] = [];
  #made = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** All of them, in no order. */
  get all(): readonly Alarm[] {
    return this.#heap.slice();
  }

  /** The one that rings next. */
  get first(): Alarm | undefined {
    return this.#heap[0];
  }

  add(dueAt: number, run: () => void): Alarm {
    const alarm: Alarm = { dueAt, run, handle: undefined, order: this.#made++, place: this.#heap.length };
    this.#heap.push(alarm);
    this.#rise(alarm);
    return alarm;
  }

  /** Takes an alarm away; says whether it was there. */
  delete(alarm: Alarm): boolean {
    if (this.#heap[alarm.place] !== alarm) return false;
    const last = this.#heap.pop();
    if (last !== undefined && last !== alarm) {
      this.#put(last, alarm.place);
      this.#rise(last);
      this.#sink(last);
    }
    return true;
  }

  #put(alarm: Alarm, place: number): void {
    this.#heap[place] = alarm;
    alarm.place = place;
  }

  #rise(alarm: Alarm): void {
    for (;;) {
      const place = alarm.place;
      const above = place === 0 ? undefined : this.#heap[(place - 1) >> 1];
      if (above === undefined || isBefore(above, alarm)) return;
      this.#put(alarm, above.place);
      this.#put(above, place);
    }
  }

  #sink(alarm: Alarm): void {
    for (;;) {
      const place = alarm.place;
      const left = this.#heap[2 * place + 1];
      const right = this.#heap[2 * place + 2];
      const below = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (below === undefined || isBefore(alarm, below)) return;
      this.#put(alarm, below.place);
      this.#put(below, place);
    }
  }
}

function isBefore(a: Alarm, b: Alarm): boolean {
  return a.dueAt === b.dueAt ? a.order < b.order : a.dueAt < b.dueAt;
}
