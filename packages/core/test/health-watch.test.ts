import { channel } from "node:diagnostics_channel";
import { manualClock } from "@balekit/storage";
import { afterEach, describe, expect, it } from "vitest";
import { Bot, type BotOptions, type HealthEvent, NetworkError } from "../src/index.js";
import { KeptInbox } from "./kept-inbox.js";
import { gate, keptLog, ScriptedBale, settled } from "./scripted-bale.js";

const TOKEN = "1000:not-a-real-secret";
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function setUp(options: BotOptions = {}) {
  const clock = manualClock();
  const bale = new ScriptedBale(clock);
  const logger = keptLog();
  const bot = new Bot(TOKEN, { api: { transport: bale }, clock, logger, ...options });
  bot.catch(() => undefined);
  ends.push(() => bot.stop({ graceMs: 0 }));
  return { bot, bale, clock, logger };
}

/** What is published about the state, from now on. */
function changes(): string[] {
  const seen: string[] = [];
  const keep = (event: unknown): void => {
    const { before, state } = event as HealthEvent;
    seen.push(`${before} → ${state}`);
  };
  channel("balekit:health").subscribe(keep);
  ends.push(() => channel("balekit:health").unsubscribe(keep));
  return seen;
}

describe("the state of a bot", () => {
  it("goes from stopped over starting to ok, and back to stopped, and each change is published", async () => {
    const seen = changes();
    const { bot, bale } = setUp();
    expect(bot.health()).toMatchObject({ state: "stopped", reasons: ["The bot is not started."] });
    const slow = gate();
    bale.script("getMe", async () => {
      await slow.promise;
      return { ok: true, result: { id: 1, is_bot: true, first_name: "Bot" } };
    });
    const started = bot.start();
    await settled();
    expect(bot.health()).toMatchObject({ state: "starting", reasons: ["The bot is getting ready."] });
    slow.open();
    await started;
    expect(bot.health()).toMatchObject({ state: "ok", reasons: [], polling: "ok" });
    const work = gate();
    bot.on("message", () => work.promise);
    bale.writes(1, "x");
    await settled();
    const stopped = bot.stop();
    expect(bot.health()).toMatchObject({ state: "stopped", reasons: ["The bot is stopping."] });
    work.open();
    await stopped;
    expect(bot.health()).toMatchObject({ state: "stopped", reasons: ["The bot is stopped."] });
    await bot.start();
    expect(bot.health().state).toBe("ok");
    expect(seen.slice(0, 3)).toEqual(["stopped → starting", "starting → ok", "ok → stopped"]);
  });

  it("says why it does not get ready, without the token", async () => {
    const { bot, bale, clock } = setUp();
    const words = `no route to https://me:pass@proxy/bot${TOKEN}/getMe`;
    const broken = () => Promise.reject(new NetworkError(words, { method: "getMe", maybeSent: false }));
    bale.script("getMe", broken, broken);
    const started = bot.start();
    await settled();
    const { state, reasons } = bot.health();
    expect(state).toBe("starting");
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toContain("no route to https://proxy/bot[token]/getMe");
    await clock.advance(60_000);
    await started;
    expect(bot.health().state).toBe("ok");
  });

  it("is degraded while Bale cannot be reached, and ok when it can again", async () => {
    const seen = changes();
    const { bot, bale, clock } = setUp();
    await bot.start();
    bale.script(
      "getUpdates",
      ...Array.from({ length: 3 }, () => () => Promise.reject(new Error("the line is dead"))),
    );
    bale.writes(1, "wakes the poll that is held");
    await clock.advance(1_000);
    const { state, reasons, polling } = bot.health();
    expect([state, polling]).toEqual(["degraded", "failing"]);
    expect(reasons[0]).toMatch(/Bale has given no updates for \d+ s: the line is dead\./);
    await clock.advance(120_000);
    expect(bot.health()).toMatchObject({ state: "ok", reasons: [] });
    expect(seen.slice(-2)).toEqual(["ok → degraded", "degraded → ok"]);
  });

  it("is stalled when one handler that does not end has filled Bale's window", async () => {
    const { bot, bale, clock } = setUp();
    bot.on("message", () => new Promise<void>(() => undefined));
    for (let count = 0; count < 120; count++) bale.writes(1, "x");
    await bot.start();
    await clock.advance(20_000);
    expect(bot.health().state).toBe("ok");
    await clock.advance(30_000);
    const { state, reasons, oldestHandlerMs } = bot.health();
    expect(state).toBe("stalled");
    expect(reasons.join(" ")).toMatch(
      /Update 0 has been worked on for \d+ s.*The handler of update 0 has been running/,
    );
    expect(oldestHandlerMs).toBeGreaterThanOrEqual(40_000);
  });

  it("is degraded by a handler that runs long behind an inbox, says it once in the log, and is ok when it has ended", async () => {
    const seen = changes();
    const { bot, bale, clock, logger } = setUp({ inbox: new KeptInbox() });
    const work = gate();
    bot.on("message", (ctx) => (ctx.text === "slow" ? work.promise : undefined));
    await bot.start();
    bale.writes(1, "slow");
    for (let seconds = 0; seconds < 90; seconds += 10) {
      bale.writes(2, "quick");
      await clock.advance(10_000);
    }
    const { state, reasons, oldestHandlerMs, polling } = bot.health();
    expect([state, polling]).toEqual(["degraded", "ok"]);
    expect(reasons[0]).toMatch(/^The handler of update 0 has been running for [89]\d s\.$/);
    expect(oldestHandlerMs).toBeGreaterThanOrEqual(80_000);
    expect(logger.lines.filter((line) => line.includes("handler of update 0"))).toHaveLength(1);
    work.open();
    await clock.advance(10_000);
    expect(bot.health()).toMatchObject({ state: "ok", reasons: [], oldestHandlerMs: undefined });
    expect(seen.slice(-2)).toEqual(["ok → degraded", "degraded → ok"]);
  });

  it("is degraded by a handler of a webhook that runs long, and notices without being asked", async () => {
    const seen = changes();
    const { bot, clock, logger } = setUp();
    const webhook = bot.webhook();
    bot.on("message", () => new Promise<void>(() => undefined));
    expect(bot.health().state).toBe("starting");
    const body = JSON.stringify({
      update_id: 7,
      message: { message_id: 1, date: 0, text: "x", chat: { id: 1, type: "private" }, from: { id: 1 } },
    });
    const headers = { "content-type": "application/json" };
    void webhook.fetch(new Request(`http://x${webhook.path}`, { method: "POST", headers, body }));
    await settled(20);
    expect(bot.health().state).toBe("ok");
    await clock.advance(60_000);
    expect(seen.at(-1)).toBe("ok → degraded");
    expect(logger.lines.some((line) => line.startsWith("warn The handler of update 7 has been"))).toBe(true);
  });

  it("is stalled when every place is held by a handler that does not end, while others wait", async () => {
    const { bot, bale, clock } = setUp({ inbox: new KeptInbox(), concurrency: 2 });
    bot.on("message", () => new Promise<void>(() => undefined));
    await bot.start();
    bale.writes(1, "x");
    bale.writes(2, "x");
    await clock.advance(60_000);
    expect(bot.health().state).toBe("degraded");
    bale.writes(3, "x");
    await clock.advance(5_000);
    const { state, reasons } = bot.health();
    expect(state).toBe("stalled");
    expect(reasons[0]).toContain("all 2 places are taken");
  });

  it("does not take several short attempts at one update for a long one", async () => {
    const { bot, bale, clock } = setUp({
      inbox: new KeptInbox(),
      retries: { attempts: 100, firstMs: 100, longestMs: 100 },
    });
    bot.on("message", async () => {
      await new Promise<void>((later) => clock.setTimeout(later, 8_000));
      throw new Error("again");
    });
    await bot.start();
    bale.writes(1, "x");
    for (let seconds = 0; seconds < 120; seconds += 10) {
      await clock.advance(10_000);
      expect(bot.health().oldestHandlerMs ?? 0).toBeLessThan(10_000);
      expect(bot.health().state).toBe("ok");
    }
  });

  it("does not count a handler that waits in waitFor", async () => {
    const { bot, bale, clock } = setUp();
    bot.command("ask", async (ctx) => {
      await ctx.waitFor("message:text");
    });
    await bot.start();
    bale.writes(1, "/ask");
    await clock.advance(120_000);
    expect(bot.health()).toMatchObject({ state: "ok", waitsInHandlers: 1, oldestHandlerMs: undefined });
  });

  it("is degraded while its inbox is, with the inbox's words", async () => {
    const inbox = new KeptInbox();
    inbox.trouble = "The database of the inbox does not work: redis://me:secret@db is away.";
    const { bot } = setUp({ inbox });
    await bot.start();
    expect(bot.health()).toMatchObject({
      state: "degraded",
      reasons: ["The database of the inbox does not work: redis://db is away."],
    });
    inbox.trouble = undefined;
    expect(bot.health().state).toBe("ok");
  });

  it("leaves no timer behind in a bot that has nothing to do", async () => {
    const { bot, bale, clock } = setUp();
    await bot.start();
    const idle = clock.pending;
    bale.writes(1, "x");
    await clock.advance(20_000);
    expect(clock.pending).toBe(idle);
    await bot.stop();
    expect(clock.pending).toBe(0);
  });
});
