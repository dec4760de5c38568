import type { Coroutine } from "../src/coroutine.js";
import { UpdateWait, deadlineOf } from "../src/update-wait.js";
import { callUntil } from "../src/wait-signal.js";
import type { Random } from "./random.js";

/** A program as a tree, so that it can be printed when it fails. */
export type Plan =
  | { readonly do: "effect" | "wait" | "pure" | "bump"; readonly name: string }
  | { readonly do: "all" | "race" | "arms" | "settled" | "sequence"; readonly parts: readonly Plan[] }
  | { readonly do: "try"; readonly body: Plan; readonly rescue: Plan; readonly last: Plan }
  | { readonly do: "step"; readonly name: string; readonly body: Plan }
  | { readonly do: "given up"; readonly name: string; readonly body: Plan }
  | { readonly do: "term"; readonly name: string; readonly waits: number; readonly body: Plan }
  | { readonly do: "loop"; readonly name: string; readonly rounds: number; readonly body: Plan };

let names = 0;

/** A random program of some depth. */
export function randomPlan(random: Random, depth = 4): Plan {
  const name = `n${++names % 50}`;
  const kind = random.below(depth <= 0 ? 4 : 15);
  const inner = (): Plan => randomPlan(random, depth - 1);
  const some = (): readonly Plan[] => Array.from({ length: 1 + random.below(3) }, inner);
  switch (kind) {
    case 0:
    case 1:
      return { do: "effect", name };
    case 2:
      return { do: "wait", name };
    case 3:
      return { do: random.chance(0.5) ? "pure" : "bump", name };
    case 4:
      return { do: "all", parts: some() };
    case 5:
      return { do: "race", parts: some() };
    case 6:
      return { do: "settled", parts: some() };
    case 7:
      return { do: "try", body: inner(), rescue: inner(), last: inner() };
    case 8:
      return { do: "step", name, body: inner() };
    case 9:
      return { do: "loop", name, rounds: 1 + random.below(3), body: inner() };
    case 10:
      return { do: "given up", name, body: inner() };
    case 11:
      return { do: "term", name, waits: 2 + random.below(2), body: inner() };
    case 12:
      return { do: "arms", parts: some() };
    default:
      return { do: "sequence", parts: some() };
  }
}

/** What the parts of a program share. Pieces within a step do not touch it: what a step changes outside is lost. */
interface Shared {
  count: number;
  readonly random: () => number;
  /** The clock on the wall: in a replay it is later than it was. */
  readonly now: () => number;
}

const NO_CONTEXTS = { ctx: { services: {} as never }, context: (): undefined => undefined };

class Done {
  readonly result: unknown;
  constructor(result: unknown) {
    this.result = result;
  }
}

const asDone = (value: unknown): { readonly result: unknown } | undefined =>
  value instanceof Done ? value : undefined;

/** Runs a plan in a coroutine. Every operation's arguments hold all that has been seen, so that a divergence shows. */
export function run(
  coroutine: Coroutine,
  plan: Plan,
  random: () => number,
  now: () => number = () => 0,
): Promise<unknown> {
  return part(coroutine, plan, { count: 0, random, now });
}

async function part(coroutine: Coroutine, plan: Plan, shared: Shared): Promise<unknown> {
  switch (plan.do) {
    case "effect": {
      const args = { count: ++shared.count };
      return await coroutine.call({
        kind: "effect",
        key: `fx:${plan.name}`,
        hash: String(args.count),
        host: args,
      });
    }
    case "wait": {
      const answer = await coroutine.call({ kind: "wait", key: `wait:${plan.name}` });
      shared.count++;
      return answer;
    }
    case "pure":
      return coroutine.pure("random", shared.random);
    case "bump":
      shared.count += 10;
      return shared.count;
    case "all":
      return Promise.all(plan.parts.map((one) => part(coroutine, one, shared)));
    case "race":
      return Promise.race(plan.parts.map((one) => part(coroutine, one, shared)));
    case "arms":
      return coroutine.race(plan.parts.map((one) => () => part(coroutine, one, shared)));
    case "settled": {
      const all = await Promise.allSettled(plan.parts.map((one) => part(coroutine, one, shared)));
      return all.map((one) => (one.status === "fulfilled" ? one.value : String(one.reason)));
    }
    case "try":
      try {
        return await part(coroutine, plan.body, shared);
      } catch (error) {
        shared.count += 100;
        return [String(error), await part(coroutine, plan.rescue, shared)];
      } finally {
        await part(coroutine, plan.last, shared);
      }
    case "step": {
      const own = { ...shared };
      return coroutine.step(`step:${plan.name}`, () => part(coroutine, plan.body, own));
    }
    case "given up": {
      const controller = new AbortController();
      const wait = callUntil(coroutine, { kind: "wait", key: `wait:${plan.name}` }, controller.signal).then(
        (answer) => ["answered", answer, ++shared.count],
        (reason: unknown) => ["given up", String(reason), (shared.count += 1_000)],
      );
      const body = await part(coroutine, plan.body, shared);
      controller.abort(`${plan.name} has waited long enough`);
      return [body, await wait];
    }
    case "term": {
      // As `c.collect` does: what follows the first lasts no longer than it does, whatever the clock says by then.
      const values: unknown[] = [];
      let deadline = shared.now() + 1_000;
      for (let at = 0; at < plan.waits; at++) {
        const wait = new UpdateWait(`wait:${plan.name}`, deadline, { filter: {} }, NO_CONTEXTS);
        wait.open = (value) => value;
        const answer = coroutine.call(wait);
        deadline = deadlineOf(coroutine, wait) ?? 0;
        values.push(await answer, ++shared.count);
        if (at === 0) values.push(await part(coroutine, plan.body, shared));
      }
      return values;
    }
    case "loop": {
      const { count } = shared;
      return coroutine.loop(
        `loop:${plan.name}`,
        { round: 0, count },
        async (state) => {
          const own: Shared = { ...shared, count: state.count };
          const value = await part(coroutine, plan.body, own);
          if (state.round + 1 >= plan.rounds) return new Done([value, own.count]);
          return { round: state.round + 1, count: own.count };
        },
        asDone,
      );
    }
    case "sequence": {
      const values: unknown[] = [];
      for (const one of plan.parts) values.push(await part(coroutine, one, shared));
      return values;
    }
  }
}
