import { spawn } from "node:child_process";
import { manualClock, type Storage, StorageUnavailableError } from "@balekit/storage";
import { survivalContract } from "@balekit/storage/contract";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { PrivateServer } from "../../../test/servers/private-server.js";
import { type CuttingProxy, cuttingProxy } from "./cutting-proxy.js";
import { programArguments } from "./program.js";
import { type ServerStores, serverKinds } from "./server-kinds.js";

const unavailable = (facts: object) =>
  expect.objectContaining({
    code: "ERR_BALE_STORAGE_UNAVAILABLE",
    name: "StorageUnavailableError",
    ...facts,
  });

describe.each(serverKinds)("a store on $name", ({ name: kind, start, open }) => {
  let server: PrivateServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.close());

  let stores = 0;
  async function opened(
    options: { port?: number; timeoutMs?: number; name?: string } = {},
  ): Promise<ServerStores> {
    const { port = server.port, name = `outage_${++stores}`, ...rest } = options;
    const made = await open(port, { name, ...rest });
    onTestFinished(() => made.close());
    return made;
  }
  async function proxied(): Promise<{ proxy: CuttingProxy; through: ServerStores; beside: ServerStores }> {
    const proxy = await cuttingProxy(server.port);
    const name = `cut_${++stores}`;
    const through = await opened({ port: proxy.port, name });
    const beside = await opened({ name });
    onTestFinished(() => proxy.close());
    return { proxy, through, beside };
  }

  it("keeps every acknowledged write when the writer is killed", { timeout: 60_000 }, async () => {
    const [survives] = survivalContract({
      program: programArguments("write-server", kind, String(server.port)),
      open: () => open(server.port, { name: "survival" }),
    });
    await survives?.run();
  });

  it("loses nothing when three processes change one value and one lane", { timeout: 60_000 }, async () => {
    const args = programArguments("count-server", kind, String(server.port), "30");
    const exits = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise((resolve) => {
            spawn(process.execPath, args, { stdio: "inherit" }).once("exit", resolve);
          }),
      ),
    );
    expect(exits).toEqual([0, 0, 0]);
    const { storage, lanes } = await opened({ name: "count" });
    expect((await storage.get("count"))?.value).toBe(90);
    const lane = await lanes.load("lane");
    expect([lane?.head, lane?.log]).toEqual([90, Array.from({ length: 90 }, (_, n) => n)]);
  });

  it("keeps every acknowledged write when the server is killed", { timeout: 60_000 }, async () => {
    const { storage } = await opened({ timeoutMs: 1_000 });
    const acknowledged: string[] = [];
    let rejected = 0;
    for (let round = 0; round < 3; round++) {
      const down = { isDown: false };
      const write = async (writer: number): Promise<void> => {
        for (let n = 0; !down.isDown; n++) {
          const key = `${round}:${writer}:${n}`;
          try {
            await storage.set(key, key);
            acknowledged.push(key);
          } catch (error) {
            expect(error).toEqual(unavailable({}));
            rejected++;
          }
        }
      };
      const before = acknowledged.length;
      const writing = Promise.all([0, 1, 2, 3].map(write));
      await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(before + 40);
      await server.kill();
      await expect.poll(() => rejected, { timeout: 30_000 }).toBeGreaterThan(round);
      down.isDown = true;
      await writing;
      await server.start();
      await back(storage);
      for (const key of acknowledged) expect((await storage.get(key))?.value, key).toBe(key);
    }
  });

  it("rejects while the server is down, and works again after it", { timeout: 60_000 }, async () => {
    const { storage, lanes } = await opened({ timeoutMs: 1_000 });
    await storage.set("k", "before");
    await server.stop();
    const version = await Promise.all([
      expect(storage.get("k")).rejects.toEqual(unavailable({ maybeDone: false })),
      expect(storage.set("k", "during")).rejects.toEqual(unavailable({})),
      expect(lanes.commit("k", null, { head: 0 })).rejects.toEqual(unavailable({})),
      expect(lanes.due("", 0, 1)).rejects.toEqual(unavailable({ maybeDone: false })),
    ]);
    expect(version).toHaveLength(4);
    await server.start();
    await back(storage);
    expect(["before", "during"]).toContain((await storage.get("k"))?.value);
    expect((await storage.set("k", "after")).ok).toBe(true);
    const lane = await lanes.load("k");
    expect(await lanes.commit("k", lane?.version ?? null, { head: 1 })).not.toBe(false);
  });

  it("opens once the server is there, when it was not at first", { timeout: 60_000 }, async () => {
    const { storage } = await opened({ timeoutMs: 1_000 });
    await server.stop();
    await expect(storage.get("k")).rejects.toEqual(unavailable({}));
    await server.start();
    await back(storage);
    expect((await storage.set("k", 1)).ok).toBe(true);
  });

  it("rejects in time while the server is frozen, and works again after it", {
    timeout: 60_000,
  }, async () => {
    const { storage } = await opened({ timeoutMs: 1_500 });
    const first = await storage.set("k", 1);
    server.freeze();
    try {
      await expect(storage.get("k")).rejects.toEqual(unavailable({ timedOut: true, maybeDone: false }));
      await expect(storage.set("k", 2, { ifVersion: first.ok ? first.version : "" })).rejects.toEqual(
        unavailable({ timedOut: true }),
      );
      await Promise.all(
        Array.from({ length: 12 }, () => expect(storage.get("k")).rejects.toThrow("no answer")),
      );
    } finally {
      server.thaw();
    }
    await back(storage);
    expect((await storage.set("k", 3)).ok).toBe(true);
    expect((await storage.get("k"))?.value).toBe(3);
  });

  it("does a write once whose answer was lost, and does not call it a conflict", async () => {
    const { proxy, through, beside } = await proxied();
    const { storage, lanes } = through;
    const first = await storage.set("k", 1, { ifVersion: null });
    const created = await lanes.commit("lane", null, { head: 0, append: ["a"] });
    proxy.cutNextAnswer();
    const second = await storage.set("k", 2, { ifVersion: first.ok ? first.version : "" });
    expect(second.ok).toBe(true);
    expect(await beside.storage.get("k")).toEqual({ value: 2, version: second.ok && second.version });
    proxy.cutNextAnswer();
    const committed = await lanes.commit("lane", created as string, { head: 1, append: ["b"] });
    expect(await beside.lanes.load("lane")).toMatchObject({ version: committed, head: 1, log: ["a", "b"] });
    proxy.cutNextAnswer();
    const fresh = await lanes.commit("other", null, { head: 0, append: ["c"] });
    expect(await beside.lanes.load("other")).toMatchObject({ version: fresh, log: ["c"] });
    proxy.cutNextAnswer();
    expect((await storage.get("k"))?.value).toBe(2);
    expect(proxy.cuts()).toBe(4);
  });

  it("says that it does not know when others wrote over a write whose answer was lost", async () => {
    const { proxy, through, beside } = await proxied();
    const first = await through.storage.set("k", 1);
    const created = await through.lanes.commit("lane", null, { head: 0 });
    await through.storage.delete("none"); // Redis knows the script from here on
    proxy.cutNextAnswer(() => beside.storage.set("k", "theirs"));
    await expect(through.storage.set("k", 2, { ifVersion: first.ok ? first.version : "" })).rejects.toEqual(
      unavailable({ maybeDone: true }),
    );
    expect((await through.storage.get("k"))?.value).toBe("theirs");
    proxy.cutNextAnswer(async () => {
      const lane = await beside.lanes.load("lane");
      await beside.lanes.commit("lane", lane?.version ?? "", { head: "theirs" });
    });
    await expect(through.lanes.commit("lane", created as string, { head: 1 })).rejects.toEqual(
      unavailable({ maybeDone: true }),
    );
    proxy.cutNextAnswer();
    await expect(through.storage.delete("k")).rejects.toEqual(unavailable({ maybeDone: true }));
    expect(await beside.storage.get("k")).toBeUndefined();
  });

  it("removes what has expired from the server", async () => {
    const clock = manualClock();
    const name = `sweep_${++stores}`;
    const { storage, lanes, close } = await open(server.port, { name, clock });
    onTestFinished(close);
    await storage.set("k", 1, { ttlMs: 1_000 });
    await lanes.commit("k", null, { head: 0, append: [1, 2], index: ["t"], wakeAt: 1, ttlMs: 1_000 });
    await lanes.commit("stays", null, { head: 0, append: [3], index: ["t2"], wakeAt: 1 });
    await clock.advance(120_000);
    // A sweep is not awaited by anybody; a store with a clock that stands before it sees what is really there.
    const early = await open(server.port, { name, clock: manualClock() });
    onTestFinished(() => early.close());
    await expect.poll(() => early.lanes.load("k"), { timeout: 20_000 }).toBeUndefined();
    expect(await early.lanes.find("t")).toBeUndefined();
    expect(await early.lanes.due("", 10, 10)).toEqual(["stays"]);
    expect((await early.lanes.load("stays"))?.log).toEqual([3]);
    expect(await early.lanes.find("t2")).toBe("stays");
  });
});

/** Waits until the store works again; a client takes its time to connect. */
async function back(storage: Storage): Promise<void> {
  const works = async (): Promise<boolean> => {
    try {
      await storage.get("any");
      return true;
    } catch (error) {
      if (error instanceof StorageUnavailableError) return false;
      throw error;
    }
  };
  await expect.poll(works, { timeout: 30_000 }).toBe(true);
}
