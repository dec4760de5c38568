import { Bot, type LaneStore } from "balekit";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { type Conversations, conversations } from "../src/conversations.js";
import type { ConversationsOptions } from "../src/conversations-options.js";
import { type AnyDefinition, conversation } from "../src/definition.js";
import { JournalLimitError, UnjournaledAwaitError } from "../src/errors.js";
import { limitsOf } from "../src/limits.js";
import type { OpenConversation } from "../src/open-conversation.js";
import { Process } from "./simulation.js";
import { Deploys, open, told } from "./talking-bot.js";

const DAY_MS = 86_400_000;
const KB = 1_024;
let world: Deploys;
let ali: ReturnType<Deploys["bale"]["user"]>;
beforeEach(async () => {
  world = new Deploys();
  ali = world.bale.user();
  await world.say(ali, "hi");
});
afterEach(() => world.stop());

function messages(): string {
  return world.errors.map(({ message, cause }) => `${message} ${String(cause)}`).join("\n");
}

/** Adds to the journal whatever it is told: `n 5` five records, `k 60` a value of 60 KB. */
const growing = conversation("growing", async (c, ctx) => {
  for (;;) {
    const { text } = await c.waitFor("message:text", { id: "how-much" });
    const [what, size] = text.split(" ");
    if (what === "n") for (let at = 0; at < Number(size); at++) c.now();
    else if (what === "k") await c.external("much", () => "x".repeat(Number(size) * KB));
    else await ctx.reply("still here");
  }
});

async function grow(options: Partial<ConversationsOptions> = {}): Promise<Conversations> {
  const talks = await world.deploy({ definitions: [growing], ...options });
  await talks.enter(growing, { chatId: ali.id });
  return talks;
}

test("a journal of more than 1,000 records is warned of once, with what to do, and goes on", async () => {
  await grow();
  await world.say(ali, "n 900");
  expect(world.eventsOf("limit")).toEqual([]);
  for (const more of ["n 200", "n 10", "hello?"]) await world.say(ali, more);
  expect(world.eventsOf("limit")).toMatchObject([{ definition: "growing", level: "warn", records: 1_106 }]);
  expect(world.warnings).toEqual([expect.stringMatching(/growing.* has 1106 records.*c\.loop.*c\.step/)]);
  expect(ali.inbox.last.text).toBe("still here");
});

test("a journal of more than 10,000 records ends the conversation, with what to do", async () => {
  const talks = await grow();
  await world.say(ali, "n 10100");
  expect(messages()).toContain(
    "the limit is 10000 and 1024 KB. Put what repeats into c.loop, and what is finished into c.step.",
  );
  expect(world.eventsOf("limit").at(-1)).toMatchObject({ level: "stop" });
  expect(await open(talks)).toEqual([]);
  await world.say(ali, "hello?");
  expect(world.passed.at(-1)).toBe("hello?");
});

test("a journal of more than 256 KB is warned of, one of more than 1 MB ends, replays in between or not", async () => {
  const talks = await grow();
  for (let at = 0; at < 5; at++) await world.say(ali, "k 60");
  expect(world.eventsOf("limit").map(({ level }) => level)).toEqual(["warn"]);
  expect(world.eventsOf("limit")[0]?.bytes).toBeGreaterThan(256 * KB);
  for (let at = 0; at < 12; at++) {
    expect(await open(talks)).toHaveLength(1);
    await world.deploy({ definitions: [growing] });
    await world.say(ali, "k 60");
  }
  await world.say(ali, "k 60");
  expect(world.eventsOf("limit").at(-1)).toMatchObject({ level: "stop" });
  expect(messages()).toContain("JournalLimitError");
});

test("what a journal keeps of one value is at most 64 KB: more is an error at the call, which may be caught", async () => {
  const seen: string[] = [];
  const large = "x".repeat(70 * KB);
  const note = (error: unknown): void =>
    void seen.push(error instanceof JournalLimitError ? error.message : String(error));
  const keeping = conversation("keeping", async (c, ctx) => {
    await c.external("rows", () => large).catch(note);
    await c
      .step("rows", async () => {
        await c.sleep(0);
        return large;
      })
      .catch(note);
    await c.loop("rows", large, async () => c.done()).catch(note);
    await c
      .loop("rounds", "", async () => {
        await c.sleep(0);
        return large;
      })
      .catch(note);
    await c.waitFor("message:text").catch(note);
    await ctx.reply("still here");
  });
  const talks = await world.deploy({ definitions: [keeping] });
  await talks.enter(keeping, { chatId: ali.id });
  await world.pass(100);
  await world.say(ali, large);
  expect(seen.map((message) => message.slice(0, message.indexOf("takes")))).toEqual([
    "ext:rows: the result ",
    "The result of step:rows: the value ",
    "The state of loop:rows: the value ",
    "The state of loop:rounds: the value ",
    "wait:message:text: the result ",
  ]);
  expect(seen.every((message) => message.includes("and a journal keeps 64 KB."))).toBe(true);
  expect(ali.inbox.last.text).toBe("still here");
});

test("what it is entered with is at most 64 KB: more is an error of whoever enters, and nothing is kept", async () => {
  const taking = conversation("taking", async (c, _, args: { list: string }) => {
    await c.waitFor("message:text");
    return args.list;
  });
  const talks = await world.deploy({ definitions: [taking] });
  const entering = talks.enter(taking, { chatId: ali.id }, { list: "x".repeat(70 * KB) });
  await expect(entering).rejects.toThrow('Entering "taking": the value takes about');
  await expect(entering).rejects.toBeInstanceOf(JournalLimitError);
  expect(await open(talks)).toEqual([]);
});

test("one lane has 16 conversations at most", async () => {
  const stacked = conversation("stacked", (c) => c.waitFor("message:text"), { onActive: "stack" });
  const talks = await world.deploy({ definitions: [stacked] });
  for (let at = 0; at < 16; at++) await talks.enter(stacked, { chatId: ali.id });
  await expect(talks.enter(stacked, { chatId: ali.id })).rejects.toThrow(
    '16 conversations are under way in this lane, which is the limit. Leave some, or take onActive "replace".',
  );
  expect(await open(talks)).toHaveLength(16);
});

test("living code is kept for 1,000 lanes, and for 15 minutes without anything to do", async () => {
  const sleeping = conversation("sleeping", (c) => c.waitFor("message:text"));
  const talks = await world.deploy({ definitions: [sleeping] });
  for (let at = 0; at < 1_001; at++) await talks.enter(sleeping, { chatId: 1_000_000 + at });
  expect(world.eventsOf("evict")).toEqual([
    { type: "evict", lane: expect.stringContaining(":1000000:"), why: "full" },
  ]);
  await world.pass(14 * 60_000);
  expect(world.eventsOf("evict")).toHaveLength(1);
  await world.pass(2 * 60_000);
  expect(world.eventsOf("evict")).toHaveLength(1_001);
  expect(world.eventsOf("evict").at(-1)?.why).toBe("idle");
});

/** A store that a dead process gets nothing from, and brings nothing to. */
function mortal(store: LaneStore, process: Process): LaneStore {
  const alive = async <Value>(run: () => Promise<Value>): Promise<Value> => {
    await process.point();
    return run();
  };
  return {
    load: (key, from) => alive(() => store.load(key, from)),
    commit: (key, expected, change) => alive(() => store.commit(key, expected, change)),
    delete: (key, expected) => alive(() => store.delete(key, expected)),
    due: (prefix, now, limit) => alive(() => store.due(prefix, now, limit)),
    find: (token) => alive(() => store.find(token)),
    keys: (prefix) => store.keys(prefix),
  };
}

test("a step at which five processes have ended is parked as poison: onPoison and bot.catch hear of it", async () => {
  let isDeadly = true;
  let runs = 0;
  const deadly = conversation("deadly", async (c, ctx) => {
    await c.external("fatal", () => {
      runs++;
      return isDeadly ? new Promise<never>(() => undefined) : "survived";
    });
    await ctx.reply("survived");
  });
  const poisoned: OpenConversation[] = [];
  const up = async (): Promise<{ readonly talks: Conversations; readonly process: Process }> => {
    const process = new Process();
    const storage = mortal(world.storage, process);
    const onPoison = (one: OpenConversation): void => void poisoned.push(one);
    return { process, talks: await world.deploy({ definitions: [deadly], storage, onPoison }) };
  };
  const sara = world.bale.user();
  let { talks, process } = await up();
  void talks.enter(deadly, { chatId: ali.id });
  for (let death = 1; death <= 5; death++) {
    await world.pass(100);
    process.kill();
    world.abandon();
    ({ talks, process } = await up());
    expect(poisoned).toEqual([]);
    await world.say(sara, "anybody there?");
    await world.pass(60_000);
  }
  expect(poisoned).toMatchObject([{ name: "deadly", parked: { reason: "poison" } }]);
  expect(messages()).toContain("processes have ended while they were at its step");
  expect(world.eventsOf("parked")).toMatchObject([{ definition: "deadly", reason: "poison" }]);
  expect(runs).toBe(5);
  isDeadly = false;
  expect(await talks.retry(poisoned[0]?.id ?? "")).toBe(true);
  await world.pass(10_000);
  expect(ali.inbox.last.text).toBe("survived");
});

test("code that awaits for ever what no journal has ends after 60 seconds, with the author's line; the lane is free", async () => {
  const stuck = conversation("stuck", async (_, ctx) => {
    await ctx.reply("one moment");
    await new Promise(() => undefined);
  });
  const talks = await world.deploy({ definitions: [stuck] });
  const entering = talks.enter(stuck, { chatId: ali.id });
  const failing = expect(entering).rejects.toMatchObject({
    cause: expect.any(UnjournaledAwaitError) as unknown,
    message: expect.stringMatching(/for 60 s.*limits\.test\.ts:\d+.*c\.external\(name, fn\)/) as unknown,
  });
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  await world.pass(61_000);
  await failing;
  await world.say(ali, "free?");
  expect(world.passed.at(-1)).toBe("free?");
});

/** Whoever only waits, with what it hears at the end. */
function waiting(name: string, left: string[], more: object = {}) {
  return conversation(
    name,
    async (c) => {
      try {
        await c.waitFor("message:text", { id: name });
      } finally {
        left.push("finally");
      }
    },
    { onExit: (reason) => void left.push(reason), ...more },
  );
}

test("nothing is immortal: after 30 days without a step it leaves as expired, and after a day more nothing is left of it", async () => {
  const left: string[] = [];
  const definition = waiting("quiet", left);
  const talks = await world.deploy({ definitions: [definition], sweepMs: 3_600_000 });
  await talks.enter(definition, { chatId: ali.id });
  await world.pass(29 * DAY_MS);
  expect(left).toEqual([]);
  await world.pass(1.1 * DAY_MS);
  expect(left).toEqual(["finally", "expired"]);
  expect(world.eventsOf("exit")).toMatchObject([{ reason: "expired" }]);
  expect(await keysOf(world.storage)).toHaveLength(1);
  await world.pass(1.1 * DAY_MS);
  expect(await keysOf(world.storage)).toEqual([]);
});

test("what is parked is kept for 14 days; then onExit hears that it has expired, and no other code of it runs", async () => {
  const left: string[] = [];
  const before = waiting("before", left);
  const talks = await world.deploy({ definitions: [before] });
  await talks.enter(before, { chatId: ali.id });
  const changed = conversation("before", (c) => c.waitFor("message:text", { id: "other" }), {
    onExit: async (reason, _, ctx) => {
      left.push(reason);
      await ctx.reply(`over: ${reason}`);
    },
  });
  const later = await world.deploy({ definitions: [changed], sweepMs: 3_600_000 });
  await world.say(ali, "x");
  expect(world.eventsOf("parked")).toMatchObject([{ reason: "mismatch" }]);
  await world.pass(13.9 * DAY_MS);
  expect(left).toEqual([]);
  await world.pass(0.2 * DAY_MS);
  expect(left).toEqual(["expired"]);
  expect(told(ali)).toEqual(["over: expired"]);
  expect(await open(later)).toEqual([]);
});

async function keysOf(store: LaneStore): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const key of store.keys("cv:")) keys.push(key);
  return keys;
}

test("limits that are no numbers from 0 up are refused", () => {
  expect(() => limitsOf({ maxRecords: -1 })).toThrow("limits.maxRecords is -1. Give a number from 0 up.");
  expect(() => limitsOf({ idleMs: "5" as never })).toThrow('limits.idleMs is "5"');
  expect(limitsOf({ maxBytes: undefined })).toEqual({
    maxRecords: 10_000,
    maxBytes: 1_048_576,
    maxValueBytes: 65_536,
  });
});

/** A process whose contexts cannot be made now and then. */
async function lacking(
  definition: AnyDefinition,
  isAway: () => boolean,
  onFailure?: () => void,
): Promise<Conversations> {
  const bot = new Bot(undefined, { logger: { debug() {}, info() {}, warn() {}, error() {} } });
  bot.catch(({ message }) => {
    if (message.includes("no connection")) onFailure?.();
  });
  const talks = conversations({ definitions: [definition], storage: world.storage });
  bot
    .derive("rows", () => {
      if (isAway()) throw new Error("no connection");
      return 3;
    })
    .extend(talks)
    .on("message:text", () => undefined);
  const detach = world.bale.attach(bot);
  let isUp = true;
  stopLacking = async () => {
    if (isUp) detach();
    isUp = false;
    await bot.stop();
  };
  onTestFinished(stopLacking);
  await world.say(world.bale.user(), "hello");
  return talks;
}
let stopLacking = async (): Promise<void> => undefined;

test("what cannot be brought back for its deadline is tried ever more seldom, and parked after five times", async () => {
  const form = conversation("form", async (c, ctx) => {
    await ctx.reply("later, then");
    await c.sleep(10_000);
    await ctx.reply("it is later");
  });
  const first = await world.deploy({ definitions: [form] });
  await first.enter(form, { chatId: ali.id });
  await world.stop();

  let isAway = false;
  const failures: number[] = [];
  const talks = await lacking(
    form,
    () => isAway,
    () => void failures.push(world.bale.clock.now()),
  );
  isAway = true;
  for (let minutes = 0; minutes < 120; minutes++) await world.pass(60_000);
  // Four that are to be tried again, and the one after which it is parked.
  expect(failures).toHaveLength(5);
  const pauses = failures.slice(1).map((at, before) => at - (failures[before] as number));
  expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
  expect(await open(talks)).toMatchObject([{ parked: { reason: "poison" } }]);

  isAway = false;
  const [parked] = await open(talks);
  expect(await talks.retry(parked?.id ?? "")).toBe(true);
  await world.pass(10_000);
  expect(told(ali).at(-1)).toBe("it is later");
});

test("that it could not be brought back is counted in the store: restarts in between change nothing", async () => {
  const form = conversation("form", async (c, ctx) => {
    await c.sleep(10_000);
    await ctx.reply("it is later");
  });
  const first = await world.deploy({ definitions: [form] });
  await first.enter(form, { chatId: ali.id });
  await world.stop();

  let isAway = false;
  const failures: number[] = [];
  let talks = first;
  for (let life = 1; life <= 5; life++) {
    talks = await lacking(
      form,
      () => isAway,
      () => void failures.push(life),
    );
    expect(await open(talks)).toMatchObject([{ parked: undefined }]);
    isAway = true;
    // Long enough for the next attempt, however much later each comes.
    for (let minutes = 0; failures.length < life; minutes++) {
      if (minutes > 30) throw new Error(`no attempt ${life}`);
      await world.pass(60_000);
    }
    isAway = false;
    if (life < 5) await stopLacking();
  }
  expect(await open(talks)).toMatchObject([{ parked: { reason: "poison" } }]);
});

test("a step that is to be taken over, and cannot be brought back, is parked after five times", async () => {
  let isHanging = true;
  const form = conversation("form", async (c, ctx) => {
    await c.external("rows", () => (isHanging ? new Promise<never>(() => undefined) : 3));
    await ctx.reply("done");
  });
  const process = new Process();
  const first = await world.deploy({ definitions: [form], storage: mortal(world.storage, process) });
  void first.enter(form, { chatId: ali.id });
  await world.pass(100);
  process.kill();
  world.abandon();

  isHanging = false;
  let isAway = false;
  const talks = await lacking(form, () => isAway);
  isAway = true;
  for (let minutes = 0; minutes < 60; minutes++) await world.pass(60_000);
  expect(await open(talks)).toMatchObject([{ parked: { reason: "poison" } }]);

  isAway = false;
  const [parked] = await open(talks);
  expect(await talks.retry(parked?.id ?? "")).toBe(true);
  await world.pass(10_000);
  expect(told(ali).at(-1)).toBe("done");
});
