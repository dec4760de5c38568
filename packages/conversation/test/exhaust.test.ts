import { type Clock, type LaneStore, memoryLanes } from "balekit";
import { expect, test } from "vitest";
import { conversation } from "../src/definition.js";
import { AmbiguousEffectError, WaitExpiredError } from "../src/errors.js";
import type { LaneRow } from "../src/lane-head.js";
import { exhaust, type TestConversation } from "../src/testing.js";

const form = conversation("form", async (c, ctx, args: { greeting: string }) => {
  await ctx.reply(args.greeting);
  const name = await c.waitFor("message:text", { id: "name" });
  await Promise.all([ctx.reply(`one ${name.text}`), ctx.reply(`two ${name.text}`)]);
  const age = await c.ask.integer("age", "age?");
  await ctx.reply(`${name.text} is ${age}`);
  return age;
});

async function fillIn(t: TestConversation<{ greeting: string }, number>): Promise<void> {
  await t.enter({ greeting: "name?" });
  await t.sends("Ali");
  await t.sends("x");
  await t.sends("۳۳");
  expect(t.last.text).toBe("Ali is 33");
  expect(t.result).toBe(33);
}

const TRANSCRIPT = [
  "Ali: /enter",
  "bot: name?",
  "Ali: Ali",
  "bot: one Ali",
  "bot: two Ali",
  "bot: age?",
  "Ali: x",
  "bot: لطفاً یک عدد بی‌ممیز بنویسید.\nage?",
  "Ali: ۳۳",
  "bot: Ali is 33",
];

test("plays a form in every way there is, and counts what a crash has doubled", {
  timeout: 120_000,
}, async () => {
  const report = await exhaust(form, fillIn, { secondCrashes: 10 });
  expect(report.transcript).toEqual(TRANSCRIPT);
  expect(report.points).toBeGreaterThan(40);
  // Hot twice, alone, cold, restarted, twice, two machines, and a crash at each point.
  expect(report.plays).toBe(7 + report.points + 10);
  expect(report.doubled).toBeGreaterThan(5);
  expect(report.doubled).toBeLessThan(report.points / 2);
  expect(report.refused).toBe(0);
});

const everything = conversation(
  "everything",
  async (c, ctx) => {
    const child = conversation("child", async (_, inner, args: { word: string }) => {
      await inner.reply(`child ${args.word}`);
      return args.word.length;
    });
    const draw = Math.floor(c.random() * 1_000);
    await ctx.reply(`draw ${draw} at ${c.now()} ${c.uuid()}`);
    const page = await c.step("page", async () => {
      const color = await c.ask.choice("color", "color?", ["red", "blue"]);
      const sure = await c.ask.confirm("sure", `${color}, sure?`);
      return { color, sure };
    });
    const length = await c.call(child, { word: page.color });
    const sum = await c.loop("numbers", 0, async (so) => {
      const next = await c.ask.integer("number", `so far ${so}; the next?`);
      return next === 0 ? c.done(so) : so + next;
    });
    const race = await c.race({
      word: async () => (await c.waitFor("message:text", { id: "word" })).text,
      late: async () => {
        await c.sleep(60_000);
        return "late";
      },
    });
    await ctx.reply(`${race.arm} ${race.value}`);
    let answer = "none";
    try {
      answer = (await c.waitFor("message:text", { id: "answer", timeoutMs: 5_000 })).text;
    } catch (error) {
      if (!(error instanceof WaitExpiredError)) throw error;
      await ctx.reply("too late");
    }
    const stock = await c.external("stock", async () => 7);
    const news = await c.waitForEvent<{ price: number }>("price");
    await ctx.reply(`price ${news.price}`);
    const photos = await c.collect("message:photo", { max: 2 });
    await ctx.reply(`${photos.length} photos, sum ${sum}, child ${length}, stock ${stock}, answer ${answer}`);
    const way = await c.steps(
      "ways",
      {
        ask: async ({ at }) => {
          await ctx.reply(`way ${at}`);
          await c.waitFor("message:text", { id: "way" });
          return { next: "check", state: { at: at + 1 } };
        },
        check: async ({ at }) => (at > 1 ? c.done(`ways ${at}`) : { next: "ask", state: { at } }),
      },
      { next: "ask", state: { at: 0 } },
    );
    await Promise.all([ctx.reply(`left ${way}`), ctx.reply("right"), c.external("log", () => null)]);
    return { sum, way };
  },
  { cancel: ["/stop"], onExit: (reason, _, ctx) => ctx.reply(`over: ${reason}`) },
);

test("plays race, loop, step, call, steps, sleep, timeouts, events, collect, external and ask alike", {
  timeout: 600_000,
}, async () => {
  const report = await exhaust(
    everything,
    async (t) => {
      await t.enter();
      await t.presses("blue");
      await t.presses("بله");
      for (const number of ["1", "2", "0"]) await t.sends(number);
      await t.advance("1m");
      expect(t.last.text).toBe("late late");
      await t.advance("5s");
      expect(t.last.text).toBe("too late");
      expect(await t.emits("price", { price: 12 })).toBe(true);
      await t.sendsPhoto();
      await t.sendsPhoto();
      await t.sends("go");
      await t.sends("on");
      expect(t.result).toEqual({ sum: 3, way: "ways 2" });
      expect(t.last.text).toBe("over: done");
    },
    { maxCrashes: 120, secondCrashes: 20 },
  );
  expect(report.points).toBeGreaterThan(150);
  expect(report.plays).toBe(7 + 120 + 20);
  expect(report.doubled).toBeGreaterThan(10);
  expect(report.refused).toBe(0);
});

test("leaves in every way there is: cancelled in a race, with what is said at the end", {
  timeout: 300_000,
}, async () => {
  const report = await exhaust(
    everything,
    async (t) => {
      await t.enter();
      await t.presses("red");
      await t.sends("/stop");
      expect(t.ending?.reason).toBe("cancel");
      await t.sends("more");
      expect(t.last.text).toBe("over: cancel");
    },
    { secondCrashes: 5 },
  );
  expect(report.doubled).toBeGreaterThan(0);
});

test("money is refused rather than doubled, and what its author does about it is theirs", {
  timeout: 300_000,
}, async () => {
  const invoices: string[] = [];
  const shop = conversation("shop", async (c, ctx) => {
    await ctx.reply("one moment");
    try {
      await ctx.replyWithInvoice({
        title: "tea",
        description: "tea",
        payload: "p",
        provider_token: "WALLET-TEST-1111111111111111",
        prices: [{ label: "tea", amount: 10_000 }],
      });
    } catch (error) {
      if (!(error instanceof AmbiguousEffectError)) throw error;
      await ctx.reply("look into your chat");
    }
    const asked = await c.waitFor("pre_checkout_query", { id: "asked" });
    await asked.answerPreCheckout(true);
    await c.waitFor("successful_payment", { id: "paid" });
    await ctx.reply("thanks");
  });
  const report = await exhaust(shop, async (t) => {
    await t.enter();
    invoices.push(
      t.inbox.all
        .filter(({ invoice }) => invoice)
        .map(({ invoice }) => invoice?.title)
        .join(),
    );
    await t.pays();
    expect(t.last.text).toBe("thanks");
  });
  expect(report.refused).toBeGreaterThan(0);
  expect(new Set(invoices)).toEqual(new Set(["tea", ""]));
});

test("a whole bot: plugins that add to contexts, handlers before and behind, a session beside", {
  timeout: 300_000,
}, async () => {
  const greet = conversation("greet", async (c, ctx) => {
    await ctx.reply("who?");
    const name = await c.waitFor("message:text", { id: "name" });
    await name.reply(`${(name as unknown as { hello: string }).hello} ${name.text}`);
  });
  const report = await exhaust(
    greet,
    async (t) => {
      await t.sends("/greet");
      await t.sends("/help");
      await t.sends("Ali");
      expect(t.last.text).toBe("salam Ali");
      await t.sends("Ali");
      expect(t.last.text).toBe("what?");
    },
    {
      setUp: (bot, talks) => {
        const extended = bot.derive("hello", () => "salam").extend(talks);
        extended.command("greet", async (ctx) => {
          await ctx.conversation.enter(greet);
          await ctx.reply("begun");
        });
        extended.command("help", (ctx) => ctx.reply("help!"));
        extended.on("message:text", (ctx) => ctx.reply("what?"));
      },
    },
  );
  expect(report.transcript).toContain("bot: begun");
});

test("a play can be repeated alone, by the name its failure says", { timeout: 120_000 }, async () => {
  /** Does not remember which updates were taken. */
  const forgetful = (clock: Clock): LaneStore => {
    const lanes = memoryLanes({ clock });
    return {
      ...lanes,
      commit: (key, expected, { head, append = [], ...change }) =>
        lanes.commit(key, expected, {
          ...change,
          ...(head === undefined ? undefined : { head: { ...head, recent: [] } }),
          append: append.map((row) => {
            const [slot, said, ...records] = row as LaneRow;
            return said === undefined || Array.isArray(said)
              ? row
              : [slot, { ...said, a: undefined }, ...records];
          }),
        }),
    };
  };
  const talk = conversation("talk", async (c, ctx) => {
    for (const n of [1, 2, 3]) {
      const said = await c.waitFor("message:text", { id: "said" });
      await ctx.reply(`${n} ${said.text}`);
    }
  });
  const scenario = async (t: TestConversation): Promise<void> => {
    await t.enter();
    await t.sends("a");
    await t.sends("b");
  };
  const failed = await exhaust(talk, scenario, { storage: forgetful, maxCrashes: 0, secondCrashes: 0 }).catch(
    (error: Error) => error,
  );
  expect(failed).toMatchObject({ code: "ERR_ASSERTION" });
  expect(String(failed)).toContain('the play "twice" of the conversation "talk" is not like the first');
  expect(String(failed)).toContain("+ bot: 2 a");
  expect(String(failed)).toContain('{ only: "twice" }');
  const alone = await exhaust(talk, scenario, { storage: forgetful, only: "twice" }).catch(
    (error: Error) => error,
  );
  expect(String(alone)).toBe(String(failed));
  await exhaust(talk, scenario, { only: "twice" });
  await expect(exhaust(talk, scenario, { only: "thrice" })).rejects.toThrow('no play called "thrice"');
});

test("says at which point a process died when outside work can't be done again", {
  timeout: 120_000,
}, async () => {
  let isCharged = false;
  const charging = conversation("charging", async (c, ctx) => {
    await c.external("charge", () => {
      if (isCharged) throw new Error("charged already");
      isCharged = true;
    });
    await ctx.reply("charged");
  });
  const failed = await exhaust(charging, async (t) => {
    isCharged = false;
    await t.enter();
  }).catch((error: Error) => error);
  expect(String(failed)).toMatch(
    /the play "crash (\d+)" [\s\S]*A process died at its point \1, after external "charge"\.\n[\s\S]*charged already[\s\S]*- bot: charged\n[\s\S]*only: "crash \1"/,
  );
});

test("a scenario that is not the same each time is told from a fault", async () => {
  let runs = 0;
  const failed = await exhaust(form, async (t) => {
    await t.enter({ greeting: `run ${++runs}` });
  }).catch((error: Error) => error);
  expect(String(failed)).toContain('the play "hot again"');
  expect(String(failed)).toContain("Played twice the same way, the scenario is not the same");
  expect(String(failed)).toContain("- bot: run 1");
  expect(String(failed)).toContain("+ bot: run 2");
});
