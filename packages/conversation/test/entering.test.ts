import { emulator } from "@balekit/emulator";
import { Bot, type Update } from "balekit";
import { expect, test } from "vitest";
import { conversations } from "../src/conversations.js";
import { conversation } from "../src/definition.js";
import { lanesOf, quiet, say, told } from "./talk.js";

test("a handler may enter a conversation several times; when its update comes again each has begun once", async () => {
  const bale = emulator();
  const storage = lanesOf(bale);
  const notify = conversation("notify", async (_c, ctx, args: { n: number }) => {
    await ctx.reply(`notify ${args.n}`);
  });
  const ask = conversation(
    "ask",
    async (c, ctx, args: { n: number }) => {
      await ctx.reply(`ask ${args.n}`);
      await c.waitFor("message:text");
    },
    { onActive: "stack" },
  );
  const updates: Update[] = [];
  const ids: string[][] = [];
  const errors: string[] = [];
  const start = () => {
    const bot = new Bot(undefined).extend(conversations({ definitions: [notify, ask], storage }));
    bot.catch((error) => void errors.push(error.message));
    bot.command("go", async (ctx) => {
      updates.push(ctx.update);
      for (const n of [1, 2, 3]) await ctx.conversation.enter(notify, { n });
      ids.push(await Promise.all([1, 2].map((n) => ctx.conversation.enter(ask, { n }))));
    });
    return { bot, detach: bale.attach(bot) };
  };
  const first = start();
  const ali = bale.user();
  await say(bale, ali, "/go");
  const all = ["notify 1", "notify 2", "notify 3", "ask 1", "ask 2"];
  expect(told(ali)).toEqual(all);
  await first.bot.stop();
  first.detach();
  const second = start();
  await second.bot.init();
  await second.bot.handle(updates[0] as Update);
  await quiet(bale);
  expect(errors).toEqual([]);
  expect(told(ali)).toEqual(all);
  expect(ids).toHaveLength(2);
  expect(new Set(ids[0]).size).toBe(2);
  expect(ids[1]).toEqual(ids[0]);
});

test("what the old conversation fails with at its end is told, and keeps nobody from entering the new one", async () => {
  for (const fails of ["in onExit", "in catch"]) {
    const bale = emulator();
    const errors: string[] = [];
    let entries = 0;
    const form = conversation(
      "form",
      async (c, ctx) => {
        const n = ++entries;
        await ctx.reply(`form ${n}`);
        await c.waitFor("message:text").catch((error: Error) => {
          throw fails === "in catch" ? new Error(`failed ${fails}`) : error;
        });
      },
      {
        onExit: () => {
          if (fails === "in onExit") throw new Error(`failed ${fails}`);
        },
      },
    );
    const bot = new Bot(undefined).extend(conversations({ definitions: [form], storage: lanesOf(bale) }));
    bot.catch((error) => void errors.push(error.message));
    bot.command("go", async (ctx) => {
      await ctx.conversation.enter(form);
      await ctx.reply("went on");
    });
    bale.attach(bot);
    const ali = bale.user();
    await say(bale, ali, "/go");
    await say(bale, ali, "/go");
    expect(told(ali)).toEqual(["form 1", "went on", "form 2", "went on"]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(`failed ${fails}`);
  }
});
