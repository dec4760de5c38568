import type { Context } from "balekit";
import { expect, expectTypeOf, test } from "vitest";
import { conversation } from "../src/definition.js";
import type { ConversationHandle } from "../src/handle.js";
import { exhaust, testConversation } from "../src/testing.js";

const photo = conversation("photo", async (c, ctx) => {
  const found = await c.waitFor("message:photo", {
    id: "photo",
    otherwise: (sent) => {
      expectTypeOf(sent).toEqualTypeOf<Context>();
      return sent.reply(`${sent.text ?? "?"} is no photo`);
    },
  });
  await ctx.reply(`${found.message.photo.length > 0}`);
});

test("otherwise is told of what does not fit the query, and commands go their way", async () => {
  const t = testConversation(photo, {
    setUp: (bot, talks) => {
      const extended = bot.extend(talks);
      extended.command("enter", (ctx) => ctx.conversation.enter(photo).then(() => undefined));
      extended.command("help", (ctx) => ctx.reply("help!"));
      extended.on("message:text", (ctx) => ctx.reply(`heard ${ctx.text}`));
    },
  });
  await t.sends("/enter");
  await t.sends("a word");
  expect(t.last.text).toBe("a word is no photo");
  await t.sends("/help");
  expect(t.last.text).toBe("help!");
  await t.restart();
  await t.sends("another");
  expect(t.last.text).toBe("another is no photo");
  await t.sendsPhoto();
  expect(t.last.text).toBe("true");
  await t.sends("later");
  expect(t.last.text).toBe("heard later");
});

test("otherwise beside a button, beside a check, and beside a command of its own", async () => {
  const asking = conversation("asking", async (c, ctx) => {
    const yes = c.button("yes", "yes");
    await ctx.reply("sure?", { reply_markup: { inline_keyboard: [[yes]] } });
    const pressed = await c.waitForCallback(yes, { id: "sure", otherwise: (sent) => sent.reply("press it") });
    await ctx.reply(`pressed ${String(pressed.match)}`);
    const age = await c.waitForHears(/^\d+$/, {
      id: "age",
      check: ({ text }) => Number(text) < 100,
      otherwise: (sent) => sent.reply(`${sent.text}?`),
    });
    await age.reply("age");
    await c.waitForCommand("done", { id: "done", otherwise: (sent) => sent.reply("/done ends it") });
    await ctx.reply("over");
  });
  const t = testConversation(asking);
  await t.enter();
  await t.sends("yes");
  expect(t.last.text).toBe("press it");
  await t.presses("yes");
  expect(t.last.text).toBe("pressed yes");
  await t.sends("ten");
  expect(t.last.text).toBe("ten?");
  await t.sends("101");
  expect(t.last.text).toBe("101?");
  await t.sends("10");
  await t.sends("and now");
  expect(t.last.text).toBe("/done ends it");
  await t.sends("/done");
  expect(t.last.text).toBe("over");
});

test("what is told does not move the deadline, nor does a restart in between", {
  timeout: 60_000,
}, async () => {
  const waiting = conversation("waiting", async (c, ctx) => {
    await c.waitFor("message:photo", { timeoutMs: 60_000, otherwise: () => undefined });
    await ctx.reply("never");
  });
  const report = await exhaust(waiting, async (t) => {
    await t.enter();
    await t.advance("40s");
    await t.sends("hm");
    await t.advance("21s");
    expect(t.ending?.reason).toBe("timeout");
  });
  expect(report.plays).toBeGreaterThan(7);
});

const either = conversation("either", async (c, ctx) => {
  const stop = new AbortController();
  const name = c.waitFor("message:text", { id: "name", signal: stop.signal }).then(
    ({ text }) => `name ${text}`,
    (reason: unknown) => `no name: ${String(reason)}`,
  );
  await ctx.reply("name, or nothing?");
  await c.waitForEvent("nothing", { timeoutMs: 60_000 }).catch(() => undefined);
  stop.abort("it took too long");
  await ctx.reply(await name);
  const { text } = await c.waitFor("message:text", { id: "last" });
  await ctx.reply(`last ${text}`);
});

test("a wait is given up by a signal of the conversation's own, live and in every replay", async () => {
  const report = await exhaust(either, async (t) => {
    await t.enter();
    await t.advance("61s");
    expect(t.last.text).toBe("no name: it took too long");
    await t.sends("Ali");
    expect(t.last.text).toBe("last Ali");
  });
  expect(report.plays).toBeGreaterThan(20);
  await exhaust(either, async (t) => {
    await t.enter();
    await t.sends("Ali");
    await t.advance("61s");
    expect(t.last.text).toBe("name Ali");
    await t.sends("Reza");
    expect(t.last.text).toBe("last Reza");
  });
});

test("a signal that is aborted already gives up at once, and nothing is waited for", async () => {
  const gone = conversation("gone", async (c, ctx) => {
    const reason = await c.waitFor("message", { signal: AbortSignal.abort("gone") }).catch(String);
    await ctx.reply(String(reason));
    await c.waitForEvent("never", { signal: AbortSignal.abort("gone too") }).catch(String);
  });
  const t = testConversation(gone);
  await t.enter();
  expect(t.last.text).toBe("gone");
  expect(t.ending?.reason).toBe("done");
});

test("a signal that is aborted from outside gives nothing up, and is told as what is not in the journal", async () => {
  const stops: AbortController[] = [];
  const wild = conversation("wild", async (c, ctx) => {
    const stop = new AbortController();
    stops.push(stop);
    const { text } = await c.waitFor("message:text", { signal: stop.signal });
    await ctx.reply(`still ${text}`);
  });
  const t = testConversation(wild);
  await t.enter();
  stops[0]?.abort();
  await expect(t.sends("here")).rejects.toThrow("un-journaled");
  expect(t.last.text).toBe("still here");
});

test("waits and pieces of code that can't be what was meant are refused with what to do", async () => {
  const said: string[] = [];
  const wrong = conversation("wrong", async (c) => {
    const tries: readonly (() => unknown)[] = [
      () => c.race({}),
      () => c.race({ a: Promise.resolve() as never }),
      () => c.collect("message", { max: 0 }),
      () => c.collect("message", { idleMs: Number.NaN }),
      () => c.collect("message", { withinMs: -1 }),
      () => c.collect("message", { until: true as never }),
      () => c.waitFor("message", { signal: "stop" as never }),
      () => c.external((() => 1) as never, undefined as never),
      () => c.external("name", 5 as never),
      () => c.step("", () => 1),
      () => c.loop("rounds", 0, undefined as never),
    ];
    for (const attempt of tries) {
      try {
        await attempt();
        said.push("nothing");
      } catch (error) {
        said.push((error as Error).message);
      }
    }
  });
  const t = testConversation(wrong);
  await t.enter();
  expect(t.ending?.reason).toBe("done");
  // Each is run again by the comparison of the harness.
  expect(said.slice(0, 11)).toEqual([
    "c.race: there is nothing to run, and so nothing that could be first. Give at least one function.",
    'c.race: "a" is [object Promise]. Give functions, so that what loses can be given up: { a: () => c.waitFor("message") }.',
    "c.collect: max is 0. Give a number from 1 up.",
    "c.collect: idleMs is NaN. Give milliseconds from 0 up.",
    "c.collect: withinMs is -1. Give milliseconds from 0 up.",
    "c.collect: until is true. Give a function.",
    'Waiting: signal is "stop". Give the signal of an AbortController that this code has made.',
    'c.external: its name is [function without a name]. Give a name, which stands in the journal, and then a function: c.external("name", …).',
    'c.external: "name" is given 5. Give a name, which stands in the journal, and then a function: c.external("name", …).',
    'c.step: its name is "". Give a name, which stands in the journal, and then a function: c.step("name", …).',
    'c.loop: "rounds" is given undefined. Give a name, which stands in the journal, and then a function: c.loop("name", …).',
  ]);
});

test("what nothing could ever answer is refused when it is asked", async () => {
  const refused: readonly (readonly [(c: ConversationHandle) => unknown, string])[] = [
    [
      (c) => c.ask.number("n", "n?", { min: 5, max: 1 }),
      "min is 5. No answer could be as small as max, which is 1.",
    ],
    [(c) => c.ask.text("t", "t?", { min: 9, max: 3 }), "min is 9. No answer could"],
    [(c) => c.ask.integer("n", "n?", { max: Number.NaN }), "max is NaN. Give a number."],
    [(c) => c.ask.text("t", "t?", { validate: "x" as never }), 'validate is "x". Give a function.'],
    [
      (c) => c.ask.choice("k", "k?", ["a"], { keyboard: "inlin" as never }),
      'keyboard is "inlin". Give "inline"',
    ],
    [(c) => c.ask.file("f", "f?", { kinds: ".pdf" as never }), 'kinds is ".pdf". Give a list'],
    [(c) => c.waitFor("message", { from: "everyone" as never }), 'from is "everyone". Give the id of a user'],
    [(c) => c.waitFor("message", { check: 1 as never }), "check is 1. Give a function."],
    [(c) => c.waitFor("message", { otherwise: "no" as never }), 'otherwise is "no". Give a function.'],
    [(c) => c.waitForEvent(undefined as never), "c.waitForEvent: its name is undefined. Give a text."],
    [(c) => c.waitForEvent(""), 'c.waitForEvent: its name is "". Give a text.'],
    [(c) => c.waitUntil(undefined as never), 'c.waitUntil: "until" is given undefined.'],
    [(c) => c.patched(undefined as never), "c.patched: its name is undefined. Give a text."],
    [(c) => c.button("yes", undefined as never), 'c.button("yes"): its value is undefined. Give a text.'],
    [
      (c) => (c as unknown as { call(one: unknown): unknown }).call(undefined),
      "c.call: its name is undefined.",
    ],
  ];
  for (const [attempt, message] of refused) {
    const t = testConversation(conversation("wrong", async (c) => void (await attempt(c))));
    await expect(t.enter(), message).rejects.toThrow(message);
  }
});

test("an event without a name wakes nobody", async () => {
  const sleeper = conversation("sleeper", async (c) => c.sleep(60_000));
  const t = testConversation(sleeper);
  await t.enter();
  await expect(t.emits("")).rejects.toThrow('the name of the event is "". Give a text.');
  expect(t.ending).toBeUndefined();
});

test("a conversation that is called needs no argument, and waits as long as it says itself", async () => {
  const child = conversation("child", async (c) => ({ word: await c.ask.text("word", "word?") }), {
    timeoutMs: 60_000,
  });
  const parent = conversation(
    "parent",
    async (c, ctx) => {
      const found = await c.call(child).catch(() => ({ word: "none" }));
      expectTypeOf(found).toEqualTypeOf<{ word: string }>();
      await ctx.reply(`child: ${found.word}`);
      const { text } = await c.waitFor("message:text", { id: "own" });
      await ctx.reply(`own: ${text}`);
    },
    { timeoutMs: 3_600_000 },
  );
  await exhaust(
    parent,
    async (t) => {
      await t.enter();
      await t.advance("61s");
      expect(t.last.text).toBe("child: none");
      await t.advance("50m");
      await t.sends("here");
      expect(t.last.text).toBe("own: here");
    },
    { maxCrashes: 10 },
  );
});

test("the match of a conversation's button is the text of its value", async () => {
  const pressing = conversation("pressing", async (c, ctx) => {
    const seven = c.button("seven", "7");
    await ctx.reply("?", { reply_markup: { inline_keyboard: [[seven]] } });
    const { match } = await c.waitForCallback(seven, { id: "pressed" });
    expectTypeOf(match).toExtend<string>();
    return match;
  });
  const t = testConversation(pressing);
  await t.enter();
  await t.presses("seven");
  expect(t.result).toBe("7");
});

test("options of a definition that can't be meant are refused where it is defined", () => {
  const code = async (): Promise<void> => undefined;
  const define = (options: object): (() => unknown) => {
    return () => conversation("order", code, options as never);
  };
  const refused: readonly (readonly [object, string])[] = [
    [{ cancel: "/cancel" }, 'cancel is "/cancel". Give a list of texts'],
    [{ cancel: ["لغو", " "] }, 'a word of cancel is " ". Give a text.'],
    [{ timeoutMs: "30m" }, 'timeoutMs is "30m". Give milliseconds'],
    [{ timeoutMs: Number.NaN }, "timeoutMs is NaN."],
    [{ exclusive: "yes" }, 'exclusive is "yes".'],
    [{ version: 1.5 }, "version is 1.5. Give a whole number"],
    [{ version: 2, previous: { 1: "old" } }, 'previous[1] is "old". Give the code'],
    [{ version: 2, previous: { 2: code } }, 'a version of previous is "2". Give versions below 2'],
    [{ onMismatch: "wipe" }, 'onMismatch is "wipe". Give "park"'],
    [{ onTimeout: "late" }, 'onTimeout is "late". Give a function.'],
    [{ onExit: 1 }, "onExit is 1. Give a function."],
  ];
  for (const [options, message] of refused) expect(define(options)).toThrow(message);
  expect(
    define({ cancel: ["لغو"], timeoutMs: Number.POSITIVE_INFINITY, version: 2, previous: { 1: code } }),
  ).not.toThrow();
});
