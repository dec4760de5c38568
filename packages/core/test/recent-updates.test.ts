import { expect, it } from "vitest";
import { RecentUpdates } from "../src/recent-updates.js";

it("lets each update in once, and tells those who bring it again how it ended", () => {
  const recent = new RecentUpdates();
  const told: unknown[] = [];
  expect(recent.enter(0, () => told.push("never"))).toBe(true);
  expect(recent.enter(0, (error) => told.push(["first", error]))).toBe(false);
  expect(recent.enter(0, (error) => told.push(["second", error]))).toBe(false);
  expect(told).toEqual([]);
  recent.settle(0);
  expect(recent.enter(0, (error) => told.push(["late", error]))).toBe(false);
  expect(told).toEqual([
    ["first", undefined],
    ["second", undefined],
    ["late", undefined],
  ]);
});

it("forgets what failed, so that it can be tried again, and tells whoever waited", () => {
  const recent = new RecentUpdates();
  const told: unknown[] = [];
  recent.enter(7, () => undefined);
  recent.enter(7, (error) => told.push(error));
  recent.settle(7, "broken");
  expect(told).toEqual(["broken"]);
  expect(recent.enter(7, () => undefined)).toBe(true);
});

it("remembers more than Bale keeps, and never forgets what is being done", () => {
  const recent = new RecentUpdates();
  recent.enter(-1, () => undefined);
  for (let id = 0; id < 20_000; id++) {
    expect(recent.enter(id, () => undefined)).toBe(true);
    recent.settle(id);
    if (id >= 2_000) expect(recent.enter(id - 2_000, () => undefined)).toBe(false);
  }
  expect(recent.enter(0, () => undefined)).toBe(true);
  expect(recent.enter(-1, () => undefined)).toBe(false);
});
