import { memory, StorageConflictError, update } from "@balekit/storage";
import { describe, expect, it } from "vitest";

describe("update", () => {
  it("writes what the function makes of the value, and says that one attempt was enough", async () => {
    const storage = memory<number>();
    const first = await update(storage, "k", (n = 0) => n + 1);
    expect(first).toMatchObject({ value: 1, attempts: 1 });
    expect(await storage.get("k")).toEqual({ value: 1, version: first.version });
  });

  it("runs the function anew on what somebody else wrote meanwhile", async () => {
    const storage = memory<number>();
    const conflicts: number[] = [];
    const seen: (number | undefined)[] = [];
    const result = await update(
      storage,
      "k",
      async (n) => {
        seen.push(n);
        if (seen.length < 3) await storage.set("k", seen.length * 10);
        return (n ?? 0) + 1;
      },
      { onConflict: (attempt) => conflicts.push(attempt) },
    );
    expect(seen).toEqual([undefined, 10, 20]);
    expect(conflicts).toEqual([1, 2]);
    expect(result).toMatchObject({ value: 21, attempts: 3 });
  });

  it("gives up after maxAttempts with an error that says how often", async () => {
    const storage = memory<number>();
    const error = await update(
      storage,
      "k",
      async () => {
        await storage.set("k", 1);
        return 2;
      },
      { maxAttempts: 3 },
    ).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StorageConflictError);
    expect(error).toMatchObject({ code: "ERR_BALE_STORAGE_CONFLICT", key: "k", attempts: 3 });
    expect((await storage.get("k"))?.value).toBe(1);
  });

  it("deletes the key when the function resolves to undefined", async () => {
    const storage = memory<number>();
    await storage.set("k", 1);
    expect(await update(storage, "k", () => undefined)).toMatchObject({ value: undefined, attempts: 1 });
    expect(await storage.get("k")).toBeUndefined();
    expect(await update(storage, "k", () => undefined)).toMatchObject({ attempts: 1 });
  });

  it("writes nothing when the function throws or the signal aborts", async () => {
    const storage = memory<number>();
    await expect(
      update(storage, "k", () => {
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    await expect(update(storage, "k", () => 1, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
    await expect(update(storage, "k", () => 1, { maxAttempts: 0 })).rejects.toThrow(TypeError);
    expect(await storage.get("k")).toBeUndefined();
  });
});
