import { type Clock, sleep, systemClock } from "@balekit/storage";
import { BotStoppedError } from "./errors.js";

/** When in a bot's life something is to run. */
export type Moment = "start" | "before_ready" | "ready" | "stop";

/** Where in its life a bot is. `"idle"`: never started, or its start came to nothing. */
export type Phase = "idle" | "starting" | "running" | "stopping" | "stopped";

/** What runs at a moment. One for the end is told when there is no more time. */
export type Hook = (signal: AbortSignal) => unknown;

/** What a life needs to know. */
export interface LifeCycleInit {
  readonly clock: Clock;
  /** What comes before all hooks. With a signal it is to be tried until it works. */
  readonly prepare: (signal: AbortSignal | undefined) => Promise<void>;
  /** Takes the error of a hook that must not stop anything. Never rejects. */
  readonly report: (cause: unknown, doing: string) => Promise<void>;
  /** Told when the phase may have changed. */
  readonly onPhase?: (() => void) | undefined;
}

/** The steps of an end, in order. None may reject. */
export interface EndSteps {
  /** Takes no more in; resolves when all that runs has ended. */
  readonly quiet: () => Promise<void>;
  /** Told when that took too long. */
  readonly overdue: () => void;
  readonly confirm: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The order in which a bot comes to life and ends, whoever asks for it and however often. */
export class LifeCycle {
  readonly #init: LifeCycleInit;
  readonly #hooks: { readonly [At in Moment]: Hook[] } = {
    start: [],
    before_ready: [],
    ready: [],
    stop: [],
  };
  #preparing: Promise<void> | undefined;
  #ending: Promise<void> | undefined;
  #hasBegun = false;
  #isPreparing = false;
  #isReady = false;
  #hasEnded = false;
  #starting = new AbortController();
  #hardStop = ofAllHandlers();
  #doom: { readonly cause: unknown } | undefined;
  #ended = deferred();

  constructor(init: LifeCycleInit) {
    this.#init = init;
  }

  get phase(): Phase {
    if (this.#hasEnded) return "stopped";
    if (this.#starting.signal.aborted) return "stopping";
    if (this.#isReady) return "running";
    return this.#hasBegun || this.#isPreparing ? "starting" : "idle";
  }

  /** Whether updates are taken. */
  get isRunning(): boolean {
    return this.#isReady;
  }

  /** Aborts when running handlers are no longer waited for. */
  get signal(): AbortSignal {
    return this.#hardStop.signal;
  }

  /** Aborts when the bot is stopped while it is starting. */
  get starting(): AbortSignal {
    return this.#starting.signal;
  }

  /** Resolves when the bot has stopped; rejects when it did so because of something that could not be mended. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Adds a hook. One for a moment that is over runs at once. */
  on(moment: Moment, run: Hook): void {
    this.#hooks[moment].push(run);
    const isOver = (moment === "start" && this.#isReady) || (moment === "ready" && this.#isReady);
    if (isOver) void this.#runHook(moment, run);
  }

  /** Begins a life. @throws Error when one is under way */
  begin(): void {
    if (this.#hasBegun || this.#ending !== undefined) {
      const state = this.#ending === undefined ? "is running already" : "is stopping";
      throw Object.assign(
        new Error(`bot.start: this bot ${state}. Start it once; to start it again, await bot.stop() first.`),
        { code: "ERR_BALE_ALREADY_STARTED" },
      );
    }
    this.#hasBegun = true;
    if (this.#hasEnded) this.#renew();
    this.#init.onPhase?.();
  }

  #renew(): void {
    this.#hasEnded = false;
    this.#doom = undefined;
    this.#starting = new AbortController();
    this.#hardStop = ofAllHandlers();
    this.#ended = deferred();
  }

  /** Prepares, then runs the hooks that come before the first update: once a life, and again after a failure. */
  prepare(patiently: boolean): Promise<void> {
    this.#preparing ??= this.#prepareOnce(patiently).catch((error: unknown) => {
      this.#preparing = undefined;
      throw error;
    });
    return this.#preparing;
  }

  /** Resolves with a step of the start; rejects as soon as the bot is stopped meanwhile. */
  unlessStopped(step: Promise<void>): Promise<void> {
    const { signal } = this.#starting;
    return new Promise<void>((resolve, reject) => {
      const stopped = (): void => reject(signal.reason as Error);
      signal.addEventListener("abort", stopped, { once: true });
      if (signal.aborted) stopped();
      step.then(resolve, reject).finally(() => signal.removeEventListener("abort", stopped));
    });
  }

  /** Makes sure that an update can be handled; answers nothing when it can be right now. */
  ready(): Promise<void> | undefined {
    return this.#isReady ? undefined : this.#getReady();
  }

  /** Says that the bot is at work, and runs the hooks for that. */
  async announce(): Promise<void> {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#init.onPhase?.();
    for (const run of this.#hooks.ready) await this.#runHook("ready", run);
  }

  /** Takes a start back that came to nothing. */
  async fail(close: () => Promise<void>): Promise<void> {
    this.#hasBegun = false;
    this.#init.onPhase?.();
    await close().catch((error: unknown) => this.#init.report(error, "Closing after a start that failed"));
  }

  /** Says why this life ends: whoever waits for its end is told. */
  doom(cause: unknown): void {
    this.#doom = { cause };
  }

  /** Ends the life. Asked again meanwhile, it waits for nobody any more; asked again afterwards, it does nothing. */
  end(graceMs: number, steps: EndSteps): Promise<void> {
    if (this.#ending !== undefined) {
      this.#abortHard();
      return this.#ending;
    }
    if (this.#hasEnded && this.#preparing === undefined) return Promise.resolve();
    this.#ending = this.#endOnce(graceMs, steps).finally(() => {
      this.#ending = undefined;
    });
    return this.#ending;
  }

  async #prepareOnce(patiently: boolean): Promise<void> {
    this.#isPreparing = true;
    this.#init.onPhase?.();
    try {
      await this.#init.prepare(patiently ? this.#starting.signal : undefined);
      for (const moment of ["start", "before_ready"] as const) {
        for (const run of this.#hooks[moment]) await run(this.signal);
      }
    } finally {
      this.#isPreparing = false;
    }
  }

  async #getReady(): Promise<void> {
    if (this.#hasEnded || this.#ending !== undefined) throw new BotStoppedError("Taking an update");
    await this.prepare(false);
    // Not waited for: a hook may itself wait for an update.
    void this.announce();
  }

  async #endOnce(graceMs: number, steps: EndSteps): Promise<void> {
    const { report } = this.#init;
    this.#isReady = false;
    this.#starting.abort(new BotStoppedError("Starting"));
    this.#init.onPhase?.();
    const isOver = new AbortController();
    // One span of time for all: what the handlers leave of it is there for the hooks.
    const patience = this.#patience(graceMs, isOver.signal);
    const quiet = steps.quiet().then(() => "quiet");
    if ((await Promise.race([quiet, patience])) !== "quiet") {
      steps.overdue();
      this.#abortHard();
    }
    await steps.confirm();
    const hurry = AbortSignal.any([this.#hardStop.signal, this.#outOfTime(patience)]);
    for (const run of this.#hooks.stop.toReversed()) await this.#runHook("stop", run, hurry);
    isOver.abort();
    await steps.close().catch((error: unknown) => report(error, "Closing the connections"));
    this.#preparing = undefined;
    this.#hasBegun = false;
    this.#hasEnded = true;
    this.#init.onPhase?.();
    if (this.#doom === undefined) this.#ended.resolve();
    else this.#ended.reject(this.#doom.cause);
  }

  /** Resolves when the time to end is up, or nobody needs it any more. */
  async #patience(graceMs: number, over: AbortSignal): Promise<void> {
    // Even without patience, what is over in this moment is not called late.
    const clock = graceMs > 0 ? this.#init.clock : systemClock;
    const ended = AbortSignal.any([over, this.#hardStop.signal]);
    await sleep(clock, Math.max(0, graceMs), ended).catch(() => undefined);
  }

  #outOfTime(patience: Promise<void>): AbortSignal {
    const late = new AbortController();
    void patience.then(() => late.abort(new BotStoppedError("Stopping")));
    return late.signal;
  }

  #abortHard(): void {
    if (!this.#hardStop.signal.aborted) this.#hardStop.abort(new BotStoppedError("Handling an update"));
  }

  async #runHook(moment: Moment, run: Hook, signal: AbortSignal = this.signal): Promise<void> {
    try {
      await run(signal);
    } catch (error) {
      await this.#init.report(error, `Running a hook for "${moment}"`);
    }
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Any number of handlers may listen to it at once: that is no leak to warn of. */
function ofAllHandlers(): AbortController {
  const controller = new AbortController();
  process.getBuiltinModule("node:events").setMaxListeners(0, controller.signal);
  return controller;
}

function deferred(): Deferred {
  let resolve: () => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Nobody has to wait for a bot's end.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
