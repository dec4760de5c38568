/** Where an update that has come in stands: being worked on, done, or to be delivered again. */
type State = "running" | "done" | "again";

/**
 * Knows which offset is safe: it never passes the oldest update that is not finished. Also tells updates that are
 * delivered a second time. Remembers only what lies between that offset and the newest update, which Bale keeps below
 * a hundred.
 */
export class Watermark {
  /** Ascending by id, because batches are and `#insert` keeps it so. */
  #window = new Map<number, State>();
  #newest = Number.NEGATIVE_INFINITY;
  #offset: number | undefined;
  #running = 0;

  /** @param offset where to begin, when that is known; otherwise the first update decides */
  constructor(offset?: number | undefined) {
    this.#offset = offset;
  }

  /** The `offset` to ask Bale for: everything below it is confirmed by asking. `undefined` before the first update. */
  get offset(): number | undefined {
    return this.#offset;
  }

  /** How many updates are being worked on. */
  get running(): number {
    return this.#running;
  }

  /** How many updates lie at or above the offset, finished or not. */
  get span(): number {
    return this.#window.size;
  }

  /** The oldest update that holds the offset back. */
  get oldest(): number | undefined {
    return this.#window.size === 0 ? undefined : this.#offset;
  }

  /** Whether `enter` would take this update in. */
  isNew(id: number): boolean {
    if (this.#offset !== undefined && id < this.#offset) return false;
    const state = this.#window.get(id);
    return state === undefined || state === "again";
  }

  /** Takes an update in; `false` when it is known already and must be dropped. */
  enter(id: number): boolean {
    if (!this.isNew(id)) return false;
    const state = this.#window.get(id);
    if (state === "again" || id > this.#newest) this.#window.set(id, "running");
    else this.#insert(id);
    if (id > this.#newest) this.#newest = id;
    if (state === undefined && (this.#window.size === 1 || this.#offset === undefined)) this.#offset = id;
    this.#running++;
    return true;
  }

  /** Says that an update is done with: the offset may pass it once all before it are. */
  finish(id: number): void {
    if (this.#window.get(id) !== "running") return;
    this.#running--;
    this.#window.set(id, "done");
    if (id !== this.#offset) return;
    for (const [oldest, state] of this.#window) {
      this.#offset = oldest;
      if (state !== "done") return;
      this.#window.delete(oldest);
      this.#offset = oldest + 1;
    }
  }

  /** Says that an update was not taken: it holds the offset back, and is taken in anew when Bale sends it again. */
  refuse(id: number): void {
    if (this.#window.get(id) !== "running") return;
    this.#running--;
    this.#window.set(id, "again");
  }

  /** An update older than the newest: rare enough to sort for. */
  #insert(id: number): void {
    const entries: [number, State][] = [...this.#window, [id, "running"]];
    this.#window = new Map(entries.sort(([one], [other]) => one - other));
    if (this.#window.keys().next().value === id) this.#offset = id;
  }
}
