import { expect, test } from "vitest";
import { conversation } from "../src/definition.js";
import { exhaust } from "../src/testing.js";
import { Deploys, open, told } from "./talking-bot.js";

const stubborn = conversation(
  "stubborn",
  async (c, ctx) => {
    for (;;) {
      try {
        const { text } = await c.waitFor("message:text", { id: "text" });
        await ctx.reply(`got ${text}`);
      } catch {
        await ctx.reply("again?");
      }
    }
  },
  { cancel: ["/stop"] },
);

test("code that takes being told to leave for a wrong answer is stopped before it floods the chat", {
  timeout: 60_000,
}, async () => {
  const report = await exhaust(
    stubborn,
    async (t) => {
      await t.enter();
      await t.sends("a");
      await t.sends("/stop");
      expect(t.ending).toMatchObject({ reason: "cancel" });
      await t.sends("b");
    },
    { maxCrashes: 15 },
  );
  expect(report.transcript).toEqual([
    "Ali: /enter",
    "Ali: a",
    "bot: got a",
    "Ali: /stop",
    "bot: again?",
    "bot: again?",
    "bot: again?",
    "Ali: b",
  ]);
});

test("its author is told once, and what to do", async () => {
  const world = new Deploys();
  const ali = world.bale.user();
  await world.say(ali, "hello");
  const talks = await world.deploy({ definitions: [stubborn] });
  for (let times = 0; times < 2; times++) {
    await talks.enter(stubborn, { chatId: ali.id });
    await world.say(ali, "/stop");
  }
  expect(told(ali)).toHaveLength(6);
  expect(await open(talks)).toEqual([]);
  expect(world.warnings.filter((line) => line.includes("it catches ExitError"))).toHaveLength(1);
  expect(world.eventsOf("exit").map(({ reason }) => reason)).toEqual(["cancel", "cancel"]);
  expect(world.errors).toEqual([]);
  await world.stop();
});

const easy = conversation(
  "easy",
  async (c, ctx) => {
    let name = "nobody";
    try {
      name = (await c.waitFor("message:text", { id: "name" })).text;
    } catch {
      await ctx.reply("no name");
    }
    return name;
  },
  {
    cancel: ["/stop"],
    onCancel: (_, ctx) => ctx.reply("cancelled"),
    onExit: (reason, _, ctx) => ctx.reply(`exit ${reason}`),
  },
);

test("code that swallows being told to leave and comes to its end has left, and is not done", {
  timeout: 60_000,
}, async () => {
  const report = await exhaust(
    easy,
    async (t) => {
      await t.enter();
      await t.sends("/stop");
      expect(t.ending).toMatchObject({ reason: "cancel" });
      expect(t.result).toBeUndefined();
    },
    { maxCrashes: 15 },
  );
  expect(report.transcript).toEqual([
    "Ali: /enter",
    "Ali: /stop",
    "bot: no name",
    "bot: cancelled",
    "bot: exit cancel",
  ]);
});

test("finally blocks around one another may each ask in vain, and the rest of them runs", {
  timeout: 60_000,
}, async () => {
  const careful = conversation(
    "careful",
    async (c, ctx) => {
      const save = async (what: string): Promise<void> => {
        try {
          await c.waitFor("message:text", { id: "sure" });
        } finally {
          await ctx.reply(`saved ${what}`);
        }
      };
      try {
        try {
          await c.waitFor("message:text", { id: "first" });
        } finally {
          await save("inner");
        }
      } finally {
        await save("outer");
      }
    },
    { cancel: ["/stop"], onCancel: (_, ctx) => ctx.reply("cancelled") },
  );
  const report = await exhaust(
    careful,
    async (t) => {
      await t.enter();
      await t.sends("/stop");
    },
    { maxCrashes: 15 },
  );
  expect(report.transcript.slice(2)).toEqual(["bot: saved inner", "bot: saved outer", "bot: cancelled"]);
});
