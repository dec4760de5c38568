/** Where something happened. */
interface InLane {
  readonly lane: string;
}

/** To whom it happened. */
interface InInstance extends InLane {
  readonly instance: string;
  readonly definition: string;
}

/** A conversation was begun. */
export interface EnterEvent extends InInstance {
  readonly type: "enter";
  readonly version: number;
  /** A hash of the source it runs on. */
  readonly source: string;
}

/** A conversation has done a step: from what it was given until it waits again, or is over. */
export interface StepEvent extends InInstance {
  readonly type: "step";
  /** How its code was there: just begun, still alive, brought up to what others had added, or replayed as a whole. */
  readonly mode: "new" | "hot" | "catchup" | "cold";
  /** How many records were gone through again. */
  readonly replayedOperations: number;
  /** How many commits it took. */
  readonly writes: number;
  /** How many bytes of records these added to the journal. */
  readonly bytes: number;
  readonly ms: number;
  readonly outcome: "waits" | "ended" | "failed";
}

/** A conversation waits for something new. */
export interface WaitBeganEvent extends InInstance {
  readonly type: "wait";
  /** What for: `wait:message:text#name`, `sleep`. */
  readonly key: string;
  /** Until when, in ms since 1970; absent: for as long as it is kept. */
  readonly deadline?: number | undefined;
}

/** The deadline of a wait has come. */
export interface TimeoutEvent extends InInstance {
  readonly type: "timeout";
  readonly key: string;
}

/** A conversation is over. */
export interface ExitEvent extends InInstance {
  readonly type: "exit";
  /** `"done"`, `"exit"`, `"cancel"`, `"timeout"`, `"replaced"`, `"expired"`, `"blocked"`, `"killed"`, `"forgotten"`, `"mismatch"`, `"error"`, or what the caller said. */
  readonly reason: string;
}

/** An item waits, because another process works on the lane. */
export interface BusyEvent extends InLane {
  readonly type: "busy";
  readonly owner: string;
}

/** Another process was first; what was decided is looked at again. */
export interface ConflictEvent extends InLane {
  readonly type: "conflict";
}

/** The work of a process that has ended, or was too slow, is taken over. */
export interface TakeoverEvent extends InLane {
  readonly type: "takeover";
  readonly instance?: string | undefined;
  readonly definition?: string | undefined;
  /** Whose work it was. */
  readonly owner: string;
  /** How many attempts at the step have led to nothing so far. */
  readonly attempt: number;
}

/** This process has lost the lane in the middle of a step: another goes on with it. */
export interface FencedEvent extends InInstance {
  readonly type: "fenced";
}

/** Whether an effect was carried out is not known. */
export interface AmbiguousEvent extends InInstance {
  readonly type: "ambiguous";
  readonly key: string;
  readonly policy: "retry" | "throw";
}

/** Code and journal do not fit together. Nothing was sent. */
export interface MismatchEvent extends InInstance {
  readonly type: "mismatch";
  readonly version: number;
  readonly source: string;
  /** Which record of the journal, counted from 1. */
  readonly record: number;
  readonly recorded: string;
  readonly found: string;
  readonly policy: "park" | "restart" | "exit" | "goto";
}

/** A conversation goes on with other code that fits, and calls operations with other arguments. Told once for each. */
export interface CodeChangedEvent extends InInstance {
  readonly type: "codeChanged";
  /** The hashes of the source it ran on, and of the source it runs on now. */
  readonly from: string;
  readonly to: string;
  readonly operations: readonly string[];
}

/** A replay beside the living code went another way: the code does something that is not in its journal. */
export interface ShadowDivergenceEvent extends InInstance {
  readonly type: "shadowDivergence";
  readonly detail: string;
  /** The author's line of what differs, as far as it is known: `file:line:column`. */
  readonly line?: string | undefined;
}

/** The living code of a lane was let go; its journal brings it back. */
export interface EvictEvent extends InLane {
  readonly type: "evict";
  /** More lanes than `maxHot`, or nothing came for `idleMs`. */
  readonly why: "full" | "idle";
}

/** A journal has grown beyond a bound. */
export interface LimitEvent extends InInstance {
  readonly type: "limit";
  /** `stop`: the conversation has ended with a `JournalLimitError`. */
  readonly level: "warn" | "stop";
  readonly records: number;
  readonly bytes: number;
}

/** A conversation is kept aside until somebody says `retry`. */
export interface ParkedEvent extends InInstance {
  readonly type: "parked";
  readonly reason: "mismatch" | "poison" | "unknown";
  readonly message: string;
}

/** Code awaited something that is not in its journal. */
export interface StrayEvent {
  readonly type: "stray";
  readonly instance: string;
  readonly definition: string;
  /** The author's line, as far as it is known. */
  readonly line?: string | undefined;
}

/** What happens in lanes, for those who watch. Never holds what people have written. */
export type LaneEvent =
  | EnterEvent
  | StepEvent
  | WaitBeganEvent
  | TimeoutEvent
  | ExitEvent
  | BusyEvent
  | ConflictEvent
  | TakeoverEvent
  | FencedEvent
  | AmbiguousEvent
  | MismatchEvent
  | CodeChangedEvent
  | ShadowDivergenceEvent
  | EvictEvent
  | LimitEvent
  | ParkedEvent
  | StrayEvent;
