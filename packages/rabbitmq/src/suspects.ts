import type { ChannelModel, ConsumeMessage } from "amqplib";
import { type Clock, sleep } from "balekit";
import { inTime, NoAnswerError } from "./in-time.js";
import type { Link } from "./link.js";
import type { Publisher } from "./publisher.js";
import { onChannel } from "./topology.js";

/** After so many returns an update is watched, which is slow. Most who get so far were only near something else. */
const SUSPICIOUS_RETURNS = 4;
/** How often a worker may die while a suspect is what it has begun. */
export const MOST_DEATHS = 3;
/** What brings a process down does so at once or keeps it from doing anything else; who lasts so long may have company. */
const ALONE_MS = 1_000;

/** What `Suspects` needs. */
export interface SuspectsInit {
  /** Names this worker. */
  readonly id: string;
  readonly link: Link;
  readonly publisher: Publisher;
  readonly clock: Clock;
}

/**
 * Finds out which update brings workers down. The broker counts returns, and counts them for everything a dead worker
 * had been handed; so what has come back often is begun alone, and that it was begun is written down before.
 */
export class Suspects {
  readonly #init: SuspectsInit;
  #last: Promise<unknown> = Promise.resolve();
  /** What was written down last for each queue. */
  readonly #written = new Map<string, string>();

  constructor(init: SuspectsInit) {
    this.#init = init;
  }

  /** Whether an update with so many returns is one. */
  isOne(returns: number): boolean {
    return returns >= SUSPICIOUS_RETURNS;
  }

  /** Waits for earlier suspects, writes down that this one begins, and begins it, told how many workers have died of it. */
  watch(queue: string, id: string, begin: (deaths: number) => Promise<unknown>): Promise<void> {
    const turn = this.#last.then(async () => {
      this.#written.set(queue, id);
      const deaths = await this.#mark(`${queue}.suspect`, id).catch(() => 0);
      const isOver = new AbortController();
      await Promise.race([begin(deaths), sleep(this.#init.clock, ALONE_MS, isOver.signal).catch(ignore)]);
      isOver.abort();
    });
    this.#last = turn.catch(ignore);
    return turn.catch(ignore);
  }

  /**
   * Takes back that a suspect has begun: it came to nothing and this worker lives, as when it was the broker that died.
   * Does its best; one who is wronged for once is not set aside for it.
   */
  clear(queue: string, id: string): Promise<void> {
    // In turn: the next one to begin must not read what is about to be taken back.
    const cleared = this.#last.then(async () => {
      // Another has been written over it: that one's note must stand.
      if (this.#written.get(queue) !== id) return;
      this.#written.delete(queue);
      await this.#write(`${queue}.suspect`, id, 0);
    });
    this.#last = cleared.catch(ignore);
    return cleared.catch(ignore);
  }

  /** Counts a beginning in a queue of one message, whose newest pushes the older out; answers how many there were before. */
  async #mark(queue: string, id: string): Promise<number> {
    const { link, clock } = this.#init;
    const { model } = link;
    if (model === undefined) return 0;
    try {
      return await this.#count(model, queue, id);
    } catch (error) {
      // A broker killed in the moment it made the queue never gives it a leader. There are only notes in it.
      if (error instanceof NoAnswerError) {
        await onChannel(model, clock, (channel) =>
          inTime(channel.deleteQueue(queue), clock, `deleting ${queue}`),
        );
      }
      throw error;
    }
  }

  #count(model: ChannelModel, queue: string, id: string): Promise<number> {
    const { clock } = this.#init;
    return onChannel(model, clock, async (channel) => {
      const made = channel.assertQueue(queue, {
        durable: true,
        arguments: { "x-queue-type": "quorum", "x-max-length": 1, "x-overflow": "drop-head" },
      });
      await inTime(made, clock, `making ${queue}`);
      const old = await inTime(channel.get(queue), clock, `reading ${queue}`);
      const before = old === false || !isOf(old, id) ? 0 : this.#deathsIn(old);
      await this.#write(queue, id, before + 1);
      if (old !== false) channel.ack(old);
      return before;
    });
  }

  /** How many workers had begun it and are not known to live: what this one began itself has not brought it down. */
  #deathsIn({ properties: { headers } }: Pick<ConsumeMessage, "properties">): number {
    const begun = Number(headers?.["begun"] ?? 0);
    return headers?.["by"] === this.#init.id ? Math.max(0, begun - 1) : begun;
  }

  #write(queue: string, id: string, begun: number): Promise<void> {
    const { id: by, publisher, clock } = this.#init;
    const options = { persistent: true, messageId: id, headers: { begun, by } };
    const sent = publisher.send([{ queue, content: Buffer.alloc(0), options }]);
    return inTime(sent, clock, `writing to ${queue}`);
  }
}

function isOf({ properties }: Pick<ConsumeMessage, "properties">, id: string): boolean {
  return properties.messageId === id;
}

function ignore(): void {}
