import type { PhotoSize, PrivateChat, User } from "@balekit/api";
import { expectTypeOf, test } from "vitest";
import { arg } from "../src/command-args.js";
import { Composer } from "../src/composer.js";
import type { Context } from "../src/context.js";
import { plugin } from "../src/plugin.js";

const composer = new Composer();

test("a query narrows the context", () => {
  composer.on("message:text", (ctx) => {
    expectTypeOf(ctx.text).toEqualTypeOf<string>();
    expectTypeOf(ctx.message.text).toEqualTypeOf<string>();
    expectTypeOf(ctx.chatId).toEqualTypeOf<number>();
    // @ts-expect-error a post of a channel may have no sender
    void ctx.from.id;
  });
  composer.on("message:photo", (ctx) => void expectTypeOf(ctx.attachment).toExtend<PhotoSize>());
  composer.on("callback_query", (ctx) => void expectTypeOf(ctx.from.id).toEqualTypeOf<number>());
  composer.on("member_chat_join", (ctx) => void expectTypeOf(ctx.member).toExtend<User>());
  composer.on(["message:text", "edited_message:text"], (ctx) => {
    expectTypeOf(ctx.text).toEqualTypeOf<string>();
    // @ts-expect-error one of them has no new message
    void ctx.message.text;
  });
  // @ts-expect-error no such query
  expectTypeOf(() => composer.on("message:txt", () => {})).toBeFunction();
});

test("a child keeps what its test has narrowed", () => {
  const child = composer.on("message:text");
  child.use((ctx) => void expectTypeOf(ctx.text).toEqualTypeOf<string>());
  child.chatType("private", (ctx) => {
    expectTypeOf(ctx.chat).toExtend<PrivateChat>();
    expectTypeOf(ctx.text).toEqualTypeOf<string>();
  });
});

test("a pattern gives its parts", () => {
  composer.callback("order/:id/:action", (ctx) => {
    expectTypeOf(ctx.params.id).toEqualTypeOf<string>();
    expectTypeOf(ctx.callbackQuery.data).toEqualTypeOf<string>();
    // @ts-expect-error not a part of the pattern
    void ctx.params.verb;
  });
  composer.callback("order/:id{/:action}", (ctx) => {
    expectTypeOf(ctx.params.id).toEqualTypeOf<string>();
    expectTypeOf(ctx.params.action).toEqualTypeOf<string | undefined>();
  });
  composer.callback(
    "files/*path",
    (ctx) => void expectTypeOf(ctx.params.path).toEqualTypeOf<readonly string[]>(),
  );
  composer.hears("from :a-:b", (ctx) => {
    expectTypeOf(ctx.params.a).toEqualTypeOf<string>();
    expectTypeOf(ctx.params.b).toEqualTypeOf<string>();
    // @ts-expect-error the name ends before the dash
    void ctx.params["a-"];
  });
  composer.hears(/x/, (ctx) => void expectTypeOf(ctx.match).toEqualTypeOf<RegExpExecArray>());
  composer.hears("x", (ctx) => void expectTypeOf(ctx.match).toEqualTypeOf<string>());
});

test("a command's arguments are typed", () => {
  composer.command("start", (ctx) => void expectTypeOf(ctx.match).toEqualTypeOf<string>());
  composer.command(
    "pay",
    { args: { amount: arg.integer(), way: arg.oneOf("card", "wallet"), note: arg.optional(arg.rest()) } },
    (ctx) => {
      expectTypeOf(ctx.args.amount).toEqualTypeOf<number>();
      expectTypeOf(ctx.args.way).toEqualTypeOf<"card" | "wallet">();
      expectTypeOf(ctx.args.note).toEqualTypeOf<string | undefined>();
      // @ts-expect-error no such argument
      void ctx.args.sum;
    },
  );
});

test("derive and plugins widen, and a plugin asks for what it needs", () => {
  const clock = plugin<{ readonly now: number }>("clock", (inner) => inner.derive("now", () => 1));
  const greeter = plugin<{ readonly greeting: string }, { readonly now: number }>("greeter", (inner) =>
    inner.derive("greeting", (ctx) => `hello at ${ctx.now}`),
  );
  const both = new Composer()
    .extend(clock)
    .extend(greeter)
    .derive("user", async () => ({ id: 1 }));
  both.use((ctx) => {
    expectTypeOf(ctx.now).toEqualTypeOf<number>();
    expectTypeOf(ctx.greeting).toEqualTypeOf<string>();
    expectTypeOf(ctx.user).toEqualTypeOf<{ id: number }>();
  });
  // @ts-expect-error the clock is missing
  expectTypeOf(() => new Composer().extend(greeter)).toBeFunction();
  function flavour<C extends Context>(inner: Composer<C>): Composer<C & { readonly tea: "green" }> {
    return inner.derive("tea", () => "green" as const);
  }
  new Composer()
    .extend(clock)
    .extend(flavour)
    .use((ctx) => {
      expectTypeOf(ctx.tea).toEqualTypeOf<"green">();
      expectTypeOf(ctx.now).toEqualTypeOf<number>();
    });
});

test("a type predicate narrows, a composer of less fits where more is known", () => {
  const isLoud = (ctx: Context): ctx is Context & { readonly text: `${string}!` } =>
    ctx.text?.endsWith("!") === true;
  composer.filter(isLoud, (ctx) => void expectTypeOf(ctx.text).toExtend<`${string}!`>());
  const wide = new Composer();
  composer.derive("more", () => 1).use(wide);
  const narrow = new Composer<Context & { readonly more: number }>();
  // @ts-expect-error nothing says that the context has more
  new Composer().use(narrow);
});

test("a wait narrows what it answers with, for one query and for any of several", () => {
  composer.command("ask", async (ctx) => {
    expectTypeOf((await ctx.waitFor("message:text")).text).toEqualTypeOf<string>();
    const either = await ctx.waitFor(["message:text", "callback_query:data"], {
      check: ({ callbackQuery, text }) => callbackQuery?.data === "yes" || text === "yes",
    });
    expectTypeOf(either.text).toEqualTypeOf<string | undefined>();
    expectTypeOf(either.callbackQuery?.data).toEqualTypeOf<string | undefined>();
    // @ts-expect-error no such query
    await ctx.waitFor(["message:text", "message:txt"]);
  });
});
