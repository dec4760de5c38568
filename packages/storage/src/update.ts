import type { Clock } from "./clock.js";
import { sleep } from "./sleep.js";
import type { Storage } from "./storage.js";
import { misuse, StorageConflictError } from "./storage-error.js";
import { systemClock } from "./system-clock.js";

/** How `update` goes about it. */
export interface UpdateOptions {
  /** How often it is tried before a `StorageConflictError`. @default 100 */
  readonly maxAttempts?: number | undefined;
  /** Forget the new value after this many milliseconds. Absent: keep it. */
  readonly ttlMs?: number | undefined;
  /** Hears of each attempt that somebody else's write made void, counted from 1. */
  readonly onConflict?: ((attempt: number) => void) | undefined;
  /** Gives up between two attempts, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** What the pauses between attempts are measured with. @default systemClock */
  readonly clock?: Clock | undefined;
}

/** What `update` did. */
export interface Updated<Value> {
  /** What is stored now; `undefined` when nothing is. */
  readonly value: Value | undefined;
  /** The version of `value`; `undefined` when nothing is stored. */
  readonly version: string | undefined;
  /** How often `change` ran: 1 when nobody was in the way. */
  readonly attempts: number;
}

/** A pause is chosen at random up to this for each attempt made, so that writers who met drift apart. */
const PAUSE_STEP_MS = 4;
const LONGEST_PAUSE_STEPS = 20;

/**
 * Changes a value so that no other writer's change is lost, in this process or another: reads, asks `change`, writes if
 * nobody wrote in between, and otherwise begins anew. `change` may run several times, so it only computes; resolving to
 * `undefined` deletes the key.
 * @throws {StorageConflictError} when others were first `maxAttempts` times.
 * @example
 * const { value } = await update(storage, "visits", (visits = 0) => visits + 1);
 */
export async function update<Value>(
  storage: Storage<Value>,
  key: string,
  change: (value: Value | undefined) => Value | undefined | Promise<Value | undefined>,
  options: UpdateOptions = {},
): Promise<Updated<Value>> {
  const { maxAttempts = 100, ttlMs, onConflict, signal, clock = systemClock } = options;
  if (!(maxAttempts >= 1)) {
    throw misuse(
      "ERR_BALE_OPTION",
      `Updating ${JSON.stringify(key)}: maxAttempts is ${maxAttempts}. Give a number from 1 up.`,
    );
  }
  for (let attempts = 1; ; attempts++) {
    signal?.throwIfAborted();
    const before = await storage.get(key);
    const value = await change(before?.value);
    if (value === undefined) {
      if (before === undefined || (await storage.delete(key, { ifVersion: before.version }))) {
        return { value: undefined, version: undefined, attempts };
      }
    } else {
      const written = await storage.set(key, value, { ifVersion: before?.version ?? null, ttlMs });
      if (written.ok) return { value, version: written.version, attempts };
    }
    onConflict?.(attempts);
    if (attempts >= maxAttempts) throw new StorageConflictError(key, attempts);
    await sleep(clock, Math.random() * PAUSE_STEP_MS * Math.min(attempts, LONGEST_PAUSE_STEPS), signal);
  }
}
