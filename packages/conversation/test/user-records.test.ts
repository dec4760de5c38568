import { type EmulatedUser, emulator, type Emulator } from "@balekit/emulator";
import { sqliteLanes } from "@balekit/storage/sqlite";
import { Bot, type LaneStore, memoryLanes } from "balekit";
import Database from "libsql";
import { afterEach, describe, expect, test } from "vitest";
import { type Conversations, conversations } from "../src/conversations.js";
import { type AnyDefinition, conversation } from "../src/definition.js";
import type { LaneEvent } from "../src/lane-event.js";
import type { UserConversations } from "../src/user-records.js";
import { quiet, say, told } from "./talk.js";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Up {
  readonly bot: Bot;
  readonly talks: Conversations;
  readonly events: LaneEvent[];
  readonly errors: string[];
  readonly passed: string[];
}

/** Processes over one store, of which one at a time hears from Bale. */
class World {
  readonly bale: Emulator = emulator();
  readonly storage: LaneStore;
  #detach: (() => void) | undefined;

  constructor(makeStore: (bale: Emulator) => LaneStore) {
    this.storage = makeStore(this.bale);
  }

  up(definitions: readonly AnyDefinition[]): Up {
    this.#detach?.();
    const [events, errors, passed]: [LaneEvent[], string[], string[]] = [[], [], []];
    const talks = conversations({
      definitions,
      storage: this.storage,
      machines: "many",
      onEvent: (event) => void events.push(event),
    });
    const bot = new Bot(undefined);
    bot.catch((error) => void errors.push(error.message));
    bot.extend(talks).on("message:text", (ctx) => void passed.push(ctx.text));
    this.#detach = this.bale.attach(bot);
    ends.push(() => bot.stop());
    return { bot, talks, events, errors, passed };
  }

  /** Everything there is in the store. */
  async dump(): Promise<string> {
    const lanes = [];
    for await (const key of this.storage.keys("cv:")) lanes.push([key, await this.storage.load(key, 0)]);
    return JSON.stringify(lanes);
  }
}

const stores: Readonly<Record<string, (bale: Emulator) => LaneStore>> = {
  memory: (bale) => memoryLanes({ clock: bale.clock }),
  SQLite: (bale) => {
    const database = new Database(":memory:");
    ends.push(() => database.close());
    return sqliteLanes(database, { clock: bale.clock });
  },
};

const ran: string[] = [];
const form = conversation(
  "form",
  async (c, ctx, args: { secret: string }) => {
    try {
      await ctx.reply("name?", { reply_markup: { inline_keyboard: [[c.button("none", "none")]] } });
      const name = await c.waitFor("message:text", { id: "name", timeoutMs: 60_000 });
      await ctx.reply("age?");
      await c.waitFor("message:text", { id: "age", timeoutMs: 60_000 });
      return `${args.secret} ${name.text}`;
    } finally {
      ran.push("finally");
    }
  },
  { onExit: (reason) => ran.push(reason), onTimeout: () => ran.push("timeout") },
);
const profile = conversation("profile", (c) => c.waitFor("message:photo"), { per: "user" });

async function exported({ bot }: Up, { id }: EmulatedUser): Promise<UserConversations | undefined> {
  return (await bot.exportUser(id))["conversations"] as UserConversations | undefined;
}

async function openIds({ talks }: Up): Promise<readonly string[]> {
  const ids = [];
  for await (const { id } of talks.list()) ids.push(id);
  return ids.sort();
}

describe.each(Object.entries(stores))("on %s", (_, makeStore) => {
  test("a user is forgotten with every trace, wherever they have conversations, and none of their code runs", async () => {
    const world = new World(makeStore);
    const up = world.up([form, profile]);
    const { bale } = world;
    const [ali, sara] = [bale.user(), bale.user()];
    const group = bale.group({ title: "Family", members: [ali, sara] });
    for (const user of [ali, sara]) await say(bale, user, "hi");
    ran.length = 0;
    const first = await up.talks.enter(form, { chatId: ali.id }, { secret: "s3cret" });
    await up.talks.enter(form, { chatId: group.id, userId: ali.id }, { secret: "s3cret" });
    await up.talks.enter(profile, { chatId: ali.id });
    const hers = await up.talks.enter(form, { chatId: sara.id }, { secret: "hers" });
    await say(bale, ali, "Ali-s3cret");
    expect(await exported(up, ali)).toMatchObject({
      open: [{ conversation: { name: "form" } }, { conversation: { name: "form" } }, {}],
      ended: [],
      answers: [],
    });
    expect(JSON.stringify(await exported(up, ali))).toContain("Ali-s3cret");
    expect(JSON.stringify(await exported(up, ali))).not.toContain("hers");

    await up.bot.forget(ali.id);
    expect(await openIds(up)).toEqual([hers]);
    expect(await world.dump()).not.toContain("s3cret");
    expect(await world.dump()).not.toContain(`${ali.id}`);
    expect(await exported(up, ali)).toBeUndefined();
    expect(await world.storage.find(`cv:${up.bot.me.id}:${first}`)).toBeUndefined();
    await expect(up.talks.ending(first)).rejects.toThrow("its user was forgotten");
    expect(up.events.filter(({ type }) => type === "exit")).toMatchObject(
      Array(3).fill({ reason: "forgotten" }),
    );
    // Its buttons and deadlines lead nowhere.
    await ali.presses("none");
    await bale.clock.advance(120_000);
    await quiet(bale);
    await say(bale, ali, "33");
    expect(up.passed).toContain("33");
    expect(told(ali).filter((text) => text === "age?")).toHaveLength(1);
    // Those of Sara alone.
    expect(ran).toEqual(["finally", "timeout", "timeout"]);
    expect(up.errors).toEqual([]);
    await up.bot.forget(ali.id);
  });

  test("what a conversation returned is exported, and forgotten, with its user", async () => {
    const world = new World(makeStore);
    const up = world.up([form]);
    const ali = world.bale.user();
    await say(world.bale, ali, "hi");
    const id = await up.talks.enter(form, { chatId: ali.id }, { secret: "s3cret" });
    for (const text of ["Ali", "33"]) await say(world.bale, ali, text);
    expect((await exported(up, ali))?.ended).toMatchObject([{ id, name: "form", result: "s3cret Ali" }]);
    await up.bot.forget(ali.id);
    expect(await world.dump()).toBe("[]");
    expect(await exported(up, ali)).toBeUndefined();
  });

  test("in a lane of several people what a user has entered goes; what they said in others' is shown, and stays", async () => {
    const world = new World(makeStore);
    const poll = conversation(
      "poll",
      async (c, ctx, args: { about: string }) => {
        await ctx.reply(args.about);
        for (let at = 0; ; at++) {
          const vote = await c.waitFor("message:text", { id: "vote" });
          await ctx.reply(`${args.about}: ${at + 1}`);
          if (vote.text === "end") return args.about;
        }
      },
      { per: "chat", onActive: "stack" },
    );
    const up = world.up([poll]);
    const { bale } = world;
    const [ali, sara] = [bale.user(), bale.user()];
    const group = bale.group({ title: "Family", members: [ali, sara] });
    for (const user of [ali, sara]) await say(bale, user, "hi");
    const hers = await up.talks.enter(poll, { chatId: group.id, userId: sara.id }, { about: "lunch" });
    await say(bale, ali, "pizza", { chat: group });
    const his = await up.talks.enter(poll, { chatId: group.id, userId: ali.id }, { about: "s3cret" });
    await say(bale, sara, "vote of Sara", { chat: group });

    expect(await exported(up, ali)).toMatchObject({
      open: [{ conversation: { id: his } }],
      answers: [{ conversation: hers, name: "poll", update: { message: { text: "pizza" } } }],
    });
    expect((await exported(up, sara))?.answers).toMatchObject([
      { conversation: his, update: { message: { text: "vote of Sara" } } },
    ]);
    await up.bot.forget(ali.id);
    expect(await openIds(up)).toEqual([hers]);
    expect(await world.dump()).not.toContain("s3cret");
    expect(await world.dump()).not.toContain("vote of Sara");
    expect((await exported(up, ali))?.answers).toHaveLength(1);
    await say(bale, sara, "end", { chat: group });
    expect(await up.talks.ending(hers)).toMatchObject({ isDone: true, result: "lunch" });
    expect((await exported(up, sara))?.ended).toMatchObject([{ id: hers }]);
    expect(up.errors).toEqual([]);
  });

  test("a step that is under way in another process is fenced, and ends without a word", async () => {
    const world = new World(makeStore);
    const { bale } = world;
    let release = (): void => undefined;
    const doing: string[] = [];
    const working = conversation("working", async (c, ctx, args: { secret: string }) => {
      const how = await c.waitFor("message:text", { id: "how" });
      await c.external("work", () => {
        doing.push(`${args.secret} ${how.text}`);
        return new Promise<void>((done) => {
          release = done;
        });
      });
      await ctx.reply("done");
    });
    const one = world.up([working]);
    const ali = bale.user();
    await say(bale, ali, "hi");
    await one.talks.enter(working, { chatId: ali.id }, { secret: "s3cret" });
    const sent = ali.sends("well");
    await quiet(bale);
    expect(doing).toEqual(["s3cret well"]);
    const other = world.up([working]);
    await other.bot.forget(ali.id);
    expect(await world.dump()).not.toMatch(/s3cret|well/);
    release();
    await sent;
    await quiet(bale);
    expect(one.events.filter(({ type }) => type === "fenced")).toHaveLength(1);
    expect([...one.errors, ...other.errors]).toEqual([]);
    expect(told(ali)).toEqual([]);
    expect(one.passed).toEqual(["hi"]);
    // What it had taken is known by its number for a while, and then nothing is.
    expect(await world.dump()).toContain("recent");
    await bale.clock.advance(240_000);
    await quiet(bale);
    expect(await world.dump()).toBe("[]");
    expect(doing).toHaveLength(1);
    await say(bale, ali, "anybody?");
    expect(other.passed).toEqual(["anybody?"]);
  });

  test("a conversation that is just being entered from outside is not entered again", async () => {
    const world = new World(makeStore);
    const { bale } = world;
    let release = (): void => undefined;
    let begun = 0;
    const starting = conversation("starting", async (c, ctx) => {
      await c.external("work", () => {
        begun++;
        return new Promise<void>((done) => {
          release = done;
        });
      });
      await ctx.reply("done");
    });
    const up = world.up([starting]);
    const ali = bale.user();
    await say(bale, ali, "hi");
    const entering = up.talks.enter(starting, { chatId: ali.id });
    await quiet(bale);
    await up.bot.forget(ali.id);
    release();
    await entering;
    await quiet(bale);
    expect(begun).toBe(1);
    expect(told(ali)).toEqual([]);
    expect(await openIds(up)).toEqual([]);
    expect(up.errors).toEqual([]);
  });
});

test("a conversation that is killed, or forgotten, leaves alone what another in its lane is at", async () => {
  for (const how of ["kill", "forget"] as const) {
    const world = new World(stores["memory"] as (bale: Emulator) => LaneStore);
    const { bale } = world;
    let release = (): void => undefined;
    const work: boolean[] = [];
    const working = conversation(
      "working",
      async (c, ctx, args: { now: boolean }) => {
        if (args.now) {
          await c.external("work", ({ isRepeat }) => {
            work.push(isRepeat);
            return new Promise<void>((done) => {
              release = done;
            });
          });
          await ctx.reply("done");
        } else await c.waitFor("message:photo");
      },
      { per: "chat", onActive: "stack" },
    );
    const up = world.up([working]);
    const [ali, sara] = [bale.user(), bale.user()];
    const group = bale.group({ title: "Family", members: [ali, sara] });
    for (const user of [ali, sara]) await say(bale, user, "hi");
    const his = await up.talks.enter(working, { chatId: group.id, userId: ali.id }, { now: false });
    const hers = up.talks.enter(working, { chatId: group.id, userId: sara.id }, { now: true });
    await quiet(bale);
    if (how === "kill") await up.talks.kill(his);
    else await up.bot.forget(ali.id);
    release();
    await quiet(bale);
    // Who was at it has lost the lane to this, and takes its step up again at once.
    expect(work).toEqual([false, true]);
    release();
    await quiet(bale);
    expect(await up.talks.ending(await hers)).toMatchObject({ isDone: true });
    expect(group.messages.filter(({ text }) => text === "done")).toHaveLength(1);
    expect(up.errors).toEqual([]);
  }
});
