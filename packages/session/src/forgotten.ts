/** Kept at most; older ones belong to updates that have long ended. */
const MOST_KEPT = 10_000;

/**
 * Who has been forgotten while this process runs, so that an update that began before does not bring its session back
 * when it ends.
 */
export class Forgotten {
  /** How many have been noted. Remember it, and ask later what came after. */
  count = 0;
  readonly #at = new Map<string | number, number>();

  note(owner: string | number): void {
    this.#at.delete(owner);
    this.#at.set(owner, ++this.count);
    if (this.#at.size > MOST_KEPT) this.#at.delete(this.#at.keys().next().value as string | number);
  }

  /** Whether this one was noted after the count stood at `since`. */
  isSince(owner: string | number, since: number): boolean {
    return (this.#at.get(owner) ?? 0) > since;
  }
}
