import { type BotError, type LaneStore, StorageUnavailableError } from "balekit";
import { describe, expect, test } from "vitest";
import { conversation } from "../src/definition.js";
import { Deploys, open, told } from "./talking-bot.js";

/** A store of lanes that can be away: as a whole, or from its next write on. */
function leaving(storage: LaneStore) {
  const leave = { isAway: false, atWrite: false };
  const refuse = (): Promise<never> => {
    const message = "Asking Redis: it cannot be reached: ECONNREFUSED.";
    return Promise.reject(new StorageUnavailableError(message, { maybeDone: false, timedOut: false }));
  };
  const lanes: LaneStore = {
    load: (key, from) => (leave.isAway ? refuse() : storage.load(key, from)),
    commit: (key, expected, change) => {
      if (leave.atWrite) leave.isAway = true;
      return leave.isAway ? refuse() : storage.commit(key, expected, change);
    },
    delete: (key, expected) => (leave.isAway ? refuse() : storage.delete(key, expected)),
    due: (prefix, now, limit) => (leave.isAway ? refuse() : storage.due(prefix, now, limit)),
    find: (token) => (leave.isAway ? refuse() : storage.find(token)),
    keys: (prefix) => storage.keys(prefix),
  };
  const comesBack = (): void => {
    leave.isAway = false;
    leave.atWrite = false;
  };
  return { lanes, leave, comesBack };
}

const order = conversation("order", async (c, ctx) => {
  await ctx.reply("what?");
  const what = await c.waitFor("message:text", { id: "what" });
  const many = await c.waitFor("message:text", { id: "many" });
  await many.reply(`${many.text} of ${what.text}`);
});

describe.each(["one", "many"] as const)("while the store is away, of %s machine(s)", (machines) => {
  test.each([
    ["before the lane is read", "isAway"],
    ["when the answer is to be written down", "atWrite"],
  ] as const)("%s, answers wait, and are taken in their order", async (_when, how) => {
    const world = new Deploys();
    const ali = world.bale.user();
    const { lanes, leave, comesBack } = leaving(world.storage);
    const talks = await world.deploy({ definitions: [order], storage: lanes, machines });
    await world.say(ali, "hi");
    await talks.enter(order, { chatId: ali.id });
    leave[how] = true;
    const answers = [ali.sends("bread"), ali.sends("3")];
    await world.pass(10_000);
    expect(told(ali)).toEqual(["what?"]);
    const held = world.errors.filter((error) => (error as BotError).where === "handler");
    expect(held.map(({ cause }) => (cause as Error).name)).toEqual(["StorageUnavailableError"]);
    comesBack();
    await world.pass(4_000);
    await Promise.all(answers);
    expect(told(ali)).toEqual(["what?", "3 of bread"]);
    expect(world.passed).toEqual(["hi"]);
    expect(await open(talks)).toEqual([]);
    await world.stop();
  });
});

test("a step whose effects have begun is not repeated by it: its journal goes on with it", async () => {
  const world = new Deploys();
  const ali = world.bale.user();
  const { lanes, leave, comesBack } = leaving(world.storage);
  let charged = 0;
  const paying = conversation("paying", async (c, ctx) => {
    await ctx.reply("card?");
    const card = await c.waitFor("message:text", { id: "card" });
    await c.external("charge", () => {
      charged++;
      // From here on nothing can be written down any more.
      leave.isAway = true;
    });
    await card.reply("thanks");
  });
  const talks = await world.deploy({
    definitions: [paying],
    storage: lanes,
    machines: "many",
    ambiguity: { external: "throw" },
  });
  await world.say(ali, "hi");
  await talks.enter(paying, { chatId: ali.id });
  const answer = ali.sends("1234");
  await world.pass(120_000);
  comesBack();
  await world.pass(120_000);
  await answer;
  expect(charged).toBe(1);
  const failed = (world.errors as BotError[]).filter(({ where }) => where === "handler");
  expect(failed.map(({ retryInMs }) => retryInMs)).toEqual([undefined]);
  expect(world.passed).toEqual(["hi"]);
  await world.stop();
});
