import { emulator } from "@balekit/emulator";
import { Bot } from "balekit";
import { expect, test } from "vitest";
import { conversations } from "../src/conversations.js";
import { conversation } from "../src/definition.js";
import { lanesOf, say, told } from "./talk.js";

test("a handler ends conversations of whoever has written: all, or those of one definition; their finally runs", async () => {
  const bale = emulator();
  const left: string[] = [];
  const make = (name: string) =>
    conversation(
      name,
      async (c) => {
        try {
          await c.waitFor("message:photo");
        } finally {
          left.push(name);
        }
      },
      { onActive: "stack", onExit: (reason) => void left.push(reason) },
    );
  const [one, other] = [make("one"), make("other")];
  const bot = new Bot(undefined).extend(conversations({ definitions: [one, other], storage: lanesOf(bale) }));
  bot.command("go", async (ctx) => {
    for (const each of [one, other, other]) await ctx.conversation.enter(each);
  });
  bot.command("end", async (ctx) =>
    ctx.reply(`${await ctx.conversation.exit(ctx.match === "" ? undefined : other)}`),
  );
  bot.command("open", async (ctx) =>
    ctx.reply((await ctx.conversation.active()).map(({ name }) => name).join()),
  );
  bale.attach(bot);
  const [ali, sara] = [bale.user(), bale.user()];
  for (const user of [ali, sara]) await say(bale, user, "/go");
  await say(bale, ali, "/end other");
  expect(left).toEqual(["other", "exit", "other", "exit"]);
  await say(bale, ali, "/open");
  await say(bale, ali, "/end");
  await say(bale, ali, "/end");
  expect(told(ali)).toEqual(["2", "one", "1", "0"]);
  await say(bale, sara, "/open");
  expect(told(sara)).toEqual(["one,other,other"]);
});
