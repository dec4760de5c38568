import { expect, test } from "vitest";
import { type AnyDefinition, conversation } from "../src/definition.js";
import { WaitExpiredError } from "../src/errors.js";
import { exhaust, type TestConversation } from "../src/testing.js";

/** Plays in every way there is, and answers what was said. */
async function said(definition: AnyDefinition, play: readonly string[]): Promise<readonly string[]> {
  const report = await exhaust(
    definition as never,
    async (t: TestConversation<void, unknown>) => {
      await t.enter();
      for (const each of play) {
        if (each.startsWith("+")) await t.advance(each.slice(1));
        else if (each === "photo") await t.sendsPhoto();
        else await t.sends(each);
      }
      expect(t.ending?.reason).toBe("done");
    },
    { maxCrashes: 12 },
  );
  return report.transcript.filter((line) => line.startsWith("bot")).map((line) => line.replace("bot: ", ""));
}

const T = { timeout: 120_000 };
const text = (id: string) => ["message:text", { id }] as const;

test("waits side by side take what fits them, and of two that fit the newer", T, async () => {
  const both = conversation("both", async (c, ctx) => {
    const [name, photo] = await Promise.all([
      c.waitFor(...text("name")),
      c.waitFor("message:photo", { id: "photo" }),
    ]);
    await ctx.reply(`${name.text} ${photo.message.photo.length > 0}`);
    const [one, two] = await Promise.all([c.waitFor(...text("one")), c.waitFor(...text("two"))]);
    await ctx.reply(`${one.text} ${two.text}`);
  });
  expect(await said(both, ["photo", "Ali", "first", "second"])).toEqual(["Ali true", "second first"]);
});

test("a wait whose neighbour is late stays, and takes nothing from those that come after it", T, async () => {
  const late = conversation("late", async (c, ctx) => {
    try {
      await Promise.all([
        c.waitFor("message:text", { id: "name", timeoutMs: 1_000 }),
        c.waitFor("message:photo", { id: "photo", timeoutMs: 5_000 }),
      ]);
    } catch (error) {
      if (!(error instanceof WaitExpiredError)) throw error;
      await ctx.reply("late");
    }
    await c.waitFor("message:photo", { id: "again" });
    await ctx.reply("a photo");
  });
  expect(await said(late, ["+2s", "photo", "+10s"])).toEqual(["late", "a photo"]);
});

test("calls that nobody awaits are made, also at the end", T, async () => {
  const careless = conversation("careless", async (c, ctx) => {
    void ctx.reply("one");
    const found = await c.waitFor(...text("name"));
    [1, 2].forEach(async (n) => {
      await ctx.reply(`${n} ${found.text}`);
      await ctx.reply(`${n} again`);
    });
    void ctx.reply("bye");
  });
  expect(await said(careless, ["x"])).toEqual(["one", "1 x", "2 x", "bye", "1 again", "2 again"]);
});

test("a finally that asks after a deadline is answered", T, async () => {
  const asking = conversation("asking", async (c, ctx) => {
    try {
      await c.waitFor("message:text", { id: "name", timeoutMs: 1_000 });
    } catch {
      await ctx.reply("too late");
    } finally {
      await ctx.reply("why?");
      const why = await c.waitFor("message:text", { id: "why", timeoutMs: 60_000 });
      await ctx.reply(`because ${why.text}`);
    }
  });
  expect(await said(asking, ["+2s", "x"])).toEqual(["too late", "why?", "because x"]);
});

test("conversations in conversations are late each by its own time", T, async () => {
  const inner = conversation("inner", async (c) => (await c.waitFor(...text("inner"))).text, {
    timeoutMs: 1_000,
  });
  const middle = conversation(
    "middle",
    async (c, ctx) => {
      try {
        return await c.call(inner);
      } catch (error) {
        if (!(error instanceof WaitExpiredError)) throw error;
        await ctx.reply("inner is late");
        return (await c.waitFor(...text("middle"))).text;
      }
    },
    { timeoutMs: 5_000 },
  );
  const outer = conversation("outer", async (c, ctx) => {
    try {
      await ctx.reply(await c.call(middle));
      await ctx.reply(await c.call(middle));
    } catch (error) {
      if (!(error instanceof WaitExpiredError)) throw error;
      await ctx.reply("middle is late");
      await ctx.reply((await c.waitFor(...text("outer"))).text);
    }
  });
  expect(await said(outer, ["+2s", "x", "+2s", "+6s", "+60s", "y"])).toEqual([
    "inner is late",
    "x",
    "inner is late",
    "middle is late",
    "y",
  ]);
});

test("steps of one name side by side, and questions that race, know their own answers", T, async () => {
  const mixed = conversation("mixed", async (c, ctx) => {
    const parts = ["x", "y"].map((id) =>
      c.step("part", async () => {
        const found = await c.waitFor(...text(id));
        await ctx.reply(`${id} ${found.text}`);
        return found.text;
      }),
    );
    await ctx.reply((await Promise.all(parts)).join());
    const first = await c.race({
      name: () => c.ask.text("name", "name?"),
      age: () => c.ask.integer("age", "age?"),
    });
    await ctx.reply(`${first.arm} ${first.value}`);
  });
  expect(await said(mixed, ["1", "2", "7"])).toEqual(["y 1", "x 2", "2,1", "name?", "age?", "age 7"]);
});
