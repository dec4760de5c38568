import type { Update } from "@balekit/api";
import { manualClock, StorageUnavailableError } from "@balekit/storage";
import { afterEach, describe, expect, it } from "vitest";
import { Bot, type BotError, type BotOptions, deliverAgain, plugin } from "../src/index.js";
import { KeptInbox } from "./kept-inbox.js";
import { keptLog, ScriptedBale } from "./scripted-bale.js";

const started: Bot[] = [];

afterEach(async () => {
  for (const bot of started.splice(0)) await bot.stop({ graceMs: 0 });
});

function away(): StorageUnavailableError {
  return new StorageUnavailableError("Reading: Redis cannot be reached: ECONNREFUSED.", {
    maybeDone: false,
    timedOut: false,
  });
}

/** A bot with a plugin that reads before its handlers run, from a store that may be away. */
function setUp(options: BotOptions = {}, listens = true) {
  const clock = manualClock();
  const bale = new ScriptedBale(clock);
  const logger = keptLog();
  const bot = new Bot("1000:not-a-real-secret", { api: { transport: bale }, clock, logger, ...options });
  const errors: BotError[] = [];
  bot.catch((error) => void errors.push(error));
  started.push(bot);
  const store = { isAway: false, for: (_userId?: number) => true, reads: [] as number[] };
  bot.extend(
    plugin("reading", (composer) => {
      composer.use(async (ctx, next) => {
        store.reads.push(clock.now());
        if (store.isAway && store.for(ctx.from?.id)) throw deliverAgain(ctx, away());
        await next();
      });
      return composer;
    }),
  );
  const seen: string[] = [];
  if (listens) bot.on("message:text", (ctx) => void seen.push(ctx.text));
  const offset = (): number =>
    Math.max(...bale.of("getUpdates").map((params) => Number(params["offset"] ?? 0)));
  return { bot, bale, clock, errors, logger, store, seen, offset };
}

function textFrom(userId: number, updateId: number, text: string): Update {
  const chat = { id: userId, type: "private" as const, first_name: "someone" };
  const from = { id: userId, is_bot: false, first_name: "someone" };
  return { update_id: updateId, message: { message_id: 1, date: 0, text, chat, from } } as Update;
}

function question(updateId: number): Partial<Update> {
  const from = { id: 7, is_bot: false, first_name: "someone" };
  const pre_checkout_query = { id: "q", from, currency: "IRR", total_amount: 1, invoice_payload: "order" };
  return { update_id: updateId, pre_checkout_query } as Partial<Update>;
}

function post(update: unknown, path: string): Request {
  return new Request(`http://localhost${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(update),
  });
}

describe("an update that is to be delivered again", () => {
  it("is held and tried again until it succeeds, keeps its chat's order, and is confirmed only then", async () => {
    const { bot, bale, clock, store, seen, offset } = setUp();
    store.isAway = true;
    bale.writes(1, "a");
    bale.writes(1, "b");
    await bot.start();
    await clock.advance(60_000);
    expect(seen).toEqual([]);
    expect(offset()).toBe(0);
    store.isAway = false;
    await clock.advance(4_000);
    expect(seen).toEqual(["a", "b"]);
    expect(offset()).toBe(2);
  });

  it("is tried after half a second at first, and every three seconds in the end", async () => {
    const { bot, bale, clock, store } = setUp();
    store.isAway = true;
    bale.writes(1, "a");
    const began = clock.now();
    await bot.start();
    await clock.advance(15_000);
    expect(store.reads.map((at) => at - began)).toEqual([0, 500, 1_000, 2_000, 4_000, 7_000, 10_000, 13_000]);
  });

  it("holds up no other chat, and takes none of the places", async () => {
    const { bot, bale, clock, store, seen } = setUp({ concurrency: 1 });
    store.isAway = true;
    store.for = (userId) => userId === 1;
    bale.writes(1, "held");
    bale.writes(2, "x");
    bale.writes(3, "y");
    await bot.start();
    await clock.advance(1_100);
    expect(seen).toEqual(["x", "y"]);
    expect(bot.health()).toMatchObject({ active: 0, waiting: 1 });
    store.isAway = false;
    await clock.advance(3_000);
    expect(seen).toEqual(["x", "y", "held"]);
  });

  it("is told once an outage, however many are held and however often they are tried", async () => {
    const { bot, bale, clock, store, errors, seen } = setUp();
    store.isAway = true;
    for (let user = 1; user <= 20; user++) bale.writes(user, "x");
    await bot.start();
    await clock.advance(60_000);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ where: "handler", attempt: 1, retryInMs: 500 });
    expect(errors[0]?.cause).toBeInstanceOf(StorageUnavailableError);
    store.isAway = false;
    await clock.advance(15_000);
    expect(seen).toHaveLength(20);
    store.isAway = true;
    bale.writes(1, "y");
    await clock.advance(10_000);
    expect(errors).toHaveLength(2);
  });

  it("makes the bot degraded for as long as it lasts, and not stalled, with the window full as well", async () => {
    const { bot, bale, clock, store, seen, logger } = setUp();
    store.isAway = true;
    for (let user = 1; user <= 100; user++) bale.writes(user, "x");
    await bot.start();
    for (let seconds = 5; seconds <= 90; seconds += 5) {
      await clock.advance(5_000);
      expect(bot.health().state).toBe("degraded");
    }
    expect(bot.health().polling).toBe("stalled");
    expect(bot.health().reasons).toContain(
      "Updates are held back: StorageUnavailableError: Reading: Redis cannot be reached: ECONNREFUSED.",
    );
    // No handler is to blame for it, and yet it is said, ever less often.
    expect(logger.lines.filter((line) => line.includes("has been running"))).toEqual([]);
    expect(
      logger.lines.filter((line) => /^warn Update 0 has been held back for \d+ s: 100 updates/.test(line)),
    ).toHaveLength(2);
    store.isAway = false;
    await clock.advance(20_000);
    expect(bot.health()).toMatchObject({ state: "ok", polling: "ok" });
    expect(seen).toHaveLength(100);
  });

  it("does not keep a bot from stopping at once, and comes again in its next life", async () => {
    const { bot, bale, clock, store, seen, errors } = setUp();
    store.isAway = true;
    bale.writes(1, "a");
    await bot.start();
    await clock.advance(2_000);
    // No time passes: a stop that waited for the held lane would never resolve.
    await bot.stop();
    expect(bale.queue).toHaveLength(1);
    store.isAway = false;
    await bot.start();
    await clock.advance(50);
    expect(seen).toEqual(["a"]);
    expect(errors).toHaveLength(1);
  });

  it("comes again too when the bot stops in the middle of an attempt", async () => {
    const { bot, bale, clock, seen } = setUp({}, false);
    let isStopping = false;
    let fail: ((error: Error) => void) | undefined;
    bot.use((ctx, next) => {
      if (isStopping) return next();
      return new Promise<void>((_resolve, reject) => {
        fail = (error) => reject(deliverAgain(ctx, error));
      });
    });
    bot.on("message:text", (ctx) => void seen.push(ctx.text));
    bale.writes(1, "a");
    await bot.start();
    await clock.advance(50);
    isStopping = true;
    const stopping = bot.stop();
    fail?.(away());
    await stopping;
    expect(bale.queue).toHaveLength(1);
    await bot.start();
    await clock.advance(50);
    expect(seen).toEqual(["a"]);
  });

  it("is given up after eight seconds when it asks whether a payment may go on", async () => {
    const { bot, bale, clock, store, errors, offset } = setUp();
    store.isAway = true;
    bale.push(question(0));
    const began = clock.now();
    await bot.start();
    await clock.advance(30_000);
    expect(store.reads.map((at) => at - began)).toEqual([0, 500, 1_000, 2_000, 4_000, 7_000]);
    expect(errors.map(({ retryInMs }) => retryInMs)).toEqual([500, undefined]);
    expect(offset()).toBe(1);
  });

  it("is answered 503 by a webhook after twenty seconds, told, and handled when it comes again", async () => {
    const { bot, clock, store, seen, errors } = setUp();
    const webhook = bot.webhook();
    store.isAway = true;
    const answered = webhook.fetch(post(textFrom(1, 1, "a"), webhook.path));
    await clock.advance(15_000);
    // Sent again meanwhile, it waits with the first.
    const second = webhook.fetch(post(textFrom(1, 1, "a"), webhook.path));
    await clock.advance(5_000);
    expect([(await answered).status, (await second).status]).toEqual([503, 503]);
    expect(errors.map(({ where, retryInMs }) => [where, retryInMs])).toEqual([
      ["handler", 500],
      ["webhook", undefined],
    ]);
    store.isAway = false;
    expect((await webhook.fetch(post(textFrom(1, 1, "a"), webhook.path))).status).toBe(200);
    expect(seen).toEqual(["a"]);
  });

  it("is answered 200 by a webhook when the outage is short, in the order of its chat", async () => {
    const { bot, clock, store, seen } = setUp();
    const webhook = bot.webhook();
    store.isAway = true;
    const posts = ["a", "b", "c"].map((text, at) => webhook.fetch(post(textFrom(1, at, text), webhook.path)));
    await clock.advance(10_000);
    store.isAway = false;
    await clock.advance(3_000);
    expect((await Promise.all(posts)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(seen).toEqual(["a", "b", "c"]);
  });

  it("is held for as long as the bot runs by a webhook that has answered early: it does not come again", async () => {
    const { bot, clock, store, seen } = setUp();
    const webhook = bot.webhook({ answerEarly: true });
    store.isAway = true;
    expect((await webhook.fetch(post(textFrom(1, 1, "a"), webhook.path))).status).toBe(200);
    await clock.advance(120_000);
    store.isAway = false;
    await clock.advance(3_000);
    expect(seen).toEqual(["a"]);
  });

  it("is answered 503 by a webhook whose bot stops", async () => {
    const { bot, clock, store } = setUp();
    const webhook = bot.webhook();
    store.isAway = true;
    const answered = webhook.fetch(post(textFrom(1, 1, "a"), webhook.path));
    await clock.advance(1_000);
    await bot.stop();
    expect((await answered).status).toBe(503);
  });

  it("leaves it told what an inbox behind a webhook fails with, though that is a store as well", async () => {
    const inbox = new KeptInbox();
    inbox.beforePut = () => Promise.reject(away());
    const { bot, errors } = setUp({ inbox });
    const webhook = bot.webhook();
    expect((await webhook.fetch(post(textFrom(1, 1, "a"), webhook.path))).status).toBe(503);
    expect(errors.map(({ where, cause }) => [where, (cause as Error).name])).toEqual([
      ["webhook", "StorageUnavailableError"],
    ]);
  });

  it("is what bot.handle rejects with after twenty seconds", async () => {
    const { bot, clock, store } = setUp();
    store.isAway = true;
    const handled = expect(bot.handle(textFrom(1, 1, "a"))).rejects.toBeInstanceOf(StorageUnavailableError);
    await clock.advance(20_000);
    await handled;
  });

  it("is tried again by an inbox where there is one, which counts the attempts", async () => {
    const { bot, bale, clock, store, seen, errors } = setUp({ inbox: new KeptInbox() });
    store.isAway = true;
    bale.writes(1, "a");
    await bot.start();
    await clock.advance(4_000);
    expect(errors.length).toBeGreaterThan(1);
    expect(errors.map(({ attempt }) => attempt)).toEqual(errors.map((_, at) => at + 1));
    store.isAway = false;
    await clock.advance(20_000);
    expect(seen).toEqual(["a"]);
  });
});

describe("an update whose handlers have run", () => {
  it("is not delivered again for an error that nobody said it of", async () => {
    const { bot, bale, clock, errors, offset } = setUp({}, false);
    let runs = 0;
    bot.on("message", () => {
      runs++;
      throw away();
    });
    bale.writes(1, "a");
    await bot.start();
    await clock.advance(30_000);
    expect([runs, offset()]).toEqual([1, 1]);
    expect(errors.map(({ retryInMs }) => retryInMs)).toEqual([undefined]);
  });

  it("is not delivered again for another error than the one it was said of, nor for one that was caught", async () => {
    const { bot, bale, clock, errors, offset } = setUp({}, false);
    const runs: string[] = [];
    bot.hears("other", (ctx) => {
      runs.push("other");
      deliverAgain(ctx, away());
      throw new Error("a fault of the handler");
    });
    bot.hears("caught", (ctx) => {
      runs.push("caught");
      deliverAgain(ctx, away());
    });
    bale.writes(1, "other");
    bale.writes(2, "caught");
    await bot.start();
    await clock.advance(30_000);
    expect(runs).toEqual(["other", "caught"]);
    expect(offset()).toBe(2);
    expect(errors.map(({ cause }) => (cause as Error).message)).toEqual(["a fault of the handler"]);
  });

  it("is not delivered again when it has waited for another update: it is confirmed by then", async () => {
    const { bot, bale, clock, errors } = setUp({}, false);
    let runs = 0;
    bot.hears("ask", async (ctx) => {
      runs++;
      await ctx.waitFor("message:text");
      throw deliverAgain(ctx, away());
    });
    bale.writes(1, "ask");
    await bot.start();
    await clock.advance(50);
    bale.writes(1, "answer");
    await clock.advance(30_000);
    expect(runs).toBe(1);
    expect(errors).toHaveLength(1);
  });

  it("is not delivered again for what was said in a fork: others have worked on it", async () => {
    const { bot, bale, clock, errors, seen } = setUp({}, false);
    let runs = 0;
    bot.fork((ctx) => {
      runs++;
      throw deliverAgain(ctx, away());
    });
    bot.on("message:text", (ctx) => void seen.push(`behind: ${ctx.text}`));
    bale.writes(1, "a");
    await bot.start();
    await clock.advance(30_000);
    expect([runs, seen]).toEqual([1, ["behind: a"]]);
    expect(errors).toHaveLength(1);
  });
});
