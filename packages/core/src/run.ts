import type { Update } from "@balekit/api";
import type { Context } from "./context.js";
import type { Delivery } from "./delivery.js";
import type { Turn } from "./lanes.js";
import type { LaneKey } from "./origin.js";
import { keepShape } from "./shape.js";

/** A wait that has not been settled, as far as its run has to know it. */
export interface PendingWait {
  /** Ends the wait because nobody is left to hear of it. */
  abandon(): void;
}

/** Who looks after what runs hold. */
export interface RunKeeper {
  /** Begins a fork of a run: see `Run.fork`. */
  fork(parent: Run): Run;
  /** The run that has begun a fork has come to its end, and waits for the fork: see `Run.join`. */
  join(fork: Run): void;
  /** The handlers of a fork have ended: see `Run.end`. */
  endFork(fork: Run): void;
}

/**
 * One run of the handlers for one update. It holds the turn of that update until it ends or waits for another one;
 * when an answer comes, it goes on holding the answer's turn. Contexts carry it as their delivery, which is how
 * `ctx.waitFor` knows who waits. Handlers that run beside others are a run of their own, a fork: it works on the same
 * turn, which is over when all who work on it have let it go.
 */
export class Run implements Delivery {
  readonly update: Update;
  readonly signal: AbortSignal;
  readonly laneKey: LaneKey;
  /** The turn of its update. */
  readonly own: Turn;
  /** The run that this one is a fork of. */
  readonly parent: Run | undefined;
  /** The turns this run keeps busy until its end. Empty while it waits. */
  readonly turns: Turn[];
  /** Turns of answers that came while it waited for something else as well: it has left their lanes. */
  away: Turn[] | undefined = undefined;
  /** What it waits for right now: with `Promise.race` or `Promise.all` more than one thing. */
  waits: Set<PendingWait> | undefined = undefined;
  /** Its forks that have not ended. */
  forks: Set<Run> | undefined = undefined;
  /** How many of them it waits for, having nothing else to do. */
  joins = 0;
  /** Of a fork: whether its parent waits for it. */
  isJoined = false;
  ended = false;
  /** An error that came before anything was done for the update. */
  again: unknown = undefined;
  /** The context its handlers were given. */
  ctx: Context | undefined = undefined;
  /** Whether the turn of its own update has been let go so that it and its forks can wait. */
  parked = false;
  /** When it began, by `performance.now`; 0 when nobody measures. */
  readonly began: number;
  #isSafe = false;
  readonly #keeper: RunKeeper;

  /** Which attempt at the update this is, from 1. */
  get attempt(): number {
    return this.own.delivery.attempt ?? 1;
  }

  /** Whether it can do nothing before something else has happened. */
  get isWaiting(): boolean {
    return this.joins > 0 || (this.waits !== undefined && this.waits.size > 0);
  }

  /** The run that all handlers of the update belong to. */
  get root(): Run {
    return this.parent?.root ?? this;
  }

  constructor(own: Turn, began: number, keeper: RunKeeper, parent?: Run | undefined) {
    this.began = began;
    this.own = own;
    this.update = own.delivery.update;
    this.signal = own.delivery.signal;
    this.laneKey = own.laneKey;
    this.turns = parent === undefined ? [own] : [];
    this.parent = parent;
    this.#keeper = keeper;
  }

  /** Says that this run's part of the work is safe. The update is accepted when that holds for all who work on it. */
  accept(): void {
    this.#isSafe = true;
    this.root.acceptIfSafe();
  }

  /** Accepts the update if nobody who still works on it has anything to lose. */
  acceptIfSafe(): void {
    if (!this.#owes()) this.own.delivery.accept();
  }

  /** A run for handlers beside those of this one: it holds what this one holds, and waits only for itself. */
  fork(): Run {
    return this.#keeper.fork(this);
  }

  /** Of a fork: the run it was begun by has come to its end, and waits for this one. */
  join(): void {
    this.#keeper.join(this);
  }

  /** Of a fork: its handlers have ended. */
  end(): void {
    this.#keeper.endFork(this);
  }

  /** Whether it or a fork of it works on the update, and has not said that its part is safe. */
  #owes(): boolean {
    if (!this.#isSafe && this.turns.includes(this.own)) return true;
    if (this.forks !== undefined) for (const fork of this.forks) if (fork.#owes()) return true;
    return false;
  }
}

/** The delivery of an answer, as seen by the run that waited for it. */
export class Answer implements Delivery {
  readonly update: Update;
  readonly signal: AbortSignal;
  /** Who waited. Absent for `bot.waitFor`. */
  readonly run: Run | undefined;
  readonly #delivery: Delivery;

  constructor(delivery: Delivery, run: Run | undefined) {
    this.update = delivery.update;
    this.signal = delivery.signal;
    this.run = run;
    this.#delivery = delivery;
  }

  accept(): void {
    this.#delivery.accept();
  }
}

/** The run a context belongs to; `undefined` for contexts made by hand. */
export function runOf(delivery: Delivery | undefined): Run | undefined {
  if (delivery instanceof Run) return delivery;
  return delivery instanceof Answer ? delivery.run : undefined;
}

const noKeeper = {} as RunKeeper;
keepShape(new Run({ delivery: {} as Delivery, laneKey: 0 }, 0, noKeeper));
