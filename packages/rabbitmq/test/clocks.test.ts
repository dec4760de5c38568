import { expect, test } from "vitest";
import { Clocks } from "../src/clocks.js";

const MINUTE = 60_000;

test("what a clock is off by is left out: forty seconds ahead or behind make nothing look late", () => {
  for (const off of [40_000, -40_000, 0]) {
    const clocks = new Clocks();
    expect(clocks.translate("a", 1_000_000 - off, 1_000_000)).toBe(1_000_000);
    expect(clocks.translate("a", 1_001_000 - off, 1_001_005)).toBe(1_001_000);
    // This one had to wait for twelve seconds.
    expect(clocks.translate("a", 1_002_000 - off, 1_014_000)).toBe(1_002_000);
  }
});

test("each process has a clock of its own", () => {
  const clocks = new Clocks();
  clocks.translate("a", 0, 40_000);
  clocks.translate("b", 40_000, 40_000);
  expect(clocks.translate("b", 41_000, 53_000)).toBe(41_000);
  expect(clocks.translate("a", 1_000, 53_000)).toBe(41_000);
});

test("a backlog at the start counts as fresh until something fresh comes", () => {
  const clocks = new Clocks();
  expect(clocks.translate("a", 0, 30_000)).toBe(30_000);
  clocks.translate("a", 30_001, 30_001);
  expect(clocks.translate("a", 1, 30_002)).toBe(1);
});

test("a clock that was put back is believed again within two minutes, ours or another's", () => {
  const clocks = new Clocks();
  for (let at = 0; at <= 10 * MINUTE; at += 10_000) clocks.translate("a", at, at);
  const off = 30 * MINUTE;
  let now = 10 * MINUTE;
  const age = (at: number): number => now - clocks.translate("a", at, now);
  // Theirs.
  for (let step = 0; step <= 2 * MINUTE; step += 10_000) age((now += 10_000) - off);
  expect(age(now - off)).toBe(0);
  expect(age(now - off - 12_000)).toBe(12_000);
  // Ours: all of theirs is ahead now, and nothing is older than it is.
  now -= off;
  expect(age(now)).toBe(0);
  expect(age(now - 12_000)).toBe(12_000);
});

test("only so many clocks are remembered", () => {
  const clocks = new Clocks();
  clocks.translate("first", 0, 40_000);
  for (let at = 0; at < 300; at++) clocks.translate(`of ${at}`, 40_000, 40_000);
  // Unknown again: what comes first is fresh.
  expect(clocks.translate("first", 0, 41_000)).toBe(41_000);
});
