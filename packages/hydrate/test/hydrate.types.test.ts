import {
  type Api,
  Bot,
  type BotCommand,
  type ChatFullInfo,
  type ChatMember,
  type Context,
  type File,
  type Message,
  type User,
} from "balekit";
import { expectTypeOf, test } from "vitest";
import type { ActingApi, ActingVerbs } from "../src/acting-calls.js";
import {
  cache,
  type ChatVerbs,
  deletions,
  type FileVerbs,
  hydrate,
  type HydratedMember,
  type HydratedMessage,
  type HydratedUser,
} from "../src/index.js";

const bot = new Bot("1:x").extend(hydrate()).extend(deletions()).extend(cache());

/** The names of what answers one of these, or lists of them. */
type Answering<Calls, Answers> = {
  [Name in keyof Calls]: Calls[Name] extends (...args: never[]) => Promise<infer Answer>
    ? [Answer] extends [Answers | readonly Answers[]]
      ? Name
      : never
    : never;
}[keyof Calls];

/** What calls take, by their names. */
type Taking<Calls> = {
  [Name in keyof Calls]: Calls[Name] extends (...args: infer Args) => Promise<unknown> ? Args : never;
};

type BaleObject = Message | User | ChatMember | ChatFullInfo | File;

test("every verb that answers with a message answers with one that acts, and no other is changed", () => {
  expectTypeOf<keyof ActingVerbs>().toEqualTypeOf<Answering<Context, Message>>();
  expectTypeOf<Taking<ActingVerbs>>().toEqualTypeOf<Taking<Pick<Context, keyof ActingVerbs>>>();
});

test("every method that answers with an object of Bale's answers with one that acts", () => {
  expectTypeOf<Exclude<keyof ActingApi, "undocumented">>().toEqualTypeOf<Answering<Api, BaleObject>>();
  type Documented = Omit<ActingApi, "undocumented">;
  expectTypeOf<Taking<Documented>>().toEqualTypeOf<Taking<Pick<Api, keyof Documented>>>();
  expectTypeOf<Answering<Api["undocumented"], BaleObject>>().toEqualTypeOf<"sendSticker" | "sendPoll">();
});

test("what a context sends acts, also behind queries, patterns, other plugins and derived properties", () => {
  const wide = bot.derive("tea", () => "green" as const);
  wide.on("message:text", async (ctx) => {
    const sent = await ctx.reply("…", { quote: true });
    expectTypeOf(sent).toEqualTypeOf<HydratedMessage>();
    expectTypeOf(await sent.edit("۱")).toEqualTypeOf<HydratedMessage>();
    expectTypeOf(await ctx.send("x")).toEqualTypeOf<HydratedMessage>();
    expectTypeOf(await ctx.replyWithPhoto("id")).toEqualTypeOf<HydratedMessage>();
    expectTypeOf(await ctx.replyWithMediaGroup([])).toEqualTypeOf<readonly HydratedMessage[]>();
    expectTypeOf(ctx.tea).toEqualTypeOf<"green">();
    expectTypeOf(ctx.text).toEqualTypeOf<string>();
  });
  wide.callback("order/:id", async (ctx) => {
    expectTypeOf(await ctx.edit(ctx.params.id)).toEqualTypeOf<HydratedMessage>();
    expectTypeOf(await ctx.answer("x")).toEqualTypeOf<true>();
  });
  wide.command("x", async (ctx) => {
    // @ts-expect-error a text is wanted
    await ctx.reply(1);
  });
});

test("what calls bring acts, of a context's api and of the bot's", () => {
  expectTypeOf(async () => {
    const { api } = bot;
    expectTypeOf(await api.sendMessage({ chat_id: 1, text: "x" })).toEqualTypeOf<HydratedMessage>();
    expectTypeOf(await api.getMe()).toEqualTypeOf<HydratedUser>();
    expectTypeOf(await api.undocumented.getMyCommands()).toEqualTypeOf<readonly BotCommand[]>();
  }).toBeFunction();
  bot.on("message", async ({ api }) => {
    expectTypeOf(await api.sendMessage({ chat_id: 1, text: "x" })).toEqualTypeOf<HydratedMessage>();
    expectTypeOf(await api.getChatMember({ chat_id: 1, user_id: 2 })).toEqualTypeOf<HydratedMember>();
    expectTypeOf(await api.getChatAdministrators({ chat_id: 1 })).toEqualTypeOf<readonly HydratedMember[]>();
    expectTypeOf(await api.getChat({ chat_id: 1 })).toExtend<ChatVerbs<HydratedMessage, HydratedMember>>();
    expectTypeOf(await api.getFile({ file_id: "x" })).toExtend<FileVerbs>();
    expectTypeOf(await api.deleteMessage({ chat_id: 1, message_id: 2 })).toEqualTypeOf<true>();
    expectTypeOf(
      await api.undocumented.sendSticker({ chat_id: 1, sticker: "x" }),
    ).toEqualTypeOf<HydratedMessage>();
    // @ts-expect-error no such method
    await api.sendMesage({ chat_id: 1, text: "x" });
  });
});

test("without hydrate() answers are plain", () => {
  new Bot("1:x").extend(cache()).on("message", async (ctx) => {
    expectTypeOf(await ctx.reply("x")).toEqualTypeOf<Message>();
  });
});

test("a hydrated bot is a bot, its api an api, and its contexts contexts", () => {
  expectTypeOf(bot.api).toExtend<Api>();
  const takesContext = (ctx: Context): unknown => ctx.update;
  bot.use(takesContext).on("message:text", takesContext);
});
