import { memory, type Storage } from "@balekit/storage";
import { storageContract } from "@balekit/storage/contract";
import { describe, expect, it } from "vitest";

/** Names of the cases that a storage breaks. */
async function broken(spoil: (storage: Storage) => Storage): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of storageContract({
    open: async (clock) => ({ storage: spoil(memory({ clock })) }),
  })) {
    await run().catch(() => names.push(name));
  }
  return names;
}

describe("the contract of a storage", () => {
  it.each(storageContract({ open: async (clock) => ({ storage: memory({ clock }) }) }))(
    "is kept by memory: $name",
    ({ run }) => run(),
  );

  it("is broken by a store that ignores versions", async () => {
    const names = await broken((storage) => ({
      ...storage,
      set: (key, value, options) => storage.set(key, value, { ttlMs: options?.ttlMs }),
    }));
    expect(names).toContain("refuses a write on a stale version, and changes nothing");
    expect(names).toContain("loses none of 50 concurrent updates");
    expect(names).toContain("never uses a version twice, so A-B-A is seen");
  });

  it("is broken by a store that ignores ttlMs, and by one that mixes up keys", async () => {
    expect(
      await broken((storage) => ({
        ...storage,
        set: (key, value, options) => storage.set(key, value, { ifVersion: options?.ifVersion }),
      })),
    ).toContain("forgets a value when its time has passed, and not before");
    expect(
      await broken((storage) => ({
        ...storage,
        get: (key) => storage.get(key.toLowerCase()),
        set: (key, value, options) => storage.set(key?.toLowerCase(), value, options),
      })),
    ).toContain("keeps odd keys apart, and lists each as it was given");
  });
});
