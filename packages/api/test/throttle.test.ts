import { manualClock } from "@balekit/storage";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Api, createApi } from "../src/api.js";
import type { Call, Reply, Transformer } from "../src/call.js";
import type { CallOptions } from "../src/call-options.js";
import { RateLimitedError } from "../src/errors.js";
import type { Priority } from "../src/priority.js";
import { QueueClosedError, QueueFullError } from "../src/queue-error.js";
import { type RetryOptions, retry } from "../src/retry.js";
import { type Throttle, throttle, type ThrottleOptions } from "../src/throttle.js";
import { LimitedBale, type Limits } from "./limited-bale.js";
import { rejection } from "./loopback.js";

function setUp(limits: Limits = {}, options: ThrottleOptions = {}) {
  const clock = manualClock();
  const bale = new LimitedBale(clock, limits);
  const api = createApi({ transport: bale });
  const queue = throttle({ clock, ...options });
  api.use(queue);
  const began = clock.now();
  return { clock, bale, api, queue, elapsed: () => clock.now() - began };
}

function send(api: Api, chat_id: number, text: string, options: CallOptions = {}): Promise<unknown> {
  return api.sendMessage({ chat_id, text }, options);
}

const as = (priority: Priority): CallOptions => ({ priority });
const texts = (bale: LimitedBale): unknown[] => bale.taken.map((one) => one.text);

/** Sends without an end: as many at a time as there are chats, each the next when its last is done. */
function pour(api: Api, chats: readonly number[], options: CallOptions, until: () => boolean): void {
  for (const chat of chats) {
    void (async () => {
      for (let count = 0; !until(); count++) {
        await send(api, chat, `${chat}:${count}`, options).catch(() => undefined);
      }
    })();
  }
}

const range = (count: number, from = 0): number[] => Array.from({ length: count }, (_, at) => from + at);

describe("the way of calls that nothing limits", () => {
  test("is not delayed while calls are few", async () => {
    const { api, bale, elapsed } = setUp();
    await Promise.all([send(api, 1, "a"), send(api, 2, "b"), api.getMe()]);
    expect([bale.taken.length, elapsed()]).toEqual([3, 0]);
  });

  test("is as fast as the rate to begin with, and results go to those who asked", async () => {
    const { api, clock, bale } = setUp({}, { perSecond: 10, maxPerSecond: 10 });
    const sent = range(100).map((chat) => send(api, chat, `text ${chat}`));
    await clock.advance(5_000);
    expect(bale.taken.length).toBeGreaterThanOrEqual(50);
    expect(bale.taken.length).toBeLessThanOrEqual(55);
    await clock.advance(5_000);
    expect(await Promise.all(sent)).toEqual(range(100).map((chat) => `text ${chat}`));
  });
});

describe("the calls to one chat", () => {
  test("leave in the order they were made, each when the one before is answered", async () => {
    const { api, clock, bale } = setUp({ latencyMs: 300 });
    const sent = range(5).map((at) => send(api, 1, String(at)));
    await clock.advance(250);
    expect(texts(bale)).toEqual(["0"]);
    await clock.advance(3_000);
    await Promise.all(sent);
    expect(texts(bale)).toEqual(["0", "1", "2", "3", "4"]);
  });

  test("keep their order whatever their priorities, lengths of way and limits are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            chat: fc.integer({ min: 1, max: 4 }),
            priority: fc.constantFrom<Priority>("answer", "notify", "broadcast"),
            pauseMs: fc.integer({ min: 0, max: 300 }),
          }),
          { minLength: 1, maxLength: 60 },
        ),
        fc.record({
          perSecond: fc.integer({ min: 2, max: 12 }),
          perChatSecond: fc.integer({ min: 1, max: 5 }),
          latencyMs: fc.integer({ min: 0, max: 400 }),
        }),
        async (calls, limits) => {
          const { api, clock, bale, queue } = setUp({ ...limits, retryAfter: 1 }, { attempts: 1_000 });
          const sent: Promise<unknown>[] = [];
          for (const [at, { chat, priority, pauseMs }] of calls.entries()) {
            sent.push(send(api, chat, String(at), { priority }));
            if (pauseMs > 200) await clock.advance(pauseMs);
          }
          const all = Promise.all(sent);
          for (let minutes = 0; minutes < 10 && bale.taken.length < calls.length; minutes++) {
            await clock.advance(60_000);
          }
          await clock.advance(1_000);
          await all;
          for (const chat of [1, 2, 3, 4]) {
            const arrived = bale.taken.filter((one) => one.chat === chat).map((one) => one.text);
            const made = [...calls.entries()]
              .filter(([, one]) => one.chat === chat)
              .map(([at]) => String(at));
            expect(arrived).toEqual(made);
          }
          const { waiting, inFlight, left, limited } = queue.stats();
          expect({ waiting, inFlight }).toEqual({
            waiting: { answer: 0, notify: 0, broadcast: 0 },
            inFlight: 0,
          });
          expect([left, limited]).toEqual([bale.taken.length + bale.refused.length, bale.refused.length]);
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  test("that only read do not wait for what is sent there", async () => {
    const { api, clock, bale } = setUp({ latencyMs: 500 });
    const sent = [send(api, 1, "a"), send(api, 1, "b"), api.getChat({ chat_id: 1 })];
    await clock.advance(10);
    expect(bale.taken.map((one) => one.method)).toEqual(["sendMessage", "getChat"]);
    await clock.advance(2_000);
    await Promise.all(sent);
  });
});

describe("priorities", () => {
  test("an answer goes before notifications, and they before broadcasts, although it comes last", async () => {
    const { api, clock, bale } = setUp({}, { perSecond: 1, maxPerSecond: 1 });
    const sent = [
      send(api, 1, "first", as("broadcast")),
      ...range(3, 10).map((chat) => send(api, chat, "broadcast", as("broadcast"))),
      ...range(3, 20).map((chat) => send(api, chat, "notify", as("notify"))),
      send(api, 30, "answer"),
      send(api, 31, "answer", as("answer")),
    ];
    await clock.advance(20_000);
    await Promise.all(sent);
    const answers = ["answer", "answer"];
    const notes = ["notify", "notify", "notify"];
    expect(texts(bale)).toEqual(["first", ...answers, ...notes, "broadcast", "broadcast", "broadcast"]);
  });

  test("an answer to a chat with a broadcast waiting lends it its urgency, and stays behind it", async () => {
    const { api, clock, bale } = setUp({}, { perSecond: 1, maxPerSecond: 1 });
    for (const chat of range(50)) void send(api, chat, "broadcast", as("broadcast"));
    const answer = send(api, 49, "answer");
    await clock.advance(3_000);
    expect(await answer).toBe("answer");
    const there = bale.taken.filter((one) => one.chat === 49).map((one) => one.text);
    expect(there).toEqual(["broadcast", "answer"]);
  });

  test("nothing starves: under answers without end, broadcasts still have a tenth of the turns", async () => {
    const { api, clock, bale } = setUp({ latencyMs: 20 }, { perSecond: 10, maxPerSecond: 10 });
    let isOver = false;
    pour(api, range(40), {}, () => isOver);
    pour(api, range(5, 100), as("notify"), () => isOver);
    pour(api, range(5, 200), as("broadcast"), () => isOver);
    await clock.advance(60_000);
    isOver = true;
    const count = (from: number, to: number): number =>
      bale.taken.filter((one) => (one.chat as number) >= from && (one.chat as number) < to).length;
    expect(count(200, 300)).toBeGreaterThan(50);
    expect(count(100, 200)).toBeGreaterThan(80);
    expect(count(0, 100)).toBeGreaterThan(bale.taken.length * 0.6);
  });

  test("polls and answers to payments leave at once, behind ten thousand broadcasts and in a pause", async () => {
    const { api, clock, bale } = setUp({ perSecond: 0, retryAfter: 30, description: "bot limit exceed" });
    for (const chat of range(10_000)) void send(api, chat, "x", as("broadcast")).catch(() => undefined);
    await clock.advance(10);
    bale.limits = {};
    await api.answerPreCheckoutQuery({ pre_checkout_query_id: "1", ok: true });
    await api.getUpdates();
    expect(bale.taken.map((one) => one.method)).toEqual(["answerPreCheckoutQuery", "getUpdates"]);
  });

  test("a name that is none is refused in words", async () => {
    const { api } = setUp();
    const error = await rejection(send(api, 1, "x", { priority: "low" as Priority }));
    expect(error).toMatchObject({ code: "ERR_BALE_OPTION" });
    expect((error as Error).message).toContain('"low"');
  });
});

describe("a limit", () => {
  test("is waited out as long as Bale asks, and the call keeps its place", async () => {
    const { api, clock, bale } = setUp({ perSecond: 0, retryAfter: 7 });
    const sent = [send(api, 1, "a"), send(api, 1, "b")];
    await clock.advance(1_000);
    bale.limits = {};
    await clock.advance(5_900);
    expect(bale.taken).toEqual([]);
    await clock.advance(2_000);
    expect(await Promise.all(sent)).toEqual(["a", "b"]);
    expect(texts(bale)).toEqual(["a", "b"]);
  });

  test("of one chat never holds up the others, however long it is", async () => {
    const { api, clock, bale, queue } = setUp({ perChatSecond: 1, retryAfter: 50 });
    const first = send(api, 1, "a");
    const second = send(api, 1, "b");
    await clock.advance(100);
    expect(queue.stats()).toMatchObject({ pausedChats: 1, pausedMs: 0, limited: 1 });
    const others = range(100, 2).map((chat) => send(api, chat, "x"));
    await clock.advance(20_000);
    await Promise.all(others);
    expect(bale.refused.length).toBe(1);
    expect(bale.taken.some((one) => one.text === "b")).toBe(false);
    await clock.advance(40_000);
    expect(await Promise.all([first, second])).toEqual(["a", "b"]);
  });

  test("of several chats, again and again, does not stop the others either", async () => {
    const { api, clock, bale, queue } = setUp({ perChatSecond: 1, retryAfter: 20, latencyMs: 50 });
    const test = { isOver: false };
    let longestPauseMs = 0;
    for (const chat of [1, 2, 3])
      for (let at = 0; at < 200; at++) void send(api, chat, "hot").catch(() => undefined);
    // Each calm chat is written to every three seconds.
    for (const chat of range(20, 10)) {
      void (async () => {
        while (!test.isOver) {
          await send(api, chat, "calm");
          await new Promise<void>((done) => clock.setTimeout(done, 3_000));
        }
      })();
    }
    for (let second = 0; second < 120; second++) {
      await clock.advance(1_000);
      longestPauseMs = Math.max(longestPauseMs, queue.stats().pausedMs);
    }
    test.isOver = true;
    expect(longestPauseMs).toBe(0);
    expect(bale.taken.filter((one) => one.text === "calm").length).toBeGreaterThan(20 * 30);
  });

  test.each(["bot limit exceed", "local_rate_limited", "Bad Request: bot limit exceed"])(
    "of the whole bot is known by its words: %s",
    async (description) => {
      const { api, clock, bale, queue } = setUp({ perSecond: 0, retryAfter: 3, description });
      const sent = [send(api, 1, "a")];
      await clock.advance(1);
      sent.push(send(api, 2, "b"));
      await clock.advance(1_000);
      expect(bale.refused.length).toBe(1);
      expect(queue.stats().pausedMs).toBe(1_999);
      bale.limits = {};
      await clock.advance(4_000);
      expect(await Promise.all(sent)).toEqual(["a", "b"]);
    },
  );

  test("that does not say whose it is stops all when it meets a chat that has had nothing lately", async () => {
    const { api, clock, bale, queue } = setUp({ perSecond: 0, retryAfter: 10 });
    void send(api, 1, "x");
    await clock.advance(1_000);
    expect(queue.stats()).toMatchObject({ pausedMs: 9_000, pausedChats: 0 });
    bale.limits = {};
    await clock.advance(10_000);
    bale.limits = { perSecond: 0, retryAfter: 10 };
    const again = rejection(send(api, 1, "y"));
    await clock.advance(1_000);
    expect(queue.stats()).toMatchObject({ pausedMs: 0, pausedChats: 1 });
    // Met again after a long rest, it is still the chat's own.
    await clock.advance(30_000);
    expect(queue.stats()).toMatchObject({ pausedMs: 0, pausedChats: 1 });
    await clock.advance(60_000);
    expect(await again).toBeInstanceOf(RateLimitedError);
  });

  test("that meets one chat after another is the bot's, however busy they are", async () => {
    const { api, clock, bale, queue } = setUp({ latencyMs: 10 });
    let isOver = false;
    pour(api, range(8), {}, () => isOver);
    await clock.advance(3_000);
    expect(queue.stats().limited).toBe(0);
    bale.limits = { perSecond: 0, retryAfter: 10 };
    await clock.advance(1_000);
    expect(queue.stats().pausedMs).toBeGreaterThan(8_000);
    expect(bale.refused.length).toBeLessThan(8);
    isOver = true;
  });

  test("without a time grows: 5 s, 10 s, 20 s", async () => {
    const { api, clock, bale } = setUp({ perSecond: 0 }, { attempts: 4 });
    const sent = rejection(send(api, 1, "a"));
    await clock.advance(60_000);
    expect(await sent).toBeInstanceOf(RateLimitedError);
    const [first = 0, ...later] = bale.refused.map((one) => one.at);
    expect(later.map((at) => at - first)).toEqual([5_000, 15_000, 35_000]);
  });

  test("longer than maxWaitMs fails what waits and what comes, at once and with the time, until it is near", async () => {
    const { api, clock, bale } = setUp({ perSecond: 0, retryAfter: 600, description: "bot limit exceed" });
    const sent = range(30).map((chat) => rejection(send(api, chat, "x")));
    await clock.advance(1_000);
    for (const error of await Promise.all(sent)) expect(error).toBeInstanceOf(RateLimitedError);
    const late = await rejection(send(api, 1, "late"));
    expect(late).toMatchObject({ code: "ERR_BALE_RATE_LIMITED", retryAfterSeconds: 599 });
    // A burst had left before the first refusal came.
    expect(bale.refused.length).toBeLessThanOrEqual(5);
    await clock.advance(550_000);
    bale.limits = {};
    const patient = send(api, 1, "patient");
    await clock.advance(50_000);
    expect(await patient).toBe("patient");
  });

  test("is learned: the rate comes near what Bale takes, from above, from below, and again when it changes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 60 }),
        fc.integer({ min: 3, max: 60 }),
        fc.integer({ min: 0, max: 300 }),
        async (before, after, latencyMs) => {
          const { api, clock, bale, queue } = setUp(
            { perSecond: before, retryAfter: 1, latencyMs },
            { attempts: 1_000 },
          );
          let isOver = false;
          pour(api, range(60), as("broadcast"), () => isOver);
          const learned = async (limit: number): Promise<void> => {
            await clock.advance(120_000);
            const [taken, refused] = [bale.taken.length, bale.refused.length];
            await clock.advance(60_000);
            expect((bale.taken.length - taken) / 60).toBeGreaterThan(limit * 0.6);
            // Few are refused: the way to learn is not to run against the wall all the time.
            expect(bale.refused.length - refused).toBeLessThan((bale.taken.length - taken) * 0.1 + 20);
            expect(queue.stats().perSecond).toBeGreaterThan(limit * 0.4);
            expect(queue.stats().perSecond).toBeLessThan(limit * 1.6);
          };
          await learned(before);
          bale.limits = { perSecond: after, retryAfter: 1, latencyMs };
          await learned(after);
          isOver = true;
        },
      ),
      { numRuns: 5 },
    );
  }, 240_000);
});

describe("a call that waits", () => {
  test("is given up when its signal aborts, and the rest go on in order", async () => {
    const { api, clock, bale, queue } = setUp({ latencyMs: 100 });
    const stop = new AbortController();
    const first = send(api, 1, "a");
    const second = rejection(send(api, 1, "b", { signal: stop.signal }));
    const third = send(api, 1, "c");
    stop.abort(new Error("enough"));
    expect(await second).toMatchObject({ message: "enough" });
    expect(queue.stats().waiting.answer).toBe(1);
    await clock.advance(500);
    await Promise.all([first, third]);
    expect(texts(bale)).toEqual(["a", "c"]);
    expect(
      await rejection(send(api, 1, "d", { signal: AbortSignal.abort(new Error("before")) })),
    ).toMatchObject({
      message: "before",
    });
  });

  test("for the end of a pause is given up too, and leaves no timer behind", async () => {
    const { api, clock, bale } = setUp({ perSecond: 0, retryAfter: 30 });
    const stop = new AbortController();
    const sent = rejection(send(api, 1, "a", { signal: stop.signal }));
    await clock.advance(10);
    stop.abort(new Error("enough"));
    expect(await sent).toMatchObject({ message: "enough" });
    expect([clock.pending, bale.refused.length]).toEqual([0, 1]);
  });

  test("is refused when too many wait at its priority, while others are still taken", async () => {
    const { api, queue, clock } = setUp({}, { perSecond: 1, maxPerSecond: 1, maxQueued: 50 });
    const sent = range(60).map((chat) =>
      send(api, chat, "x", as("broadcast")).catch((error: unknown) => error),
    );
    const last = await sent[59];
    expect(last).toBeInstanceOf(QueueFullError);
    expect((last as Error).message).toContain('50 calls with priority "broadcast" are waiting already');
    expect(queue.stats().waiting).toEqual({ answer: 0, notify: 0, broadcast: 50 });
    const answer = send(api, 99, "answer");
    await clock.advance(2_000);
    expect(await answer).toBe("answer");
    expect(queue.stats().longestWaitMs).toBe(2_000);
  });
});

describe("drain", () => {
  test("sends what waits, refuses new broadcasts, and takes answers to the end", async () => {
    const { api, clock, queue, bale } = setUp({ latencyMs: 50 }, { perSecond: 2, maxPerSecond: 2 });
    const sent = range(6).map((chat) => send(api, chat, "x", as("broadcast")));
    const drained = queue.drain();
    expect(await rejection(send(api, 50, "late", as("broadcast")))).toBeInstanceOf(QueueClosedError);
    const goodbye = send(api, 51, "goodbye");
    await clock.advance(10_000);
    await drained;
    await Promise.all([...sent, goodbye]);
    expect(bale.taken.length).toBe(7);
    queue.open();
    const again = send(api, 50, "again", as("broadcast"));
    await clock.advance(1_000);
    expect(await again).toBe("again");
  });

  test("refuses what still waits when the time is up, and leaves no timer behind", async () => {
    const { api, clock, queue } = setUp({ perSecond: 0, retryAfter: 30 }, { perSecond: 2, maxPerSecond: 2 });
    const sent = range(6).map((chat) => rejection(send(api, chat, "x")));
    await clock.advance(100);
    const stop = new AbortController();
    const drained = queue.drain(stop.signal);
    stop.abort();
    await drained;
    for (const error of await Promise.all(sent)) expect(error).toBeInstanceOf(QueueClosedError);
    expect(clock.pending).toBe(0);
    await queue.drain(AbortSignal.abort());
    await queue.drain();
  });
});

describe("beside retry", () => {
  type Order = "throttle outside" | "retry outside";

  function both(order: Order, replies: readonly Reply[], retryOptions: RetryOptions = {}) {
    const clock = manualClock();
    const left: { method: string; text: unknown; at: number }[] = [];
    const send = async (call: Call): Promise<Reply> => {
      const { text } = call.params as { text?: unknown };
      const reply = replies[left.length] ?? { ok: true, result: text };
      left.push({ method: call.method, text, at: clock.now() });
      return reply;
    };
    const api = createApi({
      transport: {
        send,
        download: () => Promise.reject(new Error("nothing to download")),
        close: async () => undefined,
      },
    });
    const queue: Throttle = throttle({ clock });
    const again: Transformer = retry({ timer: clock, random: () => 0, ...retryOptions });
    api.use(...(order === "throttle outside" ? [queue, again] : [again, queue]));
    return { api, clock, left, queue };
  }

  const limit: Reply = { ok: false, error_code: 429, description: "x", parameters: { retry_after: 2 } };
  const fault: Reply = { ok: false, error_code: 502, description: "Bad Gateway" };

  test.each<Order>(["throttle outside", "retry outside"])(
    "%s: the throttle alone waits for limits, once, and keeps the order",
    async (order) => {
      const { api, clock, left, queue } = both(order, [limit, limit]);
      const sent = [send(api, 1, "a"), send(api, 1, "b")];
      await clock.advance(20_000);
      expect(await Promise.all(sent)).toEqual(["a", "b"]);
      expect(left.map((one) => one.text)).toEqual(["a", "a", "a", "b"]);
      expect((left[2]?.at ?? 0) - (left[0]?.at ?? 0)).toBe(4_000);
      expect(queue.stats().limited).toBe(2);
    },
  );

  test.each<Order>(["throttle outside", "retry outside"])(
    "%s: a limit that the throttle has given up on is not waited for again",
    async (order) => {
      const { api, clock, left } = both(order, Array<Reply>(50).fill(limit));
      const sent = rejection(send(api, 1, "a"));
      await clock.advance(120_000);
      expect(await sent).toBeInstanceOf(RateLimitedError);
      expect(left.length).toBe(5);
    },
  );

  test.each<Order>(["throttle outside", "retry outside"])("%s: retry repeats after faults", async (order) => {
    const { api, clock, left } = both(order, [fault, fault]);
    const got = api.getChat({ chat_id: 1 });
    await clock.advance(20_000);
    expect(await got).toBeUndefined();
    expect(left.length).toBe(3);
  });

  test("throttle outside: what retry waits for holds up its chat, so that the order is kept, and no other", async () => {
    const { api, clock, left } = both("throttle outside", [fault], { resend: true });
    const sent = [send(api, 1, "a"), send(api, 1, "b"), send(api, 2, "c")];
    await clock.advance(20_000);
    await Promise.all(sent);
    expect(left.map((one) => one.text)).toEqual(["a", "c", "a", "b"]);
  });
});

test("options that cannot work are refused where they are given", () => {
  for (const options of [
    { perSecond: 0 },
    { perSecond: 5, maxPerSecond: 4 },
    { perSecond: 0.1 },
    { perSecond: Number.NaN },
    { maxWaitMs: -1 },
    { rateLimitMs: Number.NaN },
    { attempts: 0 },
    { maxQueued: 0 },
  ]) {
    expect(() => throttle(options)).toThrow(TypeError);
  }
});

test("the process's own time is enough", async () => {
  const api = createApi({
    transport: new LimitedBale({ now: () => performance.now(), setTimeout, clearTimeout } as never, {}),
  });
  api.use(throttle({ perSecond: 100 }));
  expect(await Promise.all(range(30).map((chat) => send(api, chat, String(chat))))).toHaveLength(30);
});
