import type { PollClaim } from "./inbox.js";
import { BotStoppedError } from "./errors.js";
import type { Polling, PollingState } from "./polling.js";

/** What a poller is made of. */
export interface PollerInit {
  /** Makes one polling; the first may skip what came while the bot was away. */
  readonly make: (isFirst: boolean) => Polling;
  /** Waits until no other process polls. Absent, or resolving to nothing: there is none. */
  readonly claim?: ((signal: AbortSignal) => Promise<PollClaim | undefined>) | undefined;
}

/** Polls for as long as this process is the one who may: all the time, or whenever it holds the claim of a shared inbox. */
export class Poller {
  readonly #init: PollerInit;
  readonly #stopped = new AbortController();
  #polling: Polling | undefined;

  constructor(init: PollerInit) {
    this.#init = init;
  }

  /** `"standby"`: another process polls. */
  get state(): PollingState | "standby" {
    return this.#polling?.state ?? "standby";
  }

  /** What is wrong, in one sentence. Nothing while all is well. */
  get trouble(): string | undefined {
    return this.#polling?.trouble;
  }

  /** Polls until `stop`. @throws InvalidTokenError when Bale says that the token is wrong */
  async run(): Promise<void> {
    const { signal } = this.#stopped;
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const claim = await this.#claim();
      if (signal.aborted) {
        await claim?.release();
        return;
      }
      const polling = this.#init.make(isFirst);
      this.#polling = polling;
      const onLost = (): void => polling.stop();
      claim?.lost.addEventListener("abort", onLost, { once: true });
      try {
        if (claim?.lost.aborted !== true) await polling.run();
        if (claim === undefined) return;
        // Whoever polls next begins behind what is safe in the inbox.
        await polling.confirm();
      } finally {
        claim?.lost.removeEventListener("abort", onLost);
        await claim?.release();
      }
      if (!signal.aborted) this.#polling = undefined;
    }
  }

  /** Asks no more. What is being worked on goes on. */
  stop(): void {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort(new BotStoppedError("Asking Bale for updates"));
    this.#polling?.stop();
  }

  /** Tells Bale what is finished, once nothing more will be. */
  async confirm(): Promise<void> {
    await this.#polling?.confirm();
  }

  async #claim(): Promise<PollClaim | undefined> {
    const { signal } = this.#stopped;
    try {
      return await this.#init.claim?.(signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }
}
