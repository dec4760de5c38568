import type { ConfirmChannel, Message, Options } from "amqplib";
import { type Clock, sleep } from "balekit";
import { probe } from "./envelope.js";
import { RabbitPutError, sayingOf } from "./errors.js";

/** How long to wait before a queue that has refused to be greeted is greeted again. */
const GREET_AGAIN_MS = 100;

/** One message on its way to the broker. */
export interface Outgoing {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly options: Options.Publish;
}

/**
 * Publishes with confirms: what it says is done is on the disks of a majority of the queue's nodes.
 *
 * The first message of a channel to a quorum queue makes the two acquainted, and is refused when the queue has no leader,
 * as after a crash of the broker; the next one may be taken. So that no update is taken while one before it was refused,
 * the first is a message that says nothing, and updates wait until every queue has taken one.
 */
export class Publisher {
  readonly #clock: Clock;
  /** The channel that is being made acquainted with the queues, or is. */
  #newest: ConfirmChannel | undefined;
  /** The same, once it is. */
  #channel: ConfirmChannel | undefined;
  #waiting: (() => void)[] = [];
  #isClosed = false;
  /** Serial numbers of messages that no queue took, until their confirm comes right behind. */
  readonly #returned = new Set<string>();
  #serial = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether updates can be published right now. */
  get isReady(): boolean {
    return this.#channel !== undefined;
  }

  /** Publishes over this channel, as soon as each of the queues whose order matters has taken a probe. */
  attach(channel: ConfirmChannel, queues: readonly string[]): void {
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
          this.#publish(channel, { exchange: "", routingKey: queue, ...probe() }, (error, returned) =>
            resolve(!error && !returned),
          );
        } catch {
          // The channel is closed: the next one is on its way.
          resolve(false);
        }
      });
      if (isTaken) return;
      await sleep(this.#clock, GREET_AGAIN_MS);
    }
  }

  #publish(
    channel: ConfirmChannel,
    { exchange, routingKey, content, options }: Outgoing,
    confirmed: (error: unknown, returned: boolean) => void,
  ): void {
    const serial = String(++this.#serial);
    const full = { ...options, mandatory: true, correlationId: serial };
    channel.publish(exchange, routingKey, content, full, (error: unknown) =>
      confirmed(error, this.#returned.delete(serial)),
    );
  }
}

/** Says why updates are not known to be safe. */
export function putError(what: string, cause?: unknown): RabbitPutError {
  return new RabbitPutError(`Putting updates into RabbitMQ: ${what}.`, { cause });
}
