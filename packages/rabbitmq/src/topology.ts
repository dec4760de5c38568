import type { Channel, ChannelModel } from "amqplib";
import type { Clock } from "balekit";
import { closed } from "./closed.js";
import { RabbitSetupError } from "./errors.js";
import { hashOf } from "./hash.js";
import { inTime } from "./in-time.js";

/** Redeliveries after which the broker itself sets an update aside: far beyond what this package lets happen. */
const BROKER_LIMIT = 10_000;
/** The listing of dead updates returns them to their queue each time, which counts as a delivery. */
const NO_LIMIT = 1_000_000_000;

/** The names of what one bot has in the broker. */
export interface Topology {
  /** The queues of the partitions; the last one takes payments. */
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
  readonly foundingLock: string;
  /**
   * Its length limit is the number of partitions, so that two processes that disagree about it are told. It holds a
   * message as soon as every queue has been seen to work.
   */
  readonly settings: string;
  /** An exchange that routes nothing: that it exists says the same, and says it also when no queue has a leader. */
  readonly founded: string;
  readonly partitions: number;
}

/** Names what a bot with this prefix and number of partitions has in the broker. */
export function topologyOf(prefix: string, partitions: number): Topology {
  const urgent = `${prefix}.payments`;
  const names = Array.from({ length: partitions }, (_, at) => `${prefix}.${String(at).padStart(4, "0")}`);
  return {
    queues: [...names, urgent],
    urgent,
    dead: `${prefix}.dead`,
    members: `${prefix}.members`,
    poller: `${prefix}.poller`,
    deadLock: `${prefix}.dead.lock`,
    foundingLock: `${prefix}.settings.lock`,
    settings: `${prefix}.settings`,
    founded: `${prefix}.founded`,
    partitions,
  };
}

/**
 * The queue of a lane's updates. Part of what processes of one bot agree on: each works it out by itself, because a
 * broker that starts again may build the ring of a consistent-hash exchange in another order, and so move chats.
 */
export function queueOf({ queues, partitions }: Topology, lane: string): string {
  return queues[hashOf(lane) % partitions] as string;
}

/** Makes what is missing. Safe to do again, by many processes at once. @throws RabbitSetupError for another number of partitions */
export async function declare(model: ChannelModel, topology: Topology, clock: Clock): Promise<void> {
  await onChannel(model, clock, (channel) => declareSettings(channel, topology, clock));
  await onChannel(model, clock, async (channel) => {
    const { members, dead, queues } = topology;
    const made = <Made>(name: string, making: Promise<Made>): Promise<Made> =>
      inTime(making, clock, `making ${name}`);
    await made(members, channel.assertExchange(members, "fanout", { durable: true }));
    await made(dead, assertDead(channel, topology));
    for (const queue of queues) await made(queue, assertPartition(channel, topology, queue));
  });
}

/** Makes the queue of updates that were set aside, unless it is there. */
export function assertDead(channel: Channel, { dead }: Topology): Promise<unknown> {
  return channel.assertQueue(dead, {
    durable: true,
    arguments: { "x-queue-type": "quorum", "x-delivery-limit": NO_LIMIT },
  });
}

/** Makes the queue of a partition, unless it is there. */
export function assertPartition(channel: Channel, { dead }: Topology, queue: string): Promise<unknown> {
  return channel.assertQueue(queue, {
    durable: true,
    arguments: {
      "x-queue-type": "quorum",
      "x-single-active-consumer": true,
      "x-delivery-limit": BROKER_LIMIT,
      "x-dead-letter-exchange": "",
      "x-dead-letter-routing-key": dead,
      "x-dead-letter-strategy": "at-least-once",
      "x-overflow": "reject-publish",
    },
  });
}

async function declareSettings(
  channel: Channel,
  { settings, partitions }: Topology,
  clock: Clock,
): Promise<void> {
  try {
    const made = channel.assertQueue(settings, {
      durable: true,
      arguments: { "x-queue-type": "quorum", "x-max-length": partitions },
    });
    await inTime(made, clock, `making ${settings}`);
  } catch (error) {
    const current = /current is '(\d+)'/.exec(String(error))?.[1];
    if (current === undefined) throw error;
    throw new RabbitSetupError(
      `rabbitInbox: partitions is ${partitions}, and this bot was first started with ${current}. Give ${current}; or another prefix, once nothing is left under this one.`,
      { cause: error },
    );
  }
}

/** Does something on a channel of its own, which is gone afterwards, however that ends. */
export async function onChannel<Result>(
  model: ChannelModel,
  clock: Clock,
  work: (channel: Channel) => Promise<Result>,
): Promise<Result> {
  const channel = await inTime(model.createChannel(), clock, "opening a channel");
  // What goes wrong is what `work` rejects with.
  channel.on("error", ignore);
  try {
    return await work(channel);
  } finally {
    await closed(channel, clock);
  }
}

function ignore(): void {}
