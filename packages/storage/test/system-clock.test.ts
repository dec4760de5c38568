import { systemClock } from "@balekit/storage";
import { expect, it } from "vitest";

it("reads this machine's time and runs timers", async () => {
  const before = Date.now();
  await new Promise<void>((resolve) => systemClock.setTimeout(resolve, 5));
  expect(systemClock.now()).toBeGreaterThanOrEqual(before + 4);
});

it("does not fire a timer longer than Node's own limit at once", async () => {
  let ran = false;
  const timer = systemClock.setTimeout(
    () => {
      ran = true;
    },
    2 ** 31 + 1_000,
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  systemClock.clearTimeout(timer);
  expect(ran).toBe(false);
});

it("forgets a cleared timer, a long one too", async () => {
  let ran = 0;
  systemClock.clearTimeout(systemClock.setTimeout(() => ran++, 1));
  systemClock.clearTimeout(systemClock.setTimeout(() => ran++, Number.POSITIVE_INFINITY));
  systemClock.clearTimeout(undefined);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(ran).toBe(0);
});
