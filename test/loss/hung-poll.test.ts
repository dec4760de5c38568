import { channel } from "node:diagnostics_channel";
import { emulator } from "@balekit/emulator";
import { setTimeout as later } from "node:timers/promises";
import { Bot, manualClock } from "balekit";
import { expect, onTestFinished, test } from "vitest";

const token = "1000:not-a-real-secret";

test("a poll that hangs on its connection is given up in time, and a new one brings what has come meanwhile", {
  timeout: 60_000,
}, async () => {
  const bale = emulator({ token });
  const server = await bale.listen();
  const clock = manualClock();
  const bot = new Bot(token, { clock, api: { apiRoot: server.url } });
  const errors: string[] = [];
  bot.catch((error) => void errors.push(error.message));
  bot.on("message:text", (ctx) => ctx.reply(ctx.text));
  onTestFinished(async () => {
    await bot.stop({ graceMs: 0 });
    await bale.close();
  });
  let polls = 0;
  const count = (event: unknown): void => {
    const { path } = (event as { readonly request: { readonly path: string } }).request;
    if (path.endsWith("/getUpdates")) polls++;
  };
  channel("undici:client:sendHeaders").subscribe(count);
  onTestFinished(() => {
    channel("undici:client:sendHeaders").unsubscribe(count);
  });
  bale.fault({ kind: "hang", times: 1, method: "getUpdates" });
  const ali = bale.user({ first_name: "Ali" });
  await ali.sends("hello?");
  await bot.start({ pollTimeoutMs: 30_000 });
  const until = async (holds: () => boolean): Promise<void> => {
    for (const limit = Date.now() + 25_000; !holds(); await later(5)) {
      if (Date.now() > limit) throw new Error("It does not come about within 25 s.");
    }
  };
  await until(() => polls === 1);
  await clock.advance(39_000);
  expect(bot.health()).toMatchObject({ state: "ok", polling: "ok" });
  expect(ali.inbox.texts).toEqual([]);
  await clock.advance(1_000);
  await until(() => errors.length > 0 && bot.health().state === "degraded");
  expect(bot.health()).toMatchObject({ state: "degraded", polling: "failing" });
  expect(bot.health().reasons[0]).toContain("no answer within 40000 ms");
  expect(errors).toHaveLength(1);
  await clock.advance(5_000);
  await until(() => ali.inbox.texts.length === 1);
  expect(ali.inbox.texts).toEqual(["hello?"]);
  await until(() => bot.health().state === "ok");
});
