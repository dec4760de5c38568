import {
  type Context,
  type QueryName,
  type Update,
  type UpdateMatch,
  updateTest,
  type Viewer,
} from "balekit";
import type { KeptValues } from "./inner-context.js";
import type { Json } from "./value.js";

/** What a wait says in the head of its lane. Short names: it is written at every step. */
export interface WaitFilter {
  /**
   * What is waited for, in the words of the wait's key: queries (`message:text|message:photo`), commands (`/start`), words
   * (`hears yes|no`), data of buttons (`callback edit`). Absent: only the live code can tell.
   */
  readonly q?: string | undefined;
  /** Whether whatever else somebody sends fits as well. */
  readonly o?: 1 | undefined;
  /** The kinds of update that may fit. */
  readonly k?: readonly string[] | undefined;
  /** Whether texts that look like commands may be answers. */
  readonly c?: 1 | undefined;
  /** Whose: absent is anybody of the lane, `0` is anybody at all. */
  readonly f?: readonly number[] | 0 | undefined;
  /** The data of a button of this instance. */
  readonly b?: string | undefined;
  /** What the data of buttons of this instance begins with, where other updates may fit as well. */
  readonly p?: string | undefined;
  /** The name of an event from outside. */
  readonly e?: string | undefined;
}

/** What live code knows of a wait. */
export interface WaitSpec {
  readonly filter: WaitFilter;
  /** Holds an update against the query; absent for events and sleeps. */
  readonly test?: ((update: Update, viewer: Viewer) => UpdateMatch | undefined) | undefined;
  readonly check?: ((ctx: Context) => boolean | Promise<boolean>) | undefined;
}

/** Something that is delivered to a lane. */
export type LaneItem =
  | { readonly update: Update; readonly by?: string | undefined; readonly kept?: KeptValues | undefined }
  | { readonly event: string; readonly payload: Json };

/** Whether an item may fit a wait, by what the head says. */
export function mayFit(filter: WaitFilter, item: LaneItem, viewer: Viewer): boolean {
  if ("event" in item) return filter.e === item.event;
  if (filter.e !== undefined) return false;
  const { update, by } = item;
  if (filter.b !== undefined) {
    if (update.callback_query?.data !== filter.b) return false;
  } else if (filter.p !== undefined && update.callback_query) {
    if (update.callback_query.data?.startsWith(filter.p) !== true) return false;
  } else if (by === "button") return false;
  if (
    filter.k !== undefined &&
    !filter.k.some((kind) => (update[kind as "message"] ?? undefined) !== undefined)
  )
    return false;
  if (filter.c === undefined && isCommand(update)) return false;
  const isOther = filter.o !== undefined && (update.message ?? undefined) !== undefined;
  if (filter.q !== undefined && !isOther && !fitsWords(filter.q, update, viewer)) return false;
  if (filter.f === undefined || filter.f === 0) return true;
  const from = senderOf(update);
  return from !== undefined && filter.f.includes(from);
}

/** The words of a filter for texts and button data; `undefined` where these can't be written down as words. */
export function filterWords(way: "hears" | "callback", patterns: unknown): string | undefined {
  const list: readonly unknown[] = Array.isArray(patterns) ? patterns : [patterns];
  const isPlain = list.every((one) => typeof one === "string" && one !== "" && !one.includes("|"));
  return isPlain ? `${way} ${list.join("|")}` : undefined;
}

type Test = NonNullable<WaitSpec["test"]>;

/** The tests behind words of filters, as long as there are not too many: words may be made of what users write. */
const tests = new Map<string, Test>();
const MAX_TESTS = 1_000;

function fitsWords(words: string, update: Update, viewer: Viewer): boolean {
  let test = tests.get(words);
  if (test === undefined) {
    if (tests.size >= MAX_TESTS) tests.clear();
    tests.set(words, (test = testOf(words)));
  }
  return test(update, viewer) !== undefined;
}

function testOf(words: string): Test {
  const [, way, list] = /^(hears |callback |)(.*)$/s.exec(words) as unknown as [string, string, string];
  const names = list.split("|");
  try {
    if (way === "hears ") return updateTest.hears(names);
    if (way === "callback ") return updateTest.callback(names);
    return list.startsWith("/") ? updateTest.command(names) : updateTest.on(names as QueryName[]);
  } catch {
    // Written by a release that has more queries: its code has to tell.
    return () => ({});
  }
}

/** Whether a new message looks like a command. */
export function isCommand(update: Update): boolean {
  const text = update.message?.text;
  return typeof text === "string" && /^\/[^\s/]/.test(text);
}

/** Who caused an update. */
export function senderOf(update: Update): number | undefined {
  return (update.message ?? update.edited_message ?? update.callback_query ?? update.pre_checkout_query)?.from
    ?.id;
}
