import { type Api, InvalidTokenError, type Update } from "@balekit/api";
import { type Clock, sleep, type Timer } from "@balekit/storage";
import { backOffMs } from "./back-off.js";
import type { Sink } from "./delivery.js";
import { BotStoppedError, sayingOf, sentence } from "./errors.js";
import type { Logger } from "./logger.js";
import { labelOf } from "./origin.js";
import { PollPause } from "./poll-pause.js";
import { PollRequest } from "./poll-request.js";
import { isUpdate, PolledDelivery } from "./polled-delivery.js";
import { Watermark } from "./watermark.js";

/** How the bot asks for updates. */
export interface PollingOptions {
  /**
   * How long Bale may hold a poll while there is nothing to tell; 0 to 3_600_000, rounded to whole seconds. With 0 Bale
   * answers at once, and the bot pauses between empty polls: 10 ms at first, ever longer, up to a second. @default 30_000
   */
  readonly pollTimeoutMs?: number | undefined;
  /** The most updates one poll may bring, 1 to 100. @default 100 */
  readonly limit?: number | undefined;
  /** Skips what came while the bot was away. @default false */
  readonly dropPendingUpdates?: boolean | undefined;
}

/** What polling is made of. */
export interface PollingInit extends PollingOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly sink: Sink;
  /** Takes updates in for good; then they are confirmed before the handlers have them. Absent: the sink has them at once. */
  readonly put?: ((updates: readonly Update[]) => Promise<void>) | undefined;
  readonly logger: Logger;
  /** Given to every delivery; aborts when the bot no longer waits for handlers. */
  readonly signal: AbortSignal;
  /** Told of faults: the first of an outage, an update that breaks our own code. Never rejects. */
  readonly onError: (error: unknown, update?: Update) => Promise<void>;
  /** Whether updates are held back, of which `bot.catch` has been told why: then no handler is to blame for a stall. */
  readonly isHeldBack: () => boolean;
}

/** `stalled`: the oldest update has been worked on for so long that no others come in. */
export type PollingState = "ok" | "failing" | "stalled";

/** Beyond the time Bale may hold a poll, how long its answer may take to arrive. */
const ANSWER_MS = 10_000;
/** After a failure polls are short, so that the network's return is noticed soon. */
const PROBE_ANSWER_MS = 6_000;
const CONFIRM_MS = 5_000;
const STALL_WARNING_MS = 30_000;

/**
 * Fetches updates from Bale and hands them to a sink, for as long as it runs. The offset it asks with never passes an
 * update that is not finished, so a killed process loses nothing; what Bale sends a second time for it is dropped.
 */
export class Polling {
  readonly #init: PollingInit;
  readonly #timeoutSeconds: number;
  readonly #limit: number;
  readonly #stopped = new AbortController();
  readonly #request: PollRequest;
  readonly #pause: PollPause;
  #mark = new Watermark();
  #state: PollingState = "ok";
  #failures = 0;
  #failedAt = 0;
  #failureKind: string | undefined;
  #failure: unknown;
  /** The offset Bale knows of, from the last poll it answered. */
  #confirmed: number | undefined;
  /** Since when an inbox has been taking a batch in. */
  #puttingSince: number | undefined;
  #movedAt: number;
  #warnAfterMs = STALL_WARNING_MS;

  constructor(init: PollingInit) {
    this.#init = init;
    this.#timeoutSeconds = Math.round((init.pollTimeoutMs ?? 30_000) / 1_000);
    this.#limit = init.limit ?? 100;
    this.#movedAt = init.clock.now();
    const { api, clock } = init;
    this.#request = new PollRequest({ api, clock, isNew: (id) => this.#mark.isNew(id) });
    this.#pause = new PollPause({ clock, limit: this.#limit, stopped: this.#stopped.signal });
  }

  get state(): PollingState {
    const since = this.#puttingSince;
    if (since !== undefined && this.#init.clock.now() - since >= STALL_WARNING_MS) return "stalled";
    return this.#state;
  }

  /** What is wrong, in one sentence. Nothing while all is well. */
  get trouble(): string | undefined {
    const now = this.#init.clock.now();
    switch (this.state) {
      case "ok":
        return undefined;
      case "failing":
        return `Bale has given no updates for ${secondsOf(now - this.#failedAt)} s: ${sentence(sayingOf(this.#failure))}`;
      default: {
        const since = this.#puttingSince;
        return since === undefined
          ? `Update ${this.#mark.oldest} has been worked on for ${secondsOf(now - this.#movedAt)} s: Bale gives no more until it is done.`
          : `The inbox has been taking updates in for ${secondsOf(now - since)} s.`;
      }
    }
  }

  /** How many updates are being worked on, or wait for their turn. */
  get running(): number {
    return this.#mark.running;
  }

  /**
   * Polls until `stop`. Survives bad bodies, network faults, 5xx, 429 and broken updates.
   * @throws InvalidTokenError when Bale says that the token is wrong: then there is nothing to wait for.
   */
  async run(): Promise<void> {
    let dropping = this.#init.dropPendingUpdates === true;
    while (!this.#stopped.signal.aborted) {
      try {
        if (dropping) await this.#drop();
        dropping = false;
        await this.#round();
      } catch (error) {
        if (this.#stopped.signal.aborted) return;
        if (error instanceof InvalidTokenError) throw error;
        await this.#fail(error);
      }
    }
  }

  /** Asks no more, and gives up the poll in flight. What is being worked on goes on. */
  stop(): void {
    if (!this.#stopped.signal.aborted) this.#stopped.abort(new BotStoppedError("Asking Bale for updates"));
  }

  /** Tells Bale what is finished, once nothing more will be. Best effort: what it does not hear of comes again. */
  async confirm(): Promise<void> {
    const { offset } = this.#mark;
    if (offset === undefined || offset === this.#confirmed) return;
    try {
      await this.#request.ask({ offset, limit: 1, timeout: 0 }, CONFIRM_MS, new AbortController().signal);
      this.#confirmed = offset;
    } catch (error) {
      const saying = sayingOf(error);
      this.#init.logger.warn(`The last updates could not be confirmed and will come again: ${saying}`);
    }
  }

  async #round(): Promise<void> {
    const { clock } = this.#init;
    const began = clock.now();
    const longPoll = this.#mark.span === 0 && this.#failures === 0;
    const received = await this.#poll(longPoll);
    if (this.#stopped.signal.aborted) return;
    // Nothing was under way: what comes now has not been waiting.
    if (this.#mark.span === 0) this.#movedAt = clock.now();
    const taken = this.#fresh(received);
    const fresh = taken.length;
    if (this.#init.put === undefined) for (const update of taken) this.#deliver(update);
    else if (fresh > 0) await this.#put(this.#init.put, taken);
    this.#recovered();
    if (this.#mark.running > 0 || this.#mark.span > 0) {
      await this.#pause.whileBusy(this.#mark, fresh > 0, received.length >= this.#limit);
      this.#watchForStall();
    } else if (fresh === 0 && longPoll) {
      await this.#pause.afterEmpty(clock.now() - began);
    } else {
      this.#pause.reset();
    }
  }

  async #poll(longPoll: boolean): Promise<readonly unknown[]> {
    const probing = this.#failures > 0;
    const timeout = longPoll ? this.#timeoutSeconds : 0;
    const limit = probing ? 1 : this.#limit;
    const { offset } = this.#mark;
    const params = offset === undefined ? { limit, timeout } : { offset, limit, timeout };
    const answer = await this.#request.ask(
      params,
      timeout * 1_000 + (probing ? PROBE_ANSWER_MS : ANSWER_MS),
      this.#stopped.signal,
    );
    this.#confirmed = offset;
    return answer;
  }

  /** What has not been seen yet, in order; it counts as being worked on. */
  #fresh(received: readonly unknown[]): readonly Update[] {
    const fresh: Update[] = [];
    let last = Number.NEGATIVE_INFINITY;
    let batch = received;
    for (const update of received) {
      if (!isUpdate(update)) continue;
      if (update.update_id < last) {
        batch = received.filter(isUpdate).sort((one, other) => one.update_id - other.update_id);
        break;
      }
      last = update.update_id;
    }
    for (const update of batch) {
      if (!isUpdate(update)) {
        this.#init.logger.error("Bale sent something without an update_id; it is left out.");
        continue;
      }
      if (this.#mark.enter(update.update_id)) fresh.push(update);
    }
    return fresh;
  }

  /** Puts a batch into the inbox. What is not safe there in the end is not confirmed, and comes again. */
  async #put(put: (updates: readonly Update[]) => Promise<void>, batch: readonly Update[]): Promise<void> {
    const { clock } = this.#init;
    this.#puttingSince = clock.now();
    try {
      await this.#whileRunning(put(batch));
    } catch (error) {
      for (const { update_id } of batch) this.#mark.refuse(update_id);
      throw error;
    } finally {
      this.#puttingSince = undefined;
    }
    for (const { update_id } of batch) this.#finish(update_id);
  }

  /** Waits for work; once polling is stopped, only for a moment longer. */
  async #whileRunning(work: Promise<void>): Promise<void> {
    const { clock } = this.#init;
    const { signal } = this.#stopped;
    let timer: Timer;
    let onStop: (() => void) | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      onStop = () => {
        timer = clock.setTimeout(() => reject(signal.reason as Error), CONFIRM_MS);
      };
      if (signal.aborted) onStop();
      else signal.addEventListener("abort", onStop, { once: true });
    });
    try {
      await Promise.race([work, late]);
    } finally {
      clock.clearTimeout(timer);
      if (onStop !== undefined) signal.removeEventListener("abort", onStop);
    }
  }

  #deliver(update: Update): void {
    const { sink, signal, onError } = this.#init;
    const delivery = new PolledDelivery(update, signal, (id) => this.#finish(id));
    try {
      sink(delivery).then(
        () => delivery.accept(),
        (error: unknown) => {
          this.#mark.refuse(update.update_id);
          this.#pause.finished();
          if (!(error instanceof BotStoppedError)) void onError(error, update);
        },
      );
    } catch (error) {
      // A fault of ours: the same update would break us again, so it is reported and passed.
      delivery.accept();
      void onError(error, update);
    }
  }

  #finish(id: number): void {
    const before = this.#mark.offset;
    this.#mark.finish(id);
    if (this.#mark.offset !== before) {
      this.#movedAt = this.#init.clock.now();
      this.#warnAfterMs = STALL_WARNING_MS;
    }
    this.#pause.finished();
  }

  /** A handler that never ends stops everybody once its window is full: say so, again and again but ever less often. */
  #watchForStall(): void {
    const { clock, logger } = this.#init;
    const { oldest, span } = this.#mark;
    const stuckMs = clock.now() - this.#movedAt;
    if (oldest === undefined || stuckMs < STALL_WARNING_MS) {
      if (this.#state === "stalled") this.#state = "ok";
      return;
    }
    const full = span >= this.#limit;
    if (full) this.#state = "stalled";
    if (stuckMs < this.#warnAfterMs) return;
    this.#warnAfterMs *= 2;
    const effect = full
      ? `${span} updates wait behind it and Bale gives no more until it is done`
      : "the bot cannot confirm anything newer until it is done";
    const isHeldBack = this.#init.isHeldBack();
    const what = isHeldBack
      ? `Update ${oldest} has been held back`
      : `The handler of update ${oldest} has been running`;
    const advice = isHeldBack ? "" : " Give its waits a time limit.";
    logger.warn(`${what} for ${secondsOf(stuckMs)} s: ${effect}.${advice}`, { topic: "balekit:poll" });
  }

  async #fail(error: unknown): Promise<void> {
    const { clock, logger, onError } = this.#init;
    this.#failures++;
    if (this.#failures === 1) this.#failedAt = clock.now();
    this.#state = "failing";
    this.#failure = error;
    const kind = error instanceof Error ? error.name : typeof error;
    // Once an outage and for each new face of it: not every few seconds for hours.
    // Not waited for: what is told may call Bale, and take as long as the outage.
    if (kind !== this.#failureKind) void onError(error);
    else logger.debug(`still failing: ${sayingOf(error)}`, { topic: "balekit:poll" });
    this.#failureKind = kind;
    await sleep(clock, backOffMs(this.#failures, error), this.#stopped.signal).catch(() => undefined);
  }

  #recovered(): void {
    if (this.#failures === 0) return;
    const seconds = secondsOf(this.#init.clock.now() - this.#failedAt);
    this.#init.logger.info(`Polling works again, after ${seconds} s and ${this.#failures} failed attempts.`);
    this.#failures = 0;
    this.#failureKind = undefined;
    this.#failure = undefined;
    this.#state = "ok";
  }

  /** Bale's own flag for this does nothing; asking from the end of the queue forgets what is before it. */
  async #drop(): Promise<void> {
    const newest = (
      await this.#request.ask({ offset: -1, limit: 1, timeout: 0 }, ANSWER_MS, this.#stopped.signal)
    ).at(-1);
    if (newest === undefined || !isUpdate(newest)) return;
    this.#mark = new Watermark(newest.update_id + 1);
    this.#init.logger.info(`Skipped what came before: up to and with ${labelOf(newest)}.`);
  }
}

function secondsOf(ms: number): number {
  return Math.round(ms / 1_000);
}
