import type { ConsumeMessage } from "amqplib";
import { type Clock, sleep } from "balekit";
import type { Link } from "./link.js";
import type { Publisher } from "./publisher.js";
import { onChannel } from "./topology.js";

/** After so many returns an update is watched. Most who get so far were only near something else. */
const SUSPICIOUS_RETURNS = 3;
/** How often a worker may die while a suspect is what it has begun. */
export const MOST_DEATHS = 3;
/** What brings a process down does so at once or keeps it from doing anything else; who lasts so long may have company. */
const ALONE_MS = 1_000;

/** What `Suspects` needs. */
export interface SuspectsInit {
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
      const deaths = await this.#mark(`${queue}.suspect`, id).catch(() => 0);
      const isOver = new AbortController();
      await Promise.race([begin(deaths), sleep(this.#init.clock, ALONE_MS, isOver.signal).catch(ignore)]);
      isOver.abort();
    });
    this.#last = turn.catch(ignore);
    return turn.catch(ignore);
  }

  /** Counts a beginning in a queue of one message, whose newest pushes the older out; answers how many there were before. */
  async #mark(queue: string, id: string): Promise<number> {
    const { link, publisher } = this.#init;
    const { model } = link;
    if (model === undefined) return 0;
    return onChannel(model, async (channel) => {
      await channel.assertQueue(queue, {
        durable: true,
        arguments: { "x-queue-type": "quorum", "x-max-length": 1, "x-overflow": "drop-head" },
      });
      const old = await channel.get(queue);
      const before = old === false || !isOf(old, id) ? 0 : Number(old.properties.headers?.["begun"] ?? 0);
      const options = { persistent: true, messageId: id, headers: { begun: before + 1 } };
      await publisher.send([{ exchange: "", routingKey: queue, content: Buffer.alloc(0), options }]);
      if (old !== false) channel.ack(old);
      return before;
    });
  }
}

function isOf({ properties }: Pick<ConsumeMessage, "properties">, id: string): boolean {
  return properties.messageId === id;
}

function ignore(): void {}
