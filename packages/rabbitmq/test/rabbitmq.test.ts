import { connect } from "amqplib";
import { type InboxEntry, type PollClaim, systemClock, type Update } from "balekit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type RabbitServer, startRabbit } from "../../../test/servers/rabbitmq.js";
import { LostClaimError, rabbitInbox } from "../src/index.js";
import { paymentOf, until, updateOf, type WorkingHost, work } from "./working-host.js";

// A broker on a machine that has much else to do takes its time.
vi.setConfig({ testTimeout: 300_000 });

let rabbit: RabbitServer;
let tests = 0;

beforeAll(async () => {
  rabbit = await startRabbit();
}, 300_000);
afterAll(() => rabbit?.server.close());

/** Queues of its own for each test, in one broker. */
const fresh = (): { url: string; prefix: string } => ({ url: rabbit.url, prefix: `test.${++tests}` });

const ids = (entries: readonly InboxEntry[]): number[] => entries.map(({ update }) => update.update_id);

/** How many messages lie in the bot's queues, handed out or not. */
async function left(prefix: string, queues = 5): Promise<number> {
  const connection = await connect(rabbit.url);
  const channel = await connection.createChannel();
  let count = 0;
  for (let at = 0; at < queues - 1; at++) {
    count += (await channel.checkQueue(`${prefix}.${String(at).padStart(4, "0")}`)).messageCount;
  }
  count += (await channel.checkQueue(`${prefix}.payments`)).messageCount;
  await connection.close();
  return count;
}

/** For each chat, the updates in the order they were handled. */
function byChat(entries: readonly InboxEntry[]): Map<number, number[]> {
  const chats = new Map<number, number[]>();
  for (const { update } of entries) {
    const chat = update.message?.chat.id ?? 0;
    chats.set(chat, [...(chats.get(chat) ?? []), update.update_id]);
  }
  return chats;
}

const isRising = (numbers: readonly number[]): boolean =>
  numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));

test("what is put in is handled once, in the order of each chat, one at a time, and then is gone", async () => {
  const where = fresh();
  const seen: InboxEntry[] = [];
  const busy = new Set<number>();
  const { inbox } = await work({
    ...where,
    partitions: 4,
    handler: async (entry) => {
      const chat = entry.update.message?.chat.id ?? 0;
      expect(busy.has(chat)).toBe(false);
      busy.add(chat);
      seen.push(entry);
      await new Promise((resolve) => setTimeout(resolve, chat % 3));
      busy.delete(chat);
    },
  });
  const updates = Array.from({ length: 600 }, (_, at) => updateOf(at + 1, 1 + (at % 20)));
  for (let at = 0; at < 600; at += 100) await inbox.put(updates.slice(at, at + 100));
  await inbox.put([paymentOf(601)]);
  await until(() => seen.length >= 601);
  expect(new Set(ids(seen)).size).toBe(601);
  expect([...byChat(seen).values()].every(isRising)).toBe(true);
  await until(async () => (await left(where.prefix)) === 0);
  expect(inbox.health()).toMatchObject({ state: "ok" });
});

test("copies of an update are handled once: put in twice by one process, or by two", async () => {
  const where = fresh();
  const seen: InboxEntry[] = [];
  const one = await work({ ...where, partitions: 4, handler: (entry) => seen.push(entry) });
  const other = await work({ ...where, partitions: 4, role: "ingest" });
  await Promise.all([one.inbox.put([updateOf(1, 1)]), one.inbox.put([updateOf(1, 1)])]);
  await other.inbox.put([updateOf(1, 1)]);
  await until(() => seen.length > 0);
  await other.inbox.put([updateOf(1, 1), updateOf(2, 1)]);
  await until(() => ids(seen).includes(2));
  expect(ids(seen)).toEqual([1, 2]);
});

test("what fails for the last time is set aside with its error, can be handed out once more, and dropped", async () => {
  const where = fresh();
  let isMended = false;
  const tried: number[] = [];
  const { inbox } = await work({
    ...where,
    partitions: 4,
    attempts: 3,
    handler: ({ update }) => {
      tried.push(update.update_id);
      if (update.update_id < 3 && !isMended) throw new Error("خراب است");
    },
  });
  await inbox.put([updateOf(1, 1), updateOf(2, 1), updateOf(3, 1)]);
  await until(() => tried.includes(3));
  expect(tried).toEqual([1, 1, 1, 2, 2, 2, 3]);
  const dead = await inbox.dead();
  expect(dead.map(({ id, attempts, error }) => [id, attempts, error])).toEqual([
    ["1", 3, "Error: خراب است"],
    ["2", 3, "Error: خراب است"],
  ]);
  expect(dead[0]?.update).toEqual(updateOf(1, 1));
  expect(dead[0]?.diedAt).toBeGreaterThan(Date.now() - 60_000);
  isMended = true;
  expect(await inbox.retry("1")).toBe(true);
  await until(() => tried.length === 8);
  expect(await inbox.drop("2")).toBe(true);
  expect(await inbox.drop("2")).toBe(false);
  expect(await inbox.retry("1")).toBe(false);
  expect(await inbox.dead()).toEqual([]);
  expect(tried.at(-1)).toBe(1);
});

test("partitions are spread evenly over the workers that are there, and order is kept while they come and go", async () => {
  const where = fresh();
  const seen: InboxEntry[] = [];
  const busy = new Set<number>();
  const overlaps: number[] = [];
  const handler = async (entry: InboxEntry): Promise<void> => {
    const chat = entry.update.message?.chat.id ?? 0;
    if (busy.has(chat)) overlaps.push(entry.update.update_id);
    busy.add(chat);
    seen.push(entry);
    await new Promise((resolve) => setTimeout(resolve, 1 + (entry.update.update_id % 4)));
    busy.delete(chat);
  };
  const { inbox } = await work({ ...where, partitions: 16, role: "ingest" });
  const workers: WorkingHost[] = [];
  const isEven = (): boolean => {
    const loads = workers.map((worker) => worker.inbox.partitions.length);
    const all = new Set(workers.flatMap((worker) => worker.inbox.partitions));
    return (
      all.size === 17 &&
      loads.reduce((sum, load) => sum + load, 0) === 17 &&
      Math.max(...loads) - Math.min(...loads) <= 1
    );
  };
  let count = 0;
  const sending = { isDone: false };
  const flow = (async () => {
    while (!sending.isDone) {
      await inbox.put(Array.from({ length: 20 }, () => updateOf(++count, count % 50)));
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  })();
  for (let joined = 0; joined < 3; joined++) {
    workers.push(await work({ ...where, partitions: 16, handler }));
    await until(isEven);
  }
  await workers.shift()?.stop();
  await until(isEven);
  workers.push(await work({ ...where, partitions: 16, handler }));
  await until(isEven);
  sending.isDone = true;
  await flow;
  await until(() => seen.length >= count);
  expect(overlaps).toEqual([]);
  expect(new Set(ids(seen)).size).toBe(count);
  expect(seen).toHaveLength(count);
  expect([...byChat(seen).values()].every(isRising)).toBe(true);
});

test("a payment is as old as it is, whatever the clock of the machine shows that has put it in", async () => {
  const where = fresh();
  const ahead = { ...systemClock, now: () => systemClock.now() + 40_000 };
  const seen: InboxEntry[] = [];
  const { inbox } = await work({ ...where, partitions: 1, role: "ingest" });
  await work({ ...where, partitions: 1, role: "work", clock: ahead, handler: (entry) => seen.push(entry) });
  const began = ahead.now();
  await inbox.put([paymentOf(1)]);
  await until(() => seen.length === 1);
  expect(seen[0]?.takenAt).toBeGreaterThanOrEqual(began);
  expect(seen[0]?.takenAt).toBeLessThanOrEqual(ahead.now());
});

test("a number of partitions other than the first is refused, and says which it was", async () => {
  const where = fresh();
  await work({ ...where, partitions: 4 });
  await expect(work({ ...where, partitions: 8 })).rejects.toThrow(
    expect.objectContaining({
      code: "ERR_BALE_RABBITMQ_SETUP",
      message: expect.stringContaining("first started with 4"),
    }),
  );
});

test("a wrong password is said at once, and is not in the message", async () => {
  const url = rabbit.url.replace("guest:guest", "guest:geheim77");
  const opening = work({ url, prefix: "test.password" });
  await expect(opening).rejects.toMatchObject({ code: "ERR_BALE_RABBITMQ_SETUP" });
  await expect(opening).rejects.not.toThrow(/geheim77/);
});

test("options that cannot work are refused where they are given", () => {
  const misuse = expect.objectContaining({ code: "ERR_BALE_OPTION" });
  expect(() => rabbitInbox("http://localhost")).toThrow(misuse);
  expect(() => rabbitInbox("amqp://localhost", { partitions: 0 })).toThrow(misuse);
  expect(() => rabbitInbox("amqp://localhost", { prefetch: 1.5 })).toThrow(misuse);
  expect(() => rabbitInbox("amqp://localhost", { prefix: "a b" })).toThrow(misuse);
});

test("one process at a time may poll; the next may as soon as it lets go", async () => {
  const where = fresh();
  const one = await work({ ...where, partitions: 1, role: "ingest" });
  const other = await work({ ...where, partitions: 1, role: "ingest" });
  const signal = new AbortController().signal;
  const first = await one.inbox.claim?.(signal);
  let second: PollClaim | undefined;
  const claiming = other.inbox.claim?.(signal).then((claim) => {
    second = claim;
  });
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(second).toBeUndefined();
  await first?.release();
  await claiming;
  expect(second?.lost.aborted).toBe(false);
  await second?.release();
});

test("while the broker takes nothing in, put rejects and health says so; afterwards everything is handled once", async () => {
  const where = fresh();
  const seen: InboxEntry[] = [];
  const { inbox } = await work({
    ...where,
    partitions: 4,
    putTimeoutMs: 300,
    handler: (entry) => seen.push(entry),
  });
  // On a busy machine a confirm may take longer than that, and what is put in again is known.
  const putIn = (...updates: Update[]): Promise<void> =>
    until(() =>
      inbox.put(updates).then(
        () => true,
        () => false,
      ),
    );
  await putIn(updateOf(1, 1));
  await rabbit.alarm(true);
  try {
    await until(async () => {
      const refused = await inbox.put([updateOf(2, 1), updateOf(3, 1)]).then(
        () => false,
        (error: { code: string }) => error.code === "ERR_BALE_RABBITMQ_PUT",
      );
      return refused && inbox.health().state === "degraded";
    });
    expect(inbox.health().reason).toMatch(/takes nothing in/);
  } finally {
    await rabbit.alarm(false);
  }
  await putIn(updateOf(2, 1), updateOf(3, 1));
  await putIn(updateOf(4, 1));
  await until(() => ids(seen).includes(4));
  expect(ids(seen)).toEqual([1, 2, 3, 4]);
  await until(() => inbox.health().state === "ok");
});

test("a broker killed and started again loses nothing; what ran meanwhile is aborted, and not run twice if it ended well", async () => {
  const where = fresh();
  const seen: number[] = [];
  const aborted: unknown[] = [];
  let letGo = (): void => undefined;
  const holding = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { inbox } = await work({
    ...where,
    partitions: 4,
    handler: async ({ update, signal }) => {
      seen.push(update.update_id);
      if (update.update_id !== 1) return;
      signal.addEventListener("abort", () => aborted.push(signal.reason));
      await holding;
    },
  });
  const claim = await inbox.claim?.(new AbortController().signal);
  await inbox.put([updateOf(1, 1), updateOf(2, 1), updateOf(3, 1)]);
  await until(() => seen.length === 1);
  await rabbit.server.kill();
  await until(() => aborted.length === 1 && inbox.health().state === "degraded");
  expect(aborted[0]).toBeInstanceOf(LostClaimError);
  // That one is bound to the other connection, which may notice a moment later.
  await until(() => claim?.lost.aborted === true);
  await rabbit.server.start();
  await until(() => inbox.partitions.length > 0 && inbox.health().state === "ok");
  expect(seen).toEqual([1]);
  letGo();
  await until(() => seen.includes(3));
  expect(seen).toEqual([1, 2, 3]);
  await inbox.put([updateOf(4, 1)]);
  await until(() => seen.includes(4));
  await until(async () => (await left(where.prefix)) === 0);
});

test("a broker killed right after it made the queues, before anything was put in, takes and hands out everything afterwards", async () => {
  const where = fresh();
  const seen: InboxEntry[] = [];
  const opening = work({ ...where, partitions: 4, handler: (entry) => seen.push(entry) });
  // The last that is made.
  await until(async () => {
    const connection = await connect(rabbit.url);
    const channel = await connection.createChannel();
    channel.on("error", () => undefined);
    const isThere = await channel.checkQueue(`${where.prefix}.payments`).then(
      () => true,
      () => false,
    );
    await connection.close();
    return isThere;
  });
  await rabbit.server.kill();
  await rabbit.server.start();
  const { inbox } = await opening;
  await inbox.put([...Array.from({ length: 20 }, (_, at) => updateOf(at + 1, at)), paymentOf(21)]);
  await until(() => new Set(ids(seen)).size === 21);
  expect(inbox.health().state).toBe("ok");
});

test("a bot is founded once: not again while the queue of settings cannot show what it holds", async () => {
  const where = fresh();
  const first = await work({ ...where, partitions: 4, role: "ingest" });
  await first.stop();
  const connection = await connect(rabbit.url);
  const channel = await connection.createChannel();
  // What one process looks at is not there for another. Founding leaves a message in the queue of dead updates.
  await until(async () => (await channel.get(`${where.prefix}.settings`)) !== false);
  const count = async (): Promise<number> => (await channel.checkQueue(`${where.prefix}.dead`)).messageCount;
  await until(async () => (await count()) === 1);
  await work({ ...where, partitions: 4, role: "ingest" });
  expect(await count()).toBe(1);
  await connection.close();
});

test("a bot that was founded before there was a mark for it is marked, and not founded again", async () => {
  const where = fresh();
  const first = await work({ ...where, partitions: 4, role: "ingest" });
  await first.stop();
  const connection = await connect(rabbit.url);
  const channel = await connection.createChannel();
  await channel.deleteExchange(`${where.prefix}.founded`);
  await until(async () => (await channel.checkQueue(`${where.prefix}.settings`)).messageCount === 1);
  await work({ ...where, partitions: 4, role: "ingest" });
  await channel.checkExchange(`${where.prefix}.founded`);
  expect((await channel.checkQueue(`${where.prefix}.dead`)).messageCount).toBe(1);
  await until(async () => (await channel.checkQueue(`${where.prefix}.settings`)).messageCount === 1);
  await connection.close();
});

test("what a worker is handed it does not hand back to one who has told nothing since", async () => {
  const where = fresh();
  const seen: InboxEntry[] = [];
  const beats: { readonly listens: readonly number[]; readonly active: readonly number[] }[] = [];
  const connection = await connect(rabbit.url);
  const channel = await connection.createConfirmChannel();
  const { inbox } = await work({ ...where, partitions: 8, role: "ingest" });
  const { queue } = await channel.assertQueue("", { exclusive: true });
  await channel.bindQueue(queue, `${where.prefix}.members`, "");
  const all = Array.from({ length: 9 }, (_, at) => at);
  const dead = { id: "0123456789abcdef", listens: all, active: all };
  await channel.consume(queue, (message) => {
    const beat = JSON.parse(String(message?.content));
    if (beat.id === dead.id) return;
    // It said this much, and died.
    if (beats.length === 0) channel.publish(`${where.prefix}.members`, "", Buffer.from(JSON.stringify(dead)));
    beats.push(beat);
  });
  const worker = await work({ ...where, partitions: 8, role: "work", handler: (entry) => seen.push(entry) });
  await inbox.put(Array.from({ length: 200 }, (_, at) => updateOf(at + 1, at)));
  await inbox.put([paymentOf(201)]);
  await until(() => seen.length >= 201 && worker.inbox.partitions.length === 9);
  await connection.close();
  expect(seen).toHaveLength(201);
  const dropped = beats.flatMap(({ listens }, at) =>
    (beats[at - 1]?.active ?? []).filter((partition) => !listens.includes(partition)),
  );
  expect(dropped).toEqual([]);
});

test("chats stay in their partition when the broker starts again", async () => {
  const where = fresh();
  const { inbox } = await work({ ...where, partitions: 8, role: "ingest" });
  const chats = Array.from({ length: 200 }, (_, chat) => chat + 1);
  const partitionsOf = async (from: number): Promise<Map<number, string>> => {
    await inbox.put(chats.map((chat) => updateOf(from + chat, chat)));
    const found = new Map<number, string>();
    const connection = await connect(rabbit.url);
    for (let at = 0; at < 8; at++) {
      const queue = `${where.prefix}.${String(at).padStart(4, "0")}`;
      const channel = await connection.createChannel();
      await channel.consume(
        queue,
        (message) => {
          if (message === null) return;
          const update = JSON.parse(message.content.toString()) as Partial<Update>;
          // Others are probes, with which a process that puts updates in greets each queue.
          if (update.message !== undefined) found.set(update.message.chat.id, queue);
        },
        { noAck: true },
      );
    }
    await until(() => found.size === chats.length);
    await connection.close();
    return found;
  };
  const before = await partitionsOf(0);
  await rabbit.server.kill();
  await rabbit.server.start();
  await until(() => inbox.health().state === "ok");
  expect(await partitionsOf(1_000)).toEqual(before);
  expect(new Set(before.values()).size).toBe(8);
});

test("an update that brings worker after worker down is set aside, and its neighbours are handled", async () => {
  const where = fresh();
  const ended: number[] = [];
  const ingest = await work({ ...where, partitions: 1, role: "ingest" });
  await ingest.inbox.put([updateOf(1, 1), updateOf(2, 2), updateOf(3, 1)]);
  let deaths = 0;
  for (; deaths < 12 && ended.length < 2; deaths++) {
    let isDying = false;
    const worker = await work({
      ...where,
      partitions: 1,
      handler: async ({ update }) => {
        if (update.update_id === 1) isDying = true;
        // The process is gone: nothing of this one ends any more.
        if (isDying) await new Promise(() => undefined);
        ended.push(update.update_id);
      },
    });
    await until(() => isDying || ended.length >= 2);
    await worker.inbox.close();
  }
  expect(deaths).toBeLessThanOrEqual(8);
  expect(ended.toSorted((one, other) => one - other)).toEqual([2, 3]);
  const dead = await ingest.inbox.dead();
  expect(dead.map(({ id }) => id)).toEqual(["1"]);
  expect(dead[0]?.error).toMatch(/brought a worker down 3 times/);
});
