import { type LaneStore, type ManualClock, manualClock, memoryLanes } from "balekit";
import type { Coroutine } from "../src/coroutine.js";
import type { Pending } from "../src/operation.js";
import { WaitExpiredError } from "../src/errors.js";
import type { LaneEvent } from "../src/lane-event.js";
import type { AmbiguityVerdict, LaneHost } from "../src/lane-host.js";
import type { LaneMachineOptions } from "../src/lane-log.js";
import { LaneMachine } from "../src/lane-machine.js";
import type { Verdict } from "../src/lane-offer.js";
import type { Random } from "./random.js";

const never: Promise<never> = new Promise(() => undefined);

/** A process that can die between any two of its steps: from then on nothing it waits for ever comes. */
export class Process {
  readonly died: Promise<"died">;
  /** How often it came to a place where it may die. */
  points = 0;
  isDead = false;
  #die!: (died: "died") => void;
  readonly #diesAt: number;
  readonly #random: Random | undefined;

  constructor(diesAt: number = Number.POSITIVE_INFINITY, random?: Random) {
    this.#diesAt = diesAt;
    this.#random = random;
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  kill(): void {
    this.isDead = true;
    this.#die("died");
  }

  /** A place where it may die, and where others may come in between. */
  async point(): Promise<void> {
    if (!this.isDead && ++this.points === this.#diesAt) this.kill();
    if (this.isDead) await never;
    const turns = this.#random?.below(3) ?? 0;
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    if (this.isDead) await never;
  }
}

/** Something that was done to the world. */
export interface Deed {
  readonly key: string;
  readonly host: unknown;
  readonly isRepeat: boolean;
  readonly instance: string;
}

export type Program = (coroutine: Coroutine) => Promise<unknown>;

/** Several machines on one store, and the world they act on. */
export class Simulation {
  readonly clock: ManualClock;
  readonly ledger: Deed[] = [];
  readonly ends: { readonly ok: boolean; readonly text: string }[] = [];
  readonly events: LaneEvent[] = [];
  readonly store: LaneStore;
  readonly program: Program;
  verdict: AmbiguityVerdict = "retry";
  /** Runs while a deed is under way: what it waits for takes that long. */
  meanwhile: (deed: Deed, process: Process) => Promise<void> | void = () => undefined;
  #made = 0;

  constructor(program: Program, store?: LaneStore, clock: ManualClock = manualClock()) {
    this.program = program;
    this.clock = clock;
    this.store = store ?? memoryLanes({ clock: this.clock });
  }

  machine(
    process: Process,
    options: Partial<LaneMachineOptions> = {},
    Machine: typeof LaneMachine = LaneMachine,
  ): LaneMachine {
    return new Machine({
      store: this.#watched(options.store ?? this.store, process),
      clock: this.clock,
      host: this.#host(process),
      owner: `m${++this.#made}`,
      prefix: "",
      leaseMs: 45_000,
      ...options,
      ...(options.store === undefined ? undefined : { store: this.#watched(options.store, process) }),
    });
  }

  enter(
    machine: LaneMachine,
    once = "e1",
    lane = "lane",
  ): Promise<{ readonly id: string; readonly isNew: boolean }> {
    return machine.enter(lane, {
      id: `i-${once}`,
      definition: "program",
      input: null,
      bytes: 0,
      once,
      onActive: "ignore",
    });
  }

  /** Lets time pass until something has come true. */
  async until<Value>(done: Promise<Value>, stepMs = 200): Promise<Value> {
    let result: { readonly value: Value } | undefined;
    let failure: { readonly error: unknown } | undefined;
    done.then(
      (value) => {
        result = { value };
      },
      (error: unknown) => {
        failure = { error };
      },
    );
    for (let moves = 0; moves < 5_000; moves++) {
      if (result !== undefined) return result.value;
      if (failure !== undefined) throw failure.error;
      await this.clock.advance(stepMs);
    }
    throw new Error("nothing more happens");
  }

  #watched(store: LaneStore, process: Process): LaneStore {
    const around = async <Value>(run: () => Promise<Value>): Promise<Value> => {
      await process.point();
      const value = await run();
      await process.point();
      return value;
    };
    return {
      load: (key, from) => around(() => store.load(key, from)),
      commit: (key, expected, change) => around(() => store.commit(key, expected, change)),
      delete: (key, expected) => around(() => store.delete(key, expected)),
      due: (prefix, now, limit) => around(() => store.due(prefix, now, limit)),
      find: (token) => store.find(token),
      keys: (prefix) => store.keys(prefix),
    };
  }

  #host(process: Process): LaneHost {
    return {
      code: () => ({
        program: this.program,
        limits: { maxRecords: 1e5, maxBytes: 1e8, maxValueBytes: 65_536 },
        stallMs: 0,
      }),
      stamp: () => ({ version: 1, source: "s" }),
      filterOf: (pending: Pending) => pending.operation.key,
      fits: (filter, item) =>
        filter === "wait:any" || filter === `wait:${String((item.value as { to?: string }).to)}`,
      expiry: (pending) => ({ ok: false, error: new WaitExpiredError(pending.operation.key) }),
      perform: async (pending, { isRepeat, instance: { id: instance } }) => {
        await process.point();
        const { key, host } = pending.operation;
        const deed: Deed = { key, host, isRepeat, instance };
        this.ledger.push(deed);
        const count = this.ledger.length;
        await this.meanwhile(deed, process);
        await process.point();
        return { done: pending.operation.key, count: count > 0 };
      },
      ambiguity: () => this.verdict,
      ended: (_, outcome) => {
        this.ends.push({
          ok: outcome.ok,
          text: outcome.ok ? JSON.stringify(outcome.value) : String(outcome.error),
        });
      },
      event: (event) => void this.events.push(event),
    };
  }
}

/** Delivers an item until somebody has it: again and elsewhere when the process dies before it has said so. */
export async function insist(
  simulation: Simulation,
  id: string,
  value: object,
  nextMachine: () => { readonly machine: LaneMachine; readonly process: Process },
  acceptsEarly = false,
): Promise<Verdict | "accepted"> {
  for (let tries = 0; tries < 100; tries++) {
    const { machine, process } = nextMachine();
    let isAccepted = acceptsEarly;
    const accept = (): void => {
      if (!process.isDead) isAccepted = true;
    };
    const verdict = await Promise.race([
      machine.deliver("lane", { id, value: value as never, accept }),
      process.died,
    ]);
    if (verdict !== "died") return verdict;
    if (isAccepted) return "accepted";
    void simulation;
  }
  throw new Error("nobody takes it");
}
