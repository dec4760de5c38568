import type { JournalRecord } from "./journal.js";
import type { Toll } from "./toll.js";
import type { Json } from "./value.js";

/** A wait as it stands in the head of a lane, so that a foreign item is turned away without a replay. */
export interface WaitHead {
  readonly id: number;
  /** What fits, as those who end waits understand it. */
  readonly filter?: Json | undefined;
  readonly deadline?: number | undefined;
}

/** Why an instance takes nothing for now. */
export interface Parked {
  readonly reason: "mismatch" | "poison" | "unknown";
  readonly message: string;
  readonly at: number;
}

/** Attempts at a deadline that have led to nothing so far. Whatever gets done forgets them. */
export interface Setback {
  /** Who tried last. */
  readonly owner: string;
  readonly tries: number;
  /** When it is tried again. */
  readonly until: number;
}

/** One conversation under way. */
export interface InstanceHead {
  /** Unique in the store. */
  readonly id: string;
  /** Names it in the rows of its lane: never used again there. */
  readonly slot: number;
  readonly definition: string;
  readonly version: number;
  /** A hash of the source it runs on. */
  readonly source: string;
  readonly born: number;
  /** When somebody was last at it: to the minute. */
  readonly touched: number;
  /** The last operation id that was given out: ids are never used again, whatever is folded. */
  readonly lastId: number;
  /** How many records its history has once it is folded. */
  readonly length: number;
  /** About how many bytes these take. */
  readonly bytes?: number | undefined;
  readonly waits: readonly WaitHead[];
  /** Whether effects are under way, or the process that carried them out has ended. */
  readonly isBusy?: boolean | undefined;
  readonly parked?: Parked | undefined;
  readonly setback?: Setback | undefined;
  /** Who began it: the id of a user. */
  readonly by?: number | undefined;
}

/** One that is over, as it is remembered for those who ask. */
export interface EndedInstance {
  readonly id: string;
  readonly at: number;
  /** Who began it: the id of a user. */
  readonly by?: number | undefined;
  /** How it has ended, as whoever runs it says. */
  readonly kept: Json;
}

/** Whoever carries out effects of a lane right now: nobody else writes before `until`. */
export interface Claim {
  readonly owner: string;
  readonly until: number;
  /** What the step it is for has cost since anything got done in it; absent: nothing. */
  readonly toll?: Toll | undefined;
}

/**
 * The head of a lane: everything that is needed to decide who gets an item. The store keeps it as it stood at one
 * commit; what later rows of the log have changed is applied to it by whoever reads both.
 */
export interface LaneHead {
  readonly format: typeof LANE_FORMAT;
  /** Who wrote it, and which of their writes it was: no two are alike. Rows leave it as it is. */
  readonly writer: string;
  /** The slot that the next instance gets. */
  readonly slots: number;
  readonly instances: readonly InstanceHead[];
  readonly claim?: Claim | undefined;
  /** The ids of items taken lately, newest last. */
  readonly recent: readonly string[];
  /** How many rows have ever been appended. */
  readonly rows: number;
  /** How many records the rows that are kept hold. */
  readonly records: number;
  /** How often the log was written anew: older copies can't catch up over it. */
  readonly cuts: number;
  /** What is still to be done for the item being worked on, whatever the code does. */
  readonly owed?: Json | undefined;
  /** Those that have ended lately, the newest last. */
  readonly endings?: readonly EndedInstance[] | undefined;
}

/** A wait in a row: id, filter (null: none; absent or 0: what the call beside it says, or an empty one), deadline. */
export type WaitRow = readonly [number] | readonly [number, Json] | readonly [number, Json, number];

/** What a commit has changed in the head, as far as its records do not say it. Short names: it is written every time. */
export interface LaneChange {
  /** The id of the item it has taken, or several. */
  readonly a?: string | readonly string[] | undefined;
  /** The claim: owner, until in ms since the instance was born, toll. Absent where waits are said: none any more. */
  readonly c?: readonly [string, number] | readonly [string, number, Toll] | undefined;
  /** The waits. */
  readonly w?: readonly WaitRow[] | undefined;
  /** The length, where something was folded. */
  readonly n?: number | undefined;
  /** The last id, where the records do not have it. */
  readonly l?: number | undefined;
  /** The size. */
  readonly y?: number | undefined;
  /** When somebody was last at it. */
  readonly t?: number | undefined;
  /** Version and source. */
  readonly v?: readonly [number, string] | undefined;
  /** What is owed, or nothing. */
  readonly o?: readonly Json[] | undefined;
  /** Who wrote it, where no claim says so. */
  readonly b?: string | undefined;
}

/**
 * One row of a lane's log: the slot of an instance, what one commit has changed unless that is nothing, and the records
 * it has added.
 */
export type LaneRow =
  | readonly [number, LaneChange, ...JournalRecord[]]
  | readonly [number, ...JournalRecord[]];

/** How heads and rows are written. 1 had the whole head in every commit, and was never released. */
export const LANE_FORMAT = 2;

/** How many ids of items a lane remembers. */
export const RECENT = 32;
