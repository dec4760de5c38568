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
 * anew, which loses nothing: only then it is written into the queue of settings that the bot is founded, and only then
 * are updates put in. One process at a time does this.
 */
export async function found(model: ChannelModel, init: FoundingInit): Promise<void> {
  const { topology, clock, signal } = init;
  while (!(await isFounded(model, topology, clock))) {
    signal.throwIfAborted();
    if (await lock(model, topology.foundingLock, clock)) {
      try {
        await foundAlone(model, init);
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

/** A queue without a leader counts as empty: yes is certain, no is not. */
function isFounded(model: ChannelModel, { settings }: Topology, clock: Clock): Promise<boolean> {
  return onChannel(model, clock, async (channel) => {
    const { messageCount } = await inTime(channel.checkQueue(settings), clock, `looking at ${settings}`);
    return messageCount > 0;
  });
}

async function foundAlone(model: ChannelModel, init: FoundingInit): Promise<void> {
  const { topology, clock, logger, signal } = init;
  const { settings, dead, queues } = topology;
  // Only its leader can say that it is empty. Closing the channel puts back what was read.
  const written = await onChannel(model, clock, (channel) =>
    inTime(channel.get(settings), clock, `reading ${settings}`),
  );
  if (written !== false) return;
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
  await sleep(clock, REGISTERED_MS, signal);
  if (!(await takesOne(model, settings, clock)))
    throw new NoAnswerError(`RabbitMQ has no leader for ${settings}.`);
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
