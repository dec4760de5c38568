import { emulator } from "@balekit/emulator";
import { Bot, type Context } from "balekit";
import { expect, test } from "vitest";
import { conversations } from "../src/conversations.js";
import { conversation } from "../src/definition.js";
import { say } from "./talk.js";

type InTeam = Context & { readonly team: string | undefined };

/** Tells who has written, until "." */
const standup = conversation(
  "standup",
  async (c, ctx: InTeam) => {
    await ctx.reply("who is here?");
    for (;;) {
      const next = await c.waitFor("message:text");
      if (next.text === ".") break;
      await next.reply(`${next.team} noted ${next.text}`);
    }
  },
  { per: (ctx) => ctx.team },
);

function teams(of: (ctx: Context) => unknown) {
  const bale = emulator();
  const errors: string[] = [];
  const bot = new Bot(undefined)
    .derive("team", (ctx) => of(ctx) as string | undefined)
    .extend(conversations({ definitions: [standup] }));
  bot.catch((error) => void errors.push(error.message));
  bot.command("standup", async (ctx) => {
    await ctx.conversation.enter(standup);
  });
  bot.command("open", async (ctx) => ctx.reply(`${(await ctx.conversation.active()).length}`));
  bot.on("message:text", (ctx) => ctx.reply("heard"));
  bale.attach(bot);
  return { bale, bot, errors };
}

test("a function says whose a conversation is: all it gives one name share it, wherever they write", async () => {
  const { bale, bot, errors } = teams(({ from }) => (from?.first_name === "Zari" ? undefined : "blue"));
  const [ali, sara, zari] = ["Ali", "Sara", "Zari"].map((first_name) => bale.user({ first_name }));
  if (!ali || !sara || !zari) throw new Error("three people");
  await say(bale, ali, "/standup");
  await say(bale, sara, "me");
  expect(sara.inbox.last.text).toBe("blue noted me");
  await say(bale, ali, "and me");
  expect(ali.inbox.last.text).toBe("blue noted and me");
  await say(bale, zari, "not me");
  expect(zari.inbox.last.text).toBe("heard");
  await say(bale, sara, "/open");
  expect(sara.inbox.last.text).toBe("1");
  const open = [];
  for await (const one of bot.conversations.list()) open.push(one.lane);
  expect(open).toHaveLength(1);
  expect(open[0]).toContain("blue");
  expect(errors).toEqual([]);
});

test("who has no name has no conversation: entering says so, nothing is keyed by undefined", async () => {
  const { bale, bot, errors } = teams(() => undefined);
  const ali = bale.user();
  await say(bale, ali, "/standup");
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain('Entering "standup": its per answers undefined for this update');
  await say(bale, ali, "x");
  expect(ali.inbox.last.text).toBe("heard");
  const open = [];
  for await (const one of bot.conversations.list()) open.push(one.lane);
  expect(open).toEqual([]);
  await expect(bot.conversations.enter(standup, { chatId: ali.id })).rejects.toThrow(
    "its per answers undefined",
  );
  expect(await bot.conversations.emit({ chatId: ali.id }, "x")).toBe(false);
});

test("a name that is no text is an error that says what it was", async () => {
  for (const [name, shown] of [
    [3, "3"],
    ["", '""'],
    [null, "null"],
  ] as const) {
    const { bale, errors } = teams(() => name);
    await say(bale, bale.user(), "hi");
    expect(errors[0]).toContain(`Whose a conversation is: per answered ${shown}`);
  }
});

test("what no per and no onActive can be throws where it is defined", () => {
  expect(() => conversation("x", async () => undefined, { per: "group" as never })).toThrow(
    'conversation("x"): per is "group"',
  );
  expect(() => conversation("x", async () => undefined, { onActive: "queue" as never })).toThrow(
    'conversation("x"): onActive is "queue"',
  );
});
