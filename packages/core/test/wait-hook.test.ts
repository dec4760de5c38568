import { manualClock } from "@balekit/storage";
import { expect, onTestFinished, test } from "vitest";
import { Bot } from "../src/bot.js";
import { WaitAbandonedError, WaitTimeoutError } from "../src/errors.js";
import { gate, ScriptedBale, settled } from "./scripted-bale.js";
import { said } from "./routing-fixture.js";

let ids = 0;
const text = (words: string) => ({ ...said(words), update_id: ++ids });

function setUp() {
  const clock = manualClock();
  const bot = new Bot("1000:not-a-real-secret", { api: { transport: new ScriptedBale(clock) }, clock });
  const errors: unknown[] = [];
  bot.catch(({ cause }) => void errors.push(cause));
  onTestFinished(() => bot.stop({ graceMs: 0 }));
  return { bot, clock, errors };
}

test("hooks run before the handler gives its lane up and after it has it again, with the context it began with", async () => {
  const { bot, errors } = setUp();
  const log: string[] = [];
  const saving = gate();
  bot.onWait({
    before: async (ctx) => {
      log.push(`before ${ctx.text}`);
      await saving.promise;
      log.push("saved");
    },
    after: async (ctx) => void log.push(`after ${ctx.text}`),
  });
  bot.hears("ask", async (ctx) => {
    const first = await ctx.waitFor("message:text");
    log.push(`answer ${first.text}`);
    const second = await first.waitFor("message:text");
    log.push(`answer ${second.text}`);
  });
  bot.on("message:text", (ctx) => void log.push(`other ${ctx.text}`));
  const asking = bot.handle(text("ask"));
  await settled();
  const answering = bot.handle(text("one"));
  await settled();
  // Until what was changed is saved, the lane is the handler's: nobody else runs.
  expect(log).toEqual(["before ask"]);
  saving.open();
  await Promise.all([asking, answering]);
  await settled();
  await bot.handle(text("two"));
  await settled();
  expect(errors).toEqual([]);
  expect(log).toEqual([
    ...["before ask", "saved", "after ask", "answer one"],
    ...["before ask", "saved", "after ask", "answer two"],
  ]);
});

test("a hook that cannot save makes the wait fail, and one that fails after a time-out does not hide it", async () => {
  const { bot, clock } = setUp();
  const seen: unknown[] = [];
  let isAway = true;
  bot.onWait({
    before: () => (isAway ? Promise.reject(new Error("the store is away")) : undefined),
    after: () => Promise.reject(new Error("still away")),
  });
  bot.hears("ask", async (ctx) => {
    await ctx.waitFor("message:text", { timeoutMs: 1_000 }).catch((error: unknown) => seen.push(error));
  });
  await bot.handle(text("ask"));
  expect(seen).toEqual([new Error("the store is away")]);
  isAway = false;
  const waiting = bot.handle(text("ask"));
  await settled();
  await clock.advance(1_000);
  await waiting;
  await settled();
  expect(seen[1]).toBeInstanceOf(WaitTimeoutError);
});

test("a handler that ends while the hooks still save has given its wait up: it takes no update away", async () => {
  const { bot, errors } = setUp();
  const saving = gate();
  const seen: unknown[] = [];
  bot.onWait({ before: () => saving.promise, after: () => undefined });
  bot.hears("ask", (ctx) => {
    ctx.waitFor("message:text").then(
      () => seen.push("answered"),
      (error: unknown) => seen.push(error),
    );
  });
  bot.hears("next", () => void seen.push("handled"));
  await bot.handle(text("ask"));
  saving.open();
  await settled();
  expect(seen[0]).toBeInstanceOf(WaitAbandonedError);
  await bot.handle(text("next"));
  expect(seen.slice(1)).toEqual(["handled"]);
  expect(errors).toEqual([]);
});
