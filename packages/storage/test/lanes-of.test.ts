import { lanesOf, memory, memoryLanes } from "@balekit/storage";
import { laneContract } from "@balekit/storage/contract";
import { describe, expect, it } from "vitest";

const quiet = { onWarning: () => undefined };

describe("lanesOf a memory storage", () => {
  const cases = laneContract({
    async open(clock) {
      const storage = memory({ clock });
      return { lanes: lanesOf(storage, quiet), reopen: async () => lanesOf(storage, quiet) };
    },
  });
  it.each(cases)("$name", ({ run }) => run());

  it("says at its start that it is for one process", () => {
    const warnings: string[] = [];
    lanesOf(memory(), { onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual([expect.stringContaining("for one process")]);
  });

  it("leaves the storage's other keys alone", async () => {
    const storage = memory();
    await storage.set("mine", 1);
    const lanes = lanesOf(storage, { ...quiet, prefix: "log/" });
    await lanes.commit("k", null, { head: 1 });
    const keys: string[] = [];
    for await (const key of lanes.keys("")) keys.push(key);
    expect(keys).toEqual(["k"]);
    expect((await storage.get("mine"))?.value).toBe(1);
  });
});

describe("memoryLanes", () => {
  it.each(laneContract({ open: async (clock) => ({ lanes: memoryLanes({ clock }) }) }))("$name", ({ run }) =>
    run(),
  );
});
