import { type ChannelModel, connect } from "amqplib";
import { type Clock, type Logger, sleep } from "balekit";
import { closed } from "./closed.js";
import { RabbitSetupError, refusalOf, sayingOf } from "./errors.js";

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 3_000;
const CONNECT_MS = 10_000;
/** For so long a broker may go on refusing before it is believed: one that is still booting knows no users yet. */
const BELIEVED_AFTER_MS = 1_000;

/** What a link is made of. */
export interface LinkInit {
  readonly url: string;
  readonly heartbeatSeconds: number;
  /** What it is for, in the broker's list of connections and in errors. */
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes a new connection ready; the link is up when it resolves. */
  readonly up: (model: ChannelModel) => Promise<void>;
  /** Told that it is up. */
  readonly ready?: (() => void) | undefined;
  /** Told that what `up` was given is gone. */
  readonly down: (error: Error) => void;
}

/** A connection to the broker that is made again whenever it is lost. */
export class Link {
  readonly #init: LinkInit;
  readonly #closing = new AbortController();
  #model: ChannelModel | undefined;
  #isUp = false;
  #blockedBy: string | undefined;
  #lastError: string | undefined;
  #running: Promise<void> = Promise.resolve();
  #letGo: ((error: Error) => void) | undefined;

  constructor(init: LinkInit) {
    this.#init = init;
  }

  /** The connection, while it is ready. */
  get model(): ChannelModel | undefined {
    return this.#isUp ? this.#model : undefined;
  }

  /** What is wrong right now, as the rest of a sentence; `undefined` when all is well. */
  get trouble(): string | undefined {
    if (!this.#isUp) return `RabbitMQ cannot be reached: ${this.#lastError ?? "not connected yet"}`;
    if (this.#blockedBy !== undefined) return `RabbitMQ takes nothing in: ${this.#blockedBy}`;
    return undefined;
  }

  get isBlocked(): boolean {
    return this.#blockedBy !== undefined;
  }

  /**
   * Connects, and stays connected. Resolves with the first connection, however long that takes; rejects with the
   * signal's reason. @throws RabbitSetupError when the broker refuses what it is asked for
   */
  open(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        reject(signal.reason as Error);
        void this.close();
      };
      if (signal.aborted) return onAbort();
      signal.addEventListener("abort", onAbort, { once: true });
      const done = (error?: Error): void => {
        signal.removeEventListener("abort", onAbort);
        if (error === undefined) resolve();
        else reject(error);
      };
      this.#running = this.#run(done);
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#model !== undefined) await this.#drop(this.#model, new Error("The connection was let go of."));
    await this.#running;
  }

  /** Gives the connection up and makes another. */
  async renew(reason: string): Promise<void> {
    if (this.#model === undefined) return;
    this.#init.logger.warn(`${this.#init.name}: the connection to RabbitMQ is made anew: ${reason}`);
    await this.#drop(this.#model, new Error(reason));
  }

  async #drop(model: ChannelModel, reason: Error): Promise<void> {
    const letGo = this.#letGo;
    if (!(await closed(model, this.#init.clock))) {
      // A broker that does not answer: the connection is let go of without its blessing. With an error, or those who
      // wait for an answer over one of its channels would not be told.
      (model.connection as { readonly stream?: { destroy(error: Error): void } }).stream?.destroy(reason);
    }
    letGo?.(reason);
  }

  async #run(told: (error?: Error) => void): Promise<void> {
    const { clock, logger, name, up, ready, down } = this.#init;
    const closing = this.#closing.signal;
    let failures = 0;
    let isFirst = true;
    let refusedSince: number | undefined;
    while (!closing.aborted) {
      try {
        const model = await this.#connect();
        const gone = new Promise<Error>((resolve) => {
          this.#letGo = resolve;
          model.once("close", (error?: Error) => resolve(error ?? new Error("The connection was closed.")));
        });
        this.#model = model;
        if (closing.aborted) await closed(model, clock);
        const rising = up(model);
        rising.catch(ignore);
        await Promise.race([rising, gone.then((error) => Promise.reject(error))]);
        this.#isUp = true;
        if (failures > 0) logger.info(`${name}: connected to RabbitMQ again.`);
        failures = 0;
        isFirst = false;
        told();
        ready?.();
        const error = await gone;
        this.#model = undefined;
        this.#fail(error);
        down(error);
      } catch (error) {
        this.#fail(error);
        // It may have been halfway up.
        if (this.#model !== undefined) await this.#drop(this.#model, new Error("It did not come up."));
        this.#model = undefined;
        // Once it has worked, whatever a broker says will pass: it is coming back, or being mended.
        const refusal = isFirst ? refusalOf(error, name) : undefined;
        if (refusal === undefined) refusedSince = undefined;
        else {
          refusedSince ??= clock.now();
          if (error instanceof RabbitSetupError || clock.now() - refusedSince >= BELIEVED_AFTER_MS) {
            this.#closing.abort();
            told(refusal);
            return;
          }
        }
        down(error instanceof Error ? error : new RabbitSetupError(String(error)));
      }
      if (closing.aborted) break;
      failures++;
      if (failures === 1)
        logger.warn(`${name}: RabbitMQ cannot be reached: ${this.#lastError} Trying again.`);
      await sleep(clock, delayMs(failures), closing).catch(ignore);
    }
    told();
  }

  #fail(error: unknown): void {
    this.#isUp = false;
    this.#blockedBy = undefined;
    const saying = sayingOf(error);
    this.#lastError = /[.!?]$/.test(saying) ? saying : `${saying}.`;
  }

  async #connect(): Promise<ChannelModel> {
    const { url, heartbeatSeconds, name } = this.#init;
    const address = new URL(url);
    if (!address.searchParams.has("heartbeat"))
      address.searchParams.set("heartbeat", String(heartbeatSeconds));
    const model = await connect(address.href, {
      timeout: CONNECT_MS,
      noDelay: true,
      clientProperties: { connection_name: name },
    });
    // Every error closes the connection as well: "close" is where it is dealt with.
    model.on("error", ignore);
    model.on("blocked", (reason: string) => {
      this.#blockedBy = reason;
      this.#init.logger.warn(`${name}: RabbitMQ takes nothing in: ${reason}. Updates wait until it does.`);
    });
    model.on("unblocked", () => {
      this.#blockedBy = undefined;
      this.#init.logger.info(`${name}: RabbitMQ takes updates in again.`);
    });
    return model;
  }
}

/** Doubling, each somewhere between half and all of it, so that many workers do not come back in step. */
function delayMs(failures: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS) * (0.5 + Math.random() / 2);
}

function ignore(): void {}
