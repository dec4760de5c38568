/** Bale keeps 2000 updates; twice as many are remembered. */
const REMEMBERED = 4_096;

/** Told how the work of an update ended: with nothing, or with an error. */
export type Settled = (error?: unknown) => void;

/**
 * Remembers which updates came lately, so that one delivered again is not handled again, and whoever delivers it again
 * waits for the first.
 */
export class RecentUpdates {
  /** `"done"`, or who else is to be told; `undefined` while it is being done and nobody has asked again. */
  readonly #states = new Map<number, "done" | Settled[] | undefined>();
  /** The ids in the order they came, written over round and round. */
  readonly #order: number[] = [];
  #next = 0;

  /**
   * Whether an update is new: then do its work and call `settle`. Otherwise `settled` is called when the work that is
   * under way ends, or at once when it has.
   */
  enter(id: number, settled: Settled): boolean {
    const state = this.#states.get(id);
    if (state === "done") settled();
    else if (state !== undefined) state.push(settled);
    else if (this.#states.has(id)) this.#states.set(id, [settled]);
    else {
      this.#remember(id);
      return true;
    }
    return false;
  }

  /** Ends the work of an update. What failed is forgotten, so that it can be tried again. */
  settle(id: number, error?: unknown): void {
    const waiting = this.#states.get(id);
    if (error === undefined) this.#states.set(id, "done");
    else this.#states.delete(id);
    if (Array.isArray(waiting)) for (const settled of waiting) settled(error);
  }

  #remember(id: number): void {
    const oldest = this.#order[this.#next];
    // What is being done is never forgotten: it must not be done twice at the same time.
    if (oldest !== undefined && this.#states.get(oldest) === "done") this.#states.delete(oldest);
    this.#order[this.#next] = id;
    this.#next = (this.#next + 1) % REMEMBERED;
    this.#states.set(id, undefined);
  }
}
