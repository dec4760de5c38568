import type { Update } from "@balekit/api";
import { manualClock } from "@balekit/storage";
import { afterEach, describe, expect, it } from "vitest";
import { Bot, type BotError, type BotOptions, type InboxHost } from "../src/index.js";
import { KeptInbox } from "./kept-inbox.js";
import { gate, keptLog, ScriptedBale, settled } from "./scripted-bale.js";

const started: Bot[] = [];
const token = "1000:not-a-real-secret";

function setUp(inbox = new KeptInbox(), options: BotOptions = {}) {
  const clock = manualClock();
  const bale = new ScriptedBale(clock);
  const logger = keptLog();
  const bot = new Bot(token, { api: { transport: bale }, clock, logger, inbox, ...options });
  const errors: BotError[] = [];
  bot.catch((error) => void errors.push(error));
  started.push(bot);
  return { bot, bale, clock, errors, logger, inbox };
}

function textFrom(userId: number, updateId: number, text: string): Update {
  const chat = { id: userId, type: "private" as const, first_name: "someone" };
  const from = { id: userId, is_bot: false, first_name: "someone" };
  return { update_id: updateId, message: { message_id: 1, date: 0, text, chat, from } } as Update;
}

function post(update: Update, path: string): Request {
  return new Request(`http://localhost${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(update),
  });
}

afterEach(async () => {
  for (const bot of started.splice(0)) await bot.stop({ graceMs: 0 });
});

describe("a bot with an inbox", () => {
  it("gives each update a lane of its own, there and in the handlers, when order is off", async () => {
    const lanes: string[] = [];
    class WatchedInbox extends KeptInbox {
      override open(host: InboxHost): Promise<void> {
        for (const id of [1, 2]) lanes.push(host.laneKey(textFrom(7, id, "x")));
        return super.open(host);
      }
    }
    const ordered = setUp(new WatchedInbox());
    await ordered.bot.start();
    const { bot, bale } = setUp(new WatchedInbox(), { order: "none" });
    const work = gate();
    bot.on("message", () => work.promise);
    await bot.start();
    bale.writes(7, "one");
    bale.writes(7, "two");
    await settled(20);
    expect(lanes).toEqual(["7", "7", "update:1", "update:2"]);
    expect(bot.health()).toMatchObject({ active: 2, waiting: 0 });
    work.open();
  });

  it("confirms updates as soon as they are in it, and polls on past a handler that hangs", async () => {
    const { bot, bale, clock, inbox } = setUp();
    const slow = gate();
    const seen: string[] = [];
    bot.hears("slow", () => slow.promise);
    bot.on("message:text", (ctx) => void seen.push(ctx.text));
    for (let at = 0; at < 250; at++) bale.writes(at === 0 ? 7 : 8, at === 0 ? "slow" : `m${at}`);
    await bot.start();
    await clock.advance(1_000);
    expect(bale.of("getUpdates").at(-1)).toMatchObject({ offset: 250, timeout: 30 });
    expect(seen).toHaveLength(249);
    expect([...inbox.kept.keys()]).toEqual([0]);
    expect(bot.health().inbox?.pending).toBe(1);
    slow.open();
    await settled();
    expect(inbox.kept.size).toBe(0);
  });

  it("confirms nothing that the inbox has not taken, and asks for it again", async () => {
    const { bot, bale, clock, errors, inbox } = setUp();
    let failures = 2;
    inbox.beforePut = async () => {
      if (failures-- > 0) throw new Error("the disk is full");
    };
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    bale.writes(1, "سلام");
    await bot.start();
    await clock.advance(5_000);
    expect(bale.texts).toEqual(["سلام"]);
    const offsets = bale.of("getUpdates").map(({ offset }) => offset);
    expect(offsets.slice(0, 4)).toEqual([undefined, 0, 0, 1]);
    expect(errors.map((error) => [error.where, error.message])).toEqual([
      ["polling", "Asking Bale for updates: the disk is full"],
    ]);
  });

  it("answers a webhook 200 once the update is in it, and not before", async () => {
    const { bot, inbox } = setUp();
    const safe = gate();
    const slow = gate();
    inbox.beforePut = () => safe.promise;
    bot.on("message:text", () => slow.promise);
    const hook = bot.webhook();
    const answer = hook.fetch(post(textFrom(1, 5, "سلام"), hook.path));
    await settled();
    expect(await Promise.race([answer, Promise.resolve("not yet")])).toBe("not yet");
    safe.open();
    expect((await answer).status).toBe(200);
    expect(inbox.kept.size).toBe(1);
    inbox.beforePut = () => Promise.reject(new Error("the disk is full"));
    expect((await hook.fetch(post(textFrom(1, 6, "again"), hook.path))).status).toBe(500);
    slow.open();
    await settled();
    expect(inbox.kept.size).toBe(0);
  });

  it("tries a handler that throws again, in its lane, and tells bot.catch of each attempt", async () => {
    const { bot, bale, clock, errors, inbox } = setUp(undefined, { retries: { firstMs: 1_000 } });
    const trace: string[] = [];
    let failures = 2;
    bot.on("message:text", (ctx) => {
      trace.push(`${ctx.text} ${ctx.delivery?.attempt}`);
      if (ctx.text === "broken" && failures-- > 0) throw new Error("not today");
    });
    bale.writes(1, "broken");
    bale.writes(1, "behind");
    bale.writes(2, "beside");
    await bot.start();
    await clock.advance(400);
    expect(trace).toEqual(["broken 1", "beside 1"]);
    expect(bot.health()).toMatchObject({ active: 0, waiting: 2 });
    await clock.advance(4_000);
    expect(trace).toEqual(["broken 1", "beside 1", "broken 2", "broken 3", "behind 1"]);
    expect(errors.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(errors[0]?.retryInMs).toBeGreaterThanOrEqual(500);
    expect(errors[1]?.message).toMatch(/, attempt 2: not today$/);
    expect(inbox.kept.size).toBe(0);
  });

  it("lets the place of a failed handler go while its lane waits", async () => {
    const { bot, bale, clock } = setUp(undefined, { concurrency: 1 });
    const trace: string[] = [];
    bot.on("message:text", (ctx) => {
      trace.push(ctx.text);
      if (ctx.text === "broken" && ctx.delivery?.attempt === 1) throw new Error("not today");
    });
    bale.writes(1, "broken");
    for (let user = 2; user < 5; user++) bale.writes(user, `from ${user}`);
    await bot.start();
    await clock.advance(300);
    expect(trace).toEqual(["broken", "from 2", "from 3", "from 4"]);
    await clock.advance(2_000);
    expect(trace.at(-1)).toBe("broken");
  });

  it("sets an update aside after its last attempt, and hands it out again when asked", async () => {
    const { bot, bale, clock, errors } = setUp(undefined, { retries: { attempts: 3, firstMs: 100 } });
    let isMended = false;
    const seen: string[] = [];
    bot.on("message:text", (ctx) => {
      if (!isMended && ctx.text === "broken") throw new Error(`no ${token}`);
      seen.push(ctx.text);
    });
    bale.writes(1, "broken");
    bale.writes(1, "behind");
    await bot.start();
    await clock.advance(2_000);
    expect(seen).toEqual(["behind"]);
    expect(errors.map(({ attempt, retryInMs }) => [attempt, retryInMs === undefined])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    const [dead] = await bot.inbox.dead();
    expect(dead).toMatchObject({ id: "0", attempts: 3, error: "no [token]" });
    isMended = true;
    expect(await bot.inbox.retry("0")).toBe(true);
    await settled();
    expect(seen).toEqual(["behind", "broken"]);
    expect(await bot.inbox.drop("0")).toBe(false);
  });

  it("tries for longer what the network is to blame for, and a lost race for a value soon and often", async () => {
    const { bot, bale, clock } = setUp(undefined, { retries: { attempts: 2, firstMs: 1_000 } });
    let calls = 0;
    let races = 0;
    bot.hears("network", async (ctx) => {
      calls++;
      if (calls < 6) bale.script("sendMessage", () => ({ ok: false, error_code: 502, description: "bad" }));
      await ctx.reply("at last");
    });
    bot.hears("race", () => {
      races++;
      if (races < 30) throw Object.assign(new Error("lost"), { code: "ERR_BALE_STORAGE_CONFLICT" });
    });
    bale.writes(1, "network");
    bale.writes(2, "race");
    await bot.start();
    await clock.advance(15_000);
    expect(races).toBe(30);
    await clock.advance(60_000);
    expect(calls).toBe(6);
    expect(bale.texts.at(-1)).toBe("at last");
    expect(await bot.inbox.dead()).toEqual([]);
  });

  it("answers the press of a button once, after the first attempt", async () => {
    const { bot, bale, clock } = setUp();
    let attempts = 0;
    bot.callback("buy", () => {
      if (++attempts < 3) throw new Error("not today");
    });
    bale.presses(1, "buy");
    await bot.start();
    await clock.advance(200);
    expect(bale.of("answerCallbackQuery")).toHaveLength(1);
    await clock.advance(10_000);
    expect(attempts).toBe(3);
    expect(bale.of("answerCallbackQuery")).toHaveLength(1);
  });

  it("tries a payment's question only while Bale waits for the answer, and leaves one that comes too late", async () => {
    const { bot, bale, clock, errors, inbox, logger } = setUp();
    let attempts = 0;
    bot.on("pre_checkout_query", () => {
      attempts++;
      throw new Error("not today");
    });
    const query = { id: "q", from: { id: 3, is_bot: false, first_name: "someone" } };
    bale.push({ pre_checkout_query: query } as unknown as Partial<Update>);
    await bot.start();
    await clock.advance(60_000);
    expect(attempts).toBeGreaterThan(2);
    expect(attempts).toBeLessThan(10);
    expect(errors.at(-1)?.retryInMs).toBeUndefined();
    expect(await inbox.dead()).toEqual([]);
    expect(inbox.kept.size).toBe(0);
    inbox.takenAt = clock.now() - 11_000;
    bale.push({ pre_checkout_query: query } as unknown as Partial<Update>);
    const before = attempts;
    await clock.advance(1_000);
    expect(attempts).toBe(before);
    expect(logger.lines.join("\n")).toContain("more than ten seconds late");
  });

  it("is done with the update of a handler that waits, and does not try it again", async () => {
    const { bot, bale, clock, inbox, errors } = setUp();
    let runs = 0;
    bot.hears("ask", async (ctx) => {
      runs++;
      await ctx.waitFor("message:text");
      throw new Error("after the answer");
    });
    bale.writes(1, "ask");
    await bot.start();
    await clock.advance(50);
    expect(inbox.kept.size).toBe(0);
    bale.writes(1, "answer");
    await clock.advance(5_000);
    expect(runs).toBe(1);
    expect(errors).toHaveLength(1);
    expect(inbox.kept.size).toBe(0);
  });

  it("hands out what was not finished when it starts anew, what waited for its next attempt included", async () => {
    const inbox = new KeptInbox();
    const first = setUp(inbox);
    first.bot.on("message:text", () => {
      throw new Error("not today");
    });
    first.bale.writes(1, "broken");
    first.bale.writes(1, "behind");
    await first.bot.start();
    await first.clock.advance(100);
    await first.bot.stop();
    expect(inbox.log.filter((line) => !line.startsWith("put"))).toEqual([
      "open",
      "failed 0, attempt 1",
      "pause",
      "refused 0",
      "refused 1",
      "close",
    ]);
    const second = setUp(inbox);
    const seen: unknown[] = [];
    second.bot.on("message:text", (ctx) => void seen.push([ctx.text, ctx.delivery?.attempt]));
    await second.bot.start();
    await second.clock.advance(100);
    expect(seen).toEqual([
      ["broken", 2],
      ["behind", 1],
    ]);
  });

  it("counts no attempt for a handler that the stopping bot cut off", async () => {
    const { bot, bale, clock, inbox } = setUp();
    bot.on("message:text", async (ctx) => {
      await new Promise((_, reject) =>
        ctx.signal?.addEventListener("abort", () => reject(ctx.signal?.reason as Error)),
      );
    });
    bale.writes(1, "long");
    await bot.start();
    await clock.advance(100);
    await bot.stop({ graceMs: 0 });
    await settled();
    expect(inbox.kept.get(0)).toMatchObject({ attempts: 0 });
    expect(inbox.log).not.toContain("done 0");
  });

  it("takes updates given by hand past the inbox", async () => {
    const { bot, inbox } = setUp();
    const seen: string[] = [];
    bot.on("message:text", (ctx) => void seen.push(ctx.text));
    await bot.handle(textFrom(1, 3, "سلام"));
    expect(seen).toEqual(["سلام"]);
    expect(inbox.log).toEqual([]);
  });
});

describe("bot.inbox", () => {
  it("says so when there is none, and when it is not open", async () => {
    const bot = new Bot(token);
    expect(() => bot.inbox).toThrow(expect.objectContaining({ code: "ERR_BALE_NO_INBOX" }));
    const { bot: other } = setUp();
    await expect(other.inbox.dead()).rejects.toMatchObject({ code: "ERR_BALE_NOT_STARTED" });
  });

  it("refuses what is no inbox, retries that cannot be meant, and a role without an inbox", async () => {
    expect(() => new Bot(token, { inbox: {} as never })).toThrow(/inbox is \{\}/);
    expect(() => new Bot(token, { inbox: new KeptInbox(), retries: { attempts: 0 } })).toThrow(
      /retries.attempts is 0/,
    );
    await expect(new Bot(token).start({ role: "work" })).rejects.toMatchObject({ code: "ERR_BALE_OPTION" });
  });
});

describe("a bot without an inbox", () => {
  it("gets an update again whose handler the stopping bot cut off", async () => {
    const clock = manualClock();
    const bale = new ScriptedBale(clock);
    const bot = new Bot(token, { api: { transport: bale }, clock, logger: keptLog() });
    bot.catch(() => undefined);
    bot.on("message:text", async (ctx) => {
      await new Promise((_, reject) =>
        ctx.signal?.addEventListener("abort", () => reject(ctx.signal?.reason as Error)),
      );
    });
    bale.writes(1, "long");
    await bot.start();
    await clock.advance(100);
    await bot.stop({ graceMs: 0 });
    await settled();
    expect(bale.of("getUpdates").every(({ offset }) => offset === undefined || offset === 0)).toBe(true);
    expect(bale.queue).toHaveLength(1);
  });
});
