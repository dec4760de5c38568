import { type LaneStore, manualClock, memoryLanes } from "@balekit/storage";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

async function commit(lanes: LaneStore<number, string>, key: string, entries: string[]): Promise<string> {
  const lane = await lanes.load(key);
  const version = await lanes.commit(key, lane?.version ?? null, { head: 0, append: entries });
  if (version === false) throw new Error("the commit was refused");
  return version;
}

describe("memoryLanes", () => {
  it("loads head and log together, from the index asked for", async () => {
    const lanes = memoryLanes<number, string>();
    expect(await lanes.load("k")).toBeUndefined();
    const version = await commit(lanes, "k", ["a", "b", "c"]);
    expect(await lanes.load("k")).toEqual({
      version,
      head: 0,
      firstIndex: 0,
      nextIndex: 3,
      log: ["a", "b", "c"],
      wakeAt: undefined,
    });
    expect((await lanes.load("k", 2))?.log).toEqual(["c"]);
    expect((await lanes.load("k", 9))?.log).toEqual([]);
  });

  it("lets exactly one of two commits at the same version through, and the other changes nothing", async () => {
    const lanes = memoryLanes<number, string>();
    const base = await commit(lanes, "k", ["a"]);
    const both = await Promise.all([
      lanes.commit("k", base, { head: 1, append: ["one"] }),
      lanes.commit("k", base, { head: 2, append: ["two"] }),
    ]);
    expect(both.filter((version) => version === false)).toHaveLength(1);
    expect(await lanes.load("k")).toMatchObject({ head: 1, log: ["a", "one"] });
    expect(await lanes.commit("k", null, { head: 9 })).toBe(false);
    expect(await lanes.commit("new", "1", { head: 9 })).toBe(false);
  });

  it("cuts the log below an index and keeps counting from there", async () => {
    const lanes = memoryLanes<number, string>();
    const version = await commit(lanes, "k", ["a", "b", "c"]);
    await lanes.commit("k", version, { head: 1, cutTo: 2, append: ["d"] });
    expect(await lanes.load("k")).toMatchObject({ firstIndex: 2, log: ["c", "d"] });
    expect((await lanes.load("k", 3))?.log).toEqual(["d"]);
  });

  it("answers the lanes that are due, earliest first and at most as many as asked", async () => {
    const lanes = memoryLanes<number, string>();
    await lanes.commit("late", null, { head: 0, wakeAt: 300 });
    await lanes.commit("early", null, { head: 0, wakeAt: 100 });
    const middle = await lanes.commit("middle", null, { head: 0, wakeAt: 200 });
    await lanes.commit("never", null, { head: 0 });
    expect(await lanes.due("", 99, 10)).toEqual([]);
    expect(await lanes.due("", 300, 10)).toEqual(["early", "middle", "late"]);
    expect(await lanes.due("", 300, 1)).toEqual(["early"]);
    await lanes.commit("middle", middle as string, { head: 0, wakeAt: null });
    expect(await lanes.due("", 300, 10)).toEqual(["early", "late"]);
  });

  it("finds a lane by the tokens of its last commit only", async () => {
    const lanes = memoryLanes<number, string>();
    const first = await lanes.commit("k", null, { head: 0, index: ["t1", "t2"] });
    expect(await lanes.find("t1")).toBe("k");
    await lanes.commit("k", first as string, { head: 0, index: ["t2"] });
    expect(await lanes.find("t1")).toBeUndefined();
    expect(await lanes.find("t2")).toBe("k");
    await lanes.commit("other", null, { head: 0, index: ["t2"] });
    expect(await lanes.find("t2")).toBe("other");
    await lanes.delete("k");
    expect(await lanes.find("t2")).toBe("other");
  });

  it("deletes a lane with its log, deadline and tokens, and never repeats a version after it", async () => {
    const lanes = memoryLanes<number, string>();
    const version = await lanes.commit("k", null, { head: 0, append: ["a"], wakeAt: 1, index: ["t"] });
    expect(await lanes.delete("k", "no such version")).toBe(false);
    expect(await lanes.delete("k", version as string)).toBe(true);
    expect(await lanes.delete("k")).toBe(false);
    expect(await lanes.due("", 10, 10)).toEqual([]);
    expect(await lanes.find("t")).toBeUndefined();
    const again = await lanes.commit("k", null, { head: 0 });
    expect(again).not.toBe(version);
    expect((await lanes.load("k"))?.log).toEqual([]);
  });

  it("forgets a lane when its time is over, unless a later commit took the limit away", async () => {
    const clock = manualClock();
    const lanes = memoryLanes<number, string>({ clock });
    await lanes.commit("gone", null, { head: 0, ttlMs: 1_000, wakeAt: 0, index: ["t"] });
    const version = await lanes.commit("kept", null, { head: 0, ttlMs: 1_000 });
    await lanes.commit("kept", version as string, { head: 1 });
    await clock.advance(1_000);
    expect(await lanes.load("gone")).toBeUndefined();
    expect(await lanes.due("", clock.now(), 10)).toEqual([]);
    expect(await lanes.find("t")).toBeUndefined();
    expect(await lanes.load("kept")).toMatchObject({ head: 1 });
    const keys: string[] = [];
    for await (const key of lanes.keys("")) keys.push(key);
    expect(keys).toEqual(["kept"]);
    await clock.advance(120_000);
    expect(clock.pending).toBe(0);
  });

  it("loses no entry however many writers race and retry", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
        async (writers) => {
          const lanes = memoryLanes<number, string>();
          await Promise.all(
            writers.map(async (count, writer) => {
              for (let entry = 0; entry < count; ) {
                const lane = await lanes.load("k");
                const append = [`${writer}:${entry}`];
                const head = (lane?.head ?? 0) + 1;
                if ((await lanes.commit("k", lane?.version ?? null, { head, append })) !== false) entry++;
              }
            }),
          );
          const total = writers.reduce((sum, count) => sum + count, 0);
          const lane = await lanes.load("k");
          expect(lane?.head).toBe(total);
          expect(new Set(lane?.log).size).toBe(total);
        },
      ),
    );
  });
});
