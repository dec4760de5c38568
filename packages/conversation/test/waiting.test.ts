import { afterEach, beforeEach, expect, test } from "vitest";
import { conversation } from "../src/definition.js";
import { Deploys, open, told } from "./talking-bot.js";

let world: Deploys;
let ali: ReturnType<Deploys["bale"]["user"]>;
beforeEach(async () => {
  world = new Deploys();
  ali = world.bale.user();
  await world.say(ali, "hi");
});
afterEach(() => world.stop());

test("any update, commands where they are wanted, words of a pattern and presses that fit one are waited for", async () => {
  const seen: unknown[] = [];
  const waiting = conversation("waiting", async (c, ctx) => {
    const keyboard = [["edit:7", "other"].map((data) => ({ text: data, callback_data: data }))];
    await ctx.reply("?", { reply_markup: { inline_keyboard: keyboard } });
    const any = await c.wait();
    seen.push(any.message?.photo !== undefined);
    const command = await c.waitFor("message:text", { commands: true });
    seen.push(command.text);
    const { match } = await c.waitForCallback(/^edit:(\d)$/);
    seen.push((match as RegExpExecArray)[1]);
    const pressed = await c.waitForCallback(["other", "more"]);
    seen.push(pressed.match);
    const found = await c.collect("message:text", { until: (all) => all.at(-1)?.text === "." });
    seen.push(found.map(({ text }) => text));
    await ctx.reply("done");
  });
  const talks = await world.deploy({ definitions: [waiting] });
  await talks.enter(waiting, { chatId: ali.id });
  await ali.sendsPhoto();
  await world.pass(0);
  await world.say(ali, "/start");
  await ali.presses("other");
  await world.pass(0);
  await ali.presses("edit:7");
  await world.pass(0);
  await ali.presses("other");
  await world.pass(0);
  for (const text of ["a", "b", "."]) await world.say(ali, text);
  expect(world.errors).toEqual([]);
  expect(told(ali)).toEqual(["?", "done"]);
  expect(seen.slice(-5)).toEqual([true, "/start", "7", "other", ["a", "b", "."]]);
  expect(ali.spinning).toBe(0);
});

test("in a group nobody else's words count, unless from says so", async () => {
  const [sara, zari] = [world.bale.user({ first_name: "Sara" }), world.bale.user({ first_name: "Zari" })];
  const group = world.bale.group({ title: "g", members: [ali, sara, zari] });
  const voting = conversation(
    "voting",
    async (c, ctx) => {
      const boss = await c.waitFor("message:text", { id: "boss", from: sara.id });
      const any = await c.waitFor("message:text", { id: "any", from: "anyone" });
      await ctx.reply(`${boss.text} ${any.text}`);
    },
    { per: "chat" },
  );
  const talks = await world.deploy({ definitions: [voting] });
  await talks.enter(voting, { chatId: group.id, userId: ali.id });
  for (const [user, text] of [
    [ali, "no"],
    [zari, "no"],
    [sara, "yes"],
    [zari, "too"],
  ] as const) {
    await user.sends(text, { chat: group });
    await world.pass(0);
  }
  expect(group.last.text).toBe("yes too");
  expect(world.passed).toEqual(["hi", "no", "no"]);
});

test("what has been drawn stays what it was after a restart, as does the time", async () => {
  const runs: unknown[][] = [];
  const drawing = conversation("drawing", async (c, ctx) => {
    runs.push([c.random(), c.uuid(), c.now()]);
    await c.waitFor("message:text");
    await ctx.reply("done");
  });
  const talks = await world.deploy({ definitions: [drawing] });
  await talks.enter(drawing, { chatId: ali.id });
  await world.pass(5_000);
  await world.deploy({ definitions: [drawing] });
  await world.say(ali, "x");
  expect(told(ali)).toEqual(["done"]);
  expect(runs).toHaveLength(2);
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[0]?.[1]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test("c.exit leaves through finally, from inside otherwise as well, and is no error", async () => {
  const left: string[] = [];
  const leaving = conversation(
    "leaving",
    async (c) => {
      try {
        await c.waitFor("message:photo", {
          otherwise: ({ text }) => {
            if (text === "enough") c.exit("had enough");
          },
        });
      } finally {
        left.push("finally");
      }
    },
    { onExit: (reason) => void left.push(reason) },
  );
  const talks = await world.deploy({ definitions: [leaving] });
  const id = await talks.enter(leaving, { chatId: ali.id });
  await world.say(ali, "hm");
  expect(left).toEqual([]);
  await world.say(ali, "enough");
  expect(left).toEqual(["finally", "exit"]);
  expect(await talks.ending(id)).toMatchObject({ isDone: false, reason: "exit", result: "had enough" });
  expect(world.errors).toEqual([]);
});

test("what runs at the end may await something un-journaled for ten seconds, and then the lane is free", async () => {
  const hanging = conversation(
    "hanging",
    async (c) => {
      try {
        await c.waitFor("message:text");
      } finally {
        await new Promise(() => undefined);
      }
    },
    { cancel: ["stop"] },
  );
  const talks = await world.deploy({ definitions: [hanging] });
  await talks.enter(hanging, { chatId: ali.id });
  void ali.sends("stop");
  for (let turn = 0; turn < 20; turn++) {
    await world.pass(0);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await world.pass(9_000);
  expect(await open(talks)).toHaveLength(1);
  await world.pass(2_000);
  expect(await open(talks)).toEqual([]);
  expect(world.errors.map(({ cause }) => String(cause)).join()).toContain("for 10 s");
  await world.say(ali, "free?");
  expect(world.passed.at(-1)).toBe("free?");
});

test("a form of ten pages keeps two records a page: the last page goes through no more than that", async () => {
  const pages = Array.from({ length: 10 }, (_, at) => `page${at}`);
  const form = conversation("form", async (c, ctx) => {
    const answers: string[] = [];
    for (const page of pages) {
      answers.push(
        await c.step(page, async () => {
          const first = await c.ask.text(`${page}.first`, "first?");
          const second = await c.ask.text(`${page}.second`, "second?");
          await ctx.reply(`${first}${second}`);
          return first + second;
        }),
      );
    }
    await ctx.reply(answers.join());
  });
  const talks = await world.deploy({ definitions: [form] });
  await talks.enter(form, { chatId: ali.id });
  for (let at = 0; at < 19; at++) await world.say(ali, `${at % 10}`);
  await world.deploy({ definitions: [form] });
  await world.say(ali, "9");
  const { mode, replayedOperations } = world.eventsOf("step").at(-1) ?? {};
  expect(mode).toBe("cold");
  // The entry, nine pages of two, and the page it stands on.
  expect(replayedOperations).toBeLessThanOrEqual(1 + 9 * 2 + 8);
  expect(told(ali).at(-1)).toBe("01,23,45,67,89,01,23,45,67,89");
});

test("a step writes once without effects, and else once for each batch of them and once more", async () => {
  const writing = conversation("writing", async (c, ctx) => {
    await c.waitFor("message:text");
    await c.waitFor("message:text");
    await Promise.all([ctx.reply("a"), ctx.reply("b"), c.external("c", () => 1)]);
    await c.waitFor("message:text");
    for (const text of ["one", "two", "three"]) await ctx.reply(text);
    await c.waitFor("message:text");
  });
  const talks = await world.deploy({ definitions: [writing] });
  await talks.enter(writing, { chatId: ali.id });
  for (const text of ["1", "2", "3"]) await world.say(ali, text);
  expect(world.eventsOf("step").map(({ writes }) => writes)).toEqual([1, 1, 2, 4]);
});

test("an orderly stop lets a step end: nothing is taken over, and nothing is done twice", async () => {
  let finish = (): void => undefined;
  let runs = 0;
  const slow = conversation("slow", async (c, ctx) => {
    await c.external("slow", () => {
      runs++;
      return new Promise<void>((done) => (finish = done));
    });
    await ctx.reply("done");
    await c.waitFor("message:text");
    await ctx.reply("after");
  });
  const talks = await world.deploy({ definitions: [slow] });
  const entering = talks.enter(slow, { chatId: ali.id });
  await world.pass(0);
  const stopping = world.stop();
  await world.pass(0);
  finish();
  await stopping;
  await entering;
  expect(told(ali)).toEqual(["done"]);
  await world.deploy({ definitions: [slow] });
  await world.say(ali, "x");
  expect(told(ali)).toEqual(["done", "after"]);
  expect(runs).toBe(1);
  expect(world.eventsOf("takeover")).toEqual([]);
});
