import { type BridgeOptions, fromGrammy, fromKeyv, json, type Storage } from "@balekit/storage";
import { storageContract } from "@balekit/storage/contract";
import { MemorySessionStorage } from "grammy";
import { Keyv } from "keyv";
import { describe, expect, it } from "vitest";

const quiet = { onWarning: () => undefined };

describe.each<{ name: string; bridge: (options: BridgeOptions) => Storage }>([
  { name: "fromGrammy", bridge: (options) => fromGrammy(new MemorySessionStorage(), options) },
  { name: "fromKeyv", bridge: (options) => fromKeyv(new Keyv(), options) },
])("$name", ({ bridge }) => {
  const cases = storageContract({
    open: async (clock) => ({ storage: bridge({ clock, ...quiet, codec: json }) }),
  });
  it.each(cases)("$name", ({ run }) => run());

  it("says at its start that it is for one process", () => {
    const warnings: string[] = [];
    bridge({ onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual([expect.stringContaining("inside this process only")]);
  });
});

describe("fromGrammy", () => {
  it("reads what grammY has written, and writes over it under compare-and-set", async () => {
    const adapter = new MemorySessionStorage<unknown>();
    adapter.write("5", { count: 7 });
    const storage = fromGrammy<{ count: number }>(adapter, quiet);
    const found = await storage.get("5");
    expect(found?.value).toEqual({ count: 7 });
    expect(await storage.set("5", { count: 8 }, { ifVersion: null })).toEqual({ ok: false });
    expect((await storage.set("5", { count: 8 }, { ifVersion: found?.version })).ok).toBe(true);
    expect((await storage.get("5"))?.value).toEqual({ count: 8 });
  });

  it("says which store cannot list its keys", async () => {
    const map = new Map<string, unknown>();
    const storage = fromGrammy(
      {
        read: (key) => map.get(key),
        write: (key, value) => map.set(key, value),
        delete: (key) => map.delete(key),
      },
      quiet,
    );
    await storage.set("k", 1);
    await expect(async () => {
      for await (const key of storage.keys("")) expect(key).toBe("never");
    }).rejects.toMatchObject({ code: "ERR_BALE_STORAGE_UNSUPPORTED" });
  });
});

describe("fromKeyv", () => {
  it("fails a write that Keyv did not take", async () => {
    const storage = fromKeyv(
      { get: async () => undefined, set: async () => false, delete: async () => true },
      quiet,
    );
    await expect(storage.set("k", 1)).rejects.toMatchObject({ code: "ERR_BALE_STORAGE_WRITE" });
  });
});
