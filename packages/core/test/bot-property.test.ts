import { expect, test } from "vitest";
import { Bot } from "../src/bot.js";
import { Composer } from "../src/composer.js";
import { capability } from "../src/capability.js";
import { plugin } from "../src/plugin.js";

const TOKEN = "1000:secret-secret-secret-secret-secret-secret";

interface Tally {
  readonly count: number;
}

const tally = (id = "tally") =>
  plugin<object, object, { readonly tally: Tally }>(id, (composer) => composer, {
    bot: () => ({ tally: { count: 3 } }),
  });

test("what a plugin puts on the bot is read there, and is there for those who list it", () => {
  const bot = new Bot(TOKEN).extend(tally());
  expect(bot.tally.count).toBe(3);
  expect(Object.keys(bot)).toContain("tally");
});

test("extending gives the same bot back, with what earlier plugins put there", () => {
  const bare = new Bot(TOKEN);
  const other = plugin<{ readonly now: number }>("now", (composer) => composer.derive("now", () => 1));
  const bot = bare
    .extend(tally())
    .extend(other)
    .derive("later", () => 2)
    .define("last", { get: () => 3 });
  expect(bot).toBe(bare);
  expect(bot.tally.count).toBe(3);
});

test("a getter is read each time, so what is found only later can be there", () => {
  const token = capability<string>("word");
  const words = plugin<object, object, { readonly word: string | undefined }>("words", (inner) => inner, {
    bot: (composer) => ({
      get word() {
        return composer.find(token);
      },
    }),
  });
  const bot = new Bot(TOKEN).extend(words);
  expect(bot.word).toBeUndefined();
  bot.provide(token, "سلام");
  expect(bot.word).toBe("سلام");
});

test("each bot has its own", () => {
  let made = 0;
  const numbered = plugin<object, object, { readonly place: number }>("numbered", (inner) => inner, {
    bot: () => {
      made += 1;
      return { place: made };
    },
  });
  expect(new Bot(TOKEN).extend(numbered).place).toBe(1);
  expect(new Bot(TOKEN).extend(numbered).place).toBe(2);
});

test("a plugin of a composer further down puts it on the bot, before and after the two are joined", () => {
  const bot = new Bot(TOKEN);
  bot
    .on("message")
    .extend(tally())
    .use(() => {});
  expect(bot).toMatchObject({ tally: { count: 3 } });
  const apart = new Composer().extend(tally());
  const joined = new Bot(TOKEN).use(apart);
  expect(joined).toMatchObject({ tally: { count: 3 } });
});

test("two plugins that put the same name there are told so, both by name", () => {
  const bot = new Bot(TOKEN).extend(tally());
  const taken = '"second" and the plugin "tally" both put bot.tally there';
  expect(() => bot.extend(tally("second"))).toThrow(taken);
  expect(() => bot.on("message").extend(tally("third"))).toThrow("bot.tally");
  const apart = new Composer().extend(tally("fourth"));
  expect(() => bot.use(apart)).toThrow(expect.objectContaining({ code: "ERR_BALE_PLUGIN" }));
});

test.each(["api", "start", "me", "tree", "constructor"])("bot.%s is not taken from the bot", (name) => {
  const greedy = plugin("greedy", (inner) => inner, { bot: () => ({ [name]: 1 }) });
  expect(() => new Bot(TOKEN).extend(greedy)).toThrow(`bot.${name} is there already`);
});

test("a member of a class of one's own is not taken either", () => {
  class Shop extends Bot {
    readonly tally: string = "mine";
  }
  const shop = new Shop(TOKEN);
  expect(() => shop.extend(tally())).toThrow("bot.tally is there already");
  expect(shop.tally).toBe("mine");
});

test("a property cannot be overwritten", () => {
  const bot = new Bot(TOKEN).extend(tally());
  expect(() => Object.assign(bot, { tally: 1 })).toThrow(TypeError);
});

test("what is no function, and what makes no object, is refused with the plugin's name", () => {
  const wrong = Object.assign((inner: Composer) => inner, { id: "wrong", bot: { tally: 1 } });
  expect(() => new Bot(TOKEN).extend(wrong as never)).toThrow(/plugin "wrong" puts on the bot is made by/);
  const empty = plugin("empty", (inner) => inner, { bot: () => undefined });
  expect(() => new Bot(TOKEN).extend(empty)).toThrow(/plugin "empty" puts on the bot is undefined/);
});
