import type { Channel, ChannelModel, GetMessage } from "amqplib";
import { type Clock, type DeadUpdate, sleep, type Update } from "balekit";
import { closed } from "./closed.js";
import { decode, encode, isProbe, labelsOf, returnsOf } from "./envelope.js";
import { RabbitPutError } from "./errors.js";
import { inTime } from "./in-time.js";
import { lock } from "./lock.js";
import type { Publisher } from "./publisher.js";
import { onChannel, type Topology } from "./topology.js";

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
    await publisher.send([{ queue: topology.dead, ...encode(update, labels) }]);
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
      const message = await this.#get(channel);
      if (message === false) return;
      if (isProbe(message)) channel.ack(message);
      const dead = deadIn(message);
      if (dead !== undefined) see(message, dead);
    }
  }

  #get(channel: Channel): Promise<GetMessage | false> {
    const { topology, clock } = this.#init;
    return inTime(channel.get(topology.dead), clock, `reading ${topology.dead}`);
  }

  /** One at a time, over all processes: a message that one looks at is not seen by another. */
  async #look<Result>(work: (channel: Channel) => Promise<Result>): Promise<Result> {
    const { connect, topology, clock } = this.#init;
    const model = await connect();
    model.on("error", ignore);
    try {
      for (let tries = 1; !(await lock(model, topology.deadLock, clock)); tries++) {
        if (tries >= LOCK_TRIES)
          throw new RabbitPutError(
            "Looking at dead updates: another process has been doing so for too long.",
          );
        await sleep(clock, LOCK_PAUSE_MS);
      }
      return await onChannel(model, clock, work);
    } finally {
      await closed(model, clock);
    }
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
