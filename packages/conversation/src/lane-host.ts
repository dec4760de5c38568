import type { Coroutine, CoroutineInit } from "./coroutine.js";
import type { Outcome, Pending } from "./operation.js";
import type { LaneEvent } from "./lane-event.js";
import type { InstanceHead, LaneHead, Parked } from "./lane-head.js";
import type { JournalRecord } from "./journal.js";
import type { Loss } from "./loss.js";
import type { Divergence } from "./shadow.js";
import type { Json } from "./value.js";

/** Something that may end a wait. */
export interface Item {
  /** Tells it from others, so that it is taken once; absent: it has no double. */
  readonly id?: string | undefined;
  /** What goes into the journal. */
  readonly value: Json;
  /** What goes in instead, where that has to be worked out first: asked for when a wait may take it. */
  readonly kept?: (() => Json | Promise<Json>) | undefined;
  /** Said once it is safe. */
  readonly accept?: (() => void) | undefined;
  /** What is to be done for it once the code rests, unless that has happened. */
  readonly owed?: Json | undefined;
  /** Gives up waiting for a busy lane. */
  readonly signal?: AbortSignal | undefined;
  /** Only this instance may have it. */
  readonly instance?: string | undefined;
}

/** What an effect is carried out with. */
export interface Attempt {
  readonly instance: InstanceHead;
  /** True when an earlier attempt may have been carried out. */
  readonly isRepeat: boolean;
  readonly loss: Loss;
}

/** What to do with an effect whose fate is unknown. */
export type AmbiguityVerdict = "retry" | "throw";

/**
 * What becomes of an instance that can't go on: it is kept aside, is taken out, or begins anew with another input, which
 * makes its history void. Whoever begins anew in earnest (`isRestart`) has taken the item that brought this up.
 */
export type StuckVerdict = "park" | "remove" | { readonly begin: Json; readonly isRestart: boolean };

/** What the protocol of lanes needs to know of the code that runs in them. */
export interface LaneHost {
  /** What runs an instance; `undefined` when this process does not know its definition. */
  code(instance: InstanceHead): CoroutineInit | undefined;
  /** Whether the code of an instance is not here, and may be where another release runs. */
  lacks?(instance: InstanceHead): boolean;
  /** Checks a replay that went through; throws when it is not to go on. */
  checkReplay?(
    instance: InstanceHead,
    coroutine: Coroutine,
    history: readonly JournalRecord[],
    lane: string,
  ): void;
  /** Which version and source an instance that goes on now runs on. */
  stamp(instance: InstanceHead): Pick<InstanceHead, "version" | "source">;
  /** Whether an item makes an instance leave. */
  leaves?(instance: InstanceHead, item: Item): string | undefined;
  /** Whether an item may end a wait, by what its head says. */
  fits(filter: Json | undefined, item: Item, instance: InstanceHead): boolean;
  /** Whether it does, by what only the live code knows. */
  agrees?(pending: Pending, item: Item): boolean | Promise<boolean>;
  /** Whether an item that fits no wait is kept from others all the same. */
  swallows?(instance: InstanceHead, item: Item): boolean;
  /** What a wait keeps in the head. */
  filterOf(pending: Pending): Json | undefined;
  /** What a wait is ended with at its deadline. */
  expiry(pending: Pending): Outcome;
  perform(pending: Pending, attempt: Attempt): unknown;
  ambiguity(pending: Pending, instance: InstanceHead): AmbiguityVerdict;
  /** Tokens that lead to the lane an instance is in, or was in when it ended. */
  tokens?(instance: string): readonly string[];
  /** What is kept of an end: how the code has ended, or why it was ended. Absent: nothing is. */
  ending?(instance: InstanceHead, how: Outcome | string): Json;
  owes?(owed: Json): boolean;
  pay?(owed: Json): Promise<void>;
  /** Told of an end, once it is kept, and why it was told to leave. What it throws is thrown by whoever brought the item. */
  ended(instance: InstanceHead, outcome: Outcome, lane: string, leaving: string | undefined): void;
  /** Why an instance has ended. */
  reasonOf?(outcome: Outcome): string;
  /** What to do with an instance that can't go on, given its history. @default park it */
  stuck?(
    instance: InstanceHead,
    error: Error,
    history: readonly JournalRecord[],
    lane: string,
  ): Promise<StuckVerdict>;
  /** The input with which an instance that can't go on says its last words; `undefined`: it has none. */
  lastWords?(instance: InstanceHead, reason: string, history: readonly JournalRecord[]): Json | undefined;
  /** Told of a replay for comparison that has gone another way than the live code. */
  diverged?(instance: InstanceHead, divergence: Divergence): void;
  /** Whether a process is known to have ended, so that its lease need not be waited for. */
  isGone?(owner: string): boolean;
  /** Waits for a lane that somebody else works on. @default by the clock */
  pause?(): Promise<void> | undefined;
  /** Told what is about to be committed. */
  writing?(lane: string, head: LaneHead, slot: number | undefined, records: readonly JournalRecord[]): void;
  parked?(instance: InstanceHead, parked: Parked, lane: string): void;
  /** Whether anybody wants to be told of what happens often. */
  hears?(type: LaneEvent["type"]): boolean;
  event?(event: LaneEvent): void;
}
