import { AssertionError } from "node:assert";
import type { Context } from "balekit";
import { type AnyDefinition, type ConversationDefinition, hashOf } from "../definition.js";
import { difference, matches } from "./comparison.js";
import { type Play, Stage, type TestConversationOptions } from "./stage.js";
import { TestConversation } from "./test-conversation.js";

/** How a scenario is exhausted. */
export interface ExhaustOptions extends Omit<TestConversationOptions, "replay" | "shadowReplay"> {
  /** Plays one play only, besides the first: what the message of a failure names. */
  readonly only?: string | undefined;
  /** What chance hangs on: `c.random()`, and which of many second crashes are tried. @default 1 */
  readonly seed?: number | undefined;
  /** At how many of the points a process dies at most, spread evenly. @default all */
  readonly maxCrashes?: number | undefined;
  /** In how many plays a second process dies while it goes on with what the first has left. @default 20 */
  readonly secondCrashes?: number | undefined;
}

/** What was played. */
export interface ExhaustReport {
  /** What was said and done in the first play. */
  readonly transcript: readonly string[];
  /** How many plays there were. */
  readonly plays: number;
  /** At how many places in the scenario a process can die. */
  readonly points: number;
  /** In how many plays something was done over again, because the process that did it had died before it could say so. */
  readonly doubled: number;
  /** In how many plays the conversation got an `AmbiguousEffectError`. */
  readonly refused: number;
}

interface Played {
  readonly stage: Stage;
  /** What the scenario has thrown. */
  readonly error: unknown;
}

/**
 * Plays a scenario under everything that can happen to the processes of a bot, and checks that people see the same: hot;
 * brought back from the journal at each step; in a new process each time; with each update twice; on two machines in
 * turn; and with a process that dies at each point before and after everything that leaves it, where another goes on.
 * What may be different is what is documented: an effect under way when a process died may be done twice, or be refused
 * where it is money.
 *
 * The scenario is given a new test each time. It acts, and may assert: what it throws fails the play it was thrown in.
 * @throws AssertionError with the name of the play, where the process died, and the difference
 */
export async function exhaust<C extends Context, Args, Result>(
  definition: ConversationDefinition<C, Args, Result>,
  scenario: (t: TestConversation<Args, Result>) => Promise<unknown>,
  options: ExhaustOptions = {},
): Promise<ExhaustReport> {
  const { only, seed = 1, maxCrashes = Number.POSITIVE_INFINITY, secondCrashes = 20, ...given } = options;
  const perform = async (play: Play): Promise<Played> => {
    const stage = new Stage(definition as unknown as AnyDefinition, given, play);
    let error: unknown;
    try {
      await stage.begin();
      await scenario(new TestConversation<Args, Result>(definition.name, stage));
      await stage.settle();
    } catch (thrown) {
      error = thrown ?? new Error("The scenario has thrown nothing.");
    }
    return { stage, error };
  };
  const first = await perform({ name: "hot", seed, shadowReplay: 1 });
  // Of the first play the scenario's own error says most.
  if (first.error !== undefined) throw first.error as Error;
  const { points } = first.stage;

  const plays: Play[] = [
    { name: "hot again", seed },
    { name: "alone", seed, isAlone: true },
    { name: "cold", seed, isAlwaysCold: true },
    { name: "restarted", seed, restarts: true },
    { name: "twice", seed, isTwice: true, processes: 2 },
    { name: "two machines", seed, processes: 2 },
    ...crashes(points, maxCrashes, secondCrashes, seed),
  ];
  const chosen = only === undefined ? plays : [playOf(only, seed, plays)];
  const counts = { plays: 1, doubled: 0, refused: 0 };
  for (const play of chosen) {
    const played = await perform(play);
    counts.plays++;
    const verdict = judge(first.stage, played);
    if (verdict.fault !== undefined) throw failure(definition.name, played, verdict.fault, seed);
    if (verdict.isDoubled) counts.doubled++;
    if (played.stage.refused.length > 0) counts.refused++;
  }
  return { transcript: first.stage.tape.lines, points, ...counts };
}

function crashes(points: number, maxCrashes: number, secondCrashes: number, seed: number): Play[] {
  const count = Math.min(points, maxCrashes);
  const single = Array.from({ length: count }, (_, at) => Math.floor((at * points) / count) + 1);
  const plays = single.map((at): Play => ({ name: `crash ${at}`, seed, diesAt: [at] }));
  for (let at = 0; at < (points === 0 ? 0 : secondCrashes); at++) {
    const draw = (what: string, below: number): number =>
      1 + (Number.parseInt(hashOf(`${seed}:${what}:${at}`), 36) % below);
    const diesAt = [draw("first", points), draw("second", 30)];
    plays.push({ name: `crash ${diesAt.join(", then ")}`, seed, diesAt });
  }
  return plays;
}

function playOf(name: string, seed: number, plays: readonly Play[]): Play {
  const points = /^crash (\d+)(?:, then (\d+))?$/.exec(name)?.slice(1);
  if (points !== undefined) {
    return { name, seed, diesAt: points.filter((point) => point !== undefined).map(Number) };
  }
  const play = plays.find((one) => one.name === name);
  if (play !== undefined) return play;
  throw new AssertionError({
    message: `exhaust: there is no play called ${JSON.stringify(name)}. There are: ${plays.map((one) => one.name).join(", ")}.`,
  });
}

function judge(
  hot: Stage,
  { stage, error }: Played,
): { readonly fault?: string | undefined; readonly isDoubled?: boolean } {
  const { entries } = stage.tape;
  const [refusal] = stage.refused;
  if (refusal !== undefined) {
    // From here on the author's own code says what happens; up to here it was the same.
    const before = entries.slice(0, refusal.at);
    return matches(hot.tape.entries, before, true) === undefined
      ? { fault: difference(hot.tape.entries, before) }
      : {};
  }
  if (error !== undefined) {
    return { fault: `the scenario failed: ${told(error)}\n${difference(hot.tape.entries, entries)}` };
  }
  const extras = matches(hot.tape.entries, entries, false);
  if (extras === undefined) return { fault: difference(hot.tape.entries, entries) };
  const strange = extras.filter(
    (extra) => !entries.some(({ key, isRepeat }) => key === extra.key && isRepeat),
  );
  if (strange.length > 0) return { fault: difference(hot.tape.entries, entries) };
  const [expected, found] = [endingsOf(hot), endingsOf(stage)];
  if (expected !== found) {
    return { fault: `the conversation ended otherwise:\n- ${expected}\n+ ${found}` };
  }
  return { isDoubled: extras.length > 0 };
}

function endingsOf({ endings }: Stage): string {
  return [...endings]
    .map(([name, { reason, result }]) => `${name} ${reason} ${JSON.stringify(result)}`)
    .join("; ");
}

function told(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function failure(name: string, { stage, error }: Played, fault: string, seed: number): AssertionError {
  const { play, deaths } = stage;
  const places = deaths
    .map(({ point, where }) => `A process died at its point ${point}, ${where}.\n`)
    .join("");
  const why =
    play.name === "hot again"
      ? "Played twice the same way, the scenario is not the same: take c.random(), c.now() or c.external for what differs, and let it set up its own data.\n"
      : "";
  const again = `{ only: ${JSON.stringify(play.name)}${seed === 1 ? "" : `, seed: ${seed}`} }`;
  const failed = new AssertionError({
    message: `exhaust: the play "${play.name}" of the conversation "${name}" is not like the first.\n${places}${why}${fault}\nTo play it alone: exhaust(definition, scenario, ${again})`,
  });
  return error === undefined ? failed : Object.assign(failed, { cause: error });
}
