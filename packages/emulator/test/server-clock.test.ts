import { manualClock, systemClock } from "@balekit/storage";
import { describe, expect, it } from "vitest";

import { serverClock } from "../src/server-clock.js";

describe("the emulator's clock", () => {
  it("stands still until it is moved, and rings alarms in order of time on the way", async () => {
    const clock = serverClock();
    const start = clock.now();
    const rung: string[] = [];
    clock.setTimeout(() => rung.push(`b at ${clock.now() - start}`), 2000);
    clock.setTimeout(() => {
      rung.push(`a at ${clock.now() - start}`);
      clock.setTimeout(() => rung.push(`c at ${clock.now() - start}`), 500);
    }, 1000);
    clock.clearTimeout(clock.setTimeout(() => rung.push("cleared"), 1000));
    await clock.advance(2000);
    expect(rung).toEqual(["a at 1000", "c at 1500", "b at 2000"]);
    expect(clock.now()).toBe(start + 2000);
    expect(clock.pending).toBe(0);
  });

  it("flows with real time after flow(), and can still be moved ahead", async () => {
    const clock = serverClock();
    clock.flow();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
    const rung = new Promise<void>((resolve) => clock.setTimeout(resolve, 5));
    await rung;
    let late = false;
    clock.setTimeout(() => {
      late = true;
    }, 3_600_000);
    await clock.advance(3_600_000);
    expect(late).toBe(true);
    expect(clock.now() - Date.now()).toBeGreaterThan(3_590_000);
  });

  it("rings alarms that were set while it stood once it flows", async () => {
    const clock = serverClock();
    const rung = new Promise<void>((resolve) => clock.setTimeout(resolve, 5));
    clock.flow();
    await rung;
    expect(clock.pending).toBe(0);
  });

  it("uses a manual clock as it is", async () => {
    const manual = manualClock({ now: 1000 });
    const clock = serverClock(manual);
    let rung = false;
    clock.clearTimeout(clock.setTimeout(() => {}, 5));
    clock.setTimeout(() => {
      rung = true;
    }, 10);
    expect(clock.pending).toBe(1);
    clock.flow();
    await clock.advance(10);
    expect(rung).toBe(true);
    expect(manual.now()).toBe(1010);
    expect(clock.now()).toBe(1010);
  });

  it("follows another clock and runs ahead of it when moved", async () => {
    const clock = serverClock(systemClock);
    await clock.advance(60_000);
    expect(clock.now() - Date.now()).toBeGreaterThan(59_000);
  });

  it("adds up moves that are made at once, as by two programs", async () => {
    for (const clock of [serverClock(), serverClock(systemClock), serverClock(manualClock())]) {
      const start = clock.now();
      await Promise.all([clock.advance(60_000), clock.advance(60_000), clock.advance(60_000)]);
      expect(clock.now() - start).toBeGreaterThanOrEqual(180_000);
    }
  });

  it("refuses to go back", async () => {
    await expect(serverClock().advance(-1)).rejects.toThrow(RangeError);
  });

  it("refuses to go where no date can follow", async () => {
    const clock = serverClock();
    await expect(clock.advance(1e300)).rejects.toThrow("before the year 275760");
    await clock.advance(1000);
    expect(new Date(clock.now()).getTime()).toBe(clock.now());
  });
});
