import type { ConfirmChannel, Message, Options } from "amqplib";
import { type Clock, sleep, type Timer } from "balekit";
import { probe } from "./envelope.js";
import { RabbitPutError, sayingOf } from "./errors.js";

/** How long to wait before a queue that has refused to be greeted is greeted again. */
const GREET_AGAIN_MS = 100;
/** A channel on which nothing is confirmed for so long, though something should be, is given up. */
const STUCK_MS = 30_000;
const LOOK_MS = 5_000;

/** One message on its way to the broker. */
export interface Outgoing {
  /** The queue it is for: it goes through the default exchange. */
  readonly queue: string;
  readonly content: Buffer;
  readonly options: Options.Publish;
}

/** What `Publisher` needs. */
export interface PublisherInit {
  readonly clock: Clock;
  /** Whether the broker takes nothing in right now: then nobody waits for it in vain. */
  readonly isBlocked: () => boolean;
  /** Told when the channel seems to be stuck: the broker owes a confirm and does not give it. */
  readonly stuck: (saying: string) => void;
}

/**
 * Publishes with confirms: what it says is done is on the disks of a majority of the queue's nodes.
 *
 * The first message of a channel to a quorum queue makes the two acquainted, and is refused when the queue has no leader,
 * as after a crash of the broker; the next one may be taken. So that no update is taken while one before it was refused,
 * the first is a message that says nothing, and updates wait until every queue has taken one.
 */
export class Publisher {
  readonly #init: PublisherInit;
  /** The channel that is being made acquainted with the queues, or is. */
  #newest: ConfirmChannel | undefined;
  /** The same, once it is. */
  #channel: ConfirmChannel | undefined;
  #waiting: (() => void)[] = [];
  #isClosed = false;
  /** Serial numbers of messages that no queue took, until their confirm comes right behind. */
  readonly #returned = new Set<string>();
  #serial = 0;
  /** Sent over the newest channel and not confirmed, and when the last confirm came or the first of them was sent. */
  #owed = 0;
  #owedSince = 0;
  #watch: Timer;

  constructor(init: PublisherInit) {
    this.#init = init;
  }

  /** Whether updates can be published right now. */
  get isReady(): boolean {
    return this.#channel !== undefined;
  }

  /** Publishes over this channel, as soon as each of the queues whose order matters has taken a probe. */
  attach(channel: ConfirmChannel, queues: readonly string[]): void {
    this.#owed = 0;
    channel.on("return", (message: Message) => {
      this.#returned.add(String(message.properties.correlationId));
    });
    this.#returned.clear();
    this.#channel = undefined;
    this.#newest = channel;
    void Promise.all(queues.map((queue) => this.#greet(channel, queue))).then(() => {
      if (this.#newest !== channel) return;
      this.#channel = channel;
      for (const go of this.#waiting.splice(0)) go();
    });
  }

  /** What has not been confirmed yet is rejected by the channel itself. */
  detach(): void {
    this.#newest = undefined;
    this.#channel = undefined;
    this.#owed = 0;
    this.#init.clock.clearTimeout(this.#watch);
    this.#watch = undefined;
  }

  /** Rejects what waits for a connection, and whatever comes. */
  close(): void {
    this.#isClosed = true;
    this.detach();
    for (const go of this.#waiting.splice(0)) go();
  }

  /**
   * Resolves when the broker has confirmed every message, and waits for a connection while there is none; what still
   * waits when `withdrawn` aborts is never published, since somebody else may have gone on from there.
   * @throws RabbitPutError when one was refused or no queue took it, and when the connection was lost: then it may be
   * there or not
   */
  send(messages: readonly Outgoing[], withdrawn?: AbortSignal): Promise<void> {
    if (messages.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      let left = messages.length;
      const confirmed = (error: unknown, returned: boolean): void => {
        if (error) reject(putError(`RabbitMQ has not confirmed: ${sayingOf(error)}`, error));
        else if (returned) {
          reject(putError("no queue takes it. Were the bot's queues deleted or unbound? Restart the bot"));
        } else if (--left === 0) resolve();
      };
      const go = (): void => {
        const channel = this.#channel;
        if (withdrawn?.aborted === true) {
          this.#waiting = this.#waiting.filter((other) => other !== go);
          reject(
            putError(
              "they waited for the connection or for the leader of a queue, and are not sent any more",
            ),
          );
        } else if (this.#isClosed) reject(putError("the bot has stopped"));
        else if (channel === undefined) this.#waiting.push(go);
        else {
          withdrawn?.removeEventListener("abort", go);
          try {
            for (const message of messages) this.#publish(channel, message, confirmed);
          } catch (error) {
            reject(putError(`the channel is closed: ${sayingOf(error)}`, error));
          }
        }
      };
      go();
      if (this.#waiting.includes(go)) withdrawn?.addEventListener("abort", go, { once: true });
    });
  }

  /** Resolves when a queue has taken a probe, or the channel is no longer the newest. */
  async #greet(channel: ConfirmChannel, queue: string): Promise<void> {
    while (this.#newest === channel) {
      const isTaken = await new Promise<boolean>((resolve) => {
        try {
          this.#publish(channel, { queue, ...probe() }, (error, returned) => resolve(!error && !returned));
        } catch {
          // The channel is closed: the next one is on its way.
          resolve(false);
        }
      });
      if (isTaken) return;
      await sleep(this.#init.clock, GREET_AGAIN_MS);
    }
  }

  #publish(
    channel: ConfirmChannel,
    { queue, content, options }: Outgoing,
    confirmed: (error: unknown, returned: boolean) => void,
  ): void {
    const serial = String(++this.#serial);
    const full = { ...options, mandatory: true, correlationId: serial };
    channel.publish("", queue, content, full, (error: unknown) => {
      if (this.#newest === channel) {
        this.#owed--;
        this.#owedSince = this.#init.clock.now();
      }
      confirmed(error, this.#returned.delete(serial));
    });
    if (this.#owed++ === 0) this.#owedSince = this.#init.clock.now();
    this.#watch ??= this.#init.clock.setTimeout(() => this.#look(), LOOK_MS);
  }

  /** A queue without a leader keeps the channel waiting, and whatever comes behind; a new one may get through. */
  #look(): void {
    const { clock, isBlocked, stuck } = this.#init;
    this.#watch = undefined;
    if (this.#owed === 0) return;
    if (isBlocked()) this.#owedSince = clock.now();
    this.#watch = clock.setTimeout(() => this.#look(), LOOK_MS);
    const waitedMs = clock.now() - this.#owedSince;
    if (waitedMs < STUCK_MS) return;
    this.#owedSince = clock.now();
    stuck(`nothing has been confirmed for ${Math.round(waitedMs / 1_000)} s.`);
  }
}

/** Says why updates are not known to be safe. */
export function putError(what: string, cause?: unknown): RabbitPutError {
  return new RabbitPutError(`Putting updates into RabbitMQ: ${what}.`, { cause });
}
