import { type Clock, type LaneStore, type ManualClock, manualClock, memoryLanes } from "balekit";
import { expect, test } from "vitest";
import type { Coroutine } from "../src/coroutine.js";
import type { LaneEvent } from "../src/lane-event.js";
import type { LaneMachine } from "../src/lane-machine.js";
import { type Program, Process, Simulation } from "./simulation.js";

const LEASE_MS = 45_000;

function effect(coroutine: Coroutine, key: string): Promise<unknown> {
  return coroutine.call({ kind: "effect", key, host: key });
}

const one: Program = async (coroutine) => {
  await effect(coroutine, "deed");
  await coroutine.call({ kind: "wait", key: "wait:any" });
  return effect(coroutine, "thanks");
};

/** Things that take until they are let go, in the order they were begun. */
class Holds {
  readonly #held: (() => void)[] = [];

  hold(): Promise<void> {
    return new Promise((resolve) => void this.#held.push(resolve));
  }

  release(at: number): void {
    this.#held[at]?.();
  }
}

function count(simulation: Simulation, key: string): number {
  return simulation.ledger.filter((deed) => deed.key === key).length;
}

function eventsOf<Type extends LaneEvent["type"]>(
  simulation: Simulation,
  type: Type,
): Extract<LaneEvent, { readonly type: Type }>[] {
  return simulation.events.filter((event) => event.type === type) as never;
}

/** Lets what is under way come to rest, with no time passing. */
async function settle(simulation: Simulation): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await simulation.clock.advance(0);
}

/** A process that sweeps once the claims of the dead have run out; it may die over it. */
async function life(simulation: Simulation): Promise<LaneMachine> {
  await simulation.clock.advance(LEASE_MS + 1_000);
  const process = new Process();
  const machine = simulation.machine(process);
  await simulation.until(Promise.race([machine.sweep(), process.died]));
  return machine;
}

test("a step at which five processes have ended is parked, takes nothing, and goes on when it is retried", async () => {
  const simulation = new Simulation(one);
  let isPoison = true;
  simulation.meanwhile = (_, process) => {
    if (isPoison) process.kill();
  };
  const first = new Process();
  await Promise.race([simulation.enter(simulation.machine(first)), first.died]);
  for (let lives = 0; lives < 4; lives++) await life(simulation);
  expect(count(simulation, "deed")).toBe(5);
  expect(eventsOf(simulation, "parked")).toEqual([]);

  const sixth = await life(simulation);
  expect(count(simulation, "deed")).toBe(5);
  expect(eventsOf(simulation, "parked")).toMatchObject([{ reason: "poison", instance: "i-e1" }]);
  expect((await sixth.read("lane"))?.head.instances[0]?.parked?.message).toMatch(/^5 processes have ended/);
  expect(await sixth.deliver("lane", { id: "u1", value: { text: "hi" } })).toBe("pass");

  isPoison = false;
  expect(await sixth.retry("lane", "i-e1")).toBe(true);
  await simulation.until(sixth.sweep());
  expect(await sixth.deliver("lane", { id: "u2", value: { text: "hi" } })).toBe("taken");
  expect(simulation.ends).toEqual([{ ok: true, text: '{"done":"thanks","count":true}' }]);
  expect(await sixth.retry("lane", "i-e1")).toBe(false);
});

test("anything new in the journal forgets the ends before it", async () => {
  const simulation = new Simulation(async (coroutine) => {
    for (let at = 0; at < 4; at++) await effect(coroutine, `deed ${at}`);
  });
  const ends = new Map<string, number>();
  simulation.meanwhile = ({ key }, process) => {
    const before = ends.get(key) ?? 0;
    ends.set(key, before + 1);
    if (before < 3) process.kill();
  };
  const first = new Process();
  await Promise.race([simulation.enter(simulation.machine(first)), first.died]);
  // Twelve processes end, three at each deed.
  for (let lives = 0; lives < 12; lives++) await life(simulation);
  expect(simulation.ends).toHaveLength(1);
  expect(eventsOf(simulation, "parked")).toEqual([]);
  expect(simulation.ledger).toHaveLength(16);
});

test("an innocent lane gets through, though another ends every process that holds both", async () => {
  const simulation = new Simulation(one);
  simulation.meanwhile = async ({ instance }, process) => {
    // The innocent takes its time, so that it never gets done beside the other.
    if (instance === "i-good")
      await new Promise<void>((done) => void simulation.clock.setTimeout(done, 10_000));
    else process.kill();
  };
  const first = new Process();
  const machine = simulation.machine(first);
  void simulation.enter(machine, "good", "one lane");
  await settle(simulation);
  await Promise.race([simulation.enter(machine, "bad", "another"), first.died]);
  for (let lives = 0; lives < 8; lives++) await life(simulation);
  expect(eventsOf(simulation, "parked")).toMatchObject([{ reason: "poison", instance: "i-bad" }]);
  const last = await life(simulation);
  const answered = last.deliver("one lane", { id: "u1", value: { text: "hi" } });
  expect(await simulation.until(answered)).toBe("taken");
  expect(simulation.ends).toEqual([{ ok: true, text: '{"done":"thanks","count":true}' }]);
});

test("processes that live, and are only too slow for their claims, are never taken for ended", async () => {
  const simulation = new Simulation(one);
  const holds = new Holds();
  simulation.meanwhile = () => holds.hold();
  // Frozen while a deed flies: no timer of theirs runs, so nothing is renewed.
  const frozen: Clock = {
    now: () => simulation.clock.now(),
    setTimeout: () => 0 as never,
    clearTimeout: () => undefined,
  };
  const machines = [0, 1].map(() => simulation.machine(new Process(), { clock: frozen }));
  void simulation.enter(machines[0] as LaneMachine);
  await settle(simulation);
  void machines[1]?.wake("lane");
  for (let turn = 0; turn < 12; turn++) {
    // Whoever thaws finds that the other has the lane, and that the other's claim has run out by now.
    await simulation.clock.advance(LEASE_MS + 1_000);
    if (turn === 0) void machines[1]?.wake("lane");
    else holds.release(turn - 1);
    await settle(simulation);
  }
  const takeovers = eventsOf(simulation, "takeover");
  expect(takeovers.length).toBeGreaterThan(10);
  expect(new Set(takeovers.map(({ attempt }) => attempt))).toEqual(new Set([1]));
  expect(eventsOf(simulation, "parked")).toEqual([]);
});

test("whoever is fenced in the middle of a takeover goes on with the item it came for", async () => {
  const simulation = new Simulation(async (coroutine) => {
    for (let at = 0; at < 2; at++) {
      const { text } = (await coroutine.call({ kind: "wait", key: "wait:any" })) as { readonly text: string };
      await effect(coroutine, `reply ${text}`);
    }
  });
  const first = new Process();
  const dying = simulation.machine(first);
  await simulation.enter(dying);
  simulation.meanwhile = () => first.kill();
  await Promise.race([dying.deliver("lane", { id: "u1", value: { text: "one" } }), first.died]);
  await simulation.clock.advance(LEASE_MS + 1_000);

  const holds = new Holds();
  simulation.meanwhile = () => holds.hold();
  // No timer of its comes, so that it renews nothing.
  const frozen: Clock = {
    now: () => simulation.clock.now(),
    setTimeout: () => 0 as never,
    clearTimeout: () => undefined,
  };
  const slow = simulation.machine(new Process(), { clock: frozen });
  const delivered = slow.deliver("lane", { id: "u2", value: { text: "two" } });
  await settle(simulation);
  await simulation.clock.advance(LEASE_MS + 1_000);
  const swept = simulation.machine(new Process()).sweep();
  await settle(simulation);
  holds.release(1);
  await simulation.until(swept);
  holds.release(0);
  await settle(simulation);
  expect(eventsOf(simulation, "fenced")).toHaveLength(1);
  holds.release(2);
  expect(await simulation.until(delivered)).toBe("taken");
  expect(simulation.ledger.map(({ key }) => key)).toEqual([...Array(3).fill("reply one"), "reply two"]);
  expect(simulation.ends).toMatchObject([{ ok: true }]);
});

test("a step that outlasts the stop keeps its claim until that runs out; with one process its next life has it at once", async () => {
  for (const solo of [false, true]) {
    const simulation = new Simulation(one);
    const holds = new Holds();
    simulation.meanwhile = () => holds.hold();
    const stopping = simulation.machine(new Process(), { solo });
    const given = simulation.enter(stopping).catch((error: unknown) => error);
    await settle(simulation);
    await stopping.stop(AbortSignal.abort());
    const stopped = simulation.clock.now();
    const next = simulation.machine(new Process(), { solo });
    const answered = next.deliver("lane", { id: "u1", value: { text: "hi" } });
    await settle(simulation);
    if (!solo) {
      // What hangs may still come through: nobody does the same beside it.
      await simulation.clock.advance(LEASE_MS - 2_000);
      await settle(simulation);
      expect(count(simulation, "deed")).toBe(1);
      await simulation.clock.advance(3_000);
      await settle(simulation);
    }
    expect(simulation.clock.now() - stopped).toBe(solo ? 0 : LEASE_MS + 1_000);
    expect(simulation.ledger.map(({ key, isRepeat }) => [key, isRepeat])).toEqual([
      ["deed", false],
      ["deed", true],
    ]);
    // What the old one still gets is written by nobody.
    holds.release(0);
    await settle(simulation);
    expect(await given).toMatchObject({ message: expect.stringContaining("The bot stops") as string });
    holds.release(1);
    await settle(simulation);
    holds.release(2);
    expect(await simulation.until(answered)).toBe("taken");
    expect(count(simulation, "thanks")).toBe(1);
  }
});

test("a claim is renewed while a deed takes longer than its lease, and while code awaits something un-journaled", async () => {
  for (const isRaw of [false, true]) {
    const raw = new Holds();
    const simulation = new Simulation(async (coroutine) => {
      await effect(coroutine, "deed");
      if (isRaw) await raw.hold();
      return effect(coroutine, "thanks");
    });
    const deeds = new Holds();
    if (!isRaw) simulation.meanwhile = ({ key }) => (key === "deed" ? deeds.hold() : undefined);
    const lazy = { leaseMs: 9_000 };
    const entered = simulation.enter(simulation.machine(new Process(), lazy));
    const other = simulation.machine(new Process(), lazy);
    for (let moves = 0; moves < 25; moves++) {
      await simulation.clock.advance(2_000);
      await settle(simulation);
      await other.sweep();
    }
    expect(eventsOf(simulation, "takeover")).toEqual([]);
    expect(simulation.ends).toEqual([]);
    raw.release(0);
    deeds.release(0);
    await simulation.until(entered);
    expect(simulation.ledger.map(({ key }) => key)).toEqual(["deed", "thanks"]);
    expect(simulation.ends).toMatchObject([{ ok: true }]);
  }
});

test("a deed is begun only under a claim that is renewed in time, however long the store takes to confirm it", async () => {
  const simulation = new Simulation(one);
  const deeds = new Holds();
  simulation.meanwhile = () => deeds.hold();
  let isSlow = true;
  const store: LaneStore = {
    ...simulation.store,
    commit: async (...args) => {
      const version = await simulation.store.commit(...args);
      const isFirst = isSlow;
      isSlow = false;
      if (isFirst)
        await new Promise<void>((done) => void simulation.clock.setTimeout(done, LEASE_MS - 5_000));
      return version;
    },
  };
  const entered = simulation.enter(simulation.machine(new Process(), { store }));
  const other = simulation.machine(new Process());
  for (let seconds = 0; seconds < 80; seconds++) {
    await simulation.clock.advance(1_000);
    await settle(simulation);
    void other.sweep();
  }
  expect(count(simulation, "deed")).toBe(1);
  expect(eventsOf(simulation, "takeover")).toEqual([]);
  deeds.release(0);
  await simulation.until(entered);
  expect(eventsOf(simulation, "fenced")).toEqual([]);
});

test("code that awaits something un-journaled for a minute is ended, with an error, and its lane is free", async () => {
  const simulation = new Simulation(async (coroutine) => {
    await effect(coroutine, "deed");
    await new Promise(() => undefined);
  });
  const machine = simulation.machine(new Process());
  const entered = simulation.enter(machine);
  const began = simulation.clock.now();
  await simulation.until(entered);
  expect(simulation.clock.now() - began).toBeGreaterThanOrEqual(60_000);
  expect(simulation.clock.now() - began).toBeLessThan(62_000);
  expect(simulation.ends).toMatchObject([{ ok: false }]);
  expect(simulation.ends[0]?.text).toMatch(
    /^UnjournaledAwaitError: .* for 60 s, after the operation called at/,
  );
  const head = (await machine.read("lane"))?.head;
  expect(head?.instances).toEqual([]);
  expect(head?.claim).toBeUndefined();
  const other = simulation.enter(simulation.machine(new Process()), "e2");
  await settle(simulation);
  expect(count(simulation, "deed")).toBe(2);
  await simulation.until(other);
});

test("what code calls out of turn while a claim is renewed is kept as well", async () => {
  const raw = new Holds();
  const deeds = new Holds();
  const simulation = new Simulation(async (coroutine) => {
    const strand = raw.hold().then(() => effect(coroutine, "late"));
    await effect(coroutine, "deed");
    await strand;
    await coroutine.call({ kind: "wait", key: "wait:any" });
  });
  simulation.meanwhile = ({ key }) => (key === "deed" ? deeds.hold() : undefined);
  let commits = 0;
  const store: LaneStore = {
    ...simulation.store,
    commit: async (...args) => {
      // The second is the first renewal.
      if (++commits === 2) {
        raw.release(0);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return simulation.store.commit(...args);
    },
  };
  const machine = simulation.machine(new Process(), { store });
  const entered = simulation.enter(machine);
  await settle(simulation);
  await simulation.clock.advance(LEASE_MS / 3 + 1);
  await settle(simulation);
  expect(commits).toBeGreaterThanOrEqual(2);
  deeds.release(0);
  await simulation.until(entered);
  const history = (await machine.read("lane"))?.histories.get("i-e1") ?? [];
  expect(history.filter(([type, , key]) => type === "c" && key === "late")).toHaveLength(1);
  expect(count(simulation, "late")).toBe(1);
});

test("a step whose outcome cannot be written down is given up five times, not for ever", async () => {
  const simulation = new Simulation(one);
  const store: LaneStore = {
    ...simulation.store,
    commit: async (key, expected, change) => {
      if (JSON.stringify(change.append ?? []).includes('"done":"deed"')) throw new Error("too large");
      return simulation.store.commit(key, expected, change);
    },
  };
  const errors: string[] = [];
  const machine = simulation.machine(new Process(), {
    store,
    onError: (error) => void errors.push((error as Error).message),
  });
  await expect(simulation.until(simulation.enter(machine))).rejects.toThrow("too large");
  for (let round = 0; round < 10; round++) {
    await simulation.clock.advance(LEASE_MS + 1_000);
    await simulation.until(machine.sweep());
  }
  expect(count(simulation, "deed")).toBe(5);
  expect(errors).toEqual(Array(4).fill("too large"));
  expect(eventsOf(simulation, "parked")).toMatchObject([{ reason: "poison" }]);
  expect((await machine.read("lane"))?.head.instances[0]?.parked?.message).toContain(
    "5 times it was given up",
  );
});

test("a commit that comes through after it was tried again is known for what it is", async () => {
  const simulation = new Simulation(one);
  let commits = 0;
  let late: (() => Promise<unknown>) | undefined;
  const store: LaneStore = {
    ...simulation.store,
    commit: async (...args) => {
      // The second one says what came of the deed.
      if (++commits === 2) {
        late = () => simulation.store.commit(...args);
        throw new Error("no answer");
      }
      await late?.();
      late = undefined;
      return simulation.store.commit(...args);
    },
  };
  const machine = simulation.machine(new Process(), { store });
  await simulation.until(simulation.enter(machine));
  expect(commits).toBe(3);
  expect(eventsOf(simulation, "fenced")).toEqual([]);
  expect(eventsOf(simulation, "conflict")).toEqual([]);
  expect(await machine.deliver("lane", { id: "u1", value: { text: "hi" } })).toBe("taken");
  expect(simulation.ledger.map(({ key }) => key)).toEqual(["deed", "thanks"]);
});

/** A process that dies in the middle of a deed, and what is left of it. */
async function diedInDeed(clock: ManualClock = manualClock()): Promise<Simulation> {
  const simulation = new Simulation(one, memoryLanes({ clock }), clock);
  const process = new Process();
  simulation.meanwhile = () => process.kill();
  await Promise.race([simulation.enter(simulation.machine(process, { solo: true })), process.died]);
  simulation.meanwhile = () => undefined;
  expect(count(simulation, "deed")).toBe(1);
  return simulation;
}

test("with one process, what its earlier life was at is taken up at the start, with no time passing", async () => {
  const simulation = await diedInDeed();
  const before = simulation.clock.now();
  const next = simulation.machine(new Process(), { solo: true });
  next.start();
  await settle(simulation);
  expect(simulation.ledger.map(({ isRepeat }) => isRepeat)).toEqual([false, true]);
  expect(simulation.clock.now()).toBe(before);
  expect((await next.read("lane"))?.head).toMatchObject({ instances: [{ waits: [{ id: 2 }] }] });
  expect((await next.read("lane"))?.head.claim).toBeUndefined();
  await next.stop();
});

test("with one process, an answer is taken at once, whatever its earlier life was at; with many it waits for the claim", async () => {
  const simulation = await diedInDeed();
  const before = simulation.clock.now();
  const item = { id: "u1", value: { text: "hi" } };
  expect(await simulation.machine(new Process(), { solo: true }).deliver("lane", item)).toBe("taken");
  expect(simulation.clock.now()).toBe(before);
  expect(simulation.ledger.map(({ key }) => key)).toEqual(["deed", "deed", "thanks"]);

  const shared = await diedInDeed();
  const began = shared.clock.now();
  expect(await shared.until(shared.machine(new Process()).deliver("lane", item))).toBe("taken");
  expect(shared.clock.now() - began).toBeGreaterThanOrEqual(LEASE_MS);
});

test("with one process, a crash loop at the start spends two attempts at once on a step, and then one a lease", async () => {
  const simulation = await diedInDeed();
  simulation.meanwhile = (_, process) => process.kill();
  for (let lives = 0; lives < 20; lives++) {
    const process = new Process();
    const machine = simulation.machine(process, { solo: true });
    await Promise.race([machine.sweep(LEASE_MS), process.died]);
  }
  expect(count(simulation, "deed")).toBe(3);
  await simulation.clock.advance(LEASE_MS + 1_000);
  const later = new Process();
  await Promise.race([simulation.machine(later, { solo: true }).sweep(), later.died]);
  expect(count(simulation, "deed")).toBe(4);
  expect(eventsOf(simulation, "parked")).toEqual([]);
});

test("a deadline that ends every process before anything is written is parked after five, and is retried", async () => {
  let isDeadly = true;
  let runs = 0;
  let current: Process | undefined;
  const simulation = new Simulation(async (coroutine) => {
    await coroutine
      .call({ kind: "wait", key: "wait:any", deadline: simulation.clock.now() + 1_000 })
      .catch(() => undefined);
    runs++;
    if (isDeadly) current?.kill();
    return effect(coroutine, "deed");
  });
  current = new Process();
  await simulation.enter(simulation.machine(current));
  for (let lives = 0; lives < 8; lives++) {
    await simulation.clock.advance(LEASE_MS + 1_000);
    current = new Process();
    const machine = simulation.machine(current);
    await simulation.until(Promise.race([machine.sweep(), current.died]));
  }
  // The first life could have counted nothing: it had the code alive, and was asked by nobody but the clock.
  expect(runs).toBe(5);
  expect(count(simulation, "deed")).toBe(0);
  expect(eventsOf(simulation, "parked")).toMatchObject([
    {
      reason: "poison",
      message: expect.stringMatching(/^Its time has come, and 5 times nothing came of it/),
    },
  ]);

  isDeadly = false;
  const last = simulation.machine(new Process());
  expect(await last.retry("lane", "i-e1")).toBe(true);
  await simulation.until(last.sweep());
  expect(count(simulation, "deed")).toBe(1);
});

test("a deadline that gets anything done forgets what was tried before, and with one process is tried again at once", async () => {
  let deaths = 0;
  let current: Process | undefined;
  const simulation = new Simulation(async (coroutine) => {
    for (let round = 0; round < 3; round++) {
      await coroutine
        .call({ kind: "wait", key: "wait:any", deadline: simulation.clock.now() + 1_000 })
        .catch(() => undefined);
      if (deaths < (round + 1) * 2) {
        deaths++;
        current?.kill();
      }
      await effect(coroutine, `deed ${round}`);
    }
  });
  current = new Process();
  await simulation.enter(simulation.machine(current, { solo: true }));
  const began = simulation.clock.now();
  for (let lives = 0; lives < 9; lives++) {
    await simulation.clock.advance(1_001);
    current = new Process();
    const machine = simulation.machine(current, { solo: true });
    await simulation.until(Promise.race([machine.sweep(LEASE_MS), current.died]), 1);
  }
  expect(deaths).toBe(6);
  expect(simulation.ledger.map(({ key }) => key)).toEqual(["deed 0", "deed 1", "deed 2"]);
  expect(simulation.clock.now() - began).toBeLessThan(LEASE_MS);
  expect(eventsOf(simulation, "parked")).toEqual([]);
});

test("one lane whose step takes long keeps the sweeper from no other", async () => {
  const simulation = new Simulation(async (coroutine) => {
    await coroutine
      .call({ kind: "wait", key: "wait:any", deadline: simulation.clock.now() + 1_000 })
      .catch(() => undefined);
    return effect(coroutine, "deed");
  });
  const holds = new Holds();
  simulation.meanwhile = () => holds.hold();
  const founder = simulation.machine(new Process());
  await simulation.enter(founder, "e1", "a");
  const machine = simulation.machine(new Process());
  machine.start();
  await simulation.clock.advance(10_000);
  await settle(simulation);
  expect(count(simulation, "deed")).toBe(1);
  await simulation.enter(founder, "e2", "b");
  await simulation.clock.advance(10_000);
  await settle(simulation);
  expect(count(simulation, "deed")).toBe(2);
  holds.release(0);
  holds.release(1);
  await settle(simulation);
  expect(simulation.ends).toHaveLength(2);
  await machine.stop();
});
