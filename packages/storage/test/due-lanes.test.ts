import { expect, test } from "vitest";
import { dueLanes } from "../src/due-lanes.js";
import { memoryLanes } from "../src/memory-lanes.js";

test("lanes of others that are due before ours, and stay it, do not hide ours", async () => {
  const lanes = memoryLanes();
  for (let at = 0; at < 1_500; at++) await lanes.commit(`theirs:${at}`, null, { head: {}, wakeAt: 1 });
  for (const wakeAt of [20, 10, 30]) await lanes.commit(`ours:${wakeAt}`, null, { head: {}, wakeAt });
  const isWanted = (key: string): boolean => key.startsWith("ours:");
  expect(await dueLanes(lanes, { now: 25, isWanted })).toEqual(["ours:10", "ours:20"]);
  expect(await dueLanes(lanes, { now: 25, isWanted, limit: 1 })).toEqual(["ours:10"]);
  expect(await dueLanes(lanes, { now: 5, isWanted })).toEqual([]);
  expect(await dueLanes(lanes, { now: 5, isWanted: () => true })).toHaveLength(100);
});
