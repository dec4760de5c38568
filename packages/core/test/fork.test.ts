import type { Update } from "@balekit/api";
import { manualClock } from "@balekit/storage";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import {
  Bot,
  type BotOptions,
  BotStoppedError,
  type Context,
  WaitAbandonedError,
  type WaitForOptions,
} from "../src/index.js";
import { KeptInbox } from "./kept-inbox.js";
import { gate, keptLog, ScriptedBale, settled } from "./scripted-bale.js";

const started: Bot[] = [];

function setUp(options: BotOptions = {}) {
  const clock = manualClock();
  const bale = new ScriptedBale(clock);
  const bot = new Bot("1000:not-a-real-secret", {
    ...options,
    api: { transport: bale },
    clock,
    logger: keptLog(),
  });
  const errors: unknown[] = [];
  bot.catch((error) => void errors.push(error.cause));
  started.push(bot);
  return { bot, bale, clock, errors };
}

let ids = 0;
function text(words: string, userId = 1): Update {
  const message = {
    message_id: 1,
    date: 0,
    text: words,
    chat: { id: userId, type: "private" },
    from: { id: userId },
  };
  return { update_id: ids++, message } as unknown as Update;
}

function press(data: string, userId = 1): Update {
  return {
    update_id: ids++,
    callback_query: { id: `press${ids}`, from: { id: userId }, data, message: { chat: { id: userId } } },
  } as unknown as Update;
}

afterEach(async () => {
  for (const bot of started.splice(0)) await bot.stop({ graceMs: 0 });
});

describe("a fork that waits", () => {
  it("leaves the lane to the handlers beside it until they are done", async () => {
    const { bot } = setUp();
    const seen: string[] = [];
    const work = gate();
    bot.fork(async (ctx) => {
      if (ctx.text !== "ask") return;
      seen.push("fork waits");
      const answer = await ctx.waitFor("message:text");
      seen.push(`fork got ${answer.text}`);
    });
    bot.on("message:text", async (ctx) => {
      seen.push(`${ctx.text} begins`);
      if (ctx.text === "ask") await work.promise;
      seen.push(`${ctx.text} ends`);
    });
    const asked = bot.handle(text("ask"));
    const behind = [bot.handle(text("answer")), bot.handle(text("other"))];
    await settled();
    expect(seen).toEqual(["fork waits", "ask begins"]);
    expect(bot.health()).toMatchObject({ active: 1, waiting: 2, waitsInHandlers: 1 });
    work.open();
    await Promise.all([asked, ...behind]);
    expect(seen).toEqual([
      ...["fork waits", "ask begins", "ask ends"],
      ...["fork got answer", "other begins", "other ends"],
    ]);
    expect(bot.health()).toMatchObject({ active: 0, waiting: 0, waitsInHandlers: 0 });
  });

  it("has the lane from the answer on until it ends, with what stands around it", async () => {
    const { bot } = setUp();
    const seen: string[] = [];
    const work = gate();
    bot.use(async (ctx, next) => {
      await next();
      seen.push(`after ${ctx.text}`);
    });
    bot.fork(async (ctx) => {
      if (ctx.text !== "ask") return;
      await ctx.waitFor("message:text");
      seen.push("answered");
      await work.promise;
      seen.push("fork ends");
    });
    bot.on("message:text", (ctx) => void seen.push(`main ${ctx.text}`));
    await bot.handle(text("ask"));
    const answered = bot.handle(text("answer"));
    const behind = bot.handle(text("behind"));
    await settled();
    expect(seen).toEqual(["main ask", "answered"]);
    work.open();
    await Promise.all([answered, behind]);
    expect(seen).toEqual(["main ask", "answered", "fork ends", "after ask", "main behind", "after behind"]);
  });

  it("has its update accepted only when the handlers beside it are done, and then at once", async () => {
    const { bot, bale, clock } = setUp();
    const work = gate();
    bot.fork(async (ctx) => void (ctx.text === "ask" && (await ctx.waitFor("callback_query"))));
    bot.on("message:text", () => work.promise);
    bale.writes(1, "ask");
    await bot.start();
    await clock.advance(1_000);
    expect(bot.health()).toMatchObject({ active: 1, waitsInHandlers: 1 });
    expect(bale.of("getUpdates").at(-1)?.["offset"]).toBe(0);
    work.open();
    await clock.advance(1_000);
    expect(bot.health()).toMatchObject({ active: 0, waitsInHandlers: 1 });
    expect(bale.of("getUpdates").at(-1)).toMatchObject({ offset: 1 });
  });

  it("keeps a press from being answered by itself until the handlers beside it are done, and no longer", async () => {
    const { bot, bale } = setUp();
    const work = gate();
    bot.fork(async (ctx) => void (await ctx.waitFor("message:text")));
    bot.on("callback_query", () => work.promise);
    const pressed = bot.handle(press("x"));
    await settled();
    expect(bale.of("answerCallbackQuery")).toEqual([]);
    work.open();
    await pressed;
    await settled();
    expect(bale.of("answerCallbackQuery")).toHaveLength(1);
    expect(bot.health()).toMatchObject({ active: 0, waitsInHandlers: 1 });
  });

  it("takes the lane again when its time is up, beside handlers that still run", async () => {
    const { bot, clock } = setUp();
    const seen: string[] = [];
    const [main, fork] = [gate(), gate()];
    bot.fork(async (ctx) => {
      if (ctx.text !== "ask") return;
      await ctx.waitFor("callback_query", { timeoutMs: 1_000 }).catch(() => seen.push("timeout"));
      await fork.promise;
      seen.push("fork ends");
    });
    bot.on("message:text", async (ctx) => {
      if (ctx.text === "ask") await main.promise;
      seen.push(`main ${ctx.text}`);
    });
    const asked = bot.handle(text("ask"));
    await settled();
    await clock.advance(1_000);
    const behind = bot.handle(text("behind"));
    await settled();
    main.open();
    await settled();
    expect(seen).toEqual(["timeout", "main ask"]);
    fork.open();
    await Promise.all([asked, behind]);
    expect(seen).toEqual(["timeout", "main ask", "fork ends", "main behind"]);
  });

  it("gives up its other waits when it ends, not when all handlers do", async () => {
    const { bot } = setUp();
    const work = gate();
    let lost: unknown;
    const taken: string[] = [];
    bot.fork((ctx) => {
      if (ctx.text === "ask") ctx.waitFor("message:text").catch((error: unknown) => (lost = error));
    });
    bot.on("message:text", async (ctx) => {
      if (ctx.text === "ask") await work.promise;
      taken.push(ctx.text);
    });
    const asked = bot.handle(text("ask"));
    await settled();
    expect(lost).toBeInstanceOf(WaitAbandonedError);
    const other = bot.handle(text("other"));
    work.open();
    await Promise.all([asked, other]);
    expect(taken).toEqual(["ask", "other"]);
  });

  it("shares an answer with the handlers beside it when both wait for the same", async () => {
    const { bot } = setUp();
    const seen: string[] = [];
    const work = gate();
    bot.fork(async (ctx) => {
      if (ctx.text !== "ask") return;
      // For two things: after the first it goes on waiting, while the handlers beside it have the lane.
      const both = [ctx.waitFor("message:text"), ctx.waitFor("callback_query:data")] as const;
      const [words, pressed] = await Promise.all(both);
      seen.push(`fork ${words.text} ${pressed.callbackQuery.data}`);
    });
    bot.hears("ask", async (ctx) => {
      const answer = await ctx.waitFor("message:text");
      seen.push(`main ${answer.text} begins`);
      await work.promise;
      seen.push(`main ${answer.text} ends`);
    });
    bot.on("message:text", (ctx) => void seen.push(`other ${ctx.text}`));
    await bot.handle(text("ask"));
    void bot.handle(text("answer"));
    const behind = [bot.handle(text("behind")), bot.handle(press("yes"))];
    await settled();
    expect(seen).toEqual(["main answer begins"]);
    work.open();
    await Promise.all(behind);
    expect(seen).toEqual([
      ...["main answer begins", "main answer ends"],
      ...["other behind", "fork answer yes"],
    ]);
    expect(bot.health()).toMatchObject({ active: 0, waiting: 0, waitsInHandlers: 0 });
  });
});

describe("handlers that wait", () => {
  it("leave the lane to a fork beside them until it is done", async () => {
    const { bot } = setUp();
    const seen: string[] = [];
    const work = gate();
    bot.fork(async (ctx) => {
      if (ctx.text !== "ask") return;
      await work.promise;
      seen.push("fork ends");
    });
    bot.hears("ask", async (ctx) => {
      const answer = await ctx.waitFor("message:text");
      seen.push(`main got ${answer.text}`);
    });
    bot.on("message:text", (ctx) => void seen.push(`other ${ctx.text}`));
    const asked = bot.handle(text("ask"));
    const behind = [bot.handle(text("answer")), bot.handle(text("other"))];
    await settled();
    expect(seen).toEqual([]);
    work.open();
    await Promise.all([asked, ...behind]);
    expect(seen).toEqual(["fork ends", "main got answer", "other other"]);
  });

  it("get their answer while a fork waits for something else, and it gets its own", async () => {
    const { bot } = setUp();
    const seen: string[] = [];
    bot.fork(async (ctx) => {
      if (ctx.text !== "ask") return;
      seen.push(`fork got ${(await ctx.waitFor("callback_query:data")).callbackQuery.data}`);
    });
    bot.hears("ask", async (ctx) => void seen.push(`main got ${(await ctx.waitFor("message:text")).text}`));
    bot.on("message:text", (ctx) => void seen.push(`other ${ctx.text}`));
    await bot.handle(text("ask"));
    await bot.handle(text("words"));
    await bot.handle(text("more"));
    await bot.handle(press("yes"));
    await settled();
    expect(seen).toEqual(["main got words", "other more", "fork got yes"]);
    expect(bot.health()).toMatchObject({ active: 0, waiting: 0, waitsInHandlers: 0 });
  });

  it("do not keep the answer of a fork away by a wait that nobody awaits", async () => {
    const { bot } = setUp();
    const seen: string[] = [];
    bot.use(async (ctx, next) => {
      if (ctx.text !== "ask") return next();
      const words = ctx.waitFor("message:text");
      await next();
      seen.push(`then ${(await words).text}`);
    });
    bot.fork(async (ctx) => {
      if (ctx.text !== "ask") return;
      seen.push(`fork got ${(await ctx.waitFor("callback_query:data")).callbackQuery.data}`);
    });
    bot.on("message:text", (ctx) => void seen.push(`main ${ctx.text}`));
    await bot.handle(text("ask"));
    await bot.handle(text("words"));
    await bot.handle(press("yes"));
    await settled();
    expect(seen).toEqual(["main ask", "fork got yes", "then words"]);
    expect(bot.health()).toMatchObject({ active: 0, waiting: 0, waitsInHandlers: 0 });
  });
});

describe("forks", () => {
  it("of forks wait each for themselves", async () => {
    const { bot } = setUp();
    const seen: string[] = [];
    const work = gate();
    const outer = bot.fork();
    outer.fork(async (ctx) => {
      if (ctx.text === "ask") seen.push(`inner got ${(await ctx.waitFor("message:text")).text}`);
    });
    outer.use(async (ctx) => {
      if (ctx.text !== "ask") return;
      await work.promise;
      seen.push("outer ends");
    });
    bot.on("message:text", (ctx) => void seen.push(`main ${ctx.text}`));
    const asked = bot.handle(text("ask"));
    const answered = bot.handle(text("answer"));
    await settled();
    expect(seen).toEqual(["main ask"]);
    work.open();
    await Promise.all([asked, answered]);
    expect(seen).toEqual(["main ask", "outer ends", "inner got answer"]);
    expect(bot.health()).toMatchObject({ active: 0, waiting: 0, waitsInHandlers: 0 });
  });

  it("that throw without having waited have the update tried again; those that waited do not", async () => {
    for (const waits of [false, true]) {
      const inbox = new KeptInbox();
      const { bot, bale, clock, errors } = setUp({ inbox });
      const work = gate();
      let tries = 0;
      bot.fork(async (ctx) => {
        if (ctx.text !== "ask" || ++tries > 1) return;
        if (waits) await ctx.waitFor("callback_query");
        throw new Error("broken");
      });
      bot.hears("ask", () => work.promise);
      await bot.start();
      bale.writes(1, "ask");
      await settled();
      expect(inbox.kept.size).toBe(1);
      work.open();
      await settled();
      expect(inbox.kept.size).toBe(waits ? 0 : 1);
      if (waits) bale.presses(1, "yes");
      await settled();
      await clock.advance(5_000);
      expect([tries, errors.map(String)]).toEqual([waits ? 1 : 2, ["Error: broken"]]);
      expect(inbox.kept.size).toBe(0);
      await bot.stop();
    }
  });

  it("say that their part is safe for themselves: the update is accepted when all have, or are done", async () => {
    const inbox = new KeptInbox();
    const { bot, bale } = setUp({ inbox });
    const [main, fork] = [gate(), gate()];
    bot.fork(async (ctx) => {
      ctx.delivery?.accept();
      await fork.promise;
    });
    bot.use(() => main.promise);
    await bot.start();
    bale.writes(1, "ask");
    await settled();
    expect(inbox.kept.size).toBe(1);
    main.open();
    await settled();
    expect(inbox.kept.size).toBe(0);
    expect(bot.health().active).toBe(1);
    fork.open();
    await settled();
    expect(bot.health().active).toBe(0);
  });

  it("end with the bot, wherever they wait", async () => {
    const { bot, errors } = setUp();
    const ended: string[] = [];
    const wait = async (ctx: Context, who: string, options?: WaitForOptions): Promise<void> => {
      try {
        await ctx.waitFor("message:photo", options);
      } catch (error) {
        ended.push(`${who} ${error instanceof BotStoppedError}`);
        throw error;
      }
    };
    bot.fork((ctx) => wait(ctx, "first"));
    const second = bot.fork((ctx, next) => Promise.all([wait(ctx, "second"), next()]));
    second.fork((ctx) => wait(ctx, "inner"));
    bot.use((ctx) => wait(ctx, "main", { timeoutMs: 60_000 }));
    await bot.handle(text("ask"));
    await bot.stop();
    expect(ended.sort()).toEqual(["first true", "inner true", "main true", "second true"]);
    expect(errors).toEqual([]);
    expect(bot.health()).toMatchObject({ active: 0, waiting: 0, waitsInHandlers: 0 });
  });

  it("never break a chat's order, run two updates of it at once, block or leak, whatever they wait for", async () => {
    /** What a handler or a fork does for an update that asks: some work, waits, more work. */
    const part = fc.record({
      waits: fc.array(fc.constantFrom("message:text", "callback_query:data"), { maxLength: 2 }),
      before: fc.nat({ max: 3 }),
      after: fc.nat({ max: 3 }),
    });
    const plan = fc.record({
      forks: fc.array(part, { minLength: 1, maxLength: 3 }),
      main: part,
      updates: fc.array(fc.constantFrom("ask", "word", "press"), { minLength: 1, maxLength: 20 }),
      atOnce: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ forks, main, updates, atOnce }) => {
        const { bot, errors } = setUp();
        /** The updates on whose behalf something is at work right now. */
        const working = new Map<number, number>();
        const begun: number[] = [];
        const work = async (id: number, rounds: number): Promise<void> => {
          if (begun.at(-1) !== id) begun.push(id);
          working.set(id, (working.get(id) ?? 0) + 1);
          expect([...working.keys()]).toEqual([id]);
          for (let round = 0; round < rounds; round++) await settled(1);
          expect([...working.keys()]).toEqual([id]);
          const left = (working.get(id) ?? 0) - 1;
          if (left === 0) working.delete(id);
          else working.set(id, left);
        };
        const run = async (ctx: Context, { waits, before, after }: typeof main): Promise<void> => {
          await work(ctx.update.update_id, before);
          if (ctx.text !== "ask") return;
          for (const query of waits) {
            const answer = await ctx.waitFor(query);
            await work(answer.update.update_id, after);
          }
        };
        for (const each of forks) bot.fork((ctx) => run(ctx, each));
        bot.use((ctx) => run(ctx, main));
        const handled = [];
        for (const kind of updates) {
          handled.push(bot.handle(kind === "press" ? press("p") : text(kind)));
          if (!atOnce) await settled(2);
        }
        await Promise.all(handled);
        await settled();
        expect(begun).toEqual(begun.toSorted((one, other) => one - other));
        expect(bot.health()).toMatchObject({ active: 0, waiting: 0 });
        await bot.stop();
        expect(bot.health()).toMatchObject({ active: 0, waitsInHandlers: 0 });
        expect(errors).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });
});
