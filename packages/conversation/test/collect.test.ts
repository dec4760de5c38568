import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { CollectOptions } from "../src/collect.js";
import { conversation } from "../src/definition.js";
import { WaitExpiredError } from "../src/errors.js";
import { exhaust, type TestConversation, testConversation } from "../src/testing.js";

/** Collects texts, says what came and whether it was enough, and waits for one more. */
function collecting(options: CollectOptions, timeoutMs?: number) {
  return conversation(
    "collecting",
    async (c, ctx) => {
      await ctx.reply("texts?");
      try {
        const found = await c.collect("message:text", { id: "texts", ...options });
        await ctx.reply(`enough: ${found.map(({ text }) => text).join()}`);
      } catch (error) {
        if (!(error instanceof WaitExpiredError)) throw error;
        await ctx.reply(`late: ${error.found.map(({ text }) => text).join()}`);
      }
      const { text } = await c.waitFor("message:text", { id: "after", timeoutMs: Number.POSITIVE_INFINITY });
      await ctx.reply(`after: ${text}`);
    },
    { timeoutMs },
  );
}

/** What happens, one after another: a text comes, or time passes; `=` before what the bot is to have said last. */
type Play = readonly string[];

async function played(t: TestConversation<void, void>, play: Play): Promise<void> {
  await t.enter();
  for (const each of play) {
    if (each.startsWith("=")) expect(t.last.text).toBe(each.slice(1));
    else if (each.startsWith("+")) await t.advance(each.slice(1));
    else await t.sends(each);
  }
}

const plays: readonly [title: string, options: CollectOptions, play: Play, timeoutMs?: number][] = [
  [
    "timeoutMs is for all of it, and what has come is in the error",
    { max: 3, timeoutMs: 60_000 },
    ["a", "+50s", "b", "=texts?", "+11s", "=late: a,b", "c", "=after: c"],
  ],
  ["timeoutMs finds nothing where nothing has come", { max: 3, timeoutMs: 60_000 }, ["+61s", "=late: "]],
  [
    "max is enough before the time is over",
    { max: 2, timeoutMs: 60_000 },
    ["+50s", "a", "b", "=enough: a,b", "+1h", "c", "=after: c"],
  ],
  [
    "until is enough before the time is over",
    { until: (found) => found.length === 2, timeoutMs: 60_000 },
    ["a", "b", "=enough: a,b"],
  ],
  [
    "the timeoutMs of the conversation begins anew with each, and loses nothing either",
    { max: 5 },
    ["a", "+50s", "b", "+50s", "c", "=texts?", "+61s", "=late: a,b,c"],
    60_000,
  ],
  [
    "withinMs is enough, however many have come",
    { withinMs: 60_000 },
    ["a", "+50s", "b", "+11s", "=enough: a,b", "c", "=after: c"],
  ],
  ["withinMs is enough though nothing has come", { withinMs: 60_000 }, ["+61s", "=enough: "], 1_000],
  [
    "of withinMs and timeoutMs the shorter counts",
    { withinMs: 90_000, timeoutMs: 60_000 },
    ["a", "+61s", "=late: a"],
  ],
  [
    "beside idleMs timeoutMs is for the first alone",
    { idleMs: 20_000, timeoutMs: 60_000 },
    ["+50s", "a", "+15s", "b", "+15s", "c", "=texts?", "+21s", "=enough: a,b,c"],
  ],
  [
    "beside idleMs timeoutMs says that the first has not come",
    { idleMs: 20_000, timeoutMs: 60_000 },
    ["+50s", "=texts?", "+11s", "=late: "],
  ],
  [
    "withinMs ends what never becomes idle",
    { idleMs: 20_000, withinMs: 60_000, timeoutMs: 40_000 },
    ["+15s", "a", "+15s", "b", "+15s", "c", "+13s", "d", "=texts?", "+3s", "=enough: a,b,c,d"],
  ],
  [
    "idleMs ends what withinMs would go on with",
    { idleMs: 20_000, withinMs: 600_000 },
    ["+100s", "a", "+21s", "=enough: a"],
  ],
];

for (const [title, options, play, timeoutMs] of plays) {
  test(`${title}: alive, brought back, restarted, on two machines and after crashes`, {
    timeout: 120_000,
  }, async () => {
    const report = await exhaust(collecting(options, timeoutMs), (t) => played(t, play), { maxCrashes: 12 });
    expect(report.plays).toBeGreaterThan(15);
  });
}

test("uncaught it ends the conversation as every wait does, and nothing of what was sent stays in the ending", async () => {
  const album = conversation(
    "album",
    (c) => c.collect("message:text", { max: 2, timeoutMs: 1_000 }).then(() => undefined),
    {
      onTimeout: (_, ctx) => ctx.reply("too late").then(() => undefined),
    },
  );
  const t = testConversation(album);
  await t.enter();
  await t.sends("secret");
  await t.advance("2s");
  expect(t.last.text).toBe("too late");
  expect(t.ending).toMatchObject({ reason: "timeout" });
  expect(inspect(t.ending, { depth: 20, showHidden: true })).not.toContain("secret");
});

test("the error says how many came, and does not print them", () => {
  expect(new WaitExpiredError("message").message).toContain("nothing that fits came in time");
  const some = new WaitExpiredError("message", [{ secret: 1 } as never, { secret: 2 } as never]);
  expect(some.message).toContain("no more than 2 came in time");
  expect(Object.keys(some)).not.toContain("found");
});
