import { manualClock, sleep } from "@balekit/storage";
import { expect, it } from "vitest";

it("resolves when the clock has moved far enough, not before", async () => {
  const clock = manualClock();
  let awake = false;
  const slept = sleep(clock, 1_000).then(() => {
    awake = true;
  });
  await clock.advance(999);
  expect(awake).toBe(false);
  await clock.advance(1);
  await slept;
  expect(awake).toBe(true);
});

it("rejects with the signal's reason and leaves no timer and no listener", async () => {
  const clock = manualClock();
  const stop = new AbortController();
  const slept = sleep(clock, 1_000, stop.signal);
  stop.abort(new Error("enough"));
  await expect(slept).rejects.toThrow("enough");
  expect(clock.pending).toBe(0);
  await expect(sleep(clock, 1_000, stop.signal)).rejects.toThrow("enough");
  expect(clock.pending).toBe(0);
});
