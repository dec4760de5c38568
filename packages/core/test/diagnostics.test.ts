import { channel } from "node:diagnostics_channel";
import type { Update } from "@balekit/api";
import { afterEach, describe, expect, it } from "vitest";
import { logChannels } from "../src/diagnostics.js";
import { Bot } from "../src/index.js";
import { keptLog, ScriptedBale } from "./scripted-bale.js";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function listen(name: string): Record<string, unknown>[] {
  const events: Record<string, unknown>[] = [];
  const keep = (event: unknown): void => void events.push(event as Record<string, unknown>);
  channel(name).subscribe(keep);
  ends.push(() => channel(name).unsubscribe(keep));
  return events;
}

function text(update_id: number, words: string): Update {
  const chat = { id: 1, type: "private" };
  return { update_id, message: { message_id: 1, date: 0, text: words, chat, from: { id: 1 } } } as Update;
}

function quietBot(bale = new ScriptedBale()): Bot {
  const bot = new Bot("1000:not-a-real-secret", { api: { transport: bale }, logger: keptLog() });
  ends.push(() => void bot.stop({ graceMs: 0 }));
  return bot;
}

describe("diagnostics channels", () => {
  it("tell of updates, how they end, calls, waits and errors", async () => {
    const [updates, handled, calls, waits, errors] = ["update", "handled", "call", "wait", "error"].map(
      (name) => listen(`balekit:${name}`),
    );
    const bale = new ScriptedBale();
    const bot = quietBot(bale);
    bot.hears("ask", async (ctx) => void (await ctx.waitFor("message:text")));
    bot.hears("boom", () => Promise.reject(new Error("boom")));
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    bale.script("sendMessage", () => ({ ok: false, error_code: 403, description: "Forbidden: no" }));
    for (const [id, words] of ["hi", "ask", "answer", "boom"].entries()) await bot.handle(text(id, words));
    expect(updates?.map((event) => (event["update"] as Update).update_id)).toEqual([0, 1, 2, 3]);
    expect(handled?.map(({ outcome }) => outcome)).toEqual(["failed", "parked", "taken", "failed"]);
    expect(handled?.every(({ ms }) => typeof ms === "number" && ms >= 0)).toBe(true);
    expect(calls?.map(({ method, ok, errorCode }) => [method, ok, errorCode])).toEqual([
      ["getMe", true, undefined],
      ["sendMessage", false, 403],
    ]);
    expect(waits?.map(({ outcome }) => outcome)).toEqual(["begun", "answered"]);
    expect(errors).toHaveLength(2);
  });

  it("tell of polls and webhook requests", async () => {
    const polls = listen("balekit:poll");
    const requests = listen("balekit:webhook");
    const bale = new ScriptedBale();
    const bot = quietBot(bale);
    bale.writes(1, "x");
    await bot.start();
    await expect.poll(() => polls.length).toBeGreaterThan(0);
    await bot.stop();
    expect(polls[0]).toMatchObject({ offset: undefined, received: 1, fresh: 1, error: undefined });
    const other = quietBot().webhook();
    await other.fetch(new Request(`http://x${other.path}`, { method: "GET" }));
    const init = { method: "POST", headers: { "content-type": "application/json" } };
    await other.fetch(new Request(`http://x${other.path}`, { ...init, body: '{"update_id":9}' }));
    expect(requests).toEqual([
      { status: 405, updateId: undefined },
      { status: 200, updateId: 9 },
    ]);
  });
});

describe("logChannels", () => {
  it("writes what DEBUG names, and nothing anybody wrote", async () => {
    const logger = keptLog();
    ends.push(logChannels(logger, "balekit:*"));
    const bale = new ScriptedBale();
    const bot = quietBot(bale);
    bot.on("message:text", (ctx) => ctx.reply(`secret reply to ${ctx.text}`));
    await bot.handle(text(5, "private words 09121234567"));
    const all = logger.lines.join("\n");
    expect(all).toMatch(/debug update 5 \(message, chat 1, user 1\) done after [\d.]+ ms/);
    expect(all).toMatch(
      /debug update 5 \(.*\) enters on\("message:text"\) \(.*diagnostics\.test\.ts:\d+:\d+\)/,
    );
    expect(all).toMatch(/debug sendMessage ok after [\d.]+ ms/);
    expect(all).not.toMatch(/private words|0912|secret reply|not-a-real-secret/);
  });

  it("costs nothing when DEBUG names none of ours, and ends when told to", () => {
    const logger = keptLog();
    logChannels(logger, "express:*")();
    expect(channel("balekit:update").hasSubscribers).toBe(false);
    const end = logChannels(logger, "balekit:update");
    expect(channel("balekit:update").hasSubscribers).toBe(true);
    expect(channel("balekit:call").hasSubscribers).toBe(false);
    // A second bot of the process does not write everything twice.
    logChannels(logger, "balekit:update");
    channel("balekit:update").publish({ update: { update_id: 1 } });
    expect(logger.lines).toEqual(["debug update 1 (of no kind)"]);
    end();
    expect(channel("balekit:update").hasSubscribers).toBe(false);
  });
});
