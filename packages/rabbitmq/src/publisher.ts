import type { ConfirmChannel, Message, Options } from "amqplib";
import { RabbitPutError, sayingOf } from "./errors.js";

/** One message on its way to the broker. */
export interface Outgoing {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly options: Options.Publish;
}

/** Publishes with confirms: what it says is done is on the disks of a majority of the queue's nodes. */
export class Publisher {
  #channel: ConfirmChannel | undefined;
  #waiting: (() => void)[] = [];
  #isClosed = false;
  /** Serial numbers of messages that no queue took, until their confirm comes right behind. */
  readonly #returned = new Set<string>();
  #serial = 0;

  attach(channel: ConfirmChannel): void {
    channel.on("return", (message: Message) => {
      this.#returned.add(String(message.properties.correlationId));
    });
    this.#returned.clear();
    this.#channel = channel;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** What has not been confirmed yet is rejected by the channel itself. */
  detach(): void {
    this.#channel = undefined;
  }

  /** Rejects what waits for a connection, and whatever comes. */
  close(): void {
    this.#isClosed = true;
    this.detach();
    for (const go of this.#waiting.splice(0)) go();
  }

  /**
   * Resolves when the broker has confirmed every message, and waits for a connection while there is none.
   * @throws RabbitPutError when one was refused or no queue took it, and when the connection was lost: then it may be
   * there or not
   */
  send(messages: readonly Outgoing[]): Promise<void> {
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
        if (this.#isClosed) reject(putError("the bot has stopped"));
        else if (channel === undefined) this.#waiting.push(go);
        else {
          try {
            for (const message of messages) this.#publish(channel, message, confirmed);
          } catch (error) {
            reject(putError(`the channel is closed: ${sayingOf(error)}`, error));
          }
        }
      };
      go();
    });
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
