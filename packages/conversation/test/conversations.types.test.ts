import { Bot, type Context } from "balekit";
import { expect, expectTypeOf, test } from "vitest";
import {
  type ConversationAdmin,
  type ConversationEnding,
  type ConversationId,
  type Conversations,
  conversation,
  conversations,
  type OpenConversation,
} from "../src/index.js";

const greet = conversation("greet", async (_c, ctx, args: { word: string }) => {
  await ctx.reply(args.word);
});
const plain = conversation("plain", async (c) => {
  await c.waitFor("message:text");
});

test("bot.conversations is typed by what extend returns, and is the hand the plugin object is", () => {
  const talks = conversations({ definitions: [greet, plain] });
  const before = new Bot(undefined);
  const bot = before.extend(talks).derive("count", () => 0);
  expectTypeOf(bot.conversations).toEqualTypeOf<ConversationAdmin>();
  expectTypeOf(bot.conversations.list()).toEqualTypeOf<AsyncIterable<OpenConversation>>();
  expectTypeOf(talks).toExtend<Conversations>();
  // @ts-expect-error a bot that was not extended has none
  expectTypeOf(before.conversations);
  const names = ["enter", "ending", "emit", "list", "inspect", "export", "retry", "exit", "kill"] as const;
  for (const name of names) expect(bot.conversations[name]).toBe(talks[name]);
});

test("what a conversation is entered with is checked", () => {
  const bot = new Bot(undefined).extend(conversations({ definitions: [greet, plain] }));
  const enter = async (): Promise<void> => {
    await bot.conversations.enter(greet, { chatId: 1 }, { word: "x" });
    await bot.conversations.enter(plain, { chatId: 1 });
    // @ts-expect-error its argument is missing
    await bot.conversations.enter(greet, { chatId: 1 });
    // @ts-expect-error the word is a text
    await bot.conversations.enter(greet, { chatId: 1 }, { word: 3 });
    // @ts-expect-error it takes nothing
    await bot.conversations.enter(plain, { chatId: 1 }, 3);
  };
  expect(enter).toBeTypeOf("function");
  bot.use(async (ctx) => {
    await ctx.conversation.enter(greet, { word: "x" });
    // @ts-expect-error its argument is missing
    await ctx.conversation.enter(greet);
  });
});

test("an id remembers what its conversation returns, and is a text", () => {
  const counting = conversation("counting", async () => ({ count: 3 }));
  const bot = new Bot(undefined).extend(conversations({ definitions: [counting, plain] }));
  const ask = async (): Promise<void> => {
    const id = await bot.conversations.enter(counting, { chatId: 1 });
    expectTypeOf(id).toExtend<string>();
    const ending = await bot.conversations.ending(id, { timeoutMs: 1 });
    expectTypeOf(ending).toEqualTypeOf<ConversationEnding<{ count: number }> | undefined>();
    if (ending?.isDone === true) expectTypeOf(ending.result).toEqualTypeOf<{ count: number }>();
    if (ending?.isDone === false) {
      expectTypeOf(ending.result).toBeUnknown();
      expectTypeOf(ending.error).toEqualTypeOf<Error | undefined>();
    }
    const text: string = id;
    const unknown = await bot.conversations.ending(text);
    expectTypeOf(unknown).toEqualTypeOf<ConversationEnding | undefined>();
    const known = await bot.conversations.ending(text, { of: counting });
    expectTypeOf(known).toEqualTypeOf<ConversationEnding<{ count: number }> | undefined>();
    const other = await bot.conversations.enter(plain, { chatId: 1 });
    // @ts-expect-error it is the id of another conversation
    const wrong: ConversationId<{ count: number }> = other;
    expect(wrong).toBe(other);
  };
  expect(ask).toBeTypeOf("function");
  bot.use(async (ctx) => {
    expectTypeOf(await ctx.conversation.enter(counting)).toEqualTypeOf<ConversationId<{ count: number }>>();
  });
});

test("a second conversations plugin on one bot is an error that says so", () => {
  const bot = new Bot(undefined).extend(conversations({ definitions: [plain] }));
  expect(() => bot.extend(conversations({ definitions: [greet] }))).toThrow(
    'the plugin "conversations" is already here',
  );
});

test("per is given the contexts of the conversation", () => {
  conversation("team", async (_c, _ctx: Context & { readonly team: string }) => undefined, {
    per: (ctx) => {
      expectTypeOf(ctx.team).toEqualTypeOf<string>();
      return ctx.team;
    },
  });
  // @ts-expect-error a name is a text
  conversation("team", async () => undefined, { per: (ctx) => ctx.from?.id });
});
