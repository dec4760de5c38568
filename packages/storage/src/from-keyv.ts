import { type BridgeOptions, carried } from "./carried.js";
import type { Storage } from "./storage.js";
import { StorageError } from "./storage-error.js";

/** The part of a Keyv that is used here. */
export interface KeyvLike {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttlMs?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
  /** Present where the store can list its keys. */
  readonly iterator?: unknown;
}

/**
 * Makes a Storage of a Keyv, for ONE process, and says so at the start. A `ttlMs` is passed on, so that the store
 * behind Keyv forgets by itself too.
 */
export function fromKeyv<Value = unknown>(keyv: KeyvLike, options: BridgeOptions = {}): Storage<Value> {
  return carried<Value>(
    "Keyv",
    {
      read: (key: string): Promise<unknown> => keyv.get(key),
      async write(key: string, parcel: object, ttlMs: number | undefined): Promise<void> {
        // Keyv tells a refused write by false, or by an "error" event and nothing else.
        if ((await keyv.set(key, parcel, ttlMs)) === false) {
          throw new StorageError(
            "ERR_BALE_STORAGE_WRITE",
            `Storing ${JSON.stringify(key)}: Keyv did not take it. Its "error" event says why.`,
          );
        }
      },
      async remove(key: string): Promise<void> {
        await keyv.delete(key);
      },
      keys: typeof keyv.iterator === "function" ? (): AsyncIterable<string> => keysOf(keyv) : undefined,
    },
    options,
  );
}

async function* keysOf(keyv: KeyvLike): AsyncIterable<string> {
  const listing = keyv as { iterator(namespace?: unknown): AsyncIterable<readonly [string, unknown]> };
  for await (const [key] of listing.iterator(undefined)) yield key;
}
