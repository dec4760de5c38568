import { type Storage, manualClock, memory } from "@balekit/storage";
import { afterEach, describe, expect, it } from "vitest";
import { Bot, type BotError, once, type OnceOptions, type OnceRecord, type Update } from "../src/index.js";
import { gate, keptLog, ScriptedBale, settled } from "./scripted-bale.js";

const bots: Bot[] = [];

afterEach(async () => {
  for (const bot of bots.splice(0)) await bot.stop({ graceMs: 0 });
});

function setUp(options: Partial<OnceOptions> = {}, clock = manualClock()) {
  const storage = options.storage ?? memory<OnceRecord>({ clock });
  const bot = new Bot("1000:not-a-real-secret", {
    api: { transport: new ScriptedBale() },
    clock,
    logger: keptLog(),
  });
  bots.push(bot);
  const errors: BotError[] = [];
  bot.catch((error) => void errors.push(error as BotError));
  return { bot: bot.extend(once({ ...options, storage })), storage, clock, errors };
}

const update = (update_id: number): Update =>
  ({
    update_id,
    message: { message_id: 1, date: 0, text: "x", chat: { id: 1, type: "private" }, from: { id: 1 } },
  }) as unknown as Update;

describe("ctx.once", () => {
  it("carries a step out once an update, and resolves to its result when the update comes again", async () => {
    const { bot } = setUp();
    const ran: string[] = [];
    const got: unknown[] = [];
    bot.on("message", async (ctx) => {
      got.push(await ctx.once("a", () => ran.push("a") && { id: ctx.update.update_id, list: [1] }));
      got.push(await ctx.once("nothing", () => void ran.push("nothing")));
    });
    for (const id of [0, 0, 1]) await bot.handle(update(id));
    expect(ran).toEqual(["a", "nothing", "a", "nothing"]);
    expect(got).toEqual([
      { id: 0, list: [1] },
      undefined,
      { id: 0, list: [1] },
      undefined,
      { id: 1, list: [1] },
      undefined,
    ]);
  });

  it("goes on behind what was finished when the handler failed further down", async () => {
    const { bot, errors } = setUp();
    const ran: string[] = [];
    let fails = true;
    bot.on("message", async (ctx) => {
      await ctx.once("first", () => void ran.push("first"));
      await ctx.once("second", () => {
        ran.push("second");
        if (fails) throw new Error("no luck");
      });
    });
    await bot.handle(update(1));
    fails = false;
    await bot.handle(update(1));
    expect(ran).toEqual(["first", "second", "second"]);
    expect(errors.length).toBe(1);
  });

  it("lets a handler try a step again that threw", async () => {
    const { bot, errors } = setUp();
    let tries = 0;
    const got: unknown[] = [];
    bot.on("message", async (ctx) => {
      const step = () => {
        if (++tries < 3) throw new Error("no luck");
        return tries;
      };
      for (let attempt = 0; attempt < 3; attempt++) got.push(await ctx.once("a", step).catch(() => "failed"));
    });
    await bot.handle(update(1));
    expect([got, errors]).toEqual([["failed", "failed", 3], []]);
  });

  it("refuses a name that has been used in this update: in a loop the rest would silently not happen", async () => {
    const { bot, errors } = setUp();
    let ran = 0;
    bot.on("message", async (ctx) => {
      for (const _ of [1, 2, 3]) await ctx.once("grant", () => ran++);
    });
    await bot.handle(update(1));
    expect(ran).toBe(1);
    expect(errors[0]?.cause).toMatchObject({ name: "TypeError", code: "ERR_BALE_ONCE" });
    expect(String((errors[0]?.cause as Error | undefined)?.message)).toContain("put the item's id into it");
  });

  it("keeps the members of one update apart, bots that share a storage, and odd names", async () => {
    const { bot, storage } = setUp();
    const ran: string[] = [];
    bot.on("member_chat_join", (ctx) => ctx.once("welcome:تو", () => void ran.push(ctx.member.first_name)));
    const joined = {
      update_id: 3,
      message: {
        message_id: 1,
        date: 0,
        chat: { id: 5, type: "group", title: "g" },
        from: { id: 1 },
        new_chat_members: [
          { id: 8, first_name: "a" },
          { id: 9, first_name: "b" },
        ],
      },
    } as unknown as Update;
    await bot.handle(joined);
    await bot.handle(joined);
    expect(ran).toEqual(["a", "b"]);
    const keys: string[] = [];
    for await (const key of storage.keys("once:")) keys.push(key);
    expect(keys.sort()).toEqual(["once:1:3:8:welcome%3Aتو", "once:1:3:9:welcome%3Aتو"]);
  });

  it("never repeats a step whose result could not be kept, and says so each time", async () => {
    const { bot, errors } = setUp({ storage: memory<OnceRecord>({ maxBytes: 500 }) });
    let ran = 0;
    bot.on("message", (ctx) => ctx.once("big", () => "x".repeat(1_000 + ran++)));
    await bot.handle(update(1));
    await bot.handle(update(1));
    expect(ran).toBe(1);
    for (const { cause } of errors) {
      expect((cause as Error).message).toMatch(/was carried out, but what it resolved to could not be kept/);
    }
    expect(errors.length).toBe(2);
  });

  it("records a finished step in spite of a store that fails for a while", async () => {
    const clock = manualClock();
    const inner = memory<OnceRecord>({ clock });
    let failures = 3;
    const storage: Storage<OnceRecord> = {
      ...inner,
      set: (key, value, options) =>
        value.is === "done" && failures-- > 0
          ? Promise.reject(new Error("gone"))
          : inner.set(key, value, options),
    };
    const { bot } = setUp({ storage }, clock);
    let ran = 0;
    bot.on("message", (ctx) => ctx.once("a", () => ++ran));
    const handled = bot.handle(update(1));
    for (let step = 0; step < 10; step++) await clock.advance(200);
    await handled;
    await bot.handle(update(1));
    expect(ran).toBe(1);
  });

  it("forgets a step when its time is over", async () => {
    const { bot, clock } = setUp({ ttlMs: 60_000 });
    let ran = 0;
    bot.on("message", (ctx) => ctx.once("a", () => ++ran));
    await bot.handle(update(1));
    await clock.advance(59_000);
    await bot.handle(update(1));
    expect(ran).toBe(1);
    await clock.advance(2_000);
    await bot.handle(update(1));
    expect(ran).toBe(2);
  });
});

describe("two processes with one update", () => {
  it("do not both carry a step out: the second waits as long as the first shows signs of life", async () => {
    const clock = manualClock();
    const storage = memory<OnceRecord>({ clock });
    const first = setUp({ storage }, clock);
    const second = setUp({ storage }, clock);
    const work = gate();
    const ran: string[] = [];
    const got: unknown[] = [];
    const both = { first: first.bot, second: second.bot };
    for (const [who, bot] of Object.entries(both)) {
      bot.on("message", async (ctx) => {
        const step = async (): Promise<string> => {
          ran.push(who);
          await work.promise;
          return `from ${who}`;
        };
        got.push(await ctx.once("a", step));
      });
    }
    const handled = [first.bot.handle(update(1))];
    await settled();
    handled.push(second.bot.handle(update(1)));
    for (let second_ = 0; second_ < 60; second_++) await clock.advance(1_000);
    expect(ran).toEqual(["first"]);
    work.open();
    await clock.advance(1_000);
    await Promise.all(handled);
    expect([ran, got]).toEqual([["first"], ["from first", "from first"]]);
    await Promise.all(bots.splice(0).map((bot) => bot.stop({ graceMs: 0 })));
  });

  it("the second goes on when the first has gone silent, and a late finish of the first does not undo that", async () => {
    const clock = manualClock();
    const inner = memory<OnceRecord>({ clock });
    let isFrozen = false;
    const storage: Storage<OnceRecord> = {
      ...inner,
      set: (...args) => (isFrozen ? Promise.reject(new Error("frozen")) : inner.set(...args)),
    };
    const first = setUp({ storage }, clock);
    const second = setUp({ storage: inner }, clock);
    const work = gate();
    const got: unknown[] = [];
    first.bot.on(
      "message",
      async (ctx) => void got.push(await ctx.once("a", () => work.promise.then(() => "late"))),
    );
    second.bot.on("message", async (ctx) => void got.push(await ctx.once("a", () => "in time")));
    const handled = first.bot.handle(update(1));
    await settled();
    isFrozen = true;
    const taken = second.bot.handle(update(1));
    await clock.advance(9_000);
    expect(got).toEqual([]);
    await clock.advance(3_000);
    await taken;
    expect(got).toEqual(["in time"]);
    isFrozen = false;
    work.open();
    await clock.advance(1_000);
    await handled;
    expect(got).toEqual(["in time", "in time"]);
  });
});

it("what cannot work is refused where it is written", async () => {
  const storage = memory<OnceRecord>();
  expect(() => once({} as OnceOptions)).toThrow("Give a storage");
  expect(() => once({ storage, ttlMs: 0 })).toThrow(RangeError);
  expect(() => once({ storage, claimMs: -1 })).toThrow(RangeError);
  expect(() => once({ storage, claimMs: 10, ttlMs: 10 })).toThrow("larger ttlMs");
  const { bot, errors } = setUp();
  const wrong: [string, () => unknown][] = [
    ["", () => 1],
    ["x".repeat(201), () => 1],
    ["a", undefined as never],
  ];
  for (const [name, run] of wrong)
    bot.on("message", (ctx, next) =>
      ctx
        .once(name, run)
        .catch((error: Error) => errors.push(error as never))
        .then(next),
    );
  await bot.handle(update(1));
  expect(errors.map((error) => error.code as string)).toEqual(Array(3).fill("ERR_BALE_ONCE"));
});
