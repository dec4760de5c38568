import { type BridgeOptions, carried } from "./carried.js";
import type { Storage } from "./storage.js";

/** What a store written for grammY's sessions has. */
export interface GrammyAdapter {
  read(key: string): unknown;
  write(key: string, value: never): unknown;
  delete(key: string): unknown;
  readAllKeys?(): Iterable<string> | AsyncIterable<string>;
}

/**
 * Makes a Storage of a grammY storage adapter, for ONE process, and says so at the start. Sessions that grammY has
 * written are read; what is written here is for balekit.
 */
export function fromGrammy<Value = unknown>(
  adapter: GrammyAdapter,
  options: BridgeOptions = {},
): Storage<Value> {
  return carried<Value>(
    "grammY",
    {
      read: async (key: string): Promise<unknown> => adapter.read(key),
      async write(key: string, parcel: object): Promise<void> {
        await adapter.write(key, parcel as never);
      },
      async remove(key: string): Promise<void> {
        await adapter.delete(key);
      },
      keys: adapter.readAllKeys && ((): AsyncIterable<string> => keysOf(adapter)),
    },
    options,
  );
}

async function* keysOf(adapter: GrammyAdapter): AsyncIterable<string> {
  for await (const key of adapter.readAllKeys?.() ?? []) yield key;
}
