import { planMigrations } from "@balekit/storage";
import { describe, expect, it } from "vitest";

const steps = [
  { version: 1, run: "make" },
  { version: 2, run: "add a column" },
  { version: 3, oldestReader: 3, run: "move it" },
];

describe("planMigrations", () => {
  it("runs every step on a new store, and only what is missing on an old one", () => {
    expect(planMigrations("s", steps, undefined)).toEqual({ steps, state: { version: 3, oldestReader: 3 } });
    expect(planMigrations("s", steps, { version: 2, oldestReader: 1 }).steps).toEqual([steps[2]]);
    expect(planMigrations("s", steps, { version: 3, oldestReader: 3 }).steps).toEqual([]);
  });

  it("lets the last release work on beside a newer one, until a step says it is too old", () => {
    const last = steps.slice(0, 1);
    const beside = planMigrations("s", last, { version: 2, oldestReader: 1 });
    expect(beside).toEqual({ steps: [], state: { version: 2, oldestReader: 1 } });
    expect(() => planMigrations("s", last, { version: 3, oldestReader: 3 })).toThrow(
      "takes a release that knows schema 3; this one knows 1",
    );
  });

  it("refuses steps that are not numbered in order", () => {
    expect(() => planMigrations("s", steps.slice(1), undefined)).toThrow("step 1 is numbered 2");
  });
});
