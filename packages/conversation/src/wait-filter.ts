import type { Context, Update, UpdateMatch, Viewer } from "balekit";
import type { KeptValues } from "./inner-context.js";
import type { Json } from "./value.js";

/** What a wait says in the head of its lane. Short names: it is written at every step. */
export interface WaitFilter {
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
export function mayFit(filter: WaitFilter, item: LaneItem): boolean {
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
  if (filter.f === undefined || filter.f === 0) return true;
  const from = senderOf(update);
  return from !== undefined && filter.f.includes(from);
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
