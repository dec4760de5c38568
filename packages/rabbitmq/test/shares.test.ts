import { expect, test } from "vitest";
import { sharesOf } from "../src/shares.js";

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `worker-${at}`);

test("nobody has more than one partition more than anybody else, whatever the numbers", () => {
  for (let workers = 1; workers <= 20; workers++) {
    for (const partitions of [1, 5, 17, 64]) {
      const { owners } = sharesOf(names(workers), partitions);
      const loads = names(workers).map((name) => owners.filter((owner) => owner === name).length);
      expect(owners).toHaveLength(partitions);
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
    }
  }
});

test("heirs are others than the owner, and the first is who owns the partition once the owner is gone", () => {
  const workers = names(5);
  const { owners, heirs } = sharesOf(workers, 17);
  for (const [at, owner] of owners.entries()) {
    const [first, second, ...more] = heirs[at] ?? [];
    expect(more).toEqual([]);
    expect(new Set([owner, first, second]).size).toBe(3);
    const left = workers.filter((name) => name !== owner);
    expect(sharesOf(left, 17).owners[at]).toBe(first);
  }
  expect(sharesOf(["alone"], 3).heirs).toEqual([[], [], []]);
});

test("a worker more takes its share, and leaves most of the rest where it was", () => {
  const before = sharesOf(names(4), 64).owners;
  const after = sharesOf(names(5), 64).owners;
  const moved = before.filter((owner, at) => owner !== after[at]).length;
  expect(moved).toBeGreaterThanOrEqual(12);
  expect(moved).toBeLessThan(40);
});
