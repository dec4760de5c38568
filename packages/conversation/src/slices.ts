/** How many begin at once. */
const SLICE = 32;

const atOnce: Promise<void> = Promise.resolve();

/**
 * Lets pieces of work begin in slices. What comes at once, as after a batch of updates, would otherwise go through each of
 * its stages side by side: the garbage of all of it would be alive when the collector comes, which then copies it. A
 * slice does what it can do without the outside before the next one begins; what waits for the outside holds up nobody.
 */
export class Slices {
  readonly #waiting: (() => void)[] = [];

  /** Resolves when a piece of work may begin. @param underWay how many are under way */
  begin(underWay: number): Promise<void> {
    if (underWay < SLICE && this.#waiting.length === 0) return atOnce;
    if (this.#waiting.length === 0) setImmediate(this.#next);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  readonly #next = (): void => {
    const slice = this.#waiting.splice(0, SLICE);
    if (this.#waiting.length > 0) setImmediate(this.#next);
    for (const go of slice) go();
  };
}
