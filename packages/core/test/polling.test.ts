import { type Call, InvalidTokenError, NetworkError, type Reply, type Update } from "@balekit/api";
import { manualClock } from "@balekit/storage";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { Bot, type BotError, BotStoppedError } from "../src/index.js";
import { Polling } from "../src/polling.js";
import { gate, keptLog, ScriptedBale, type Script, settled } from "./scripted-bale.js";

const started: Bot[] = [];

function setUp() {
  const clock = manualClock();
  const bale = new ScriptedBale(clock);
  const logger = keptLog();
  const bot = new Bot("1000:not-a-real-secret", { api: { transport: bale }, clock, logger });
  const errors: BotError[] = [];
  bot.catch((error) => void errors.push(error));
  started.push(bot);
  const polls = (): Record<string, unknown>[] => bale.of("getUpdates");
  return { bot, bale, clock, errors, logger, polls };
}

const refuse =
  (error_code: number, description: string, retry_after?: number): Script =>
  () => ({ ok: false, error_code, description, parameters: { retry_after } });
const answer =
  (result: unknown): Script =>
  () => ({ ok: true, result });
const cut: Script = (call) => {
  throw new NetworkError("cut", { method: call.method, maybeSent: true });
};
const hang: Script = () => new Promise<Reply>(() => undefined);

afterEach(async () => {
  for (const bot of started.splice(0)) await bot.stop({ graceMs: 0 });
});

describe("polling", () => {
  it("hands over what comes, 0 included, and confirms it with the next poll", async () => {
    const { bot, bale, clock, polls } = setUp();
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    bale.writes(1, "سلام");
    await bot.start();
    await clock.advance(50);
    expect(bale.texts).toEqual(["سلام"]);
    expect(polls()).toEqual([
      { limit: 100, timeout: 30 },
      { offset: 1, limit: 100, timeout: 30 },
    ]);
    bale.writes(1, "again");
    await clock.advance(50);
    expect(bale.texts).toEqual(["سلام", "again"]);
  });

  it("never asks beyond an update that is not finished, and takes in other chats meanwhile", async () => {
    const { bot, bale, clock, polls } = setUp();
    const slow = gate();
    bot.hears("slow", () => slow.promise);
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    bale.writes(1, "slow");
    bale.writes(2, "quick");
    await bot.start();
    await clock.advance(60_000);
    bale.writes(3, "late");
    await clock.advance(300);
    expect(bale.texts).toEqual(["quick", "late"]);
    expect(Math.max(...polls().map(({ offset }) => Number(offset ?? 0)))).toBe(0);
    slow.open();
    await clock.advance(300);
    expect(polls().at(-1)).toMatchObject({ offset: 3 });
    expect(bale.texts).toEqual(["quick", "late"]);
  });

  it("lets a burst of handlers end before it asks for what is behind a full window: little is fetched twice", async () => {
    const { bot, bale, clock } = setUp();
    const count = 1_000;
    let handled = 0;
    let fetched = 0;
    bot.api.use(async (call, next) => {
      const reply = await next(call);
      if (call.method === "getUpdates" && reply.ok) fetched += (reply.result as unknown[]).length;
      return reply;
    });
    bot.on("message", async (ctx) => {
      // Ten a millisecond, as a loop at work ends them: a window's worth takes ten.
      await new Promise<void>((done) =>
        clock.setTimeout(done, 1 + Math.floor((ctx.update.update_id % 100) / 10)),
      );
      handled++;
    });
    for (let user = 1; user <= count; user++) bale.writes(user, "x");
    bale.latencyMs = 1;
    const starting = bot.start();
    await clock.advance(count);
    await starting;
    expect(handled).toBe(count);
    expect(fetched).toBeLessThan(1.5 * count);
    bale.latencyMs = 0;
  });

  it("asks again as soon as a burst is over, also when the oldest update is still worked on", async () => {
    const { bot, bale, clock, polls } = setUp();
    const stuck = gate();
    bot.on("message", (ctx) =>
      ctx.update.update_id === 40
        ? stuck.promise
        : new Promise((done) => clock.setTimeout(() => done(undefined), 20)),
    );
    for (let user = 1; user <= 300; user++) bale.writes(user, "x");
    await bot.start();
    await clock.advance(20);
    expect(polls()).toHaveLength(1);
    await clock.advance(2);
    expect(polls().at(-1)).toMatchObject({ offset: 40, timeout: 0 });
    stuck.open();
    await clock.advance(1_000);
    expect(polls().at(-1)).toMatchObject({ offset: 300 });
  });

  it("does not poll in a hot loop while a handler runs", async () => {
    const { bot, bale, clock, polls } = setUp();
    bot.on("message", () => new Promise<void>(() => undefined));
    bale.writes(1, "stuck");
    await bot.start();
    await clock.advance(10_000);
    expect(polls().length).toBeLessThan(60);
    expect(polls().length).toBeGreaterThan(30);
  });

  it("does not poll in a hot loop when empty answers come at once", async () => {
    const { bot, bale, clock, polls } = setUp();
    bale.script("getUpdates", ...Array.from({ length: 1_000 }, () => answer([])));
    await bot.start();
    await clock.advance(10_000);
    expect(polls().length).toBeLessThan(25);
  });

  it.each([0, 400])(
    "pauses between empty polls that Bale is not asked to hold: %i ms",
    async (pollTimeoutMs) => {
      const { bot, bale, clock, polls } = setUp();
      // The last one hangs, so that a hot loop comes to an end.
      bale.script("getUpdates", ...Array.from({ length: 200 }, () => answer([])), hang);
      await bot.start({ pollTimeoutMs });
      await clock.advance(10_000);
      expect(polls().every(({ timeout }) => timeout === 0)).toBe(true);
      expect(polls().length).toBeLessThan(25);
      expect(polls().length).toBeGreaterThan(10);
      bale.scripts.clear();
      bot.on("message:text", (ctx) => ctx.reply(ctx.text));
      bale.writes(1, "one");
      await clock.advance(1_000);
      bale.writes(1, "two");
      await clock.advance(1_000);
      expect(bale.texts).toEqual(["one", "two"]);
    },
  );

  it("is refused with options that Bale or timers cannot follow, and can be started afterwards", async () => {
    const { bot, clock, polls } = setUp();
    for (const pollTimeoutMs of [-1, Number.NaN, Number.POSITIVE_INFINITY, 3_600_001, "30s" as never]) {
      const refused = bot.start({ pollTimeoutMs });
      await expect(refused).rejects.toMatchObject({ name: "RangeError", code: "ERR_BALE_OPTION" });
      await expect(refused).rejects.toThrow("bot.start: pollTimeoutMs is");
    }
    for (const limit of [0, 101, Number.NaN]) {
      await expect(bot.run({ limit })).rejects.toThrow(`bot.start: limit is ${limit}. Give the number`);
    }
    await bot.start({ pollTimeoutMs: 3_600_000, limit: 1 });
    await clock.advance(50);
    expect(polls()).toEqual([{ limit: 1, timeout: 3_600 }]);
  });

  it("handles once what Bale sends twice", async () => {
    const { bot, bale, clock } = setUp();
    const seen: number[] = [];
    bot.use((ctx) => void seen.push(ctx.update.update_id));
    const update = { update_id: 7 } as Update;
    bale.script("getUpdates", answer([update, update]), answer([update]));
    await bot.start();
    await clock.advance(1_000);
    expect(seen).toEqual([7]);
  });

  it("survives faults of every kind, tells bot.catch once for each kind, and goes on", async () => {
    const { bot, bale, clock, errors, logger } = setUp();
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    bale.script(
      "getUpdates",
      cut,
      cut,
      refuse(502, "Bad Gateway"),
      refuse(400, "Bad Request: nobody knows why"),
      answer("a text"),
      answer(null),
      answer([null, 5, { update_id: "x" }]),
    );
    bale.writes(1, "still here");
    await bot.start();
    await clock.advance(60_000);
    expect(bale.texts).toEqual(["still here"]);
    expect(errors.map(({ where }) => where)).toEqual(errors.map(() => "polling"));
    expect(errors.map(({ cause }) => (cause as Error).name)).toEqual([
      "NetworkError",
      "ServerError",
      "BadRequestError",
      "TypeError",
    ]);
    expect(logger.lines.join("\n")).toContain("Polling works again");
    expect(bot.health().polling).toBe("ok");
  });

  it("goes on polling while bot.catch is still busy with the fault", async () => {
    const { bot, bale, clock } = setUp();
    bot.catch(() => new Promise<void>(() => undefined));
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    bale.script("getUpdates", cut, refuse(502, "Bad Gateway"));
    bale.writes(1, "hello");
    await bot.start();
    await clock.advance(5_000);
    expect(bale.texts).toEqual(["hello"]);
  });

  it("waits as long as a 429 asks for", async () => {
    const { bot, bale, clock, polls } = setUp();
    bale.script("getUpdates", refuse(429, "Too Many Requests", 17));
    await bot.start();
    await clock.advance(16_900);
    expect(polls()).toHaveLength(1);
    await clock.advance(200);
    expect(polls().length).toBeGreaterThan(1);
  });

  it("answers within ten seconds of the network's return after hours offline", async () => {
    const { bot, bale, clock, errors } = setUp();
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    let offline = true;
    bot.api.use(async (call, next) => {
      if (offline) throw new NetworkError("offline", { method: call.method, maybeSent: false });
      return next(call);
    });
    await bot.init().catch(() => undefined);
    const starting = bot.start();
    await clock.advance(60_000);
    offline = false;
    await clock.advance(10_000);
    await starting;
    offline = true;
    await clock.advance(5 * 3_600_000);
    bale.writes(1, "anybody?");
    offline = false;
    await clock.advance(10_000);
    expect(bale.texts).toEqual(["anybody?"]);
    expect(errors).toHaveLength(1);
  });

  it("is back within ten seconds when the network swallowed everything, whenever it returns", async () => {
    for (let phaseMs = 0; phaseMs < 9_000; phaseMs += 750) {
      const { bot, bale, clock } = setUp();
      bot.on("message:text", (ctx) => ctx.reply(ctx.text));
      await bot.start();
      let offline = true;
      bot.api.use((call, next) => (offline ? new Promise<Reply>(() => undefined) : next(call)));
      bale.writes(1, "wakes the poll under way");
      await clock.advance(3_600_000 + phaseMs);
      bale.writes(2, "anybody?");
      offline = false;
      bale.calls.length = 0;
      await clock.advance(10_000);
      expect(bale.texts).toContain("anybody?");
    }
  });

  it("gives up a poll that never answers, even if the transport ignores its signal, and is back within ten seconds", async () => {
    const { bot, bale, clock, errors } = setUp();
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    bale.script("getUpdates", hang, hang, hang);
    bale.writes(1, "hello");
    await bot.start();
    await clock.advance(39_000);
    expect(errors).toEqual([]);
    await clock.advance(2_000);
    expect(errors.map(({ cause }) => (cause as Error).name)).toEqual(["TimeoutError"]);
    await clock.advance(20_000);
    expect(bale.texts).toEqual(["hello"]);
  });

  it("ends on a token Bale does not know: run rejects, bot.catch is told, the bot is closed", async () => {
    const { bot, bale, clock, errors } = setUp();
    const running = bot.run();
    const ended = expect(running).rejects.toThrow(InvalidTokenError);
    await settled();
    expect(bot.isRunning()).toBe(true);
    bale.script("getUpdates", refuse(403, "Bad Request: Token not found"));
    bale.writes(1, "x");
    await clock.advance(1_000);
    await ended;
    expect(errors.map(({ where, cause }) => [where, (cause as Error).name])).toEqual([
      ["polling", "InvalidTokenError"],
    ]);
    expect([bot.isRunning(), bot.isClosed(), bale.isClosed]).toEqual([false, true, true]);
  });

  it("passes an update that breaks the sink itself, and reports it", async () => {
    const clock = manualClock();
    const bale = new ScriptedBale(clock);
    const bot = new Bot("1000:not-a-real-secret", { api: { transport: bale }, clock, logger: keptLog() });
    const faults: unknown[] = [];
    const handled: number[] = [];
    const polling = new Polling({
      api: bot.api,
      clock,
      logger: keptLog(),
      signal: new AbortController().signal,
      onError: async (error, update) => void faults.push([String(error), update?.update_id]),
      isHeldBack: () => false,
      sink: (delivery) => {
        if (delivery.update.update_id === 1) throw new Error("poison");
        handled.push(delivery.update.update_id);
        return Promise.resolve();
      },
    });
    for (const words of ["a", "b", "c"]) bale.writes(1, words);
    const running = polling.run();
    await clock.advance(1_000);
    expect(handled).toEqual([0, 2]);
    expect(faults).toEqual([["Error: poison", 1]]);
    expect(bale.of("getUpdates").at(-1)).toMatchObject({ offset: 3 });
    polling.stop();
    await running;
  });

  it("asks again for what its sink refused, and does not pass it", async () => {
    const clock = manualClock();
    const bale = new ScriptedBale(clock);
    const bot = new Bot("1000:not-a-real-secret", { api: { transport: bale }, clock, logger: keptLog() });
    let tries = 0;
    const polling = new Polling({
      api: bot.api,
      clock,
      logger: keptLog(),
      signal: new AbortController().signal,
      onError: async () => undefined,
      isHeldBack: () => false,
      sink: async (delivery) => {
        if (delivery.update.update_id === 0 && ++tries < 3) throw new Error("the inbox is full");
      },
    });
    bale.writes(1, "first");
    bale.writes(2, "second");
    const running = polling.run();
    await clock.advance(5_000);
    expect(tries).toBe(3);
    expect(bale.of("getUpdates").at(-1)).toMatchObject({ offset: 2 });
    polling.stop();
    await running;
  });

  it("accepts malformed updates without stopping: they run plain middleware only", async () => {
    const { bot, bale, clock, errors } = setUp();
    const seen: number[] = [];
    bot.use((ctx) => void seen.push(ctx.update.update_id));
    bale.push({ message: null } as never);
    bale.push({ message: 5 } as never);
    bale.push({ message: { chat: null, from: "x" } } as never);
    bale.push({ surprise: { id: 1 } } as never);
    await bot.start();
    await clock.advance(1_000);
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(errors).toEqual([]);
  });

  it("removes a webhook first and says so, without showing its path", async () => {
    const { bot, bale, logger } = setUp();
    bale.webhookUrl = "https://example.ir/secret-path";
    await bot.start();
    expect(bale.of("deleteWebhook")).toHaveLength(1);
    const notice = logger.lines.find((line) => line.includes("webhook"));
    expect(notice).toContain("example.ir");
    expect(notice).not.toContain("secret-path");
  });

  it("leaves the webhook alone when told to, and deletes nothing where nothing is set", async () => {
    const { bot, bale } = setUp();
    await bot.start();
    await bot.stop();
    bale.webhookUrl = "https://example.ir/x";
    await bot.start({ deleteWebhook: false });
    expect(bale.of("deleteWebhook")).toHaveLength(0);
  });

  it("skips what came before with dropPendingUpdates, by offset", async () => {
    const { bot, bale, clock, polls } = setUp();
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    for (const words of ["old", "older"]) bale.writes(1, words);
    await bot.start({ dropPendingUpdates: true });
    await clock.advance(100);
    bale.writes(1, "new");
    await clock.advance(100);
    expect(bale.texts).toEqual(["new"]);
    expect(polls()[0]).toEqual({ offset: -1, limit: 1, timeout: 0 });
  });

  it("does not take the time before an update came for the time its handler takes", async () => {
    const { bot, bale, clock, logger } = setUp();
    bot.on("message", () => new Promise<void>(() => undefined));
    await bot.start();
    await clock.advance(3_600_000);
    bale.writes(1, "x");
    await clock.advance(20_000);
    expect(logger.lines.filter((line) => line.includes("The handler of update"))).toEqual([]);
    expect(bot.health().state).toBe("ok");
  });

  it("warns, ever less often, when a stuck handler fills Bale's window, and says so in its health", async () => {
    const { bot, bale, clock, logger } = setUp();
    bot.on("message", () => new Promise<void>(() => undefined));
    for (let count = 0; count < 120; count++) bale.writes(1, "x");
    await bot.start();
    await clock.advance(29_000);
    expect(bot.health().polling).toBe("ok");
    await clock.advance(300_000);
    expect(bot.health()).toMatchObject({ polling: "stalled", active: 1, waiting: 99 });
    const warnings = logger.lines.filter((line) => line.includes("The handler of update 0"));
    expect(warnings.length).toBeGreaterThanOrEqual(3);
    expect(warnings.length).toBeLessThanOrEqual(5);
    expect(warnings[0]).toContain("100 updates wait behind it");
  });

  it("stops by giving up the poll, letting handlers end, and confirming what they did", async () => {
    const { bot, bale, clock, polls } = setUp();
    const work = gate();
    const seen: unknown[] = [];
    bot.on("message", (ctx) => {
      seen.push(ctx.text);
      return work.promise;
    });
    bale.writes(1, "first");
    bale.writes(1, "queued");
    await bot.start();
    await clock.advance(10);
    let stopped = false;
    const stopping = bot.stop().then(() => {
      stopped = true;
    });
    await settled();
    expect(stopped).toBe(false);
    work.open();
    await stopping;
    // The second never had its turn: it is not confirmed and comes again.
    expect(polls().at(-1)).toEqual({ offset: 1, limit: 1, timeout: 0 });
    expect(bale.isClosed).toBe(true);
    expect(clock.pending).toBe(0);
    expect(seen).toEqual(["first"]);
    await bot.start();
    await clock.advance(10);
    expect(seen).toEqual(["first", "queued"]);
  });

  it("aborts the signals of handlers that do not end in time, and resolves all the same", async () => {
    const { bot, bale, clock, logger } = setUp();
    let reason: unknown;
    bot.on("message", (ctx) => {
      ctx.signal?.addEventListener("abort", () => {
        reason = ctx.signal?.reason;
      });
      return new Promise<void>(() => undefined);
    });
    bale.writes(1, "x");
    await bot.start();
    await clock.advance(10);
    const stopping = bot.stop({ graceMs: 5_000 });
    await clock.advance(4_999);
    expect(reason).toBeUndefined();
    await clock.advance(1);
    await stopping;
    expect(reason).toBeInstanceOf(BotStoppedError);
    expect(logger.lines.join("\n")).toContain("1 handlers have not ended in time");
  });

  it("waits no longer when it is told to stop a second time", async () => {
    const { bot, bale, clock } = setUp();
    bot.on("message", () => new Promise<void>(() => undefined));
    bale.writes(1, "x");
    await bot.start();
    await clock.advance(10);
    const stopping = bot.stop({ graceMs: 60_000 });
    await settled();
    await Promise.all([stopping, bot.stop()]);
    expect(bot.isRunning()).toBe(false);
  });

  it("loses nothing, repeats nothing and keeps each chat's order under random handlers, faults and lags", async () => {
    const plan = fc.record({
      chats: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 250 }),
      lags: fc.array(fc.constantFrom(0, 1, 5, 30, 400), { minLength: 7, maxLength: 7 }),
      faults: fc.array(fc.constantFrom(cut, refuse(500, "x"), answer(undefined)), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ chats, lags, faults }) => {
        const { bot, bale, clock, polls } = setUp();
        const seen: [number, number][] = [];
        const finished = new Set<number>();
        bot.use(async (ctx) => {
          const id = ctx.update.update_id;
          const lag = lags[id % lags.length] as number;
          if (lag > 0) await new Promise<void>((done) => clock.setTimeout(done, lag));
          seen.push([ctx.chatId as number, id]);
          finished.add(id);
        });
        let unsafe = 0;
        bot.api.use((call: Call, next) => {
          const offset = call.method === "getUpdates" ? (call.params?.offset ?? 0) : 0;
          for (let id = 0; id < offset; id++) if (!finished.has(id)) unsafe++;
          return next(call);
        });
        bale.script("getUpdates", ...faults);
        for (const chat of chats) bale.writes(chat, "x");
        await bot.start();
        await clock.advance(200_000);
        expect(unsafe).toBe(0);
        expect(seen.map(([, id]) => id).sort((one, other) => one - other)).toEqual(
          chats.map((_chat, id) => id),
        );
        for (const chat of new Set(chats)) {
          const ids = seen.filter(([each]) => each === chat).map(([, id]) => id);
          expect(ids).toEqual([...ids].sort((one, other) => one - other));
        }
        expect(polls().at(-1)).toMatchObject({ offset: chats.length });
        await bot.stop();
      }),
      { numRuns: 25 },
    );
  });
});
