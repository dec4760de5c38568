import { setImmediate as turn } from "node:timers/promises";
import { systemClock } from "@balekit/storage";
import { expect, onTestFinished, test } from "vitest";
import { LifeCycle } from "../src/life-cycle.js";

const nothing = async (): Promise<void> => {};

test("any number of handlers may listen to the signal of one life, and of the next, and Node warns of no leak", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on("warning", onWarning);
  onTestFinished(() => void process.off("warning", onWarning));
  const life = new LifeCycle({ clock: systemClock, prepare: nothing, report: nothing });
  const signals = new Set<AbortSignal>();
  for (let lives = 0; lives < 2; lives++) {
    life.begin();
    signals.add(life.signal);
    for (let handlers = 0; handlers < 20; handlers++) life.signal.addEventListener("abort", () => {});
    await life.end(0, { quiet: nothing, overdue: () => {}, confirm: nothing, close: nothing });
  }
  await turn();
  expect(signals.size).toBe(2);
  expect(warnings).toEqual([]);
});
