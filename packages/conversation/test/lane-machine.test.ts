import { type LaneStore, manualClock } from "balekit";
import { expect, test } from "vitest";
import type { InstanceHead } from "../src/lane-head.js";
import { LaneMachine } from "../src/lane-machine.js";
import { type Program, Process, Simulation } from "./simulation.js";

const DAY_MS = 86_400_000;

/** Something that others wait for. */
class Gate {
  open!: () => void;
  readonly opened: Promise<void> = new Promise((resolve) => {
    this.open = resolve;
  });
}

/** Waits once, and is over. */
const short: Program = (coroutine) => coroutine.call({ kind: "wait", key: "wait:any" });

test("a store that is away when the lanes are listed for the first time is asked again", async () => {
  const simulation = new Simulation(short);
  let isAway = true;
  const store: LaneStore = {
    ...simulation.store,
    keys: (prefix) => {
      if (isAway) throw new Error("no connection");
      return simulation.store.keys(prefix);
    },
  };
  const machine = simulation.machine(new Process(), { store, solo: true });
  await expect(machine.deliver("lane", { id: "u1", value: {} })).rejects.toThrow("no connection");
  isAway = false;
  expect(await machine.deliver("lane", { id: "u1", value: {} })).toBe("pass");
  expect((await simulation.enter(machine)).isNew).toBe(true);
  expect(await machine.deliver("lane", { id: "u2", value: {} })).toBe("taken");
});

test("with one process, lanes that have ended are struck off the list, and can be begun again", async () => {
  class Counting extends LaneMachine {
    get known(): number {
      return this.lanes?.size ?? -1;
    }
  }
  const simulation = new Simulation(short);
  const machine = simulation.machine(new Process(), { solo: true }, Counting) as Counting;
  for (let user = 0; user < 20; user++) {
    await simulation.enter(machine, `e${user}`, `lane ${user}`);
    if (user > 0) expect(await machine.deliver(`lane ${user}`, { id: "u1", value: {} })).toBe("taken");
  }
  await machine.sweep();
  expect(machine.known).toBe(20);
  expect(await machine.deliver("lane 1", { id: "u1", value: {} })).toBe("duplicate");

  await simulation.clock.advance(DAY_MS + 1_000);
  await machine.sweep();
  expect(machine.known).toBe(1);
  machine.evict();
  expect(await machine.deliver("lane 0", { id: "u1", value: {} })).toBe("taken");
  expect((await simulation.enter(machine, "again", "lane 1")).isNew).toBe(true);
  expect(await machine.deliver("lane 1", { id: "u1", value: {} })).toBe("taken");
});

/** Asks its host for something between the answer and the next wait, as long as it is answered. */
const endless: Program = async (coroutine) => {
  for (;;) {
    await coroutine.call({ kind: "wait", key: "wait:any" });
    await coroutine.call({ kind: "effect", key: "thanks", host: "thanks" });
  }
};

for (const solo of [true, false]) {
  test(`a step that begins while its conversation is killed does not bring it back (${solo ? "one process" : "many"})`, async () => {
    const simulation = new Simulation(endless);
    const kept = new Gate();
    const agreeing = new Gate();
    let whenKilled: (() => Promise<void>) | undefined;
    const store: LaneStore = {
      ...simulation.store,
      commit: async (key, expected, change) => {
        const during = whenKilled;
        whenKilled = undefined;
        // The delivery has looked at the lane by now, and works on what it has seen.
        await during?.();
        const version = await simulation.store.commit(key, expected, change);
        if (during !== undefined) kept.open();
        return version;
      },
    };
    const machine = simulation.machine(new Process(), { store, solo });
    await simulation.enter(machine);
    expect(await machine.deliver("lane", { id: "u1", value: {} })).toBe("taken");
    let delivered: Promise<string> | undefined;
    whenKilled = async () => {
      delivered = machine.deliver("lane", {
        id: "u2",
        value: {},
        kept: async () => {
          agreeing.open();
          await kept.opened;
          for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
          return {};
        },
      });
      await agreeing.opened;
    };
    expect(await machine.kill("lane", "i-e1")).toBe(true);
    expect(await delivered).toBe("pass");
    expect((await machine.read("lane"))?.head.instances).toEqual([]);
    expect(await machine.deliver("lane", { id: "u3", value: {} })).toBe("pass");
    expect(simulation.ledger).toHaveLength(1);
  });
}

const NOON = manualClock().now() + 43_200_000;

/** Waits until noon, and does something. */
const reminder: Program = async (coroutine) => {
  await coroutine.call({ kind: "wait", key: "wait:nothing", deadline: NOON }).catch(() => undefined);
  await coroutine.call({ kind: "effect", key: "remind", host: "remind" });
};

test("deadlines come, however many lanes of others in the same store are overdue", async () => {
  const simulation = new Simulation(reminder);
  for (let at = 0; at < 150; at++)
    await simulation.store.commit(`theirs:${at}`, null, { head: {}, wakeAt: 1 });
  const machine = simulation.machine(new Process(), { prefix: "ours:" });
  await simulation.enter(machine, "e1", "ours:1");
  await simulation.clock.advance(43_200_000);
  await simulation.until(machine.sweep());
  expect(simulation.ledger).toHaveLength(1);
});

test("deadlines come, however many lanes wait for another release to look after them", async () => {
  class Old extends LaneMachine {
    protected override isElsewhere({ id }: InstanceHead): boolean {
      return id.startsWith("i-newer");
    }
  }
  const simulation = new Simulation(reminder);
  const newer = simulation.machine(new Process());
  for (let at = 0; at < 120; at++) await simulation.enter(newer, `newer${at}`, `lane ${at}`);
  await simulation.enter(newer, "mine", "mine");
  await simulation.clock.advance(43_200_000);
  const old = simulation.machine(new Process(), {}, Old);
  for (let sweeps = 0; sweeps < 2; sweeps++) await simulation.until(old.sweep());
  expect(simulation.ledger).toMatchObject([{ instance: "i-mine" }]);
  await simulation.until(newer.sweep());
  await simulation.until(newer.sweep());
  expect(simulation.ledger).toHaveLength(121);
});

test("a step that hangs keeps nobody from stopping: it is given up, writes nothing more, and goes on elsewhere", async () => {
  const simulation = new Simulation(async (coroutine) => {
    await coroutine.call({ kind: "effect", key: "deed", host: "deed" });
    await coroutine.call({ kind: "effect", key: "thanks", host: "thanks" });
  });
  const hanging = new Gate();
  simulation.meanwhile = () => hanging.opened;
  const machine = simulation.machine(new Process());
  const entered = simulation.enter(machine).catch((error: unknown) => String(error));
  for (let turn = 0; turn < 20; turn++) await simulation.clock.advance(0);
  expect(simulation.ledger).toHaveLength(1);

  const ending = new AbortController();
  const stopped = machine.stop(ending.signal);
  ending.abort();
  await stopped;
  expect(await entered).toContain("The bot stops");
  hanging.open();
  for (let turn = 0; turn < 20; turn++) await simulation.clock.advance(0);
  expect(simulation.ledger).toHaveLength(1);
  expect(simulation.ends).toEqual([]);

  await simulation.clock.advance(46_000);
  await simulation.until(simulation.machine(new Process()).sweep());
  expect(simulation.ledger).toMatchObject([
    { key: "deed", isRepeat: false },
    { key: "deed", isRepeat: true },
    { key: "thanks", isRepeat: false },
  ]);
});
