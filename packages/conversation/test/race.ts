import type { Coroutine } from "../src/coroutine.js";
import { type LaneStore, manualClock, memoryLanes } from "balekit";
import type { LaneMachineOptions } from "../src/lane-log.js";
import type { LaneMachine } from "../src/lane-machine.js";
import { Random } from "./random.js";
import { insist, Process, Simulation } from "./simulation.js";

export const UPDATES = 12;

/** Answers each message with its number: what was lost, doubled or forgotten shows. */
async function echo(coroutine: Coroutine): Promise<unknown> {
  for (let n = 1; ; n++) {
    const { text } = (await coroutine.call({ kind: "wait", key: "wait:any" })) as { text: string };
    await coroutine.call({ kind: "effect", key: "reply", hash: String(n), host: `${n} ${text}` });
  }
}

interface Held {
  readonly n: number;
  readonly text: string | undefined;
}

/** The same in rounds of two, of which the first leaves nothing but what it has heard: a row in which a heavy round ends. */
function pairs(coroutine: Coroutine): Promise<unknown> {
  const reply = (n: number, text: string): Promise<unknown> =>
    coroutine.call({ kind: "effect", key: "reply", hash: String(n), host: `${n} ${text}` });
  const round = async ({ n, text: held }: Held): Promise<Held> => {
    const { text } = (await coroutine.call({ kind: "wait", key: "wait:any" })) as { text: string };
    if (held === undefined) return { n, text };
    await coroutine.step("step:replies", async () => {
      await reply(n, held);
      await reply(n + 1, text);
    });
    return { n: n + 2, text: undefined };
  };
  return coroutine.loop("loop:pairs", { n: 1, text: undefined }, round, () => undefined);
}

export interface Tally {
  lost: number;
  doubled: number;
  gaps: number;
  /** Deeds done again of which nobody had to think that they might have been done. */
  careless: number;
  conflicts: number;
  takeovers: number;
}

/** How a race departs from the protocol as it is. */
export interface Departure {
  readonly Machine?: typeof LaneMachine;
  readonly options?: Partial<LaneMachineOptions>;
  readonly store?: (store: LaneStore) => LaneStore;
  readonly crashes?: boolean;
  /** Whether what comes is so heavy that rounds which are over are left out. */
  readonly isHeavy?: boolean;
  /** Says that an item is safe before it is. */
  readonly acceptsEarly?: boolean;
}

/** Three machines on one lane, with duplicates and evictions, and processes that die if asked. */
export async function race(seed: number, tally: Tally, departure: Departure = {}): Promise<void> {
  const { crashes = false, isHeavy = false, options, Machine, store, acceptsEarly = false } = departure;
  const random = new Random(seed);
  const clock = manualClock();
  const simulation = new Simulation(
    isHeavy ? pairs : echo,
    (store ?? ((it) => it))(memoryLanes({ clock })),
    clock,
  );
  let isOver = false;
  const born = (): { machine: LaneMachine; process: Process } => {
    const diesAt = crashes && !isOver && random.chance(0.5) ? 5 + random.below(60) : Number.POSITIVE_INFINITY;
    const process = new Process(diesAt, random);
    return { process, machine: simulation.machine(process, options, Machine) };
  };
  const machines = [born(), born(), born()];
  const nextMachine = (): { machine: LaneMachine; process: Process } => {
    const at = random.below(machines.length);
    if (machines[at]?.process.isDead) machines[at] = born();
    const chosen = machines[at] as { machine: LaneMachine; process: Process };
    if (random.chance(0.1)) chosen.machine.evict("lane");
    return chosen;
  };
  const founder = simulation.machine(new Process());
  await simulation.until(simulation.enter(founder));
  const weight = isHeavy ? "x".repeat(3_000) : "";
  const sent: Promise<unknown>[] = [];
  for (let id = 1; id <= UPDATES; id++) {
    const copies = random.chance(0.3) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      sent.push(insist(simulation, String(id), { text: `u${id}`, weight }, nextMachine, acceptsEarly));
      if (random.chance(0.5)) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await simulation.until(Promise.all(sent), 5_000);
  // What a dead process has left is taken up by the sweep of a living one.
  isOver = true;
  const last = simulation.machine(new Process());
  for (let round = 0; round < 3; round++) {
    await simulation.clock.advance(46_000);
    await simulation.until(last.sweep());
  }
  const replies = simulation.ledger.map(({ host }) => host as string);
  const texts = replies.map((reply) => reply.split(" ")[1] as string);
  const numbers = new Set(replies.map((reply) => Number(reply.split(" ")[0])));
  for (let id = 1; id <= UPDATES; id++) {
    if (!texts.includes(`u${id}`)) tally.lost++;
    if (!numbers.has(id)) tally.gaps++;
  }
  tally.doubled += replies.length - UPDATES;
  const first = simulation.ledger.filter(({ isRepeat }) => !isRepeat).map(({ host }) => host as string);
  tally.careless += first.length - new Set(first).size;
  if (new Set(replies).size !== UPDATES) tally.gaps++;
  for (const { type } of simulation.events) {
    if (type === "conflict") tally.conflicts++;
    if (type === "takeover") tally.takeovers++;
  }
}
