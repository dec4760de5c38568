import { emulator } from "@balekit/emulator";
import { expect, test } from "vitest";
import { Bot } from "../src/bot.js";
import { botHost } from "../src/bot-host.js";
import { Composer } from "../src/composer.js";
import { Context } from "../src/context.js";

test("a plugin finds the bot it ended in, and makes contexts of its own", async () => {
  const bale = emulator();
  const bot = new Bot(undefined);
  const inner = new Composer();
  bot.on("message").use(inner);
  bale.attach(bot);
  const host = inner.find(botHost);
  expect(host?.api).toBe(bot.api);
  expect(host?.clock.now()).toBe(bale.clock.now());
  await host?.ready();
  expect(host?.me.id).toBe(bale.bot.id);
  const ali = bale.user();
  await ali.sends("/start");
  const update = {
    update_id: 1,
    message: { message_id: 1, date: 0, chat: { id: ali.id, type: "private" as const }, text: "x" },
  };
  if (host !== undefined) await new Context(update, host.services).reply("made by hand");
  expect(ali.inbox.last.text).toBe("made by hand");
});

test("a fault in the background reaches bot.catch with what was being done", async () => {
  const bot = new Bot(undefined);
  const seen: string[] = [];
  bot.catch((error) => void seen.push(error.message));
  await bot.find(botHost)?.report(new Error("no"), "Waking a conversation");
  expect(seen).toEqual(["Waking a conversation: no"]);
});

test("an outermost transformer answers before any other one sees the call", async () => {
  const bale = emulator();
  const bot = new Bot(undefined);
  const seen: string[] = [];
  bot.transform((call, next) => {
    seen.push(call.method);
    return next(call);
  });
  bot.transform(
    (call, next) => (call.method === "sendMessage" ? Promise.resolve({ ok: true, result: 7 }) : next(call)),
    { outermost: true },
  );
  bale.attach(bot);
  expect(await bot.api.sendMessage({ chat_id: 1, text: "x" })).toBe(7);
  await bot.api.getMe();
  expect(seen).toEqual(["getMe"]);
});

test("derivations of a place are those around it, outermost first, and its own", () => {
  const root = new Composer();
  root.derive("first", () => 1);
  root.on("message").derive("hidden", () => 0);
  const place = root.on("callback");
  place.derive("own", () => 2);
  place.define("seen", { get: () => 4 });
  const apart = new Composer();
  apart.derive("inlined", () => 3);
  root.use(apart);
  expect(place.tree.derivations().map(({ name }) => name)).toEqual(["first", "inlined", "own", "seen"]);
});
