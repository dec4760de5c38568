import { expectTypeOf, test } from "vitest";
import { Bot } from "../src/bot.js";
import type { Context } from "../src/context.js";
import { plugin } from "../src/plugin.js";

interface Tally {
  readonly count: number;
}

const tally = plugin<{ readonly tally: Tally }, object, { readonly tally: Tally }>(
  "tally",
  (composer) => composer.derive("tally", (): Tally => ({ count: 1 })),
  { bot: () => ({ tally: { count: 1 } }) },
);
const clock = plugin<{ readonly now: number }>("clock", (composer) => composer.derive("now", () => 1));

test("extending a bot types what the plugin puts on it, and keeps that through all that comes after", () => {
  const bot = new Bot("1:x")
    .extend(tally)
    .extend(clock)
    .derive("a", () => 1)
    .define("b", { get: () => "" })
    .use(() => {})
    .catch(() => {});
  expectTypeOf(bot.tally).toEqualTypeOf<Tally>();
  bot.on("message:text", (ctx) => {
    expectTypeOf(ctx.tally).toEqualTypeOf<Tally>();
    expectTypeOf(ctx.now).toEqualTypeOf<number>();
    expectTypeOf(ctx.a).toEqualTypeOf<number>();
    expectTypeOf(ctx.b).toEqualTypeOf<string>();
    expectTypeOf(ctx.text).toEqualTypeOf<string>();
  });
  // @ts-expect-error no plugin put it there
  void bot.talli;
});

test("a plugin that puts nothing on the bot leaves its type as it is", () => {
  expectTypeOf(new Bot("1:x").extend(clock)).toEqualTypeOf<Bot<Context & { readonly now: number }>>();
});

test("a bot with properties fits where a bot is asked for", () => {
  expectTypeOf(new Bot("1:x").extend(tally)).toExtend<Bot<Context & { readonly tally: Tally }>>();
});

test("a class keeps its members, and its handlers see what plugins added", () => {
  class Shop extends Bot {
    readonly goods: readonly string[] = [];
  }
  const shop = new Shop("1:x").extend(clock).extend(tally);
  expectTypeOf(shop.goods).toEqualTypeOf<readonly string[]>();
  expectTypeOf(shop.tally).toEqualTypeOf<Tally>();
  shop.on("message", (ctx) => void expectTypeOf(ctx.now).toEqualTypeOf<number>());
});

test("what the maker gives has to be what the type says", () => {
  expectTypeOf(() =>
    // @ts-expect-error a text is no tally
    plugin<object, object, { readonly tally: Tally }>("x", (inner) => inner, { bot: () => ({ tally: "1" }) }),
  ).toBeFunction();
});
