import type { Context } from "./context.js";
import type { Delivery } from "./delivery.js";
import { channels, type HandledEvent, type UpdateEvent } from "./diagnostics.js";
import { BotError, BotStoppedError } from "./errors.js";
import { Holds } from "./holds.js";
import { Lanes, type Turn } from "./lanes.js";
import type { AutoAnswer } from "./auto-answer.js";
import type { Clock, Timer } from "@balekit/storage";
import { isUrgent } from "./origin.js";
import { Run } from "./run.js";
import { Waits } from "./wait-for.js";

/** What the dispatcher is made of. */
export interface DispatcherOptions {
  readonly clock: Clock;
  readonly concurrency: number;
  readonly reserved: number;
  readonly isOrdered?: boolean | undefined;
  readonly makeContext: (delivery: Delivery) => Context;
  /** Runs the bot's handlers. */
  readonly handle: (ctx: Context) => Promise<void>;
  /** Takes what a handler threw. Never rejects. */
  readonly report: (error: BotError) => Promise<void>;
  readonly autoAnswer: AutoAnswer | undefined;
  /** Looks after the handlers that run. */
  readonly watch?: { readonly isOn: boolean; begin(): void } | undefined;
}

const FIRST_HOLD_MS = 500;
/** Short on purpose: a chat must not wait long after what was away has come back. */
const LONGEST_HOLD_MS = 3_000;
/** Bale gives a payment's question ten seconds: two are left for the last attempt, and for its answer to arrive. */
const PAYMENT_HOLD_MS = 8_000;
/** Longer than from one attempt to the end of the next, unless it takes very long. */
const AWAY_MS = 10_000;

/**
 * Brings deliveries to the handlers: shows them to those who wait, lets them through their lanes, runs the chain, and
 * takes what is thrown. Its `sink` is where every source of updates ends.
 */
export class Dispatcher {
  readonly waits: Waits;
  readonly lanes: Lanes;
  readonly #options: DispatcherOptions;
  readonly #holds: Holds;
  /** The turns whose handlers threw and will be tried again, with what wakes them. */
  readonly #retrying = new Map<Turn, Timer>();
  #away: unknown;
  #awayAt = 0;
  #stopping = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.lanes = new Lanes({
      concurrency: options.concurrency,
      reserved: options.reserved,
      isOrdered: options.isOrdered,
      begin: (turn) => this.#begin(turn),
      finish: (turn) => options.autoAnswer?.finish(turn.delivery.update),
    });
    this.#holds = new Holds({
      lanes: this.lanes,
      onParked: (run) => publishHandled(run, "parked", run.began),
    });
    this.waits = new Waits({
      clock: options.clock,
      makeContext: options.makeContext,
      park: (run) => this.#holds.park(run),
      resume: (run) => this.#holds.resume(run),
    });
  }

  /** Takes a delivery in. Rejects only when it has to come again: the bot has stopped, or it was held to no avail. */
  readonly sink = (delivery: Delivery): Promise<void> => {
    this.waits.observe(delivery);
    return this.lanes.enter(delivery);
  };

  /** Why an update is held that `deliverAgain` was said of, if any has been lately. */
  get away(): unknown {
    return this.#options.clock.now() - this.#awayAt < AWAY_MS ? this.#away : undefined;
  }

  /** What `sink` does, for those who have a promise of their own: calls one of two functions. */
  take(delivery: Delivery, over: () => void, refused: (reason: unknown) => void): void {
    this.waits.observe(delivery);
    this.lanes.admit(delivery, over, refused);
  }

  /** Takes nothing more in: sends away what has not begun, and rejects all waits. What runs goes on. */
  close(): void {
    this.#stopping = true;
    for (const timer of this.#retrying.values()) this.#options.clock.clearTimeout(timer);
    this.#retrying.clear();
    this.lanes.close(new BotStoppedError("Taking an update"));
    this.waits.stop();
  }

  /** Takes deliveries in again after `close`. */
  open(): void {
    this.#stopping = false;
    this.lanes.open();
    this.waits.open();
  }

  #begin(turn: Turn): void {
    const { delivery } = turn;
    const { watch } = this.#options;
    if (watch !== undefined && !watch.isOn) watch.begin();
    if (delivery.failed !== undefined && delivery.signal.aborted) {
      // Its inbox has lost it to another process while it waited: whoever has it now begins with it.
      queueMicrotask(() => this.lanes.refuse(turn, new BotStoppedError("Beginning with an update")));
      return;
    }
    if (channels.update.hasSubscribers) {
      const event: UpdateEvent = { update: delivery.update };
      channels.update.publish(event);
    }
    this.#options.autoAnswer?.begin(delivery.update);
    if (this.waits.concerns(delivery.update)) void this.#offer(turn);
    else this.#run(turn);
  }

  /** Gives an update to whoever waits for it; to the handlers, when nobody takes it. */
  async #offer(turn: Turn): Promise<void> {
    const began = channels.handled.hasSubscribers ? performance.now() : 0;
    const taken = await this.waits.offer(turn.delivery, (run) => this.#holds.ride(run, turn));
    if (!taken) {
      this.#run(turn);
      return;
    }
    publishHandled(turn.delivery, "taken", began);
    this.#holds.release(turn);
  }

  #run(turn: Turn): void {
    const run = new Run(turn, channels.handled.hasSubscribers ? performance.now() : 0, this.#holds);
    let ctx: Context | undefined;
    let work: Promise<void>;
    try {
      ctx = this.#options.makeContext(run);
      run.ctx = ctx;
      work = this.#options.handle(ctx);
    } catch (error) {
      work = Promise.reject(error as Error);
    }
    work.then(
      () => this.#end(run, "done"),
      (error: unknown) => void this.#failed(run, ctx, error),
    );
  }

  async #failed(run: Run, ctx: Context | undefined, cause: unknown): Promise<void> {
    // Every handler that waits is told when the bot stops: that is not an error of theirs.
    let isTold = !(this.#stopping && cause instanceof BotStoppedError);
    // Cut off rather than failed: it is delivered again, and no attempt is counted.
    const isCutOff = run.signal.aborted && run.turns.includes(run.own);
    let refusal: Error | undefined = isCutOff ? new BotStoppedError("Handling an update") : undefined;
    const { attempt, own } = run;
    const { delivery } = own;
    let retryInMs: number | undefined;
    const isUntouched = run.again !== undefined && run.again === cause;
    // Who has let its update's turn go has waited: then it is accepted, and not tried again.
    if (!isCutOff && (isUntouched || delivery.failed !== undefined) && take(run.turns, own)) {
      if (delivery.failed !== undefined) retryInMs = await delivery.failed(cause, attempt);
      else {
        // What one update has met others meet as well, and each again and again: it is told once.
        isTold &&= this.away === undefined;
        retryInMs = this.#hold(own, cause);
        if (retryInMs === undefined) {
          // Nobody can make up for a payment later. Of anything else whoever has brought it hears, and tells.
          isTold = isUrgent(run.update);
          if (!isTold) refusal = cause as Error;
        }
      }
      if (retryInMs === undefined) run.turns.push(own);
      else this.#again(run, retryInMs);
    }
    if (isTold) {
      const { update } = run;
      await this.#options.report(new BotError({ where: "handler", cause, ctx, update, attempt, retryInMs }));
    }
    if (refusal !== undefined) this.#refuse(run, refusal);
    else if (retryInMs === undefined) this.#end(run, "failed");
  }

  #end(run: Run, outcome: "done" | "failed"): void {
    this.#over(run, outcome);
    this.#holds.releaseAll(run);
  }

  #over(run: Run, outcome: "done" | "failed"): void {
    this.#holds.close(run);
    if (!run.parked) publishHandled(run, outcome, run.began);
  }

  /** Ends a run that the stopping bot has not waited for, or that could not begin: its update has to come again. */
  #refuse(run: Run, reason: Error): void {
    this.#over(run, "failed");
    const isHeld = take(run.turns, run.own);
    this.#holds.releaseAll(run);
    if (isHeld) this.lanes.refuse(run.own, reason);
  }

  /** How long a turn waits whose handlers could not begin; `undefined` when trying it again is no longer of use. */
  #hold(turn: Turn, cause: unknown): number | undefined {
    const { update, holdMs = Number.POSITIVE_INFINITY } = turn.delivery;
    this.#away = cause;
    this.#awayAt = this.#options.clock.now();
    turn.heldSince ??= this.#awayAt;
    const heldMs = this.#awayAt - turn.heldSince;
    // As long again as it has taken so far.
    const waitMs = Math.min(Math.max(heldMs, FIRST_HOLD_MS), LONGEST_HOLD_MS);
    return heldMs + waitMs > (isUrgent(update) ? PAYMENT_HOLD_MS : holdMs) ? undefined : waitMs;
  }

  /** Gives the place of a run that failed to others, and the turn of its update a new run after a while. */
  #again(run: Run, inMs: number): void {
    const turn = run.own;
    this.#over(run, "failed");
    this.#holds.releaseAll(run);
    this.#options.autoAnswer?.early(run.update);
    if (this.#stopping) {
      this.lanes.refuse(turn, new BotStoppedError("Trying an update again"));
      return;
    }
    this.lanes.pause(turn);
    const { clock } = this.#options;
    const wake = (): void => {
      this.#retrying.delete(turn);
      this.lanes.resume(turn);
    };
    this.#retrying.set(turn, clock.setTimeout(wake, inMs));
  }
}

/** Takes a turn out of a list; answers whether it was there. */
function take(turns: Turn[], turn: Turn): boolean {
  const at = turns.indexOf(turn);
  if (at >= 0) turns.splice(at, 1);
  return at >= 0;
}

function publishHandled(delivery: Delivery, outcome: HandledEvent["outcome"], began: number): void {
  if (!channels.handled.hasSubscribers) return;
  const ms = began === 0 ? 0 : performance.now() - began;
  const event: HandledEvent = { update: delivery.update, ms, outcome };
  channels.handled.publish(event);
}
