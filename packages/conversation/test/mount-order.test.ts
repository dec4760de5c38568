import { emulator } from "@balekit/emulator";
import { Bot, type Context } from "balekit";
import { expect, test } from "vitest";
import type { ConversationFlavor } from "../src/conversation-controls.js";
import { conversations } from "../src/conversations.js";
import { conversation, type ConversationOptions } from "../src/definition.js";
import { say, told } from "./talk.js";

/** A bot with handlers before and after the plugin, and a conversation that waits for a text, begun by /go. */
function mounted(before: (bot: Bot) => void, after: (bot: Bot) => void, options: ConversationOptions = {}) {
  const bale = emulator();
  const talk = conversation(
    "talk",
    async (c, ctx) => {
      await ctx.reply("name?");
      const { text } = await c.waitFor("message:text");
      await ctx.reply(`hello ${text}`);
    },
    options,
  );
  const bot = new Bot(undefined);
  before(bot);
  void bot.extend(conversations({ definitions: [talk] }));
  bot.command("go", async (ctx) => {
    await (ctx as Context & ConversationFlavor).conversation.enter(talk);
  });
  after(bot);
  bale.attach(bot);
  return { bale, ali: bale.user() };
}

const nothing = (): void => undefined;
const help = (bot: Bot): void => void bot.command("help", (ctx) => ctx.reply("help!"));
const catchAll = (bot: Bot): void => void bot.on("message:text", (ctx) => ctx.reply(`heard ${ctx.text}`));

test.each([
  ["before", help, nothing],
  ["after", nothing, help],
] as const)(
  "a command registered %s the plugin works while a conversation waits, which waits on",
  async (_, before, after) => {
    const { bale, ali } = mounted(before, after);
    await say(bale, ali, "/go");
    await say(bale, ali, "/help");
    await say(bale, ali, "Ali");
    expect(told(ali)).toEqual(["name?", "help!", "hello Ali"]);
  },
);

test("a catch-all before the plugin takes the answers away, one after it sees what no conversation takes", async () => {
  const first = mounted(catchAll, nothing);
  await say(first.bale, first.ali, "/go");
  expect(told(first.ali)).toEqual(["heard /go"]);
  const last = mounted(nothing, catchAll);
  await say(last.bale, last.ali, "before");
  await say(last.bale, last.ali, "/go");
  await say(last.bale, last.ali, "Ali");
  await say(last.bale, last.ali, "more");
  expect(told(last.ali)).toEqual(["heard before", "name?", "hello Ali", "heard more"]);
});

test("middleware before the plugin that goes on with next sees every update, answers too", async () => {
  const seen: (string | undefined)[] = [];
  const { bale, ali } = mounted((bot) => {
    bot.use((ctx, next) => {
      seen.push(ctx.text);
      return next();
    });
  }, nothing);
  await say(bale, ali, "/go");
  await say(bale, ali, "Ali");
  expect(seen).toEqual(["/go", "Ali"]);
  expect(told(ali)).toEqual(["name?", "hello Ali"]);
});

test("a cancel word that is a command cancels unless a handler before the plugin has that command", async () => {
  const stop = (bot: Bot): void => void bot.command("cancel", (ctx) => ctx.reply("nothing to cancel"));
  const options: ConversationOptions = { cancel: ["/cancel"], onCancel: (_, ctx) => ctx.reply("cancelled") };
  const after = mounted(nothing, stop, options);
  await say(after.bale, after.ali, "/cancel");
  await say(after.bale, after.ali, "/go");
  await say(after.bale, after.ali, "/cancel");
  expect(told(after.ali)).toEqual(["nothing to cancel", "name?", "cancelled"]);
  const before = mounted(stop, nothing, options);
  await say(before.bale, before.ali, "/go");
  await say(before.bale, before.ali, "/cancel");
  await say(before.bale, before.ali, "Ali");
  expect(told(before.ali)).toEqual(["name?", "nothing to cancel", "hello Ali"]);
});

test("a text that a bot.hears before the plugin takes is no answer, one after it is", async () => {
  const hears = (bot: Bot): void => void bot.hears("Ali", (ctx) => ctx.reply("that is me"));
  const before = mounted(hears, nothing);
  await say(before.bale, before.ali, "/go");
  await say(before.bale, before.ali, "Ali");
  expect(told(before.ali)).toEqual(["name?", "that is me"]);
  const after = mounted(nothing, hears);
  await say(after.bale, after.ali, "/go");
  await say(after.bale, after.ali, "Ali");
  expect(told(after.ali)).toEqual(["name?", "hello Ali"]);
});
