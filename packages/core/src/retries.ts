import { StorageConflictError } from "@balekit/storage";
import { backOffMs, isTransient, jitter } from "./back-off.js";
import { outOfRange, shown } from "./misuse.js";
import { isUrgent } from "./origin.js";
import type { InboxEntry } from "./inbox.js";

/** How often handlers that throw are given the same update again. Only with an inbox: without one only what `deliverAgain` was said of is tried again. */
export interface RetryOptions {
  /** The most attempts, the first one included; 1 sets aside at once. @default 5 */
  readonly attempts?: number | undefined;
  /** The wait after the first attempt. It doubles after each, and each is cut by chance to between half and all. @default 1_000 */
  readonly firstMs?: number | undefined;
  /** The longest wait. @default 30_000 */
  readonly longestMs?: number | undefined;
}

/** Bale gives a payment's question ten seconds; an answer after that is refused. */
const PAYMENT_MS = 10_000;
/** Left for the attempt itself, and for its answer to arrive. */
const PAYMENT_RESERVE_MS = 2_000;
const FIRST_PAYMENT_WAIT_MS = 250;
/** What the network or Bale's health is to blame for is tried for minutes: the update is not at fault. */
const TRANSIENT_FACTOR = 4;
/** A lost race for a value is run again soon, and often: each round somebody wins it. */
const CONFLICT_ATTEMPTS = 100;
const CONFLICT_WAIT_MS = 20;
const LONGEST_CONFLICT_WAIT_MS = 500;

/** Decides when an update whose handlers threw is tried again, and when it has been tried enough. */
export class Retries {
  readonly #attempts: number;
  readonly #firstMs: number;
  readonly #longestMs: number;

  constructor({ attempts = 5, firstMs = 1_000, longestMs = 30_000 }: RetryOptions) {
    for (const [name, value, least] of [
      ["attempts", attempts, 1],
      ["firstMs", firstMs, 0],
      ["longestMs", longestMs, 0],
    ] as const) {
      if (value >= least) continue;
      throw outOfRange(
        "ERR_BALE_OPTION",
        `new Bot: retries.${name} is ${shown(value)}. Give a number from ${least} up.`,
      );
    }
    this.#attempts = attempts;
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
  }

  /** How long to wait before the attempt after this one; `undefined` when there is none. */
  delayMs(entry: InboxEntry, attempt: number, error: unknown, now: number): number | undefined {
    if (isUrgent(entry.update)) {
      const waitMs = FIRST_PAYMENT_WAIT_MS * 2 ** (attempt - 1);
      return now + waitMs <= entry.takenAt + PAYMENT_MS - PAYMENT_RESERVE_MS ? waitMs : undefined;
    }
    if (isConflict(error)) {
      if (attempt >= CONFLICT_ATTEMPTS) return undefined;
      return jitter(Math.min(CONFLICT_WAIT_MS * attempt, LONGEST_CONFLICT_WAIT_MS));
    }
    const transient = isTransient(error);
    if (attempt >= (transient ? this.#attempts * TRANSIENT_FACTOR : this.#attempts)) return undefined;
    const waitMs = jitter(Math.min(this.#firstMs * 2 ** (attempt - 1), this.#longestMs));
    // A 429 says how long it lasts.
    return transient && attempt === 1 ? Math.max(waitMs, backOffMs(1, error)) : waitMs;
  }

  /** Whether a payment's question has become pointless: Bale has cancelled the payment by now. */
  isTooLate(entry: InboxEntry, now: number): boolean {
    return isUrgent(entry.update) && now >= entry.takenAt + PAYMENT_MS;
  }
}

function isConflict(error: unknown): boolean {
  if (error instanceof StorageConflictError) return true;
  const code = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : undefined;
  return code === "ERR_BALE_STORAGE_CONFLICT" || code === "ERR_BALE_SESSION_CONFLICT";
}
