import { expect, test } from "vitest";
import { conversation } from "../src/definition.js";
import type { ConversationHandle } from "../src/handle.js";
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

test("c.exit ends the conversation from wherever its code calls it, also from inside of an effect", {
  timeout: 120_000,
}, async () => {
  const child = conversation("child", async (c) => {
    await c.waitFor("message:text", { id: "text" });
    c.exit("enough");
  });
  const places: Readonly<Record<string, (c: ConversationHandle) => Promise<unknown>>> = {
    step: (c) => c.step("step", () => leave(c)),
    loop: (c) =>
      c.loop("loop", 0, async (round) => {
        await c.waitFor("message:text", { id: "text" });
        return round === 1 ? c.exit("enough") : round + 1;
      }),
    race: (c) => c.race({ text: () => leave(c), late: () => c.sleep(1_000) }),
    all: (c) => Promise.all([c.waitFor("message:photo", { id: "photo" }), leave(c)]),
    call: (c) => c.call(child),
    external: async (c) => {
      await c.waitFor("message:text", { id: "text" });
      await c.external("stock", () => c.exit("enough"));
    },
    otherwise: (c) => c.waitFor("message:photo", { otherwise: () => c.exit("enough") }),
  };
  const leave = async (c: ConversationHandle): Promise<void> => {
    await c.waitFor("message:text", { id: "text" });
    c.exit("enough");
  };
  for (const [place, run] of Object.entries(places)) {
    const leaving = conversation(
      place,
      async (c, ctx) => {
        try {
          await run(c);
        } finally {
          await ctx.reply("finally");
        }
      },
      { onExit: (reason, _, ctx) => ctx.reply(`${place}: ${reason}`) },
    );
    const report = await exhaust(
      leaving,
      async (t) => {
        await t.enter();
        await t.sends("1");
        if (place === "loop") await t.sends("2");
        expect(t.ending).toMatchObject({ reason: "exit", result: "enough" });
      },
      { maxCrashes: 8 },
    );
    expect(report.transcript.slice(-2)).toEqual(["bot: finally", `bot: ${place}: exit`]);
  }
});
