import type { Channel, ChannelModel, ConfirmChannel } from "amqplib";
import { type Clock, type Logger, sleep } from "balekit";
import { closed } from "./closed.js";
import { probe } from "./envelope.js";
import { inTime, NoAnswerError } from "./in-time.js";
import { lock } from "./lock.js";
import { assertDead, assertPartition, onChannel, type Topology } from "./topology.js";

/** How long a queue that is to take its first message may be without a leader. A new one has its leader in no time. */
const FIRST_LEADER_MS = 10_000;
const WAIT_MS = 200;
/** RabbitMQ keeps for three seconds in memory only which log belongs to a new queue. */
const REGISTERED_MS = 5_000;

/** What `found` needs. */
export interface FoundingInit {
  readonly topology: Topology;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborts when the bot stops, or the connection is gone. */
  readonly signal: AbortSignal;
}

/**
 * Sees once, before the first update is put in, that every queue has come to stay. A broker that is killed a moment after
 * it made a quorum queue may know the queue afterwards and have lost its log, with all that was confirmed; RabbitMQ 3.10
 * never elects a leader for such a one. So the queues are watched for longer than that, and one without a leader is made
 * anew, which loses nothing: only then the bot is marked as founded, and only then are updates put in. One process at a
 * time does this, and nobody ever again: a queue with updates in it may be without a leader for long after a crash.
 */
export async function found(model: ChannelModel, init: FoundingInit): Promise<void> {
  const { topology, clock, signal } = init;
  while (!(await isMarked(model, topology, clock))) {
    signal.throwIfAborted();
    if (await lock(model, topology.foundingLock, clock)) {
      try {
        // Whoever held the lock before may have done it all.
        if (!(await isMarked(model, topology, clock))) await foundAlone(model, init);
      } finally {
        await onChannel(model, clock, (channel) =>
          inTime(channel.deleteQueue(topology.foundingLock), clock, `deleting ${topology.foundingLock}`),
        );
      }
      return;
    }
    await sleep(clock, WAIT_MS, signal);
  }
}

async function isMarked(model: ChannelModel, { founded }: Topology, clock: Clock): Promise<boolean> {
  try {
    await onChannel(model, clock, (channel) =>
      inTime(channel.checkExchange(founded), clock, `looking for ${founded}`),
    );
    return true;
  } catch (error) {
    if ((error as { readonly code?: number }).code === 404) return false;
    throw error;
  }
}

async function foundAlone(model: ChannelModel, init: FoundingInit): Promise<void> {
  const { topology, clock, signal } = init;
  const { settings, founded } = topology;
  // Only its leader can say that it is empty. There is a message where whoever wrote it died before it set the mark.
  const written = await onChannel(model, clock, async (channel) => {
    const message = await inTime(channel.get(settings), clock, `reading ${settings}`);
    if (message !== false) channel.nack(message);
    return message !== false;
  });
  if (!written) {
    await seeAllTake(model, init);
    await sleep(clock, REGISTERED_MS, signal);
    if (!(await takesOne(model, settings, clock)))
      throw new NoAnswerError(`RabbitMQ has no leader for ${settings}.`);
  }
  await onChannel(model, clock, (channel) =>
    inTime(channel.assertExchange(founded, "fanout", { durable: true }), clock, `making ${founded}`),
  );
}

/** Lets every queue take a message, and makes those anew that do not. Nothing can be in them yet. */
async function seeAllTake(model: ChannelModel, { topology, clock, logger }: FoundingInit): Promise<void> {
  const { dead, queues } = topology;
  for (const queue of [dead, ...queues]) {
    if (await takesOne(model, queue, clock)) continue;
    logger.warn(`RabbitMQ has no leader for ${queue}, which is new: it is made anew.`);
    await onChannel(model, clock, async (channel: Channel) => {
      await inTime(channel.deleteQueue(queue), clock, `deleting ${queue}`);
      const made = queue === dead ? assertDead(channel, topology) : assertPartition(channel, topology, queue);
      await inTime(made, clock, `making ${queue}`);
    });
    if (!(await takesOne(model, queue, clock))) {
      throw new NoAnswerError(`RabbitMQ has no leader for ${queue}, also now that it was made anew.`);
    }
  }
}

/** Whether a queue takes a message in time. */
async function takesOne(model: ChannelModel, queue: string, clock: Clock): Promise<boolean> {
  const channel = await inTime(model.createConfirmChannel(), clock, "opening a channel");
  channel.on("error", ignore);
  try {
    const isOver = clock.now() + FIRST_LEADER_MS;
    do {
      const taking = taken(channel, queue);
      const isTaken = await inTime(taking, clock, `writing to ${queue}`, FIRST_LEADER_MS).catch(
        () => undefined,
      );
      if (isTaken !== false) return isTaken === true;
      await sleep(clock, WAIT_MS);
    } while (clock.now() < isOver);
    return false;
  } finally {
    await closed(channel, clock);
  }
}

function taken(channel: ConfirmChannel, queue: string): Promise<boolean> {
  const { content, options } = probe();
  return new Promise((resolve) => {
    channel.publish("", queue, content, { ...options, persistent: true }, (error: unknown) =>
      resolve(!error),
    );
  });
}

function ignore(): void {}
