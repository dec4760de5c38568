import { type Api, TimeoutError } from "@balekit/api";
import type { Clock, Timer } from "@balekit/storage";
import { channels, type PollEvent } from "./diagnostics.js";
import { isUpdate } from "./polled-delivery.js";

/** What asking for updates needs. */
export interface PollRequestInit {
  readonly api: Api;
  readonly clock: Clock;
  /** Whether an update has not been taken in yet; for the diagnostics channel. */
  readonly isNew: (id: number) => boolean;
}

/** Asks Bale for updates, one call at a time. */
export class PollRequest {
  readonly #init: PollRequestInit;

  constructor(init: PollRequestInit) {
    this.#init = init;
  }

  /** One getUpdates, with a deadline of its own that holds even if what is below ignores its signal. */
  async ask(
    params: { readonly offset?: number; readonly limit: number; readonly timeout: number },
    deadlineMs: number,
    stopped: AbortSignal,
  ): Promise<readonly unknown[]> {
    const { api, clock } = this.#init;
    const began = performance.now();
    const abort = new AbortController();
    let timer: Timer;
    let onStop: (() => void) | undefined;
    const givenUp = new Promise<never>((_resolve, reject) => {
      const giveUp = (reason: Error): void => {
        reject(reason);
        abort.abort(reason);
      };
      onStop = () => giveUp(stopped.reason as Error);
      stopped.addEventListener("abort", onStop, { once: true });
      timer = clock.setTimeout(() => {
        const message = `getUpdates: no answer within ${deadlineMs} ms. The connection is given up and a new one tried.`;
        giveUp(new TimeoutError(message, { method: "getUpdates", maybeSent: true, timeoutMs: deadlineMs }));
      }, deadlineMs);
    });
    let error: unknown;
    let received: readonly unknown[] = [];
    try {
      const call = api.getUpdates(params, { signal: abort.signal, timeoutMs: deadlineMs });
      call.catch(() => undefined);
      const result: unknown = await Promise.race([call, givenUp]);
      if (!Array.isArray(result)) {
        throw new TypeError(`getUpdates: the result is ${typeof result}, not a list of updates.`);
      }
      received = result;
      return received;
    } catch (thrown) {
      error = thrown;
      throw thrown;
    } finally {
      clock.clearTimeout(timer);
      if (onStop !== undefined) stopped.removeEventListener("abort", onStop);
      if (channels.poll.hasSubscribers)
        this.#publish(params.offset, received, performance.now() - began, error);
    }
  }

  #publish(offset: number | undefined, received: readonly unknown[], ms: number, error: unknown): void {
    const known = offset ?? Number.NEGATIVE_INFINITY;
    const fresh = received.filter((update) => isUpdate(update) && this.#init.isNew(update.update_id)).length;
    const event: PollEvent = {
      offset: known === Number.NEGATIVE_INFINITY ? undefined : known,
      received: received.length,
      fresh,
      ms,
      error,
    };
    channels.poll.publish(event);
  }
}
