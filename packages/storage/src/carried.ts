import type { Clock } from "./clock.js";
import { checkKey } from "./key.js";
import type { DeleteOptions, SetOptions, SetResult, Storage, Stored } from "./storage.js";
import { StorageError } from "./storage-error.js";
import { systemClock } from "./system-clock.js";
import { turns } from "./turns.js";
import { type ValueOptions, valueText } from "./value-text.js";
import { nodeWarning, type OnStorageWarning } from "./warning.js";

/** Options of the bridges to stores of others. */
export interface BridgeOptions extends ValueOptions {
  /** What `ttlMs` is measured with. @default systemClock */
  readonly clock?: Clock | undefined;
  /** Hears what is to be known at the start. @default process.emitWarning */
  readonly onWarning?: OnStorageWarning | undefined;
}

/** What is kept in the other store for one key. */
interface Parcel {
  readonly balekit: 1;
  readonly version: string;
  readonly text: string;
  readonly expiresAt?: number | undefined;
}

/** The four things a bridge asks of another store. `keys` is absent where it cannot list them. */
export interface Carrier {
  read(key: string): Promise<unknown>;
  write(key: string, parcel: object, ttlMs: number | undefined): Promise<void>;
  remove(key: string): Promise<void>;
  readonly keys: (() => AsyncIterable<string>) | undefined;
}

/** The version of a value that was in the other store before balekit came. */
const FOREIGN = "foreign";

/**
 * Makes a Storage of a store without compare-and-set, for ONE process: what concerns a key runs one thing at a time
 * here, and nothing keeps another process from writing in between. What the store held before is read as it is.
 */
export function carried<Value>(store: string, carrier: Carrier, options: BridgeOptions): Storage<Value> {
  const { clock = systemClock, onWarning = nodeWarning } = options;
  const values = valueText(store, options);
  const inTurn = turns();
  // A start names its versions at random and counts from there, so none comes twice, across restarts too.
  const start = globalThis.crypto.randomUUID();
  let writes = 0;
  onWarning(
    `A ${store} store cannot compare and set: writes are put in order inside this process only. ` +
      "Run one process on it, or take sqlite().",
  );

  async function live(key: string): Promise<{ version: string; value: () => Value } | undefined> {
    const found = await carrier.read(key);
    if (found === undefined || found === null) return undefined;
    if (!isParcel(found)) return { version: FOREIGN, value: () => structuredClone(found) as Value };
    if (found.expiresAt !== undefined && found.expiresAt <= clock.now()) return undefined;
    return {
      version: found.version,
      value: () => values.read(() => `Reading ${JSON.stringify(key)}`, found.text) as Value,
    };
  }

  return {
    async get(key: string): Promise<Stored<Value> | undefined> {
      const found = await inTurn(key, () => live(key));
      return found && { value: found.value(), version: found.version };
    },
    async set(key: string, value: Value, { ifVersion, ttlMs }: SetOptions = {}): Promise<SetResult> {
      checkKey("Storing a value", key);
      const text = values.write(() => `Storing ${JSON.stringify(key)}`, value);
      return inTurn(key, async (): Promise<SetResult> => {
        if (ifVersion !== undefined && ((await live(key))?.version ?? null) !== ifVersion)
          return { ok: false };
        const version = `${start}-${++writes}`;
        const expiresAt = ttlMs === undefined ? undefined : clock.now() + ttlMs;
        const parcel: Parcel = { balekit: 1, version, text, ...(expiresAt !== undefined && { expiresAt }) };
        await carrier.write(key, parcel, ttlMs);
        return { ok: true, version };
      });
    },
    async delete(key: string, { ifVersion }: DeleteOptions = {}): Promise<boolean> {
      return inTurn(key, async () => {
        const found = await live(key);
        if (found === undefined || (ifVersion !== undefined && found.version !== ifVersion)) return false;
        await carrier.remove(key);
        return true;
      });
    },
    async *keys(prefix: string): AsyncIterable<string> {
      if (carrier.keys === undefined) {
        throw new StorageError(
          "ERR_BALE_STORAGE_UNSUPPORTED",
          `Listing keys that begin with ${JSON.stringify(prefix)}: this ${store} store cannot list its keys. ` +
            "Take one that can, or sqlite().",
        );
      }
      for await (const key of carrier.keys()) {
        if (key.startsWith(prefix) && (await inTurn(key, () => live(key))) !== undefined) yield key;
      }
    },
  };
}

function isParcel(found: unknown): found is Parcel {
  return typeof found === "object" && found !== null && "balekit" in found && found.balekit === 1;
}
