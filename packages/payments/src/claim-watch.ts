import type { Clock, Timer } from "balekit";
import type { OrderClaim } from "./order.js";

/** How long a claim must have stood still before whoever watches it takes it for that of a dead process. */
export const SILENT_MS = 60_000;

/** A claim as it was seen last. */
interface Sight {
  readonly mark: string;
  timer: Timer;
  isSilent: boolean;
  /** Whether anybody has asked about it since the last `tidy`. */
  isWanted: boolean;
}

/**
 * Tells the claims of the living from those of the dead. Whoever has a claim keeps changing it, and one that has stood
 * still for a minute while it was watched from here is over. Nothing is compared that another machine's clock has said,
 * and the minute is a timer's, so that setting the clock of this machine ends nothing early.
 */
export class ClaimWatch {
  readonly #clock: Clock;
  readonly #silentMs: number;
  readonly #sights = new Map<string, Sight>();

  constructor(clock: Clock, silentMs: number = SILENT_MS) {
    this.#clock = clock;
    this.#silentMs = silentMs;
  }

  /** Whether somebody is at this order, as far as can be seen from here. The first look begins the minute. */
  isHeld({ id, claim }: { readonly id: string; readonly claim?: OrderClaim | undefined }): boolean {
    const known = this.#sights.get(id);
    if (claim === undefined) {
      if (known !== undefined) this.#forget(id, known);
      return false;
    }
    const mark = `${claim.by} ${claim.beat}`;
    if (known?.mark === mark) {
      known.isWanted = true;
      return !known.isSilent;
    }
    if (known !== undefined) this.#forget(id, known);
    const sight: Sight = { mark, timer: undefined, isSilent: false, isWanted: true };
    sight.timer = this.#clock.setTimeout(() => {
      sight.isSilent = true;
    }, this.#silentMs);
    this.#sights.set(id, sight);
    return true;
  }

  /** Forgets the claims that nobody has asked about since this was called last: their orders have come to an end. */
  tidy(): void {
    for (const [id, sight] of this.#sights) {
      if (!sight.isWanted) this.#forget(id, sight);
      sight.isWanted = false;
    }
  }

  /** Forgets everything, and leaves no timer behind. */
  stop(): void {
    for (const [id, sight] of this.#sights) this.#forget(id, sight);
  }

  #forget(id: string, sight: Sight): void {
    this.#clock.clearTimeout(sight.timer);
    this.#sights.delete(id);
  }
}
