import { emulator } from "@balekit/emulator";
import { Bot } from "balekit";
import { expect, test } from "vitest";
import { conversations } from "../src/conversations.js";
import { type AnyDefinition, conversation } from "../src/definition.js";
import { lanesOf, quiet, say, told } from "./talk.js";

function begin(definitions: readonly AnyDefinition[]) {
  const bale = emulator();
  const talks = conversations({ definitions: [...definitions], storage: lanesOf(bale) });
  const bot = new Bot(undefined).extend(talks);
  const errors: string[] = [];
  bot.catch((error) => void errors.push(error.message));
  bale.attach(bot);
  return { bale, talks, errors };
}

const telling: { emit: (id: string, name: string, payload?: unknown) => Promise<unknown> } = {
  emit: () => Promise.reject(new Error("no bot")),
};

test("a conversation wakes another from inside external, and is answered in the same way", async () => {
  const asking = conversation("asking", async (c, ctx) => {
    await ctx.reply("waiting");
    const { by } = await c.waitForEvent<{ readonly by: string }>("approved");
    await ctx.reply("approved");
    await c.external("thank", () => telling.emit(by, "thanks"));
    throw new Error("after all");
  });
  const boss = conversation("boss", async (c, ctx, args: { id: string }) => {
    await c.external("tell", () => telling.emit(args.id, "approved", { by: c.id }));
    await c.waitForEvent("thanks");
    await ctx.reply("thanked");
  });
  const { bale, talks, errors } = begin([asking, boss]);
  telling.emit = talks.emit;
  const [ali, sara] = [bale.user(), bale.user()];
  for (const user of [ali, sara]) await say(bale, user, "hi");
  const id = await talks.enter(asking, { chatId: ali.id });
  await talks.enter(boss, { chatId: sara.id }, { id });
  await quiet(bale);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain("Error: after all");
  expect(told(ali)).toEqual(["waiting", "approved"]);
  expect(told(sara)).toEqual(["thanked"]);
});

test("two that emit to each other at once, and one that emits to itself, are refused rather than wait for ever", async () => {
  const said: string[] = [];
  const emitting = conversation("emitting", async (c, ctx, args: { first: boolean }) => {
    const start = await c.waitForEvent<{ readonly to: string }>("start");
    const emit = () => telling.emit(start.to, "ping");
    const failed = await c.external("ping", emit).then(
      () => "sent",
      (error: Error) => error.message,
    );
    said.push(`${String(args.first)} ${failed}`);
    await ctx.reply("over");
  });
  const { bale, talks, errors } = begin([emitting]);
  telling.emit = talks.emit;
  const [ali, sara] = [bale.user(), bale.user()];
  for (const user of [ali, sara]) await say(bale, user, "hi");
  const one = await talks.enter(emitting, { chatId: ali.id }, { first: true });
  const two = await talks.enter(emitting, { chatId: sara.id }, { first: false });
  const both = Promise.all([talks.emit(one, "start", { to: two }), talks.emit(two, "start", { to: one })]);
  await quiet(bale);
  await both;
  expect(said).toHaveLength(2);
  expect(said.filter((line) => line.includes("neither could go on"))).toHaveLength(1);
  const self = await talks.enter(emitting, { chatId: ali.id }, { first: true });
  await talks.emit(self, "start", { to: self });
  expect(said[2]).toContain("neither could go on");
  expect(errors).toEqual([]);
});

test("two that emit to each other in two processes are refused after a minute, and both go on", async () => {
  const bale = emulator();
  const storage = lanesOf(bale);
  const said: string[] = [];
  const hands: { readonly emit: (id: string, name: string) => Promise<boolean> }[] = [];
  const emitting = conversation("emitting", async (c, ctx, args: { process: number }) => {
    const { to } = await c.waitForEvent<{ readonly to: string }>("start");
    const failed = await c
      .external("ping", () => hands[args.process]?.emit(to, "ping"))
      .then(
        () => "sent",
        (error: Error) => error.message,
      );
    said.push(failed);
    await ctx.reply("over");
  });
  const talks = [0, 1].map((at) => {
    const made = conversations({ definitions: [emitting], storage, machines: "many" });
    const bot = new Bot(undefined).extend(made);
    bot.connect({ transport: bale.transport(), clock: bale.clock });
    if (at === 0) bale.attach(bot);
    hands.push(made);
    return made;
  });
  const people = [bale.user(), bale.user()];
  for (const user of people) await say(bale, user, "hi");
  const ids: string[] = [];
  for (const at of [0, 1]) {
    const chatId = people[at]?.id ?? 0;
    ids.push((await talks[at]?.enter(emitting, { chatId }, { process: at })) ?? "");
  }
  const both = Promise.all(
    talks.map((made, at) => made.emit(ids[at] ?? "", "start", { to: ids[1 - at] ?? "" })),
  );
  await quiet(bale);
  await bale.clock.advance(50_000);
  await quiet(bale);
  expect(said).toEqual([]);
  for (let seconds = 0; seconds < 12; seconds++) await bale.clock.advance(1_000);
  await quiet(bale);
  expect(await both).toEqual([true, true]);
  expect(said).toHaveLength(2);
  // The one that is first to give up rests then, so that the other may get through.
  expect(said.filter((text) => text.includes("has been busy for 60 s")).length).toBeGreaterThanOrEqual(1);
  for (const user of people) expect(told(user)).toEqual(["over"]);
});

test("what may not be called inside says its name and what to do", async () => {
  const said: string[] = [];
  const wrong = conversation("wrong", async (c) => {
    for (const run of [
      () => talks.emit("x", "y"),
      () => talks.kill("x"),
      () => talks.exit("x"),
      () => c.external("retry", () => talks.retry("x")),
    ]) {
      await (run() as Promise<unknown>).catch((error: Error) => said.push(error.message));
    }
  });
  const { bale, talks, errors } = begin([wrong]);
  const ali = bale.user();
  await say(bale, ali, "hi");
  await talks.enter(wrong, { chatId: ali.id });
  expect(errors).toEqual([]);
  expect(said.map((line) => line.split(":")[0])).toEqual([
    "bot.conversations.emit",
    "bot.conversations.kill",
    "bot.conversations.exit",
    "bot.conversations.retry",
  ]);
  expect(said[0]).toContain("Put it into c.external");
});
