import type { LaneStore } from "balekit";
import { expect, test } from "vitest";
import type { Coroutine } from "../src/coroutine.js";
import { Random } from "./random.js";
import { Process, type Program, Simulation } from "./simulation.js";

const DAY_MS = 86_400_000;

/** Answers everything. */
const echo: Program = async (coroutine) => {
  for (;;) {
    const { text } = (await coroutine.call({ kind: "wait", key: "wait:any" })) as { readonly text: string };
    await coroutine.call({ kind: "effect", key: "reply", host: text });
  }
};

const item = (id: string): { readonly id: string; readonly value: { readonly text: string } } => ({
  id,
  value: { text: id },
});

test("a lane knows the last 32 updates it has taken, in every process", async () => {
  const simulation = new Simulation(echo);
  const machine = simulation.machine(new Process());
  await simulation.enter(machine);
  // One place is that of the request it was entered by.
  for (let at = 0; at < 40; at++) expect(await machine.deliver("lane", item(`u${at}`))).toBe("taken");
  const other = simulation.machine(new Process());
  for (let at = 8; at < 40; at++) expect(await other.deliver("lane", item(`u${at}`))).toBe("duplicate");
  expect(simulation.ledger).toHaveLength(40);
  expect(await other.deliver("lane", item("u7"))).toBe("taken");
});

test("what a conversation has taken is known for a day after its end", async () => {
  const simulation = new Simulation((coroutine) => coroutine.call({ kind: "wait", key: "wait:any" }));
  const machine = simulation.machine(new Process());
  await simulation.enter(machine);
  expect(await machine.deliver("lane", item("u1"))).toBe("taken");
  await simulation.clock.advance(DAY_MS - 60_000);
  expect(await simulation.machine(new Process()).deliver("lane", item("u1"))).toBe("duplicate");
  await simulation.clock.advance(120_000);
  expect(await simulation.machine(new Process()).deliver("lane", item("u1"))).toBe("pass");
});

test("of an answer and a deadline that come at once on two machines one is first, and the other finds the wait gone", async () => {
  const won = { answer: 0, deadline: 0 };
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed);
    const simulation = new Simulation(async (coroutine: Coroutine) => {
      const deadline = simulation.clock.now() + 1_000;
      const ended = await coroutine.call({ kind: "wait", key: "wait:any", deadline }).then(
        () => "answer",
        () => "deadline",
      );
      await coroutine.call({ kind: "effect", key: ended, host: ended });
      return coroutine.call({ kind: "wait", key: "wait:last" });
    });
    const [one, other] = [0, 1].map(() => simulation.machine(new Process(Number.POSITIVE_INFINITY, random)));
    if (one === undefined || other === undefined) throw new Error("two machines");
    await simulation.until(simulation.enter(one));
    const before = simulation.clock.now();
    while (simulation.clock.now() < before + 1_000) await simulation.clock.advance(250);
    const delivered = one.deliver("lane", item("u1"));
    const woken = other.wake("lane");
    const [verdict] = await simulation.until(Promise.all([delivered, woken]));
    expect(simulation.ledger, `seed ${seed}`).toHaveLength(1);
    const ended = simulation.ledger[0]?.key as "answer" | "deadline";
    expect(verdict, `seed ${seed}`).toBe(ended === "answer" ? "taken" : "pass");
    won[ended]++;
    expect(await other.deliver("lane", { id: "u2", value: { to: "last" } })).toBe("taken");
  }
  expect(won.answer).toBeGreaterThan(10);
  expect(won.deadline).toBeGreaterThan(10);
});

test("while the store is away an update is neither accepted nor answered; when it comes again it is taken", async () => {
  for (const failing of ["load", "commit"] as const) {
    const simulation = new Simulation(echo);
    let isAway = false;
    const away = (): Promise<never> => Promise.reject(new Error("no connection"));
    const store: LaneStore = {
      ...simulation.store,
      load: (...args) => (isAway && failing === "load" ? away() : simulation.store.load(...args)),
      commit: (...args) => (isAway ? away() : simulation.store.commit(...args)),
    };
    const machine = simulation.machine(new Process(), { store });
    await simulation.enter(machine);
    let accepted = 0;
    const accept = (): void => void accepted++;
    isAway = true;
    await expect(machine.deliver("lane", { ...item("u1"), accept })).rejects.toThrow("no connection");
    expect([accepted, simulation.ledger.length]).toEqual([0, 0]);
    isAway = false;
    expect(await machine.deliver("lane", { ...item("u1"), accept })).toBe("taken");
    expect([accepted > 0, simulation.ledger.map(({ host }) => host)]).toEqual([true, ["u1"]]);
  }
});

test("when the store goes away behind an effect its outcome is written down as soon as it is back, and nothing is done again", async () => {
  const simulation = new Simulation(echo);
  let isAway = false;
  const store: LaneStore = {
    ...simulation.store,
    load: (...args) => (isAway ? Promise.reject(new Error("away")) : simulation.store.load(...args)),
    commit: (...args) => (isAway ? Promise.reject(new Error("away")) : simulation.store.commit(...args)),
  };
  simulation.meanwhile = () => {
    isAway = true;
  };
  const machine = simulation.machine(new Process(), { store });
  await simulation.enter(machine);
  const delivered = machine.deliver("lane", item("u1"));
  for (let seconds = 0; seconds < 20; seconds++) await simulation.clock.advance(1_000);
  isAway = false;
  expect(await simulation.until(delivered)).toBe("taken");
  simulation.meanwhile = () => undefined;
  expect(await machine.deliver("lane", item("u2"))).toBe("taken");
  expect(simulation.ledger.map(({ host }) => host)).toEqual(["u1", "u2"]);
});
