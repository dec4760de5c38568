import type { Context } from "./context.js";
import type { Delivery } from "./delivery.js";
import { channels, type HandledEvent, type UpdateEvent } from "./diagnostics.js";
import { BotError, BotStoppedError } from "./errors.js";
import { Holds } from "./holds.js";
import { Lanes, type Turn } from "./lanes.js";
import type { AutoAnswer } from "./auto-answer.js";
import type { Clock, Timer } from "@balekit/storage";
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

  /** Takes a delivery in. Rejects only when it never had its turn because the bot stopped. */
  readonly sink = (delivery: Delivery): Promise<void> => {
    this.waits.observe(delivery);
    return this.lanes.enter(delivery);
  };

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
    const isTold = !(this.#stopping && cause instanceof BotStoppedError);
    // Cut off rather than failed: it is delivered again, and no attempt is counted.
    const isCutOff = run.signal.aborted && run.turns.includes(run.own);
    const { attempt, own } = run;
    let retryInMs: number | undefined;
    // Who has let its update's turn go has waited: then it is accepted, and not tried again.
    if (!isCutOff && own.delivery.failed !== undefined && take(run.turns, own)) {
      retryInMs = await own.delivery.failed(cause, attempt);
      if (retryInMs === undefined) run.turns.push(own);
      else this.#again(run, retryInMs);
    }
    if (isTold) {
      const { update } = run;
      await this.#options.report(new BotError({ where: "handler", cause, ctx, update, attempt, retryInMs }));
    }
    if (isCutOff) this.#cutOff(run);
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

  /** Ends a run that the stopping bot has not waited for: its update has to come again. */
  #cutOff(run: Run): void {
    this.#over(run, "failed");
    const isHeld = take(run.turns, run.own);
    this.#holds.releaseAll(run);
    if (isHeld) this.lanes.refuse(run.own, new BotStoppedError("Handling an update"));
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
