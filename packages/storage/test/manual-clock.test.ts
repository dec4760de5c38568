import { manualClock, sleep } from "@balekit/storage";
import { describe, expect, it } from "vitest";

describe("manualClock", () => {
  it("stands still until it is moved", async () => {
    const clock = manualClock({ now: 5_000 });
    let ran = false;
    clock.setTimeout(() => {
      ran = true;
    }, 0);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(ran).toBe(false);
    expect(clock.now()).toBe(5_000);
    await clock.advance(0);
    expect(ran).toBe(true);
  });

  it("runs due timers in order of time, then of setting, each at its own time", async () => {
    const clock = manualClock({ now: 0 });
    const seen: [string, number][] = [];
    const note = (name: string) => () => seen.push([name, clock.now()]);
    clock.setTimeout(note("b"), 20);
    clock.setTimeout(note("a"), 10);
    clock.setTimeout(note("c"), 20);
    clock.setTimeout(note("never"), 31);
    await clock.advance(30);
    expect(seen).toEqual([
      ["a", 10],
      ["b", 20],
      ["c", 20],
    ]);
    expect(clock.now()).toBe(30);
    expect(clock.pending).toBe(1);
  });

  it("honours timers set by promise chains that a timer woke, within one move", async () => {
    const clock = manualClock({ now: 0 });
    const times: number[] = [];
    const walk = (async () => {
      for (let step = 0; step < 5; step++) {
        await sleep(clock, 100);
        await Promise.resolve();
        times.push(clock.now());
      }
    })();
    await clock.advance(10_000);
    await walk;
    expect(times).toEqual([100, 200, 300, 400, 500]);
    expect(clock.now()).toBe(10_000);
  });

  it("never runs a cleared timer, and clearing twice does nothing", async () => {
    const clock = manualClock();
    let ran = 0;
    const timer = clock.setTimeout(() => ran++, 1);
    clock.clearTimeout(timer);
    clock.clearTimeout(timer);
    clock.clearTimeout(undefined);
    await clock.advance(10);
    expect(ran).toBe(0);
  });

  it("refuses to go back", async () => {
    await expect(manualClock().advance(-1)).rejects.toThrow(RangeError);
    await expect(manualClock().advance(Number.NaN)).rejects.toThrow("Time only goes forward");
  });
});
