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

/**
 * One run of the handlers for one update. It holds the turn of that update until it ends or waits for another one;
 * when an answer comes, it goes on holding the answer's turn. Contexts carry it as their delivery, which is how
 * `ctx.waitFor` knows who waits.
 */
export class Run implements Delivery {
  readonly update: Update;
  readonly signal: AbortSignal;
  readonly laneKey: LaneKey;
  /** The turns this run keeps busy until its end. Empty while it waits. */
  readonly turns: Turn[];
  /** What it waits for right now: with `Promise.race` or `Promise.all` more than one thing. */
  waits: Set<PendingWait> | undefined = undefined;
  ended = false;
  /** The context its handlers were given. */
  ctx: Context | undefined = undefined;
  /** Whether it has let its own update's turn go to wait. */
  parked = false;
  /** When it began, by `performance.now`; 0 when nobody measures. */
  readonly began: number;
  readonly #delivery: Delivery;

  /** Which attempt at the update this is, from 1. */
  get attempt(): number {
    return this.#delivery.attempt ?? 1;
  }

  constructor(turn: Turn, began: number) {
    this.began = began;
    this.#delivery = turn.delivery;
    this.update = turn.delivery.update;
    this.signal = turn.delivery.signal;
    this.laneKey = turn.laneKey;
    this.turns = [turn];
  }

  accept(): void {
    this.#delivery.accept();
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

keepShape(new Run({ delivery: {} as Delivery, laneKey: 0 }, 0));
