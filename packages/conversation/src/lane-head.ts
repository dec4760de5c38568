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

/** One conversation under way. */
export interface InstanceHead {
  /** Unique in the store. */
  readonly id: string;
  readonly definition: string;
  readonly version: number;
  /** A hash of the source it runs on. */
  readonly source: string;
  readonly born: number;
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
}

/** Whoever carries out effects of a lane right now: nobody else writes before `until`. */
export interface Claim {
  readonly owner: string;
  readonly until: number;
  /** What the step it is for has cost since anything got done in it; absent: nothing. */
  readonly toll?: Toll | undefined;
}

/** The head of a lane: everything that is needed to decide who gets an item. */
export interface LaneHead {
  readonly format: 1;
  /** Who wrote it last, and which of their writes it was: tells whether a commit without an answer went through. */
  readonly writer: string;
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
}

/** One row of a lane's log: the records that one instance has added in one commit. */
export type LaneRow = readonly [string, ...JournalRecord[]];

/** How many ids of items a lane remembers. */
export const RECENT = 32;
