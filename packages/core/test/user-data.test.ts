import { expect, test } from "vitest";
import { Bot } from "../src/bot.js";
import { Composer } from "../src/composer.js";
import { UserDataError } from "../src/user-data.js";
import { ScriptedBale } from "./scripted-bale.js";

function setUp() {
  const bale = new ScriptedBale();
  return { bale, bot: new Bot("1000:not-a-real-secret", { api: { transport: bale } }) };
}

test("forgetting asks everybody who keeps something, also in composers below, with a bot that was never started", async () => {
  const { bot } = setUp();
  const asked: unknown[] = [];
  bot.onForget((userId, { me }) => asked.push(["bot", userId, me.id > 0]));
  const below = new Composer();
  below.onForget(async (userId) => void asked.push(["below", userId]));
  bot.on("message").use(below);
  await bot.forget(7);
  expect(asked).toEqual([
    ["bot", 7, true],
    ["below", 7],
  ]);
  expect(bot.isRunning()).toBe(false);
});

test("one that fails does not keep the others from forgetting, and is told together with all that failed", async () => {
  const { bot } = setUp();
  const forgotten: string[] = [];
  bot.onForget(() => {
    throw new Error("the first store is away");
  });
  bot.onForget(() => Promise.reject(new Error("the second store is away")));
  bot.onForget(() => forgotten.push("third"));
  const error: unknown = await bot.forget(7).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserDataError);
  expect(forgotten).toEqual(["third"]);
  expect(error).toMatchObject({
    name: "UserDataError",
    code: "ERR_BALE_USER_DATA",
    errors: [new Error("the first store is away"), new Error("the second store is away")],
  });
  expect((error as Error).message).toMatch(/^Forgetting user 7: 2 of the plugins failed/);
});

test("exporting collects by name, leaves out who has nothing, and half an answer is none", async () => {
  const { bot } = setUp();
  bot.onExport("orders", async (userId) => [{ of: userId }]);
  bot.onExport("notes", () => undefined);
  expect(await bot.exportUser(7)).toEqual({ orders: [{ of: 7 }] });
  bot.onExport("broken", () => {
    throw new Error("away");
  });
  await expect(bot.exportUser(7)).rejects.toThrow(
    /^Collecting what is kept of user 7: 1 of the plugins failed/,
  );
});

test("a name that is taken is refused, also when the two meet through a composer that is used later", () => {
  const { bot } = setUp();
  bot.onExport("orders", () => 1);
  const refusal = expect.objectContaining({
    code: "ERR_BALE_PLUGIN",
    message: expect.stringContaining('the name "orders" is taken') as string,
  }) as Error;
  expect(() => bot.onExport("orders", () => 2)).toThrow(refusal);
  const other = new Composer();
  other.onExport("orders", () => 3);
  expect(() => bot.use(other)).toThrow(refusal);
});

test("what is no id of a user is refused before anybody is asked", async () => {
  const { bot } = setUp();
  let asked = 0;
  bot.onForget(() => asked++);
  for (const id of [Number.NaN, 1.5, "7" as never, undefined as never]) {
    await expect(bot.forget(id)).rejects.toMatchObject({ code: "ERR_BALE_USER_DATA" });
    await expect(bot.exportUser(id)).rejects.toBeInstanceOf(TypeError);
  }
  expect(asked).toBe(0);
});
