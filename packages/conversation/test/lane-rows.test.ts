import { expect, test } from "vitest";
import type { JournalRecord } from "../src/journal.js";
import {
  type InstanceHead,
  LANE_FORMAT,
  type LaneHead,
  type LaneRow,
  type WaitHead,
} from "../src/lane-head.js";
import { applied, historiesOf, rowOf } from "../src/lane-rows.js";
import { Random } from "./random.js";

function waitsOf(random: Random): WaitHead[] {
  return Array.from({ length: random.below(3) }, (_, at): WaitHead => {
    const filter = random.pick([
      undefined,
      {},
      { f: [1] },
      { q: "message:text" },
      { q: "b" },
      { q: "b", c: 1 },
      "wait:b",
    ]);
    return {
      id: at + 1,
      ...(filter === undefined ? undefined : { filter }),
      ...(random.chance(0.3) ? { deadline: random.below(1_000) } : undefined),
    };
  });
}

function instanceOf(random: Random, slot: number): InstanceHead {
  return {
    id: `i${slot}`,
    slot,
    definition: "d",
    version: 1,
    source: "s",
    born: 5,
    touched: 5,
    lastId: 3,
    length: 4,
    waits: waitsOf(random),
    isBusy: undefined,
  };
}

function headOf(random: Random): LaneHead {
  return {
    format: LANE_FORMAT,
    writer: "w",
    slots: 3,
    instances: [0, 1, 2].slice(random.below(3)).map((slot) => instanceOf(random, slot)),
    recent: Array.from({ length: random.below(33) }, (_, at) => `r${at}`),
    rows: random.below(50),
    records: random.below(50),
    cuts: 0,
    claim: random.chance(0.5)
      ? { owner: "a", until: random.below(3), toll: random.pick([undefined, { ended: ["b"], failed: 1 }]) }
      : undefined,
    owed: random.chance(0.3) ? "o1" : undefined,
  };
}

/** A head that one commit may have left behind another. */
function next(random: Random, before: LaneHead, slot: number, records: readonly JournalRecord[]): LaneHead {
  const claim = random.chance(0.5)
    ? { owner: "a", until: random.below(3), toll: random.pick([undefined, { ended: ["b"], failed: 1 }]) }
    : undefined;
  return {
    ...before,
    instances: before.instances.map((one): InstanceHead => {
      if (one.slot !== slot) return one;
      return {
        ...one,
        version: random.chance(0.2) ? 2 : 1,
        touched: random.chance(0.3) ? 9 : one.touched,
        lastId: one.lastId + random.below(4),
        length: random.chance(0.5) ? one.length + records.length : random.below(4),
        bytes: random.chance(0.5) ? one.bytes : 5_000,
        waits: claim !== undefined || random.chance(0.5) ? one.waits : waitsOf(random),
        isBusy: claim === undefined ? undefined : true,
      };
    }),
    claim,
    recent: random.chance(0.5) ? before.recent : [...before.recent, "u1", "u2"].slice(-32),
    rows: before.rows + 1,
    records: before.records + records.length,
    owed: random.chance(0.5) ? before.owed : random.pick([undefined, "o2"]),
  };
}

test("a row, once read, makes of the head before it the head after it", () => {
  for (let seed = 1; seed <= 3_000; seed++) {
    const random = new Random(seed);
    const before = headOf(random);
    const { slot } = random.pick(before.instances);
    const records: JournalRecord[] = [
      ["r", 2, 1, "x"] as const,
      random.pick([
        ["c", 1, "wait:b"] as const,
        ["c", 2, "wait:message:text#name"] as const,
        ["c", 5, "effect"] as const,
      ]),
    ].slice(random.below(3));
    const after = next(random, before, slot, records);
    const row = rowOf(before, after, slot, records, "m.1");
    expect(row, `seed ${seed}`).toBeDefined();
    const read = JSON.parse(JSON.stringify(row)) as LaneRow;
    expect(applied(before, [read]), `seed ${seed}`).toEqual(after);
    expect(historiesOf([read]).get(slot)).toEqual(records);
  }
});

test("a row does not say again what the key of a wait beside it says", () => {
  const before = { ...headOf(new Random(1)), claim: undefined, instances: [instanceOf(new Random(1), 0)] };
  const filter = { q: "message:text" };
  const after = {
    ...before,
    instances: before.instances.map((one) => ({ ...one, waits: [{ id: 9, filter }] })),
  };
  const call: JournalRecord = ["c", 9, "wait:message:text#name"];
  const row = rowOf(before, after, 0, [call], "m.1") as LaneRow;
  expect((row[1] as { w: unknown }).w).toEqual([[9]]);
  expect(applied(before, [row]).instances[0]?.waits).toEqual([{ id: 9, filter }]);
});

test("no row says that instances have come, gone or been parked", () => {
  const random = new Random(1);
  const before: LaneHead = { ...headOf(random), instances: [instanceOf(random, 0), instanceOf(random, 1)] };
  const [first, second] = before.instances as [InstanceHead, InstanceHead];
  const parked = { reason: "poison" as const, message: "m", at: 1 };
  for (const instances of [
    [second],
    [first, second, instanceOf(random, 2)],
    [{ ...first, parked }, second],
    [
      { ...first, length: 9 },
      { ...second, length: 9 },
    ],
    [first, instanceOf(random, 2)],
  ]) {
    expect(rowOf(before, { ...before, instances }, 0, [], "m.1")).toBeUndefined();
  }
});

test("two commits that say the same are told apart by who wrote them where no claim does", () => {
  const before = { ...headOf(new Random(1)), claim: undefined, instances: [instanceOf(new Random(1), 0)] };
  const after = { ...before, instances: before.instances.map((one) => ({ ...one, length: one.length + 1 })) };
  const records: JournalRecord[] = [["r", 2, 1, "x"]];
  expect(rowOf(before, after, 0, records, "m.1")).not.toEqual(rowOf(before, after, 0, records, "n.1"));
});
