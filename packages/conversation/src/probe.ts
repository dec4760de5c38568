import type { Context } from "balekit";
import type { AnyDefinition } from "./definition.js";
import type { JournalRecord } from "./journal.js";
import type { LaneHead } from "./lane-head.js";
import type { LaneMachine } from "./lane-machine.js";
import type { Outcome } from "./operation.js";

/** An effect that is about to be carried out. */
export interface ProbedEffect {
  /** Names it over all attempts. */
  readonly operation: string;
  /** `api:sendMessage`, `ext:ship`. */
  readonly key: string;
  readonly isRepeat: boolean;
}

/** What a test harness gets hold of when a bot is extended with conversations. */
export interface ProbedBot {
  /** Begins a conversation because of an update, as `ctx.conversation.enter` does. */
  enter(ctx: Context, definition: AnyDefinition, args: unknown): Promise<string>;
  /** The machine of this process, made when the bot is ready. */
  machine(): Promise<LaneMachine>;
}

/** What a test harness does inside a process, so that each of its runs is like the other. */
export interface Probe {
  extended(bot: ProbedBot): void;
  /** Names an instance; the same for the same request. */
  newId(once: string | undefined): string;
  /** From 0 up to, not including, 1: what an operation of an instance draws. */
  random(instance: string, operation: number): number;
  /** Stands around every effect. */
  around<Value>(effect: ProbedEffect, run: () => Promise<Value>): Promise<Value>;
  /** Told how the code of an instance has ended, whoever runs it, and before that is kept. */
  finished(instance: string, definition: string, outcome: Outcome): void;
  /** Names this process. */
  readonly owner: string;
  isGone(owner: string): boolean;
  pause(): Promise<void>;
  writing(lane: string, head: LaneHead, slot: number | undefined, records: readonly JournalRecord[]): void;
  /** Told of code that depends on something its journal does not have. */
  failed(error: Error): void;
}

/** Finds the probe of a harness by the options it has given to `conversations`. */
export const probes: WeakMap<object, Probe> = new WeakMap();
