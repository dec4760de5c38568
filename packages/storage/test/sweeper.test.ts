import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { manualClock } from "../src/manual-clock.js";
import { sweeper } from "../src/sweeper.js";

const DAY = 86_400_000;

describe("a sweeper", () => {
  it("sweeps a minute after what expires early, however late the first thing does", async () => {
    const clock = manualClock({ now: 0 });
    const swept: number[] = [];
    const sweep = sweeper(clock, () => {
      swept.push(clock.now());
      return DAY / 2;
    });
    sweep.by(DAY / 2);
    sweep.by(1_000);
    sweep.by(2_000);
    await clock.advance(60_000);
    expect(swept).toEqual([60_000]);
    await clock.advance(DAY / 2 - 60_001);
    expect(swept).toHaveLength(1);
    await clock.advance(1);
    expect(swept).toEqual([60_000, DAY / 2]);
  });

  it("is asleep while nothing expires", () => {
    const clock = manualClock();
    sweeper(clock, () => Number.POSITIVE_INFINITY).by(Number.POSITIVE_INFINITY);
    expect(clock.pending).toBe(0);
  });

  it("lets the process end, also for what expires in a month", () => {
    const program = `
      import { memory } from "@balekit/storage";
      await memory().set("k", 1, { ttlMs: 30 * ${DAY} });
      console.log("written");
    `;
    const args = ["--conditions=@balekit/source", "--import", "tsx", "--input-type=module", "-e", program];
    const options = { cwd: new URL("..", import.meta.url), timeout: 20_000, encoding: "utf8" } as const;
    expect(execFileSync(process.execPath, args, options)).toBe("written\n");
  });
});
