import { EventEmitter } from "node:events";
import type { ChannelModel } from "amqplib";
import { type ManualClock, manualClock } from "balekit";
import { expect, test } from "vitest";
import { Partition } from "../src/partition.js";

/** A channel to a broker whose queue has no leader, until it is given one: `consume` is not answered. */
class Channel extends EventEmitter {
  isClosed = false;
  readonly #hasLeader: boolean;

  constructor(hasLeader: boolean) {
    super();
    this.#hasLeader = hasLeader;
  }

  prefetch(): Promise<void> {
    return Promise.resolve();
  }

  consume(): Promise<void> {
    return this.#hasLeader ? Promise.resolve() : new Promise(() => undefined);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.emit("close");
  }
}

function partitionOn(clock: ManualClock, channels: Channel[]) {
  const opened: Channel[] = [];
  const model = {
    createChannel: async () => {
      const channel = channels.shift() as Channel;
      opened.push(channel);
      return channel;
    },
  } as unknown as ChannelModel;
  const ignore = (): void => undefined;
  const init = { queue: "q", prefetch: 1, clock, take: () => undefined, moved: ignore, changed: ignore };
  return { partition: new Partition(init), model, opened };
}

test("a partition whose queue does not answer is off again after a while, and its channel closed; then it can be tried anew", async () => {
  const clock = manualClock();
  const { partition, model, opened } = partitionOn(clock, [new Channel(false), new Channel(true)]);
  const failing = partition.listen(model);
  const failure = expect(failing).rejects.toThrow(/not answered within .* listening to q/);
  await clock.advance(10_000);
  expect(partition.isOff).toBe(false);
  await clock.advance(60_000);
  await failure;
  expect(partition.isOff).toBe(true);
  expect(opened[0]?.isClosed).toBe(true);
  await partition.listen(model);
  expect(partition.listens).toBe(true);
  expect(opened[1]?.isClosed).toBe(false);
});

test("a partition that lost its connection while it asked to listen does not disturb the next attempt", async () => {
  const clock = manualClock();
  const { partition, model, opened } = partitionOn(clock, [new Channel(false), new Channel(true)]);
  const first = partition.listen(model).catch((error: unknown) => error);
  await clock.advance(1);
  partition.detach();
  await partition.listen(model);
  await clock.advance(60_000);
  expect(await first).toBeInstanceOf(Error);
  expect(opened[0]?.isClosed).toBe(true);
  expect(partition.listens).toBe(true);
  expect(opened[1]?.isClosed).toBe(false);
});
