import { type Clock, sleep, type Timer } from "@balekit/storage";
import type { Watermark } from "./watermark.js";

/** What pauses between polls are made of. */
export interface PollPauseInit {
  readonly clock: Clock;
  /** The most updates one poll may bring. */
  readonly limit: number;
  /** Ends every pause. */
  readonly stopped: AbortSignal;
}

/** Waits between polls while updates are being worked on: an unmoved offset makes Bale answer at once. */
const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;
/**
 * While there is more than fits into Bale's window: how long handlers that end one right after another are waited for
 * before asking for what fits behind them, and how long none of them ends when they are over. Each poll brings again
 * all that is not finished, so one in the middle of a burst costs several times what one behind it does.
 */
const BURST_MS = 10;
const QUIET_MS = 1;
/** A poll with nothing under way that comes back empty before this has not been held by Bale: it may not have been asked to. */
const TOO_FAST_MS = 1_000;
const LONGEST_EMPTY_PAUSE_MS = 1_000;

/** How long polling waits between one poll and the next, where Bale does not hold the poll itself. */
export class PollPause {
  readonly #init: PollPauseInit;
  #busyMs = SHORTEST_PAUSE_MS;
  #emptyMs = SHORTEST_PAUSE_MS;
  /** Set while handlers are waited for; called when one has finished. */
  #onFinished: (() => void) | undefined;

  constructor(init: PollPauseInit) {
    this.#init = init;
  }

  /** A handler has finished. */
  finished(): void {
    this.#onFinished?.();
  }

  /**
   * After a poll while updates are being worked on.
   * @param hasNew whether it brought what had not been seen
   * @param isCutOff whether it brought as many as it may: there can be more behind
   */
  async whileBusy(mark: Watermark, hasNew: boolean, isCutOff: boolean): Promise<void> {
    this.#emptyMs = SHORTEST_PAUSE_MS;
    this.#busyMs = hasNew ? SHORTEST_PAUSE_MS : Math.min(this.#busyMs * 2, LONGEST_PAUSE_MS);
    // A full answer is cut off where the window ends: there may be more as soon as there is room for it.
    await this.#untilWorthAsking(mark, isCutOff);
  }

  /** After a poll with nothing under way that came back empty, `tookMs` after it began: too soon, when Bale did not hold it. */
  async afterEmpty(tookMs: number): Promise<void> {
    if (tookMs >= TOO_FAST_MS) {
      this.reset();
      return;
    }
    await sleep(this.#init.clock, this.#emptyMs, this.#init.stopped);
    this.#emptyMs = Math.min(this.#emptyMs * 2, LONGEST_EMPTY_PAUSE_MS);
  }

  /** After a poll that says nothing about Bale's haste. */
  reset(): void {
    this.#emptyMs = SHORTEST_PAUSE_MS;
  }

  /**
   * Waits until another poll is worth what it costs: everything is done; or, while there is more than fits into Bale's
   * window of a hundred, there is room behind the watermark and no more comes at once; or else a short pause is over.
   */
  #untilWorthAsking(mark: Watermark, isCutOff: boolean): Promise<void> {
    const { clock, limit, stopped } = this.#init;
    if (mark.span === 0) return Promise.resolve();
    const hasMore = isCutOff || mark.span >= limit;
    return new Promise<void>((resolve) => {
      let timer: Timer;
      let looks = 0;
      let lastSpan = limit;
      const go = (): void => {
        clock.clearTimeout(timer);
        this.#onFinished = undefined;
        stopped.removeEventListener("abort", go);
        resolve();
      };
      const look = (): void => {
        if (mark.span === lastSpan || looks * QUIET_MS >= BURST_MS) {
          go();
          return;
        }
        looks++;
        lastSpan = mark.span;
        timer = clock.setTimeout(look, QUIET_MS);
      };
      const onFinished = (): void => {
        if (mark.span === 0) go();
        else if (hasMore && looks === 0 && mark.span < limit) {
          clock.clearTimeout(timer);
          look();
        }
      };
      timer = clock.setTimeout(go, hasMore ? LONGEST_PAUSE_MS : this.#busyMs);
      stopped.addEventListener("abort", go, { once: true });
      this.#onFinished = onFinished;
      // Some have ended while the poll was on its way.
      onFinished();
    });
  }
}
