import { EventEmitter } from "node:events";
import type { ConfirmChannel, Options } from "amqplib";
import { type Clock, manualClock, systemClock } from "balekit";
import { expect, test } from "vitest";
import { encode } from "../src/envelope.js";
import { type Outgoing, Publisher, type PublisherInit } from "../src/publisher.js";
import { until, updateOf } from "./working-host.js";

/**
 * A channel as RabbitMQ 3.10 behaves to a quorum queue: until one message was taken, each is refused while the queue has
 * no leader, one after another; from then on all are taken, in order.
 */
class Channel extends EventEmitter {
  /** What each queue took, by message id; a probe has none. */
  readonly taken: string[] = [];
  readonly #leaderless: Map<string, number>;
  readonly #acquainted = new Set<string>();

  /** @param leaderless how many messages a queue refuses before it has a leader */
  constructor(leaderless: Readonly<Record<string, number>>) {
    super();
    this.#leaderless = new Map(Object.entries(leaderless));
  }

  publish(
    _exchange: string,
    queue: string,
    _content: Buffer,
    options: Options.Publish,
    told: (error: unknown) => void,
  ): boolean {
    const refusals = this.#leaderless.get(queue) ?? 0;
    const isTaken = this.#acquainted.has(queue) || refusals === 0;
    if (isTaken) {
      this.#acquainted.add(queue);
      if (options.messageId !== undefined) this.taken.push(`${queue}:${options.messageId}`);
    } else this.#leaderless.set(queue, refusals - 1);
    setImmediate(() => told(isTaken ? null : new Error("message nacked")));
    return true;
  }
}

const asChannel = (channel: Channel): ConfirmChannel => channel as unknown as ConfirmChannel;

const publisherOf = (init: Partial<PublisherInit> = {}): Publisher =>
  new Publisher({ clock: systemClock, isBlocked: () => false, stuck: () => undefined, ...init });

const messagesOf = (...ids: number[]): Outgoing[] =>
  ids.map((id) => ({ queue: id % 2 === 0 ? "even" : "odd", ...encode(updateOf(id, 1)) }));

test("no update is taken by a queue that has refused one before it, as a queue without a leader does", async () => {
  const channel = new Channel({ odd: 2, even: 1 });
  const publisher = publisherOf();
  const sending = publisher.send(messagesOf(1, 3, 5, 2));
  publisher.attach(asChannel(channel), ["odd", "even"]);
  expect(publisher.isReady).toBe(false);
  await sending;
  await publisher.send(messagesOf(4, 7));
  expect(publisher.isReady).toBe(true);
  expect(channel.taken.filter((id) => id.startsWith("odd"))).toEqual(["odd:1", "odd:3", "odd:5", "odd:7"]);
  expect(channel.taken.filter((id) => id.startsWith("even"))).toEqual(["even:2", "even:4"]);
});

test("a channel that goes before its queues had leaders is forgotten, and what waits goes over the next", async () => {
  const first = new Channel({ odd: Number.POSITIVE_INFINITY });
  const second = new Channel({});
  const publisher = publisherOf();
  publisher.attach(asChannel(first), ["odd"]);
  const sending = publisher.send(messagesOf(1, 3));
  await new Promise((resolve) => setTimeout(resolve, 20));
  publisher.detach();
  publisher.attach(asChannel(second), ["odd"]);
  await sending;
  expect(first.taken).toEqual([]);
  expect(second.taken).toEqual(["odd:1", "odd:3"]);
});

test("what was withdrawn while it waited is never published; what was sent already is waited for all the same", async () => {
  const publisher = publisherOf();
  const withdrawal = new AbortController();
  const waiting = publisher.send(messagesOf(1, 3), withdrawal.signal);
  withdrawal.abort();
  await expect(waiting).rejects.toMatchObject({ code: "ERR_BALE_RABBITMQ_PUT" });
  const channel = new Channel({});
  publisher.attach(asChannel(channel), ["odd"]);
  const late = new AbortController();
  const sending = publisher.send(messagesOf(5), late.signal);
  await until(() => channel.taken.length > 0);
  late.abort();
  await sending;
  expect(channel.taken).toEqual(["odd:5"]);
});

test("what waits for the queues is refused when the bot stops", async () => {
  const publisher = publisherOf();
  publisher.attach(asChannel(new Channel({ odd: Number.POSITIVE_INFINITY })), ["odd"]);
  const sending = publisher.send(messagesOf(1));
  publisher.close();
  await expect(sending).rejects.toMatchObject({ code: "ERR_BALE_RABBITMQ_PUT" });
});

test("updates that are put in after a refused start keep their order also when they are put in again", async () => {
  const channel = new Channel({ odd: 3 });
  const publisher = publisherOf();
  publisher.attach(asChannel(channel), ["odd"]);
  for (const batch of [messagesOf(1, 3, 5), messagesOf(5, 7)]) {
    let isSafe = false;
    await until(async () => {
      isSafe = await publisher.send(batch).then(
        () => true,
        () => false,
      );
      return isSafe;
    });
  }
  expect([...new Set(channel.taken)]).toEqual(["odd:1", "odd:3", "odd:5", "odd:7"]);
});

test("a channel that owes a confirm for half a minute is called stuck, unless the broker takes nothing in", async () => {
  const clock = manualClock();
  const stuck: string[] = [];
  let isBlocked = true;
  const publisher = publisherOf({
    clock: clock as Clock,
    isBlocked: () => isBlocked,
    stuck: (saying) => stuck.push(saying),
  });
  const channel = new Channel({});
  channel.publish = () => true;
  publisher.attach(asChannel(channel), []);
  const sending = publisher.send(messagesOf(1));
  sending.catch(() => undefined);
  await clock.advance(120_000);
  expect(stuck).toEqual([]);
  isBlocked = false;
  await clock.advance(25_000);
  expect(stuck).toEqual([]);
  await clock.advance(10_000);
  expect(stuck).toEqual([expect.stringContaining("nothing has been confirmed")]);
  publisher.detach();
  await clock.advance(120_000);
  expect(stuck).toHaveLength(1);
});
