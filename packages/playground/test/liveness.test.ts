import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ALIVE_MS, Liveness, MISSED } from "../src/liveness.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("calls a process stuck once it has missed its words, and says when it goes on", () => {
  const told: boolean[] = [];
  const liveness = new Liveness((isStuck) => told.push(isStuck));
  liveness.start();
  vi.advanceTimersByTime(ALIVE_MS * (MISSED - 1));
  liveness.beat();
  vi.advanceTimersByTime(ALIVE_MS * (MISSED - 1));
  expect(told).toEqual([]);
  vi.advanceTimersByTime(ALIVE_MS * 20);
  expect(told).toEqual([true]);
  liveness.beat();
  liveness.beat();
  expect(told).toEqual([true, false]);
});

it("takes no process that is gone for one that is stuck, and watches the next from its beginning", () => {
  const told: boolean[] = [];
  const liveness = new Liveness((isStuck) => told.push(isStuck));
  liveness.start();
  vi.advanceTimersByTime(ALIVE_MS * (MISSED - 1));
  liveness.stop();
  vi.advanceTimersByTime(ALIVE_MS * 20);
  liveness.start();
  vi.advanceTimersByTime(ALIVE_MS * (MISSED - 1));
  expect(told).toEqual([]);
  liveness.stop();
});
