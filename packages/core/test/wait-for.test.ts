import type { Update } from "@balekit/api";
import { manualClock } from "@balekit/storage";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { Bot, BotStoppedError, type Context, WaitAbandonedError, WaitTimeoutError } from "../src/index.js";
import { gate, keptLog, ScriptedBale, settled } from "./scripted-bale.js";

const started: Bot[] = [];

function setUp() {
  const clock = manualClock();
  const bale = new ScriptedBale(clock);
  const logger = keptLog();
  const bot = new Bot("1000:not-a-real-secret", { api: { transport: bale }, clock, logger });
  const errors: unknown[] = [];
  bot.catch((error) => void errors.push(error.cause));
  started.push(bot);
  return { bot, bale, clock, errors, logger };
}

let ids = 0;
function text(userId: number, words: string, chatId = userId): Update {
  const type = chatId === userId ? "private" : "group";
  return {
    update_id: ids++,
    message: { message_id: 1, date: 0, text: words, chat: { id: chatId, type }, from: { id: userId } },
  } as unknown as Update;
}

function press(userId: number, data: string, chat?: { id: number }): Update {
  const message = chat === undefined ? undefined : { message_id: 1, date: 0, chat };
  return {
    update_id: ids++,
    callback_query: { id: `press${ids}`, from: { id: userId }, data, message },
  } as unknown as Update;
}

afterEach(async () => {
  for (const bot of started.splice(0)) await bot.stop({ graceMs: 0 });
});

describe("ctx.waitFor", () => {
  it("runs the manual's conversation: name without a limit, age within ten seconds", async () => {
    const { bot, bale, clock } = setUp();
    bot.command("start", async (ctx) => {
      await ctx.reply("What is your name?");
      const name = await ctx.waitFor("message:text");
      await ctx.reply(`Hello ${name.text}! How old are you?`);
      try {
        const age = await ctx.waitFor("message:text", { timeoutMs: 10_000 });
        await ctx.reply(`${name.text} is ${age.text}`);
      } catch (error) {
        if (!(error instanceof WaitTimeoutError)) throw error;
        await ctx.reply("Too late");
      }
    });
    await bot.handle(text(1, "/start"));
    await bot.handle(text(1, "Ali"));
    await bot.handle(text(1, "20"));
    expect(bale.texts).toEqual(["What is your name?", "Hello Ali! How old are you?", "Ali is 20"]);
    bale.calls.length = 0;
    await bot.handle(text(2, "/start"));
    await bot.handle(text(2, "Sara"));
    await clock.advance(10_000);
    expect(bale.texts.at(-1)).toBe("Too late");
    expect(bot.health()).toMatchObject({ active: 0, waiting: 0, waitsInHandlers: 0 });
  });

  it("gets an answer that came in the same batch as the question's cause", async () => {
    const { bot, bale, clock } = setUp();
    bot.command("start", async (ctx) => {
      await ctx.reply("name?");
      const name = await ctx.waitFor("message:text");
      await ctx.reply(`hello ${name.text}`);
    });
    bot.on("message:text", (ctx) => ctx.reply(`echo ${ctx.text}`));
    bale.writes(1, "/start");
    bale.writes(1, "Ali");
    bale.writes(1, "later");
    await bot.start();
    await clock.advance(1_000);
    expect(bale.texts).toEqual(["name?", "hello Ali", "echo later"]);
  });

  it("takes the answer away from the handlers, and leaves them what its check refuses", async () => {
    const { bot, bale } = setUp();
    bot.command("age", async (ctx) => {
      const age = await ctx.waitFor("message:text", { check: async (reply) => /^\d+$/.test(reply.text) });
      await ctx.reply(`age ${age.text}`);
    });
    bot.on("message:text", (ctx) => ctx.reply(`echo ${ctx.text}`));
    await bot.handle(text(1, "/age"));
    await bot.handle(text(1, "not yet"));
    await bot.handle(text(1, "33"));
    await bot.handle(text(1, "44"));
    expect(bale.texts).toEqual(["echo not yet", "age 33", "echo 44"]);
  });

  it("hears only the same user in the same chat", async () => {
    const { bot, bale } = setUp();
    bot.command("ask", async (ctx) => {
      const answer = await ctx.waitFor("message:text");
      await ctx.reply(`got ${answer.text} from ${answer.from?.id} in ${answer.chatId}`);
    });
    await bot.handle(text(1, "/ask", 500));
    await bot.handle(text(2, "another user", 500));
    await bot.handle(text(1, "another chat", 600));
    await bot.handle(text(1, "mine", 500));
    expect(bale.texts).toEqual(["got mine from 1 in 500"]);
  });

  it("hears a press that came without its chat, from the same user", async () => {
    const { bot, bale } = setUp();
    bot.command("ask", async (ctx) => {
      const answer = await ctx.waitFor("callback_query:data");
      await bot.api.sendMessage({ chat_id: 1, text: answer.callbackQuery.data });
    });
    await bot.handle(text(1, "/ask", 500));
    await bot.handle(press(1, "yes"));
    expect(bale.texts).toEqual(["yes"]);
    expect(bale.of("answerCallbackQuery")).toHaveLength(1);
  });

  it("keeps later updates of the chat behind the resumed handler until it ends", async () => {
    const { bot } = setUp();
    const seen: string[] = [];
    const work = gate();
    bot.command("ask", async (ctx) => {
      await ctx.waitFor("message:text");
      seen.push("resumed");
      await work.promise;
      seen.push("ended");
    });
    bot.on("message:text", (ctx) => void seen.push(ctx.text));
    await bot.handle(text(1, "/ask"));
    const answered = bot.handle(text(1, "answer"));
    const behind = bot.handle(text(1, "behind"));
    await settled();
    await bot.handle(text(2, "elsewhere"));
    await settled();
    expect(seen).toEqual(["resumed", "elsewhere"]);
    work.open();
    await Promise.all([answered, behind]);
    expect(seen).toEqual(["resumed", "elsewhere", "ended", "behind"]);
  });

  it("keeps later updates behind a handler whose wait timed out, until it ends", async () => {
    const { bot, clock } = setUp();
    const seen: string[] = [];
    const work = gate();
    bot.command("ask", async (ctx) => {
      await ctx.waitFor("callback_query", { timeoutMs: 1_000 }).catch(() => seen.push("timeout"));
      await work.promise;
      seen.push("ended");
    });
    bot.on("message:text", (ctx) => void seen.push(ctx.text));
    await bot.handle(text(1, "/ask"));
    await clock.advance(1_000);
    const behind = bot.handle(text(1, "behind"));
    await settled();
    expect(seen).toEqual(["timeout"]);
    work.open();
    await behind;
    expect(seen).toEqual(["timeout", "ended", "behind"]);
  });

  it("answers all who wait for the same, in the order they began to", async () => {
    const { bot, bale } = setUp();
    bot.command(
      "one",
      async (ctx) =>
        void (await ctx.reply(
          `one ${(await ctx.waitFor("message:text", { check: (c) => c.text === "yes" })).text}`,
        )),
    );
    bot.command(
      "two",
      async (ctx) => void (await ctx.reply(`two ${(await ctx.waitFor("message:text")).text}`)),
    );
    await bot.handle(text(1, "/one"));
    await bot.handle(text(1, "/two"));
    await bot.handle(text(1, "yes"));
    expect(bale.texts).toEqual(["one yes", "two yes"]);
    expect(bot.health().active).toBe(0);
  });

  it("rejects when its check throws, and the update goes to the handlers", async () => {
    const { bot, bale, errors } = setUp();
    bot.command("ask", (ctx) =>
      ctx.waitFor("message:text", {
        check: async () => {
          throw new Error("the check broke");
        },
      }),
    );
    bot.on("message:text", (ctx) => ctx.reply(`echo ${ctx.text}`));
    await bot.handle(text(1, "/ask"));
    await bot.handle(text(1, "hello"));
    await settled();
    expect(bale.texts).toEqual(["echo hello"]);
    expect(errors.map(String)).toEqual(["Error: the check broke"]);
  });

  it("does not let a check that never ends block the chat for longer than the wait", async () => {
    const { bot, bale, clock } = setUp();
    bot.command("ask", async (ctx) => {
      const check = () => new Promise<boolean>(() => undefined);
      await ctx.waitFor("message:text", { check, timeoutMs: 5_000 }).catch(() => ctx.reply("gave up"));
    });
    bot.on("message:text", (ctx) => ctx.reply(`echo ${ctx.text}`));
    await bot.handle(text(1, "/ask"));
    const handled = bot.handle(text(1, "hello"));
    await clock.advance(5_000);
    await handled;
    expect(bale.texts).toContain("echo hello");
    expect(bale.texts).toContain("gave up");
  });

  it("rejects with the signal's reason, at once when it is aborted already", async () => {
    const { bot, errors } = setUp();
    const give = new AbortController();
    bot.command("ask", (ctx) => ctx.waitFor("message:text", { signal: give.signal }));
    await bot.handle(text(1, "/ask"));
    give.abort(new Error("changed my mind"));
    await settled();
    await bot.handle(text(1, "/ask"));
    expect(errors.map(String)).toEqual(["Error: changed my mind", "Error: changed my mind"]);
    expect(bot.health().waitsInHandlers).toBe(0);
  });

  it("rejects with BotStoppedError when the bot stops, and that is no error of the handler's", async () => {
    const { bot, errors } = setUp();
    let ended: unknown;
    bot.command("ask", async (ctx) => {
      try {
        await ctx.waitFor("message:text");
      } catch (error) {
        ended = error;
        throw error;
      }
    });
    await bot.handle(text(1, "/ask"));
    await bot.stop();
    expect(ended).toBeInstanceOf(BotStoppedError);
    expect(errors).toEqual([]);
    expect(bot.health()).toMatchObject({ active: 0, waitsInHandlers: 0, waitsOnBot: 0 });
  });

  it("accepts the update of a handler that waits, so that polling goes past it", async () => {
    const { bot, bale, clock } = setUp();
    bot.command("ask", (ctx) => ctx.waitFor("callback_query"));
    bale.writes(1, "/ask");
    await bot.start();
    await clock.advance(100);
    expect(bale.of("getUpdates").at(-1)).toMatchObject({ offset: 1 });
    expect(bot.health()).toMatchObject({ active: 0, waitsInHandlers: 1 });
  });

  it("works in the contexts it answers with, for as many steps as one likes", async () => {
    const { bot, bale } = setUp();
    bot.command("count", async (ctx) => {
      let at: Context = ctx;
      for (let step = 0; step < 20; step++) at = await at.waitFor("message:text");
      await ctx.reply(`last ${at.text}`);
    });
    await bot.handle(text(1, "/count"));
    for (let step = 1; step <= 20; step++) await bot.handle(text(1, String(step)));
    expect(bale.texts).toEqual(["last 20"]);
  });

  it("gives one member at a time to a wait for joins", async () => {
    const { bot, bale } = setUp();
    bot.command("greet", async (ctx) => {
      const check = (join: Context) => join.member?.id === 8;
      const joined = await ctx.waitFor("member_chat_join", { check });
      await ctx.reply(`welcome ${joined.member.id}`);
    });
    await bot.handle(text(1, "/greet", 500));
    const update = text(1, "", 500);
    Object.assign(update.message ?? {}, { new_chat_members: [{ id: 7 }, { id: 8 }] });
    await bot.handle(update);
    expect(bale.texts).toEqual(["welcome 8"]);
  });

  it("can be for any of several queries, told apart by what the answer holds", async () => {
    const { bot, bale } = setUp();
    bot.command("pick", async (ctx) => {
      const { callbackQuery, text: typed } = await ctx.waitFor(["message:text", "callback_query:data"]);
      await ctx.reply(callbackQuery === undefined ? `typed ${typed}` : `pressed ${callbackQuery.data}`);
    });
    await bot.handle(text(1, "/pick"));
    await bot.handle(press(1, "red", { id: 1 }));
    await bot.handle(text(1, "/pick"));
    await bot.handle(text(1, "blue"));
    expect(bale.texts).toEqual(["pressed red", "typed blue"]);
    expect(bot.health().waitsInHandlers).toBe(0);
  });

  it("can be for two things at once: neither keeps the other from coming", async () => {
    const { bot, bale } = setUp();
    bot.on("message:text").command("both", async (ctx) => {
      const [name, press] = await Promise.all([
        ctx.waitFor("message:text"),
        ctx.waitFor("callback_query:data"),
      ]);
      await ctx.reply(`${name.text} ${press.callbackQuery.data}`);
    });
    bot.on("message:text", (ctx) => ctx.reply(`echo ${ctx.text}`));
    await bot.handle(text(1, "/both"));
    await bot.handle(text(1, "Ali"));
    await bot.handle(text(1, "meanwhile"));
    await bot.handle(press(1, "yes", { id: 1 }));
    expect(bale.texts).toEqual(["echo meanwhile", "Ali yes"]);
    expect(bale.of("answerCallbackQuery")).toHaveLength(1);
    expect(bot.health()).toMatchObject({ active: 0, waiting: 0, waitsInHandlers: 0 });
  });

  it("lets the answer to one wait come after another of the same handler has timed out", async () => {
    const { bot, bale, clock } = setUp();
    bot.command("any", async (ctx) => {
      const waits = [ctx.waitFor("callback_query", { timeoutMs: 1_000 }), ctx.waitFor("message:text")];
      await ctx.reply(`got ${(await Promise.any(waits)).text}`);
    });
    await bot.handle(text(1, "/any"));
    await clock.advance(1_000);
    await bot.handle(text(1, "late"));
    expect(bale.texts).toEqual(["got late"]);
    expect(bot.health()).toMatchObject({ active: 0, waiting: 0, waitsInHandlers: 0 });
  });

  it("ends with its handler: what lost a race takes no update away, and stays nowhere", async () => {
    const { bot, bale } = setUp();
    let lost: unknown;
    bot.command("race", async (ctx) => {
      const press = ctx.waitFor("callback_query:data");
      press.catch((error: unknown) => (lost = error));
      const first = await Promise.race([ctx.waitFor("message:text"), press]);
      await ctx.reply(`first ${first.text}`);
    });
    bot.callback("later", (ctx) => ctx.reply("handled"));
    await bot.handle(text(1, "/race"));
    await bot.handle(text(1, "words"));
    await settled();
    expect(bot.health().waitsInHandlers).toBe(0);
    expect(lost).toBeInstanceOf(WaitAbandonedError);
    await bot.handle(press(1, "later", { id: 1 }));
    expect(bale.texts).toEqual(["first words", "handled"]);
  });

  it("holds the lane again for a handler that gave up the wait that lost", async () => {
    const { bot, bale } = setUp();
    const work = gate();
    bot.command("race", async (ctx) => {
      const over = new AbortController();
      const press = ctx.waitFor("callback_query:data", { signal: over.signal });
      await Promise.race([ctx.waitFor("message:text"), press]);
      over.abort();
      await work.promise;
      await ctx.reply("raced");
    });
    bot.on("message:text", (ctx) => ctx.reply(`echo ${ctx.text}`));
    await bot.handle(text(1, "/race"));
    await bot.handle(text(1, "words"));
    await settled();
    const behind = bot.handle(text(1, "behind"));
    await settled();
    expect(bale.texts).toEqual([]);
    work.open();
    await behind;
    expect(bale.texts).toEqual(["raced", "echo behind"]);
  });

  it("survives an update that only looks like one", async () => {
    const { bot } = setUp();
    bot.command("ask", (ctx) => ctx.waitFor("member_chat_join"));
    await bot.handle(text(1, "/ask"));
    const odd = text(1, "x");
    Object.assign(odd.message ?? {}, { new_chat_members: 5 });
    await bot.handle(odd);
    expect(bot.health()).toMatchObject({ active: 0, waitsInHandlers: 1 });
  });

  it("refuses wrong queries, limits and checks in words", async () => {
    const { bot, errors } = setUp();
    bot.command("a", (ctx) => ctx.waitFor("message:txt" as "message:text"));
    bot.command("b", (ctx) => ctx.waitFor("message:text", { timeoutMs: -1 }));
    bot.command("c", (ctx) => ctx.waitFor("message:text", { check: "no" as never }));
    bot.command("d", (ctx) => ctx.waitFor([]));
    for (const command of ["/a", "/b", "/c", "/d"]) await bot.handle(text(1, command));
    expect(errors.map(String)).toEqual([
      expect.stringContaining('Did you mean "message:text"?'),
      expect.stringContaining("timeoutMs is -1"),
      expect.stringContaining("check is"),
      expect.stringContaining("the list of queries is empty"),
    ]);
    expect(bot.health().waitsInHandlers).toBe(0);
  });

  it("never blocks a chat, loses an update or leaks, however one handler combines its waits", async () => {
    const wish = fc.record({
      query: fc.constantFrom("message:text", "callback_query:data", "message:photo", "update"),
      timeoutMs: fc.constantFrom(undefined, 5, 50),
      fussy: fc.boolean(),
    });
    const plan = fc.record({
      combine: fc.constantFrom("all", "race", "any", "allSettled"),
      waits: fc.array(wish, { minLength: 1, maxLength: 4 }),
      steps: fc.array(fc.constantFrom("text", "press", "ask", "time"), { minLength: 1, maxLength: 25 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ combine, waits, steps }) => {
        const { bot, bale, clock } = setUp();
        const handled: Promise<void>[] = [];
        const seen: number[] = [];
        const combined = (all: Promise<Context>[]): Promise<unknown> => {
          if (combine === "race") return Promise.race(all);
          if (combine === "any") return Promise.any(all);
          return combine === "all" ? Promise.all(all) : Promise.allSettled(all);
        };
        bot.hears("ask", async (ctx) => {
          const asked = waits.map(({ query, timeoutMs, fussy }, at) => {
            const check = fussy ? (other: Context) => other.update.update_id % 2 === at % 2 : undefined;
            return ctx.waitFor(query as "update", { timeoutMs, check });
          });
          await combined(asked);
          await settled(1);
        });
        bot.use((ctx) => void seen.push(ctx.update.update_id));
        const updates: Update[] = [];
        for (const step of steps) {
          if (step === "time") await clock.advance(20);
          else {
            const update = step === "press" ? press(1, "p", { id: 1 }) : text(1, step);
            updates.push(update);
            handled.push(bot.handle(update));
            if (handled.length % 3 === 0) await settled(2);
          }
        }
        await clock.advance(100);
        await Promise.all(handled);
        expect(bot.health()).toMatchObject({ active: 0, waiting: 0 });
        expect(bale.of("answerCallbackQuery").length).toBeLessThanOrEqual(updates.length);
        expect(seen).toEqual(seen.toSorted((one, other) => one - other));
        await bot.stop();
        expect(bot.health()).toMatchObject({ active: 0, waitsInHandlers: 0 });
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 80 },
    );
  });

  it("never loses an update, breaks order, deadlocks or leaks, however answers and other texts mix", async () => {
    const step = fc.record({
      user: fc.integer({ min: 1, max: 3 }),
      asks: fc.boolean(),
      lag: fc.nat({ max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        async (steps, atOnce) => {
          const { bot, errors } = setUp();
          const seen: [number, number][] = [];
          const lags = new Map<number, number>();
          const note = async (ctx: Context): Promise<void> => {
            for (let lag = lags.get(ctx.update.update_id) ?? 0; lag > 0; lag--) await settled(1);
            seen.push([ctx.from?.id ?? 0, ctx.update.update_id]);
          };
          bot.hears("ask", async (ctx) => {
            await note(ctx);
            await note(await ctx.waitFor("message:text"));
          });
          bot.on("message:text", (ctx) => note(ctx));
          const sent = steps.map(({ user, asks, lag }) => {
            const update = text(user, asks ? "ask" : "word");
            lags.set(update.update_id, lag);
            return { user, update };
          });
          const handled: Promise<void>[] = [];
          for (const { update } of sent) {
            handled.push(bot.handle(update));
            if (!atOnce) await settled(1);
          }
          await Promise.all(handled);
          for (const user of [1, 2, 3]) {
            const expected = sent.filter((each) => each.user === user).map(({ update }) => update.update_id);
            expect(seen.filter(([id]) => id === user).map(([, id]) => id)).toEqual(expected);
          }
          expect(bot.health()).toMatchObject({ active: 0, waiting: 0 });
          await bot.stop();
          expect(bot.health()).toMatchObject({ active: 0, waitsInHandlers: 0 });
          expect(errors).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("bot.waitFor", () => {
  it("hears every chat and takes nothing from the handlers", async () => {
    const { bot, bale } = setUp();
    bot.on("message:text", (ctx) => ctx.reply(`echo ${ctx.text}`));
    const found = bot.waitFor("message:text", { check: (ctx) => ctx.chatId === 2 });
    await bot.handle(text(1, "one"));
    await bot.handle(text(2, "two"));
    expect((await found).text).toBe("two");
    expect(bale.texts).toEqual(["echo one", "echo two"]);
    expect(bot.health().waitsOnBot).toBe(0);
  });

  it("does not deadlock in a handler that waits for its own chat, even for what is queued already", async () => {
    const { bot, bale } = setUp();
    bot.command("ask", async (ctx) => {
      await settled(2);
      const early = await bot.waitFor("message:text", { check: (other) => other.chatId === ctx.chatId });
      const late = await bot.waitFor("message:text", { check: (other) => other.text === "late" });
      await ctx.reply(`${early.text} and ${late.text}`);
    });
    const asked = bot.handle(text(1, "/ask"));
    const queued = bot.handle(text(1, "early"));
    await settled();
    const later = bot.handle(text(1, "late"));
    await Promise.all([asked, queued, later]);
    expect(bale.texts).toEqual(["early and late"]);
  });

  it("tries updates in their order while checks take their time", async () => {
    const { bot } = setUp();
    await bot.init();
    const slow = gate();
    const check = async (ctx: Context): Promise<boolean> => {
      if (ctx.text === "first") await slow.promise;
      return true;
    };
    const found = bot.waitFor("message:text", { check });
    await bot.handle(text(1, "first"));
    await bot.handle(text(1, "second"));
    slow.open();
    expect((await found).text).toBe("first");
  });

  it("rejects on timeout and on stop, and leaves no timer", async () => {
    const { bot, clock } = setUp();
    await bot.init();
    const late = bot.waitFor("message:photo", { timeoutMs: 50 });
    const stopped = bot.waitFor("message:photo", { timeoutMs: 5_000 });
    await clock.advance(50);
    await expect(late).rejects.toMatchObject({
      code: "ERR_BALE_WAIT_TIMEOUT",
      query: "message:photo",
      timeoutMs: 50,
    });
    await bot.stop();
    await expect(stopped).rejects.toThrow(BotStoppedError);
    await expect(bot.waitFor("message")).rejects.toThrow(BotStoppedError);
    expect(clock.pending).toBe(0);
  });
});
