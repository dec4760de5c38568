import type { LaneStore } from "balekit";
import { expect, test } from "vitest";
import { Coroutine } from "../src/coroutine.js";
import { folded, type JournalRecord } from "../src/journal.js";
import { LaneMachine } from "../src/lane-machine.js";
import { type Departure, race, type Tally } from "./race.js";
import { Random } from "./random.js";
import { randomPlan, run } from "./random-program.js";
import { Process, Simulation } from "./simulation.js";

/** Departures from the protocol, each of which somebody might take for an improvement. */
const mutants: Readonly<Record<string, Departure>> = {
  "items that were taken are not recognised": {
    Machine: class extends LaneMachine {
      protected override hasTaken(): boolean {
        return false;
      }
    },
  },
  "items that are taken are not remembered": {
    Machine: class extends LaneMachine {
      protected override remember(recent: readonly string[]): readonly string[] {
        return recent;
      }
    },
  },
  "the claim of a living process is taken for free": {
    Machine: class extends LaneMachine {
      protected override isFree(): boolean {
        return true;
      }
    },
  },
  "effects do not wait for the commit": {
    Machine: class extends LaneMachine {
      protected override beforeEffects(keep: () => Promise<boolean>): Promise<boolean> {
        keep().catch(() => undefined);
        return Promise.resolve(true);
      }
    },
  },
  "the commit before effects may fail": {
    Machine: class extends LaneMachine {
      protected override async beforeEffects(keep: () => Promise<boolean>): Promise<boolean> {
        await keep();
        return true;
      }
    },
  },
  "a commit does not compare": {
    store: (store) => ({
      ...store,
      commit: async (key, _, change) => {
        const now = await store.load(key, 0);
        return store.commit(key, now?.version ?? null, change);
      },
    }),
  },
  "versions come again": { store: forgetful },
  "an item is accepted before it is safe": { acceptsEarly: true, crashes: true },
  "a lane hands out head and log of different commits, and nobody looks": {
    Machine: class extends LaneMachine {
      protected override isTorn(): boolean {
        return false;
      }
    },
    store: (store) => ({
      ...store,
      load: async (key, from) => {
        const log = await store.load(key, from);
        await new Promise((resolve) => setImmediate(resolve));
        const head = await store.load(key, from);
        return log === undefined || head === undefined ? head : { ...head, log: log.log };
      },
    }),
  },
};

/** A store whose versions are numbers that begin again after the second. */
function forgetful(store: LaneStore): LaneStore {
  const short = (version: string): string => String(Number(version) % 2);
  return {
    ...store,
    load: async (key, from) => {
      const lane = await store.load(key, from);
      return lane && { ...lane, version: short(lane.version) };
    },
    commit: async (key, expected, change) => {
      const now = await store.load(key, 0);
      if ((now === undefined ? null : short(now.version)) !== expected) return false;
      const version = await store.commit(key, now?.version ?? null, change);
      return version === false ? false : short(version);
    },
  };
}

async function isCaught(departure: Departure): Promise<boolean> {
  for (let seed = 1; seed <= 60; seed++) {
    const tally: Tally = { lost: 0, doubled: 0, gaps: 0, careless: 0, conflicts: 0, takeovers: 0 };
    try {
      await race(seed, tally, departure);
    } catch {
      return true;
    }
    if (tally.lost > 0 || tally.gaps > 0 || tally.careless > 0) return true;
    if (departure.crashes !== true && tally.doubled > 0) return true;
  }
  return false;
}

test.each(Object.entries(mutants))("the race catches that %s", { timeout: 120_000 }, async (_, departure) => {
  expect(await isCaught(departure)).toBe(true);
});

test("the race has nothing to say of the protocol as it is", { timeout: 120_000 }, async () => {
  expect(await isCaught({})).toBe(false);
});

test("a pass is decided on a fresh read; from a stale copy an answer would be nobody's", async () => {
  const verdictOf = async (solo: boolean): Promise<string> => {
    const simulation = new Simulation(async (coroutine) => {
      await coroutine.call({ kind: "wait", key: "wait:a" });
      return coroutine.call({ kind: "wait", key: "wait:b" });
    });
    const one = simulation.machine(new Process(), { solo });
    const other = simulation.machine(new Process(), { solo });
    await simulation.enter(one);
    // The other one has seen the lane when it waited for a.
    await other.deliver("lane", { id: "u0", value: { to: "b" } });
    await one.deliver("lane", { id: "u1", value: { to: "a" } });
    return other.deliver("lane", { id: "u2", value: { to: "b" } });
  };
  expect(await verdictOf(false)).toBe("taken");
  expect(await verdictOf(true)).toBe("pass");
});

class BackToBack extends Coroutine {
  protected override settled(): Promise<void> {
    return Promise.resolve();
  }

  protected override afterTurn(then: () => void): void {
    void Promise.resolve().then(then);
  }
}

class FoldsAll extends Coroutine {
  protected override mayFold(): boolean {
    return true;
  }
}

/** Whether random programs behave otherwise in a replay. */
async function diverges(Kind: typeof Coroutine): Promise<boolean> {
  for (let seed = 1; seed <= 400; seed++) {
    const plan = randomPlan(new Random(seed), 4);
    const random = new Random(seed);
    const limits = { maxRecords: 1e6, maxBytes: 1e9, maxValueBytes: 1e6 };
    const make = (): Coroutine =>
      new Kind({ program: (coroutine) => run(coroutine, plan, () => 0.5), limits, stallMs: 0 });
    const log: JournalRecord[] = [];
    const live = make();
    try {
      await live.begin(null);
      for (let turns = 0; turns < 60 && live.pending.size > 0; turns++) {
        const open = random.pick(
          live.pending
            .values()
            .map(({ id }) => id)
            .sort((one, other) => one - other),
        );
        await live.settle(open, { ok: true, value: seed });
        log.push(...live.fresh.splice(0));
        const copy = make();
        copy.lastId = live.lastId;
        await copy.replay(folded(log));
        if (
          String(copy.pending.values().map(({ id }) => id)) !==
          String(live.pending.values().map(({ id }) => id))
        )
          return true;
      }
    } catch {
      return true;
    }
  }
  return false;
}

test("replays catch results that are given back to back", { timeout: 60_000 }, async () => {
  expect(await diverges(BackToBack)).toBe(true);
});

test("replays catch steps that are folded over the records of others", { timeout: 60_000 }, async () => {
  expect(await diverges(FoldsAll)).toBe(true);
});

test("replays have nothing to say of the engine as it is", { timeout: 60_000 }, async () => {
  expect(await diverges(Coroutine)).toBe(false);
});

test("the ids of a conversation that is over are kept for a day; without them a late double is nobody's", async () => {
  const ending = async (machineOptions: object): Promise<string> => {
    const simulation = new Simulation((coroutine) => coroutine.call({ kind: "wait", key: "wait:any" }));
    const machine = simulation.machine(new Process(), machineOptions);
    await simulation.enter(machine);
    await machine.deliver("lane", { id: "u1", value: { text: "x" } });
    await simulation.clock.advance(60_000);
    return machine.deliver("lane", { id: "u1", value: { text: "x" } });
  };
  expect(await ending({})).toBe("duplicate");
  expect(await ending({ tombstoneMs: 1 })).toBe("pass");
});
