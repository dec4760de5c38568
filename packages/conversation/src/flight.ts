import type { Outcome } from "./operation.js";

/** Effects under way, and results that have come. */
export class Flight {
  readonly #landed: { readonly id: number; readonly outcome: Outcome }[] = [];
  #wake: (() => void) | undefined;
  #flying = 0;

  get size(): number {
    return this.#flying + this.#landed.length;
  }

  begin(id: number, result: Promise<Outcome>): void {
    this.#flying++;
    void result.then((outcome) => {
      this.#flying--;
      this.#landed.push({ id, outcome });
      this.#wake?.();
    });
  }

  take(): { readonly id: number; readonly outcome: Outcome } | undefined {
    return this.#landed.shift();
  }

  next(): Promise<void> {
    if (this.#landed.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
