import type { Channel, ChannelModel } from "amqplib";
import { RabbitSetupError } from "./errors.js";

/** Redeliveries after which the broker itself sets an update aside: far beyond what this package lets happen. */
const BROKER_LIMIT = 10_000;
/** The listing of dead updates returns them to their queue each time, which counts as a delivery. */
const NO_LIMIT = 1_000_000_000;

/** The names of what one bot has in the broker. */
export interface Topology {
  /** A consistent-hash exchange: an update goes in by its lane, and so every update of a lane into one partition. */
  readonly exchange: string;
  /** The queues of the partitions, in the order they are bound; the last one takes payments and is not bound. */
  readonly queues: readonly string[];
  /** The queue for payments: Bale gives each ten seconds, so they wait behind no chat. */
  readonly urgent: string;
  /** Updates that were set aside. */
  readonly dead: string;
  /** A fanout exchange through which workers know of each other. */
  readonly members: string;
  /** Exclusive queues: whoever declared one holds what it stands for, for as long as its connection lasts. */
  readonly poller: string;
  readonly deadLock: string;
  /** Its length limit is the number of partitions, so that two processes that disagree about it are told. */
  readonly settings: string;
  readonly partitions: number;
}

/** Names what a bot with this prefix and number of partitions has in the broker. */
export function topologyOf(prefix: string, partitions: number): Topology {
  const urgent = `${prefix}.payments`;
  // Numbered so that they sort in the order they are bound in: a broker that restarts binds them again as they sort,
  // and in another order nearly every chat would move to another partition.
  const names = Array.from({ length: partitions }, (_, at) => `${prefix}.${String(at).padStart(4, "0")}`);
  return {
    exchange: `${prefix}.updates`,
    queues: [...names, urgent],
    urgent,
    dead: `${prefix}.dead`,
    members: `${prefix}.members`,
    poller: `${prefix}.poller`,
    deadLock: `${prefix}.dead.lock`,
    settings: `${prefix}.settings`,
    partitions,
  };
}

/** Makes what is missing. Safe to do again, by many processes at once. @throws RabbitSetupError for another number of partitions */
export async function declare(model: ChannelModel, topology: Topology): Promise<void> {
  await onChannel(model, (channel) => declareSettings(channel, topology));
  await onChannel(model, async (channel) => {
    await channel.assertExchange(topology.exchange, "x-consistent-hash", { durable: true });
    await channel.assertExchange(topology.members, "fanout", { durable: true });
    await channel.assertQueue(topology.dead, {
      durable: true,
      arguments: { "x-queue-type": "quorum", "x-delivery-limit": NO_LIMIT },
    });
    for (const queue of topology.queues) {
      await channel.assertQueue(queue, {
        durable: true,
        arguments: {
          "x-queue-type": "quorum",
          "x-single-active-consumer": true,
          "x-delivery-limit": BROKER_LIMIT,
          "x-dead-letter-exchange": "",
          "x-dead-letter-routing-key": topology.dead,
          "x-dead-letter-strategy": "at-least-once",
          "x-overflow": "reject-publish",
        },
      });
      if (queue !== topology.urgent) await channel.bindQueue(queue, topology.exchange, "1");
    }
  });
}

async function declareSettings(channel: Channel, { settings, partitions }: Topology): Promise<void> {
  try {
    await channel.assertQueue(settings, {
      durable: true,
      arguments: { "x-queue-type": "quorum", "x-max-length": partitions },
    });
  } catch (error) {
    const current = /current is '(\d+)'/.exec(String(error))?.[1];
    if (current === undefined) throw error;
    throw new RabbitSetupError(
      `rabbitInbox: partitions is ${partitions}, and this bot was first started with ${current}. Give ${current}; or another prefix, once nothing is left under this one.`,
      { cause: error },
    );
  }
}

/** Does something on a channel of its own. */
export async function onChannel<Result>(
  model: ChannelModel,
  work: (channel: Channel) => Promise<Result>,
): Promise<Result> {
  const channel = await model.createChannel();
  // What goes wrong is what `work` rejects with.
  channel.on("error", ignore);
  const result = await work(channel);
  await channel.close();
  return result;
}

function ignore(): void {}
