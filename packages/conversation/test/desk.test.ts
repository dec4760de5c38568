import { expect, test } from "vitest";
import { conversation } from "../src/definition.js";
import { Deploys, open, told } from "./talking-bot.js";

const asked: string[] = [];
const signup = conversation("signup", async (c, ctx, args: { greeting: string }) => {
  try {
    await ctx.reply(args.greeting);
    const name = await c.waitFor("message:text", { id: "name" });
    const key = await c.external("account", ({ idempotencyKey }) => idempotencyKey);
    await name.reply(`account ${key}`);
    await c.waitFor("message:text", { id: "age" });
  } finally {
    asked.push("finally");
  }
});

test("what a conversation has been through can be read as lines and as data, and says nothing of others", async () => {
  const world = new Deploys();
  const [ali, sara] = [world.bale.user(), world.bale.user()];
  const talks = await world.deploy({ definitions: [signup] });
  for (const user of [ali, sara]) await world.say(user, "hi");
  const id = await talks.enter(signup, { chatId: ali.id }, { greeting: "name?" });
  await talks.enter(signup, { chatId: sara.id }, { greeting: "your name?" });
  await world.say(ali, "Ali");

  const lines = await talks.inspect(id);
  expect(lines?.slice(0, 3)).toEqual([
    "1. the entry",
    "2. 'api:sendMessage'",
    expect.stringMatching(/^3\. /),
  ]);
  expect(lines?.at(-1)).toContain("'wait:message:text#age'");
  expect(lines?.some((line) => line.includes("'ext:account'"))).toBe(true);
  const exported = await talks.export(id);
  expect(exported?.conversation).toMatchObject({ id, name: "signup", version: 1, records: lines?.length });
  expect(exported?.records).toHaveLength(lines?.length ?? 0);
  expect(exported?.records[0]?.[0]).toBe("e");
  expect(JSON.stringify(exported)).toContain("Ali");
  expect(JSON.stringify(exported)).not.toContain("your name?");
  expect(await talks.inspect("nobody")).toBeUndefined();
  expect(await talks.export("nobody")).toBeUndefined();
  await world.stop();
});

test("a conversation that is killed runs none of its code, and its user is free at once", async () => {
  const world = new Deploys();
  const ali = world.bale.user();
  const talks = await world.deploy({ definitions: [signup] });
  await world.say(ali, "hi");
  const id = await talks.enter(signup, { chatId: ali.id }, { greeting: "name?" });
  asked.length = 0;
  expect(await talks.kill(id)).toBe(true);
  expect(await talks.kill(id)).toBe(false);
  expect(await open(talks)).toEqual([]);
  expect(await talks.inspect(id)).toBeUndefined();
  await world.say(ali, "Ali");
  expect(world.passed).toEqual(["hi", "Ali"]);
  expect(told(ali)).toEqual(["name?"]);
  expect(asked).toEqual([]);

  const other = await talks.enter(signup, { chatId: ali.id }, { greeting: "again?" });
  expect(await talks.exit(other)).toBe(true);
  expect(asked).toEqual(["finally"]);
  expect(await talks.retry(other)).toBe(false);
  expect(world.errors).toEqual([]);
  await world.stop();
});
