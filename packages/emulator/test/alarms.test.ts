import fc from "fast-check";
import { expect, it } from "vitest";

import { type Alarm, Alarms } from "../src/alarms.js";
import { serverClock } from "../src/server-clock.js";

it("gives out alarms by time, and of one time in the order they were set, whatever was taken away", () => {
  const steps = fc.array(fc.record({ dueAt: fc.nat(20), drop: fc.option(fc.nat(50), { nil: undefined }) }));
  fc.assert(
    fc.property(steps, (plan) => {
      const alarms = new Alarms();
      let expected: Alarm[] = [];
      for (const { dueAt, drop } of plan) {
        expected.push(alarms.add(dueAt, () => {}));
        const dropped = drop === undefined ? undefined : expected[drop];
        if (dropped === undefined) continue;
        expect(alarms.delete(dropped)).toBe(true);
        expect(alarms.delete(dropped)).toBe(false);
        expected = expected.filter((alarm) => alarm !== dropped);
      }
      expect(alarms.size).toBe(expected.length);
      const given: Alarm[] = [];
      for (let next = alarms.first; next !== undefined; next = alarms.first) {
        given.push(next);
        alarms.delete(next);
      }
      expect(given).toEqual(expected.sort((a, b) => a.dueAt - b.dueAt || a.order - b.order));
    }),
  );
});

it("moves the clock over as many alarms as a large broadcast sets", async () => {
  const clock = serverClock();
  let rung = 0;
  for (let i = 0; i < 60_000; i++) clock.setTimeout(() => rung++, (i * 7919) % 100_000);
  await clock.advance(100_000);
  expect(rung).toBe(60_000);
  expect(clock.pending).toBe(0);
});
