import { expect, test } from "vitest";
import { queueOf, topologyOf } from "../src/topology.js";

const topology = topologyOf("bot", 16);

test("a lane is in the same queue for every process and every version: its updates may lie there", () => {
  const lanes = ["1000", "1001", "-77", "update:5", "g12345678901"];
  expect(lanes.map((lane) => queueOf(topology, lane))).toEqual([
    "bot.0015",
    "bot.0010",
    "bot.0008",
    "bot.0012",
    "bot.0011",
  ]);
});

test("lanes are spread over all partitions, and none goes to that of payments", () => {
  for (const partitions of [1, 3, 16, 64]) {
    const among = topologyOf("bot", partitions);
    const counts = new Map<string, number>();
    for (let chat = 0; chat < 64_000; chat++) {
      const queue = queueOf(among, String(200_000_000 + chat));
      counts.set(queue, (counts.get(queue) ?? 0) + 1);
    }
    expect(counts.size).toBe(partitions);
    expect(counts.has("bot.payments")).toBe(false);
    const mean = 64_000 / partitions;
    for (const count of counts.values()) expect(Math.abs(count - mean)).toBeLessThan(mean * 0.2);
  }
});
