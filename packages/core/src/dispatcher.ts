import type { Context } from "./context.js";
import type { Delivery } from "./delivery.js";
import { channels, type HandledEvent, type UpdateEvent } from "./diagnostics.js";
import { BotError, BotStoppedError } from "./errors.js";
import { Lanes, type Turn } from "./lanes.js";
import type { AutoAnswer } from "./auto-answer.js";
import type { Clock } from "@balekit/storage";
import type { LaneKey } from "./origin.js";
import { Run } from "./run.js";
import { Waits } from "./wait-for.js";

/** What the dispatcher is made of. */
export interface DispatcherOptions {
  readonly clock: Clock;
  readonly concurrency: number;
  readonly reserved: number;
  readonly makeContext: (delivery: Delivery) => Context;
  /** Runs the bot's handlers. */
  readonly handle: (ctx: Context) => Promise<void>;
  /** Takes what a handler threw. Never rejects. */
  readonly report: (error: BotError) => Promise<void>;
  readonly autoAnswer: AutoAnswer | undefined;
}

/**
 * Brings deliveries to the handlers: shows them to those who wait, lets them through their lanes, runs the chain, and
 * takes what is thrown. Its `sink` is where every source of updates ends.
 */
export class Dispatcher {
  readonly waits: Waits;
  readonly lanes: Lanes;
  readonly #options: DispatcherOptions;
  #stopping = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.lanes = new Lanes({
      concurrency: options.concurrency,
      reserved: options.reserved,
      begin: (turn) => this.#begin(turn),
      finish: (turn) => options.autoAnswer?.finish(turn.delivery.update),
    });
    this.waits = new Waits({
      clock: options.clock,
      makeContext: options.makeContext,
      park: (run) => this.#park(run),
      resume: (run) => this.#resume(run, run.laneKey),
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
    const taken = await this.waits.offer(turn.delivery, (run) => {
      this.lanes.share(turn);
      run.turns.push(turn);
      // It waits for something else as well: what that needs must be able to come.
      if (run.waits !== undefined && run.waits.size > 0) this.#letBy(turn);
    });
    if (!taken) {
      this.#run(turn);
      return;
    }
    publishHandled(turn.delivery, "taken", began);
    this.lanes.release(turn);
  }

  #run(turn: Turn): void {
    const run = new Run(turn, channels.handled.hasSubscribers ? performance.now() : 0);
    let ctx: Context | undefined;
    let work: Promise<void>;
    try {
      ctx = this.#options.makeContext(run);
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
    if (!(this.#stopping && cause instanceof BotStoppedError)) {
      await this.#options.report(new BotError({ where: "handler", cause, ctx, update: run.update }));
    }
    this.#end(run, "failed");
  }

  #end(run: Run, outcome: "done" | "failed"): void {
    run.ended = true;
    if (run.waits !== undefined) for (const wait of [...run.waits]) wait.abandon();
    if (!run.parked) publishHandled(run, outcome, run.began);
    for (const turn of run.turns) this.lanes.release(turn);
  }

  #park(run: Run): void {
    if (!run.parked) publishHandled(run, "parked", run.began);
    run.parked = true;
    for (const turn of run.turns.splice(0)) {
      turn.delivery.accept();
      // Not from inside the handler's own call: the next update's handler must not run on its stack.
      queueMicrotask(() => this.lanes.release(turn));
    }
  }

  #letBy(turn: Turn): void {
    turn.delivery.accept();
    this.lanes.leave(turn);
  }

  #resume(run: Run, laneKey: LaneKey): void {
    run.turns.push(this.lanes.hold(run, laneKey));
  }
}

function publishHandled(delivery: Delivery, outcome: HandledEvent["outcome"], began: number): void {
  if (!channels.handled.hasSubscribers) return;
  const ms = began === 0 ? 0 : performance.now() - began;
  const event: HandledEvent = { update: delivery.update, ms, outcome };
  channels.handled.publish(event);
}
