import type { Channel, ChannelModel, GetMessage } from "amqplib";
import { type Clock, type DeadUpdate, sleep, type Update } from "balekit";
import { decode, encode, labelsOf, returnsOf } from "./envelope.js";
import { RabbitPutError } from "./errors.js";
import type { Publisher } from "./publisher.js";
import type { Topology } from "./topology.js";

/** The most that is looked through: what lies behind it comes into sight as the oldest are dropped or retried. */
const MOST_LISTED = 1_000;
const LONGEST_ERROR = 1_000;
const LOCK_TRIES = 100;
const LOCK_PAUSE_MS = 50;

/** What `DeadLetters` needs. */
export interface DeadLettersInit {
  readonly topology: Topology;
  readonly publisher: Publisher;
  readonly clock: Clock;
  /** Makes a connection of its own: when that is closed, what was only looked at is back in its place. */
  readonly connect: () => Promise<ChannelModel>;
}

/** The queue of updates that were set aside: nobody consumes it, and its messages can be looked at. */
export class DeadLetters {
  readonly #init: DeadLettersInit;

  constructor(init: DeadLettersInit) {
    this.#init = init;
  }

  /** Sets an update aside. Resolves when it is safe there. */
  async bury(update: Update, error: string, attempts: number): Promise<void> {
    const { topology, publisher, clock } = this.#init;
    const labels = { attempts, error: error.slice(0, LONGEST_ERROR), diedAt: clock.now() };
    await publisher.send([{ exchange: "", routingKey: topology.dead, ...encode(update, labels) }]);
  }

  /** The oldest thousand. */
  list(): Promise<readonly DeadUpdate[]> {
    return this.#look(async (channel) => {
      const found = new Map<string, DeadUpdate>();
      await this.#each(channel, (message, dead) => {
        // Set aside twice: whoever did it died before it could say so.
        if (found.has(dead.id)) channel.ack(message);
        else found.set(dead.id, dead);
      });
      return [...found.values()];
    });
  }

  /** Takes one out, once `before` has been done with it. Resolves to whether it was there. */
  take(id: string, before: (update: Update) => Promise<void> = () => Promise.resolve()): Promise<boolean> {
    return this.#look(async (channel) => {
      const messages: GetMessage[] = [];
      let update: Update | undefined;
      await this.#each(channel, (message, dead) => {
        if (dead.id !== id) return;
        messages.push(message);
        update = dead.update;
      });
      if (update === undefined) return false;
      await before(update);
      for (const message of messages) channel.ack(message);
      return true;
    });
  }

  async #each(channel: Channel, see: (message: GetMessage, dead: DeadUpdate) => void): Promise<void> {
    for (let count = 0; count < MOST_LISTED; count++) {
      const message = await channel.get(this.#init.topology.dead);
      if (message === false) return;
      const dead = deadIn(message);
      if (dead !== undefined) see(message, dead);
    }
  }

  /** One at a time, over all processes: a message that one looks at is not seen by another. */
  async #look<Result>(work: (channel: Channel) => Promise<Result>): Promise<Result> {
    const { connect, topology, clock } = this.#init;
    const model = await connect();
    model.on("error", ignore);
    try {
      for (let tries = 1; !(await lock(model, topology.deadLock)); tries++) {
        if (tries >= LOCK_TRIES)
          throw new RabbitPutError(
            "Looking at dead updates: another process has been doing so for too long.",
          );
        await sleep(clock, LOCK_PAUSE_MS);
      }
      const channel = await model.createChannel();
      channel.on("error", ignore);
      const result = await work(channel);
      await channel.close();
      return result;
    } finally {
      await model.close().catch(ignore);
    }
  }
}

/** Declares a queue that only this connection may have. Resolves to whether it could. */
export async function lock(model: ChannelModel, queue: string): Promise<boolean> {
  const channel = await model.createChannel();
  channel.on("error", ignore);
  try {
    await channel.assertQueue(queue, { exclusive: true, durable: false });
    await channel.close();
    return true;
  } catch (error) {
    if ((error as { readonly code?: number }).code === 405) return false;
    throw error;
  }
}

function deadIn(message: GetMessage): DeadUpdate | undefined {
  const update = decode(message);
  if (update === undefined) return undefined;
  const { attempts, error, diedAt } = labelsOf(message);
  return {
    id: String(update.update_id),
    update,
    attempts: attempts ?? returnsOf(message),
    error: error ?? "The broker has set it aside: it was handed out too often and never acknowledged.",
    diedAt: diedAt ?? 0,
  };
}

function ignore(): void {}
