import { expect, test } from "vitest";
import type { Coroutine } from "../src/coroutine.js";
import { insist, Process, Simulation } from "./simulation.js";

/** A form with everything in it that a crash could fall into. */
async function form(coroutine: Coroutine): Promise<unknown> {
  const say = (text: string): Promise<unknown> =>
    coroutine.call({ kind: "effect", key: "say", hash: text, host: text });
  const ask = async (name: string): Promise<string> =>
    ((await coroutine.call({ kind: "wait", key: `wait:${name}` })) as { text: string }).text;
  await say("name?");
  const name = await ask("name");
  await Promise.all([say(`one ${name}`), say(`two ${name}`)]);
  const page = await coroutine.step("step:page", async () => {
    await say("page?");
    return ask("page");
  });
  const deadline = 5_000 + Number(coroutine.pure("now", () => 1_767_225_600_000));
  let late = "no";
  try {
    await coroutine.call({ kind: "wait", key: "wait:nothing", deadline });
  } catch (error) {
    late = (error as Error).name;
  } finally {
    await say(`late ${late}`);
  }
  const done = (value: unknown): { result: unknown } | undefined =>
    typeof value === "string" ? { result: value } : undefined;
  const last = await coroutine.loop(
    "loop:words",
    0,
    async (round: number) => {
      const word = await ask("word");
      await say(`${round} ${word}`);
      return word === "." ? `${page} ${round}` : round + 1;
    },
    done,
  );
  await say(`end ${String(last)}`);
  return last;
}

const ITEMS = [
  { to: "name", text: "Ali" },
  { to: "page", text: "p" },
  { to: "word", text: "a" },
  { to: "word", text: "." },
];

interface Played {
  readonly said: readonly string[];
  readonly repeats: number;
  readonly points: number;
  readonly ends: number;
}

/** Plays the form; the first process dies at a point, and others go on. */
async function play(diesAt: number, isCold: boolean, alsoDiesAt = Number.POSITIVE_INFINITY): Promise<Played> {
  const simulation = new Simulation(form);
  const first = new Process(diesAt);
  let current = { process: first, machine: simulation.machine(first) };
  let born = 0;
  const living = () => {
    if (current.process.isDead) {
      const process = new Process(++born === 1 ? alsoDiesAt : Number.POSITIVE_INFINITY);
      current = { process, machine: simulation.machine(process) };
    }
    if (isCold) current.machine.evict();
    return current;
  };
  const entered = async (): Promise<void> => {
    for (;;) {
      const { machine, process } = living();
      if ((await Promise.race([simulation.enter(machine), process.died])) !== "died") return;
    }
  };
  const swept = async (): Promise<void> => {
    await simulation.clock.advance(46_000);
    for (;;) {
      const { machine, process } = living();
      if ((await Promise.race([machine.sweep().then(() => "swept"), process.died])) !== "died") return;
      await simulation.clock.advance(46_000);
    }
  };
  await simulation.until(entered(), 5_000);
  for (const [at, item] of ITEMS.entries()) {
    // What a dead process has left goes on first: an answer to a question that is not asked yet is none.
    if (at > 0) await swept();
    await simulation.until(insist(simulation, `u${at}`, item, living), 5_000);
  }
  await swept();
  await swept();
  return {
    said: simulation.ledger.map(({ host }) => host as string),
    repeats: simulation.ledger.filter(({ isRepeat }) => isRepeat).length,
    points: first.points,
    ends: simulation.ends.length,
  };
}

const EXPECTED = ["name?", "one Ali", "two Ali", "page?", "late WaitExpiredError", "0 a", "1 .", "end p 1"];

test("the form says the same hot and always cold", async () => {
  expect((await play(Number.POSITIVE_INFINITY, false)).said).toEqual(EXPECTED);
  expect((await play(Number.POSITIVE_INFINITY, true)).said).toEqual(EXPECTED);
});

test("a crash at any of its points loses nothing, and doubles only what was under way", {
  timeout: 300_000,
}, async () => {
  const { points } = await play(Number.POSITIVE_INFINITY, true);
  expect(points).toBeGreaterThan(60);
  const counts = { same: 0, doubled: 0 };
  for (const isCold of [false, true]) {
    for (let at = 1; at <= points; at++) {
      const { said, repeats } = await play(at, isCold);
      const where = `point ${at}, ${isCold ? "cold" : "hot"}: ${said.join(", ")}`;
      expect([...new Set(said)].sort(), where).toEqual([...EXPECTED].sort());
      expect(said.length - EXPECTED.length, where).toBeLessThanOrEqual(repeats);
      if (said.length === EXPECTED.length) counts.same++;
      else counts.doubled++;
    }
  }
  expect(counts.same).toBeGreaterThan(counts.doubled);
});

test("a second crash during the recovery keeps the same promise", { timeout: 300_000 }, async () => {
  for (let at = 3; at <= 90; at += 9) {
    for (let second = 1; second <= 21; second += 4) {
      const { said, repeats } = await play(at, false, second);
      const where = `points ${at} and ${second}: ${said.join(", ")}`;
      expect([...new Set(said)].sort(), where).toEqual([...EXPECTED].sort());
      expect(said.length - EXPECTED.length, where).toBeLessThanOrEqual(repeats);
    }
  }
});
