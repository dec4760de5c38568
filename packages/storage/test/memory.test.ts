import { manualClock, memory, type Storage } from "@balekit/storage";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

async function keysOf(storage: Storage, prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.keys(prefix)) keys.push(key);
  return keys.sort();
}

describe("memory", () => {
  it("gives back what was stored, as a copy nobody can reach into", async () => {
    const storage = memory<{ names: string[] }>();
    const value = { names: ["علی"] };
    await storage.set("k", value);
    value.names.push("changed after");
    const first = await storage.get("k");
    first?.value.names.push("changed by a reader");
    expect((await storage.get("k"))?.value).toEqual({ names: ["علی"] });
    expect(await storage.get("other")).toBeUndefined();
  });

  it("writes under compare-and-set: a stale version and a wrong null change nothing", async () => {
    const storage = memory<number>();
    const first = await storage.set("k", 1, { ifVersion: null });
    if (!first.ok) throw new Error("the first write was refused");
    expect(await storage.set("k", 2, { ifVersion: null })).toEqual({ ok: false });
    const second = await storage.set("k", 3, { ifVersion: first.version });
    expect(second.ok).toBe(true);
    expect(await storage.set("k", 4, { ifVersion: first.version })).toEqual({ ok: false });
    expect((await storage.get("k"))?.value).toBe(3);
    expect(await storage.delete("k", { ifVersion: first.version })).toBe(false);
    expect(await storage.delete("k")).toBe(true);
    expect(await storage.delete("k")).toBe(false);
  });

  it("never uses a version twice, across delete and re-create too", async () => {
    const storage = memory<number>();
    const seen = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const written = await storage.set("k", 1);
      if (written.ok) seen.add(written.version);
      await storage.delete("k");
    }
    expect(seen.size).toBe(20);
  });

  it("forgets a value when its time is over, and counts an expired one as missing", async () => {
    const clock = manualClock();
    const storage = memory<number>({ clock });
    await storage.set("k", 1, { ttlMs: 1_000 });
    await storage.set("kept", 1);
    await clock.advance(999);
    expect((await storage.get("k"))?.value).toBe(1);
    await clock.advance(1);
    expect(await storage.get("k")).toBeUndefined();
    expect(await keysOf(storage)).toEqual(["kept"]);
    expect((await storage.set("k", 2, { ifVersion: null })).ok).toBe(true);
  });

  it("sweeps expired values without being read, and then leaves no timer running", async () => {
    const clock = manualClock();
    const storage = memory<number>({ clock });
    await storage.set("a", 1, { ttlMs: 1_000 });
    await storage.set("b", 1, { ttlMs: 100_000 });
    expect(clock.pending).toBe(1);
    await clock.advance(200_000);
    expect(clock.pending).toBe(0);
    expect(await keysOf(storage)).toEqual([]);
  });

  it("keeps at most maxEntries, letting go of the one unused for longest", async () => {
    const storage = memory<number>({ maxEntries: 2 });
    await storage.set("a", 1);
    await storage.set("b", 2);
    await storage.get("a");
    await storage.set("c", 3);
    expect(await keysOf(storage)).toEqual(["a", "c"]);
  });

  it("lists live keys by prefix while they are being deleted", async () => {
    const storage = memory<number>();
    for (const key of ["x:1", "x:2", "y:1"]) await storage.set(key, 1);
    for await (const key of storage.keys("x:")) await storage.delete(key);
    expect(await keysOf(storage)).toEqual(["y:1"]);
  });

  it("refuses what JSON cannot carry, naming the key", async () => {
    const storage = memory();
    await expect(storage.set("k", undefined)).rejects.toThrow(
      'Storing "k": the value cannot be written: the value is undefined',
    );
    const circle: { self?: unknown } = {};
    circle.self = circle;
    await expect(storage.set("k", circle)).rejects.toThrow(TypeError);
    expect(() => memory({ maxEntries: 0 })).toThrow("maxEntries is 0");
  });

  it("behaves as a plain map does under random writes, reads and deletes", async () => {
    const step = fc.record({
      kind: fc.constantFrom("set", "cas", "delete", "get"),
      key: fc.constantFrom("a", "b", "c"),
      value: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const storage = memory<number>();
        const model = new Map<string, number>();
        for (const { kind, key, value } of steps) {
          if (kind === "set") {
            await storage.set(key, value);
            model.set(key, value);
          } else if (kind === "cas") {
            const version = (await storage.get(key))?.version ?? null;
            expect((await storage.set(key, value, { ifVersion: version })).ok).toBe(true);
            model.set(key, value);
          } else if (kind === "delete") {
            expect(await storage.delete(key)).toBe(model.delete(key));
          }
          expect((await storage.get(key))?.value).toBe(model.get(key));
        }
        expect(await keysOf(storage)).toEqual([...model.keys()].sort());
      }),
    );
  });
});
