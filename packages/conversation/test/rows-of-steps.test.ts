import { type LaneStore, memoryLanes } from "balekit";
import { expect, test } from "vitest";
import { conversation } from "../src/definition.js";
import type { LaneRow } from "../src/lane-head.js";
import { Deploys, told } from "./talking-bot.js";

const BIG = 50_000;

/** A store that counts the bytes of the rows it is given. */
function weighing(store: LaneStore): LaneStore & { readonly rows: string[] } {
  const rows: string[] = [];
  return {
    rows,
    load: (key, from) => store.load(key, from),
    delete: (key, version) => store.delete(key, version),
    due: (prefix, now, limit) => store.due(prefix, now, limit),
    find: (token) => store.find(token),
    keys: (prefix) => store.keys(prefix),
    commit(key, version, change) {
      for (const row of change.append ?? []) rows.push(JSON.stringify(row as LaneRow));
      return store.commit(key, version, change);
    },
  };
}

const bytesOf = (rows: readonly string[]): number => rows.reduce((sum, { length }) => sum + length, 0);

let calls = 0;
const big = (): string => {
  calls++;
  return "b".repeat(BIG);
};

const whole = conversation("whole", async (c, ctx) => {
  const kept = await c.step("whole", () => c.external("big", big));
  await ctx.reply(`has ${kept.length}`);
  const { text } = await c.waitFor("message:text", { id: "text" });
  await ctx.reply(`${text}: ${kept.length}`);
});

const part = conversation("part", async (c, ctx) => {
  const length = await c.step("part", async () => (await c.external("big", big)).length);
  await ctx.reply(`has ${length}`);
  const { text } = await c.waitFor("message:text", { id: "text" });
  await ctx.reply(`${text}: ${length}`);
});

const last = conversation("last", async (c, ctx) => {
  const length = await c.step("last", async () => {
    const first = await c.external("big", big);
    await ctx.reply("one more moment");
    return first.length + (await c.external("big", big)).length;
  });
  const { text } = await c.waitFor("message:text", { id: "text" });
  await ctx.reply(`${text}: ${length}`);
});

for (const machines of ["one", "many"] as const) {
  for (const [definition, times, length] of [
    [whole, 1, BIG],
    [part, 0, BIG],
    // Between the two something was done: what was had before has to be written down before.
    [last, 1, 2 * BIG],
  ] as const) {
    test(`what the step of "${definition.name}" has is written ${times} times with ${machines} machines, and what it returns survives`, async () => {
      const world = new Deploys();
      const storage = weighing(world.storage);
      const ali = world.bale.user();
      await world.say(ali, "hello");
      const options = { definitions: [definition], storage, machines };
      const talks = await world.deploy(options);
      calls = 0;
      await talks.enter(definition as typeof whole, { chatId: ali.id });
      await world.pass(0);
      const done = calls;
      const written = bytesOf(storage.rows);
      expect(written).toBeGreaterThanOrEqual(times * BIG);
      expect(written).toBeLessThan(times * BIG + 3_000);
      const steps = world.eventsOf("step");
      expect(steps.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(times * BIG + 3_000);
      await world.deploy(options);
      await world.say(ali, "again");
      expect(told(ali).at(-1)).toBe(`again: ${length}`);
      expect(calls).toBe(done);
      expect(world.errors).toEqual([]);
      await world.stop();
    });
  }
}

test("a light step stays in its row for machines that have the code alive, and goes where there is one process", async () => {
  const light = conversation("light", async (c, ctx) => {
    const name = await c.step("name", async () => (await c.waitFor("message:text", { id: "name" })).text);
    await ctx.reply(name);
    await c.waitFor("message:text", { id: "more" });
  });
  for (const machines of ["one", "many"] as const) {
    const world = new Deploys();
    const storage = weighing(memoryLanes({ clock: world.bale.clock }));
    const ali = world.bale.user();
    await world.say(ali, "hello");
    const talks = await world.deploy({ definitions: [light], storage, machines });
    await talks.enter(light, { chatId: ali.id });
    await world.say(ali, "Maryam");
    expect(told(ali).at(-1)).toBe("Maryam");
    const row = storage.rows.find((one) => one.includes('"f"')) ?? "";
    expect(row.includes("update_id")).toBe(machines === "many");
    await world.stop();
  }
});
