import { afterEach, beforeEach, expect, test } from "vitest";
import { conversation } from "../src/definition.js";
import type { ConversationHandle } from "../src/handle.js";
import { mayFit } from "../src/wait-filter.js";
import { Deploys, open, told } from "./talking-bot.js";

let world: Deploys;
let ali: ReturnType<Deploys["bale"]["user"]>;
beforeEach(async () => {
  world = new Deploys();
  ali = world.bale.user();
  await world.say(ali, "hi");
});
afterEach(() => world.stop());

async function photo(): Promise<void> {
  await ali.sendsPhoto();
  await world.pass(0);
}

const says = (text: string) => (): Promise<void> => world.say(ali, text);

const waits: readonly (readonly [
  string,
  (c: ConversationHandle) => Promise<unknown>,
  readonly (() => Promise<void>)[],
  () => Promise<void>,
])[] = [
  ["a query", (c) => c.waitFor("message:text", { id: "a" }), [photo, says("/help")], says("yes")],
  ["a query with a deadline", (c) => c.waitFor("message:text", { timeoutMs: 1e6 }), [photo], says("yes")],
  ["several queries", (c) => c.waitFor(["message:location", "message:photo"]), [says("x")], photo],
  [
    "a command",
    (c) => c.waitForCommand(["size", "color"]),
    [says("size"), says("/help"), photo],
    says("/color"),
  ],
  ["a collect", (c) => c.collect("message:photo", { max: 1 }), [says("x")], photo],
  ["words", (c) => c.waitForHears(["red", "green"]), [says("blue"), photo], says("green")],
];

test.each(waits)(
  "what is no answer to %s is passed on, and no code is brought back for it",
  async (_, wait, others, answer) => {
    let begun = 0;
    const asking = conversation("asking", async (c, ctx) => {
      begun++;
      await wait(c);
      await ctx.reply("thanks");
    });
    const talks = await world.deploy({ definitions: [asking] });
    await talks.enter(asking, { chatId: ali.id });
    await world.deploy({ definitions: [asking] });
    begun = 0;
    for (const other of others) await other();
    expect(begun).toBe(0);
    expect(told(ali)).toEqual([]);
    await answer();
    expect(begun).toBe(1);
    expect(told(ali)).toEqual(["thanks"]);
  },
);

test("a press that no wait is for brings no code back either", async () => {
  let begun = 0;
  const asking = conversation("asking", async (c, ctx) => {
    begun++;
    const row = ["yes", "other"].map((text) => ({ text, callback_data: text }));
    await ctx.reply("press", { reply_markup: { inline_keyboard: [row] } });
    const { match } = await c.waitForCallback(["yes", "no"]);
    await ctx.reply(`pressed ${String(match)}`);
  });
  const talks = await world.deploy({ definitions: [asking] });
  await talks.enter(asking, { chatId: ali.id });
  await world.deploy({ definitions: [asking] });
  begun = 0;
  await ali.presses("other");
  await world.pass(0);
  expect([begun, ali.spinning]).toEqual([0, 0]);
  await ali.presses("yes");
  await world.pass(0);
  expect([begun, ali.spinning]).toEqual([1, 0]);
  expect(told(ali)).toEqual(["press", "pressed yes"]);
});

test("code that has changed is found out by an answer, and not by what goes to other handlers", async () => {
  const asking = (id: string) =>
    conversation("asking", async (c, ctx) => {
      await c.waitFor("message:text", { id });
      await ctx.reply("thanks");
    });
  const before = asking("one");
  const first = await world.deploy({ definitions: [before] });
  await first.enter(before, { chatId: ali.id });
  const talks = await world.deploy({ definitions: [asking("two")] });
  await photo();
  expect(await open(talks)).toMatchObject([{ parked: undefined }]);
  expect(world.errors).toEqual([]);
  await world.say(ali, "yes");
  expect(await open(talks)).toMatchObject([{ parked: { reason: "mismatch" } }]);
});

test("words that this release does not know are left to the code", () => {
  const viewer = { normalizeText: (text: string) => text } as never;
  const item = { update: { update_id: 1, message: { text: "x" } } } as never;
  expect(mayFit({ q: "message:hologram" }, item, viewer)).toBe(true);
  expect(mayFit({ q: "message:photo" }, item, viewer)).toBe(false);
  expect(mayFit({ q: "message:photo", o: 1 }, item, viewer)).toBe(true);
});
