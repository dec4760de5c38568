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

test.each(["when needed", "always"] as const)(
  "what loses a race takes nothing away: its waits are given up, code is brought back %s",
  async (replay) => {
    const racing = conversation("racing", async (c, ctx) => {
      const { arm } = await c.race({
        text: () => c.waitFor("message:text", { id: "text" }),
        photo: () => c.waitFor("message:photo", { id: "photo" }),
        deep: async () => {
          await c.step("deep", () => c.waitForEvent("go"));
        },
      });
      await ctx.reply(`${arm} won`);
      await c.sleep(60_000);
      await ctx.reply("slept");
    });
    const talks = await world.deploy({ definitions: [racing], replay });
    await talks.enter(racing, { chatId: ali.id });
    await ali.sendsPhoto();
    await world.pass(0);
    await world.say(ali, "to the others");
    expect(await talks.emit({ chatId: ali.id }, "go")).toBe(false);
    expect(world.passed).toEqual(["hi", "to the others"]);
    await world.pass(70_000);
    expect(told(ali)).toEqual(["photo won", "slept"]);
    expect(await open(talks)).toEqual([]);
  },
);

test("a step that ends after its race was lost leaves a journal that can be gone through again", async () => {
  const racing = conversation("racing", async (c, ctx) => {
    let slow: Promise<unknown> | undefined;
    const { arm } = await c.race({
      slow: () => (slow = c.step("slow", () => c.external("slow", () => 5))),
      known: async () => "at once",
    });
    await slow;
    await ctx.reply(`${arm} won`);
    await c.waitFor("message:text", { id: "go" });
    await ctx.reply("went on");
  });
  const talks = await world.deploy({ definitions: [racing] });
  await talks.enter(racing, { chatId: ali.id });
  await world.deploy({ definitions: [racing] });
  await world.say(ali, "go");
  expect(world.errors).toEqual([]);
  expect(told(ali)).toEqual(["known won", "went on"]);
});

test("of several conversations of one user the newest is asked first, its cancel words before its waits, and what fits none goes on", async () => {
  const asking = conversation(
    "asking",
    async (c, ctx, args: { n: number }) => {
      const { text } = await c.waitFor("message:text", { id: "text" });
      await ctx.reply(`${args.n} ${text}`);
    },
    { onActive: "stack", cancel: ["stop"], onCancel: (_, ctx) => ctx.reply("cancelled") },
  );
  const talks = await world.deploy({ definitions: [asking] });
  for (const n of [1, 2, 3]) await talks.enter(asking, { chatId: ali.id }, { n });
  for (const text of ["a", "stop", "b", "c"]) await world.say(ali, text);
  expect(told(ali)).toEqual(["3 a", "cancelled", "1 b"]);
  expect(world.passed).toEqual(["hi", "c"]);
});

test("within one conversation the newest wait takes the answer", async () => {
  const asking = conversation("asking", async (c, ctx) => {
    const first = c.waitFor("message:text", { id: "first" });
    const second = c.waitFor("message:text", { id: "second" });
    await ctx.reply(`second ${(await second).text}`);
    await ctx.reply(`first ${(await first).text}`);
  });
  const talks = await world.deploy({ definitions: [asking] });
  await talks.enter(asking, { chatId: ali.id });
  await world.say(ali, "a");
  await world.say(ali, "b");
  expect(told(ali)).toEqual(["second a", "first b"]);
});
