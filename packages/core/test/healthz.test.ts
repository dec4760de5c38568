import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { manualClock } from "@balekit/storage";
import { afterEach, describe, expect, it } from "vitest";
import { Bot, type BotOptions } from "../src/index.js";
import { KeptInbox } from "./kept-inbox.js";
import { keptLog, ScriptedBale, settled } from "./scripted-bale.js";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function setUp(options: BotOptions = {}) {
  const clock = manualClock();
  const bale = new ScriptedBale(clock);
  const bot = new Bot("1000:not-a-real-secret", {
    api: { transport: bale },
    clock,
    logger: keptLog(),
    ...options,
  });
  bot.catch(() => undefined);
  ends.push(() => bot.stop({ graceMs: 0 }));
  return { bot, bale, clock };
}

const ask = (method = "GET") => new Request("http://x/healthz", { method });

describe("bot.healthz", () => {
  it("answers 200 while the bot is ok or degraded, and 503 before, after and when it has stalled", async () => {
    const { bot, bale, clock } = setUp();
    const health = bot.healthz();
    const told = async () => {
      const response = health.fetch(ask());
      return [response.status, ((await response.json()) as { state: string }).state];
    };
    expect(await told()).toEqual([503, "stopped"]);
    bot.on("message", () => new Promise<void>(() => undefined));
    await bot.start();
    expect(await told()).toEqual([200, "ok"]);
    bale.writes(1, "x");
    await clock.advance(45_000);
    expect(await told()).toEqual([200, "degraded"]);
    for (let count = 0; count < 120; count++) bale.writes(1, "x");
    await clock.advance(60_000);
    expect(await told()).toEqual([503, "stalled"]);
    void bot.stop({ graceMs: 0 });
    expect(await told()).toEqual([503, "stopped"]);
  });

  it("answers over HTTP with numbers, no text of a message and no token, and is not cached", async () => {
    const { bot, bale } = setUp({ inbox: new KeptInbox() });
    bot.on("message", () => new Promise<void>(() => undefined));
    await bot.start();
    bale.writes(1, "my secret words");
    await settled(20);
    const health = bot.healthz();
    const server = createServer(health.node).listen(0, "127.0.0.1");
    ends.push(() => server.close().closeAllConnections());
    await new Promise((listening) => server.once("listening", listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const response = await fetch(url);
    expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(response.headers.get("content-type")).toContain("application/json");
    const text = await response.text();
    expect(text).not.toMatch(/secret/);
    expect(JSON.parse(text)).toMatchObject({
      state: "ok",
      reasons: [],
      polling: "ok",
      active: 1,
      waiting: 0,
      inbox: { state: "ok", pending: 1 },
    });
    const head = await fetch(url, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const posted = await fetch(url, { method: "POST", body: "x" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    await posted.text();
  });

  it("refuses other methods, and answers HEAD without a body", async () => {
    const { bot } = setUp();
    const health = bot.healthz();
    expect(health.fetch(ask("DELETE")).status).toBe(405);
    expect(health.fetch(ask("DELETE")).headers.get("allow")).toBe("GET, HEAD");
    const head = health.fetch(ask("HEAD"));
    expect([head.status, await head.text()]).toEqual([503, ""]);
  });

  it("makes a bot with a webhook ready, which is given no update before it is healthy", async () => {
    const inbox = new KeptInbox();
    const { bot, bale } = setUp({ inbox });
    bot.webhook();
    const health = bot.healthz();
    const failing = () => Promise.reject(new Error("unreachable"));
    bale.script("getMe", failing);
    expect(health.fetch(ask()).status).toBe(503);
    await settled(20);
    const second = health.fetch(ask());
    expect(second.status).toBe(503);
    await settled(20);
    expect(health.fetch(ask()).status).toBe(200);
    expect(inbox.log).toContain("open");
  });

  it("does not wake a bot that has been stopped", async () => {
    const { bot } = setUp();
    bot.webhook();
    const health = bot.healthz();
    health.fetch(ask());
    await settled(20);
    expect(bot.health().state).toBe("ok");
    await bot.stop();
    expect(health.fetch(ask()).status).toBe(503);
    await settled(20);
    expect(bot.health().state).toBe("stopped");
  });
});
