import type { Coroutine, CoroutineInit } from "./coroutine.js";
import type { Outcome, Pending } from "./operation.js";
import type { InstanceHead, Parked } from "./lane-head.js";
import type { JournalRecord } from "./journal.js";
import type { Json } from "./value.js";

/** Something that may end a wait. */
export interface Item {
  /** Tells it from others, so that it is taken once; absent: it has no double. */
  readonly id?: string | undefined;
  /** What goes into the journal. */
  readonly value: Json;
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
  /** Aborts when the lane was lost to somebody else. */
  readonly signal: AbortSignal;
}

/** What to do with an effect whose fate is unknown. */
export type AmbiguityVerdict = "retry" | "throw" | { readonly assume: unknown };

/** What happens in lanes, for those who watch. */
export interface LaneEvent {
  readonly type:
    | "enter"
    | "step"
    | "exit"
    | "busy"
    | "conflict"
    | "fenced"
    | "takeover"
    | "ambiguous"
    | "parked"
    | "stray"
    | "evict";
  readonly lane: string;
  readonly instance?: string | undefined;
  readonly definition?: string | undefined;
  /** Of a step: how the code was brought to life. */
  readonly mode?: "hot" | "cold" | "new" | undefined;
  /** Of a step: records gone through again. */
  readonly replayed?: number | undefined;
  readonly writes?: number | undefined;
  /** Of an exit, a park, an ambiguity or a stray: what it was. */
  readonly detail?: string | undefined;
}

/** What the protocol of lanes needs to know of the code that runs in them. */
export interface LaneHost {
  /** What runs an instance; `undefined` when this process does not know its definition. */
  code(instance: InstanceHead): CoroutineInit | undefined;
  /** Checks a replay that went through; throws when it is not to go on. */
  checkReplay?(instance: InstanceHead, coroutine: Coroutine, history: readonly JournalRecord[]): void;
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
  perform(pending: Pending, attempt: Attempt): Promise<unknown>;
  ambiguity(pending: Pending, instance: InstanceHead): AmbiguityVerdict;
  /** Tokens that lead to the lane. */
  tokens?(instance: InstanceHead, lane: string): readonly string[];
  owes?(owed: Json): boolean;
  pay?(owed: Json): Promise<void>;
  /** Told of an end, once it is kept. What it throws is thrown by whoever brought the item. */
  ended(instance: InstanceHead, outcome: Outcome, lane: string): void;
  /** What to do with an instance that can't go on. @default park it */
  stuck?(instance: InstanceHead, error: Error): "park" | "exit";
  parked?(instance: InstanceHead, parked: Parked, lane: string): void;
  event?(event: LaneEvent): void;
}
