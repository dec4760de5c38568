/** Bale keeps 2000 updates; twice as many are remembered. */
const REMEMBERED = 4_096;

/**
 * Remembers which updates came lately, so that one delivered again is not handled again, and whoever delivers it again
 * waits for the first.
 */
export class RecentUpdates {
  /** Oldest first. */
  readonly #works = new Map<number, Promise<void> | undefined>();

  /**
   * Does the work of an update unless it has been done; waits for it when it is being done. Work that fails is
   * forgotten, so that it can be tried again.
   */
  once(id: number, work: () => Promise<void>): Promise<void> | undefined {
    if (this.#works.has(id)) return this.#works.get(id);
    const doing = work();
    this.#works.set(id, doing);
    doing.then(
      () => this.#works.set(id, undefined),
      () => this.#works.delete(id),
    );
    if (this.#works.size > REMEMBERED) this.#forgetOldest();
    return doing;
  }

  /** The oldest that is done: what is being done must not be done twice at the same time. */
  #forgetOldest(): void {
    for (const [id, doing] of this.#works) {
      if (doing !== undefined) continue;
      this.#works.delete(id);
      return;
    }
  }
}
