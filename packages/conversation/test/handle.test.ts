import { emulator } from "@balekit/emulator";
import { Bot, type Context, type Logger } from "balekit";
import { expect, expectTypeOf, test } from "vitest";
import { conversations } from "../src/conversations.js";
import { conversation, type ConversationOptions } from "../src/definition.js";
import type { ConversationHandle } from "../src/handle.js";
import { lanesOf, quiet, say, told } from "./talk.js";

/** A bot with one conversation, begun by /go; `again` goes on in another process. */
function begin(
  code: (c: ConversationHandle, ctx: Context) => Promise<unknown>,
  options: ConversationOptions = {},
) {
  const bale = emulator();
  const storage = lanesOf(bale);
  const errors: string[] = [];
  const lines: string[] = [];
  const definition = conversation("talk", code, options);
  const keep = (message: string, fields?: object): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const logger: Logger = { debug: () => undefined, info: keep, warn: keep, error: keep };
  const start = () => {
    const bot = new Bot(undefined, { logger }).extend(conversations({ definitions: [definition], storage }));
    bot.catch((error) => void errors.push(error.message));
    bot.command("go", async (ctx) => {
      await ctx.conversation.enter(definition);
    });
    bot.command("help", (ctx) => ctx.reply("help!"));
    bot.on("message:text", (ctx) => ctx.reply(`heard ${ctx.text}`));
    const detach = bale.attach(bot);
    return {
      bot,
      stop: async () => {
        await bot.stop();
        detach();
      },
    };
  };
  let now = start();
  return {
    bale,
    errors,
    lines,
    bot: () => now.bot,
    again: async () => {
      await now.stop();
      now = start();
    },
  };
}

test("waitForReplyTo takes the answer to that message and no other", async () => {
  const { bale, errors, again } = begin(async (c, ctx) => {
    const first = await ctx.reply("first?");
    await ctx.reply("second?");
    const answer = await c.waitForReplyTo(first, { id: "first" });
    await answer.reply(`to the first: ${String(answer.message.text)}`);
    expectTypeOf(answer.message.message_id).toEqualTypeOf<number>();
  });
  const ali = bale.user();
  await say(bale, ali, "/go");
  const [first, second] = ali.inbox.all;
  await say(bale, ali, "plain");
  expect(ali.inbox.last.text).toBe("heard plain");
  await ali.sends("other", { replyTo: second });
  await quiet(bale);
  expect(ali.inbox.last.text).toBe("heard other");
  await again();
  await ali.sends("yes", { replyTo: first });
  await quiet(bale);
  expect(ali.inbox.last.text).toBe("to the first: yes");
  expect(errors).toEqual([]);
});

test("waitForReplyTo refuses what is no message", async () => {
  const { bale, errors } = begin(async (c) => {
    await c.waitForReplyTo("x" as never);
  });
  await say(bale, bale.user(), "/go");
  expect(errors.join()).toContain('c.waitForReplyTo: "x" is no message');
});

test("checkpoint names the step the code runs in, live and in a replay", async () => {
  const seen: unknown[] = [];
  const { bale, again } = begin(async (c) => {
    seen.push(c.checkpoint());
    await c.step("address", async () => {
      await c.step("city", async () => {
        await c.waitFor("message:text");
        seen.push(c.checkpoint());
      });
      seen.push(c.checkpoint());
      await c.waitFor("message:text");
      seen.push(c.checkpoint());
    });
    seen.push(c.checkpoint());
  });
  const ali = bale.user();
  await say(bale, ali, "/go");
  await say(bale, ali, "a");
  await again();
  seen.length = 0;
  await say(bale, ali, "b");
  expect(seen).toEqual([undefined, "address", "address", undefined]);
});

test("steps go from way to way with what is known by then, over restarts, and keep one round", async () => {
  const { bale, again, errors, bot } = begin(async (c, ctx) => {
    const order = await c.steps(
      "order",
      {
        name: async (state) => {
          await ctx.reply("name?");
          const { text } = await c.waitFor("message:text", { id: "name" });
          return { next: "count", state: { ...state, name: text } };
        },
        count: async (state) => {
          await ctx.reply("count?");
          const { text } = await c.waitFor("message:text", { id: "count" });
          if (text === "back") return { next: "name", state };
          return c.done(`${text} for ${state.name}`);
        },
      },
      { next: "name", state: {} as { readonly name?: string } },
    );
    expectTypeOf(order).toEqualTypeOf<string>();
    await ctx.reply(order);
  });
  const ali = bale.user();
  await say(bale, ali, "/go");
  let records = 0;
  for (let round = 0; round < 5; round++) {
    await say(bale, ali, `Ali ${round}`);
    await again();
    await say(bale, ali, "back");
    const lengths = [];
    for await (const one of bot().conversations.list()) lengths.push(one.records);
    if (round === 0) records = lengths[0] ?? 0;
    expect(lengths).toEqual([records]);
  }
  await say(bale, ali, "Sara");
  await again();
  await say(bale, ali, "3");
  expect(told(ali).at(-1)).toBe("3 for Sara");
  expect(errors).toEqual([]);
});

test("a way that steps do not have is an error that names those there are", async () => {
  const { bale, errors } = begin(async (c) => {
    await c.steps(
      "order",
      { name: async (state: number) => ({ next: "nmae" as "name", state }), end: async () => c.done() },
      { next: "name", state: 0 },
    );
  });
  await say(bale, bale.user(), "/go");
  expect(errors.join()).toContain('c.steps("order"): there is no way "nmae". Name one of: name, end.');
});

test("exclusive keeps what fits no wait from the other handlers; commands pass, and so does all once it is over", async () => {
  const { bale } = begin(
    async (c, ctx) => {
      await c.waitFor("message:photo");
      await ctx.reply("thanks");
    },
    { exclusive: true },
  );
  const ali = bale.user();
  await say(bale, ali, "/go");
  await say(bale, ali, "kept");
  expect(told(ali)).toEqual([]);
  await say(bale, ali, "/help");
  expect(told(ali)).toEqual(["help!"]);
  await ali.sendsPhoto();
  await quiet(bale);
  await say(bale, ali, "free");
  expect(told(ali)).toEqual(["help!", "thanks", "heard free"]);
});

test("sleeping for ever, or until no moment at all, is refused", async () => {
  const said: string[] = [];
  const { bale } = begin(async (c, ctx) => {
    for (const sleeps of [
      () => c.sleep(Number.POSITIVE_INFINITY),
      () => c.sleep(Number.NaN),
      () => c.sleep(-1),
      () => c.sleepUntil(new Date("nonsense")),
      () => c.sleepUntil(Number.POSITIVE_INFINITY),
    ]) {
      await sleeps().catch((error: Error) => said.push(error.message));
    }
    await c.sleepUntil(0);
    await ctx.reply("awake");
  });
  const ali = bale.user();
  await say(bale, ali, "/go");
  await bale.clock.advance(10_000);
  await quiet(bale);
  expect(said.map((line) => line.split(". ")[0])).toEqual([
    "c.sleep: Infinity is not a finite number of milliseconds from 0 up",
    "c.sleep: NaN is not a finite number of milliseconds from 0 up",
    "c.sleep: -1 is not a finite number of milliseconds from 0 up",
    "c.sleepUntil: an invalid Date is no moment",
    "c.sleepUntil: Infinity is no moment",
  ]);
  expect(told(ali)).toEqual(["awake"]);
});

test("log writes to the bot's log, once, with the names of the conversation", async () => {
  const { bale, lines, again } = begin(async (c, ctx) => {
    c.log("asked for a name");
    await c.waitFor("message:text");
    c.log("has a name");
    await ctx.reply("ok");
  });
  const ali = bale.user();
  await say(bale, ali, "/go");
  await again();
  await say(bale, ali, "Ali");
  const mine = lines.filter((line) => line.includes('"conversation":"talk"'));
  expect(mine.map((line) => line.split(" {")[0])).toEqual(["asked for a name", "has a name"]);
});

test("commands, words, predicates and moments are waited for, and what is drawn is drawn once", async () => {
  const seen: unknown[] = [];
  const { bale, again, errors } = begin(async (c, ctx) => {
    const drawn = [c.uuid(), c.random(), c.now()];
    const command = await c.waitForCommand("size");
    const word = await c.waitForHears(["red", "green"]);
    const long = await c.waitUntil(({ text }) => (text?.length ?? 0) > 5);
    await c.sleepUntil(c.now() + 60_000);
    seen.push([...drawn], command.match, word.text, long.text);
    await c.api.sendMessage({ chat_id: ctx.chatId ?? 0, text: "awake" });
    await c.call(child, "x");
    c.exit();
  });
  const child = conversation("child", async (c, _ctx, args: string) => {
    seen.push(args, c.checkpoint());
  });
  const ali = bale.user();
  await say(bale, ali, "/go");
  await say(bale, ali, "/size 3");
  await say(bale, ali, "blue");
  expect(told(ali)).toEqual(["heard blue"]);
  await again();
  await say(bale, ali, "green");
  await say(bale, ali, "short");
  await again();
  await say(bale, ali, "long enough");
  await bale.clock.advance(70_000);
  await quiet(bale);
  expect(told(ali)).toEqual(["heard blue", "heard short", "awake"]);
  expect(errors).toEqual([]);
  expect(seen).toEqual([
    [expect.any(String), expect.any(Number), expect.any(Number)],
    "3",
    "green",
    "long enough",
    "x",
    undefined,
  ]);
});

test("onExit is told how it ended, after onCancel and onTimeout", async () => {
  for (const [said, reason] of [
    ["done", "done"],
    ["leave", "exit"],
    ["stop", "cancel"],
    [undefined, "timeout"],
  ] as const) {
    const ends: string[] = [];
    const { bale } = begin(
      async (c) => {
        const { text } = await c.waitFor("message:text", { timeoutMs: 1_000 });
        if (text === "leave") c.exit();
      },
      {
        cancel: ["stop"],
        onCancel: () => void ends.push("onCancel"),
        onTimeout: () => void ends.push("onTimeout"),
        onExit: (why) => void ends.push(why),
      },
    );
    const ali = bale.user();
    await say(bale, ali, "/go");
    if (said === undefined) await bale.clock.advance(10_000);
    else await say(bale, ali, said);
    await quiet(bale);
    const before = reason === "cancel" ? ["onCancel"] : reason === "timeout" ? ["onTimeout"] : [];
    expect(ends).toEqual([...before, reason]);
  }
});
