import { expect, test } from "vitest";
import { Coroutine } from "../src/coroutine.js";
import type { Outcome } from "../src/operation.js";
import { folded, type JournalRecord, withoutVoid } from "../src/journal.js";
import { fuzzing, Random } from "./random.js";
import { type Plan, randomPlan, run } from "./random-program.js";

const limits = { maxRecords: 1e6, maxBytes: 1e9, maxValueBytes: 1e6 };

interface Trace {
  readonly lines: readonly string[];
  readonly ended: Outcome | undefined;
  readonly shadows: number;
}

type Maker = (plan: Plan) => Coroutine;

function maker(seed: number, now: () => number): Maker {
  const values = new Random(seed);
  const random = (): number => values.next();
  return (plan) =>
    new Coroutine({ program: (coroutine) => run(coroutine, plan, random, now), limits, stallMs: 0 });
}

function pendingOf(coroutine: Coroutine): string {
  const pending = [...coroutine.pending.values()].sort((one, other) => one.id - other.id);
  return pending
    .map(
      ({ id, operation, deadline = "" }) =>
        `${id} ${operation.key} ${deadline} ${JSON.stringify(operation.host ?? null)}`,
    )
    .join("; ");
}

async function revivedBy(
  fresh: Maker,
  plan: Plan,
  log: readonly JournalRecord[],
  lastId: number,
): Promise<Coroutine> {
  const copy = fresh(plan);
  copy.lastId = lastId;
  await copy.replay(folded(log));
  return copy;
}

/** Plays a program to its end, giving its operations results in a random order that the seed repeats. */
async function play(plan: Plan, seed: number, mode: "hot" | "cold" | "catching up"): Promise<Trace> {
  const random = new Random(seed);
  const chance = new Random(seed + 1);
  let now = 0;
  const fresh = maker(seed + 2, () => now);
  const revived = (of: Plan, log: readonly JournalRecord[], lastId: number): Promise<Coroutine> =>
    revivedBy(fresh, of, log, lastId);
  const lines: string[] = [];
  const log: JournalRecord[] = [];
  let shadows = 0;
  let live = fresh(plan);
  await live.begin(null);
  let follower: { coroutine: Coroutine; at: number } | undefined;
  for (let turns = 0; turns < 500; turns++) {
    now = turns;
    const added = live.fresh.splice(0);
    // What a block that is over leaves out is what a reader would skip.
    log.push(...(mode === "cold" ? withoutVoid(added, chance.chance(0.5) ? 0 : 40) : added));
    lines.push(pendingOf(live));
    expect(folded(log).length).toBe(live.length);
    if (mode === "hot" && chance.chance(0.2)) {
      shadows++;
      const shadow = await revived(plan, log, live.lastId);
      expect(pendingOf(shadow)).toBe(pendingOf(live));
      expect(shadow.ended).toEqual(live.ended);
      expect(shadow.changes).toEqual([]);
      expect(shadow.length).toBe(live.length);
    }
    const open = [...live.pending.values()].sort((one, other) => one.id - other.id);
    if (open.length === 0) break;
    const leaves = random.chance(0.03);
    const next = random.pick(open);
    const outcome: Outcome = random.chance(0.2)
      ? { ok: false, error: new Error(`no ${next.operation.key}`) }
      : { ok: true, value: { n: random.below(1_000) } };
    if (mode === "cold") live = await revived(plan, log, live.lastId);
    if (mode === "catching up") {
      // Two machines in turn: the other one has the log up to where it stopped.
      follower ??= { coroutine: await revived(plan, log, live.lastId), at: log.length };
      const { coroutine, at } = follower;
      await coroutine.catchUp(log.slice(at));
      follower = { coroutine: live, at: log.length };
      live = coroutine;
    }
    if (leaves) await live.leave("cancel");
    else await live.settle(next.id, outcome);
  }
  return { lines, ended: live.ended, shadows };
}

const { first, runs } = fuzzing(1_500);

test(`random programs run alike hot, always cold, and on two machines in turn (FUZZ_SEED=${first})`, {
  timeout: 600_000,
}, async () => {
  let shadows = 0;
  for (let seed = first; seed < first + runs; seed++) {
    const plan = randomPlan(new Random(seed), 4);
    try {
      const hot = await play(plan, seed, "hot");
      const cold = await play(plan, seed, "cold");
      expect(cold.lines).toEqual(hot.lines);
      expect(cold.ended).toEqual(hot.ended);
      const caughtUp = await play(plan, seed, "catching up");
      expect(caughtUp.lines).toEqual(hot.lines);
      expect(caughtUp.ended).toEqual(hot.ended);
      shadows += hot.shadows;
    } catch (error) {
      throw new Error(`FUZZ_SEED=${seed} FUZZ_RUNS=1: ${JSON.stringify(plan)}`, { cause: error });
    }
  }
  if (runs >= 20) expect(shadows).toBeGreaterThan(runs / 10);
});
