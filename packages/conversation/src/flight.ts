import type { Outcome } from "./operation.js";

/** Effects under way, and results that have come. */
export class Flight {
  /** Where it stands among those that are waited for. */
  place = 0;
  /** When it is to be woken though nothing has come. */
  dueAt = 0;
  readonly #landed: { readonly id: number; readonly outcome: Outcome }[] = [];
  #wake: (() => void) | undefined;
  #flying = 0;

  get size(): number {
    return this.#flying + this.#landed.length;
  }

  get hasLanded(): boolean {
    return this.#landed.length > 0;
  }

  /** Something is under way that will land. */
  begin(id: number, result: Promise<unknown>): void {
    this.#flying++;
    result.then(
      (value) => this.#arrive(id, { ok: true, value }),
      (error: unknown) => this.#arrive(id, { ok: false, error }),
    );
  }

  /** Something was over as soon as it had begun. */
  land(id: number, outcome: Outcome): void {
    this.#landed.push({ id, outcome });
  }

  take(): { readonly id: number; readonly outcome: Outcome } | undefined {
    return this.#landed.shift();
  }

  /** Resolves when a result has come, or at `wake`. */
  next(): Promise<void> {
    if (this.hasLanded) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake?.();
  }

  #arrive(id: number, outcome: Outcome): void {
    this.#flying--;
    this.land(id, outcome);
    this.wake();
  }
}
