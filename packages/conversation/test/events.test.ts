import { channel } from "node:diagnostics_channel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConversationHost } from "../src/conversation-host.js";
import { conversation } from "../src/definition.js";
import { conversationChannels } from "../src/diagnostics.js";
import type { LaneEvent } from "../src/lane-event.js";
import { LaneMachine } from "../src/lane-machine.js";
import { Process, Simulation } from "./simulation.js";
import { Deploys, told } from "./talking-bot.js";

const ends: (() => void)[] = [];
let world: Deploys;
beforeEach(() => {
  world = new Deploys();
});
afterEach(async () => {
  await world.stop();
  for (const end of ends.splice(0)) end();
});

function listen(type: LaneEvent["type"]): LaneEvent[] {
  const events: LaneEvent[] = [];
  const keep = (event: unknown): void => void events.push(event as LaneEvent);
  const name = `balekit:conversation:${type}`;
  channel(name).subscribe(keep);
  ends.push(() => channel(name).unsubscribe(keep));
  return events;
}

const asking = conversation("asking", async (c, ctx) => {
  await ctx.reply("name?");
  const name = await c.waitFor("message:text", { id: "name", timeoutMs: 60_000 });
  await name.reply(`salam ${name.text}`);
  await c.sleep(1_000);
});

test.each(["always", "when needed"] as const)(
  "what is emitted arrives as it was, dates and all (replay %s)",
  async (replay) => {
    const got: unknown[] = [];
    const hearing = conversation("hearing", async (c, ctx) => {
      const seen = [await c.waitForEvent("go"), await c.waitForEvent("go")];
      got.push(...seen);
      await ctx.reply("heard");
    });
    const ali = world.bale.user();
    await world.say(ali, "hi");
    const talks = await world.deploy({ definitions: [hearing], replay, shadowReplay: 0 });
    await talks.enter(hearing, { chatId: ali.id });
    const payload = { at: new Date(5), who: new Set([1]), plain: { $: ["date", 5] } };
    for (const one of [payload, 7n]) await talks.emit({ chatId: ali.id }, "go", one);
    await world.pass(1);
    expect(got).toEqual([payload, 7n]);
    expect(told(ali)).toEqual(["heard"]);
  },
);

test("what external is given may be a value, a thrown error, or anything that can be awaited", async () => {
  const got: unknown[] = [];
  type Then = (resolve: (value: unknown) => void, reject: (error: Error) => void) => void;
  /** What can be awaited and is no promise, as a query that begins only then. */
  const awaited = (then: Then): unknown =>
    Object.create(null, Object.fromEntries(["then"].map((name) => [name, { value: then }])));
  const doing = conversation("doing", async (c, ctx) => {
    const told = async (name: string, run: () => unknown): Promise<void> => {
      got.push(await c.external(name, run).catch((error: Error) => error.message));
    };
    await told("value", () => 1);
    await told("thrown", () => {
      throw new Error("thrown");
    });
    await told("promise", async () => 2);
    await told("twice", () => awaited((resolve) => [resolve(3), resolve(4)]));
    await told("refused", () => awaited((_, reject) => reject(new Error("refused"))));
    await told("broken", () =>
      awaited(() => {
        throw new Error("broken");
      }),
    );
    await told("inside", () =>
      awaited((resolve) => c.external("x", () => 1).then(resolve, (error: Error) => resolve(error.message))),
    );
    await ctx.reply("done");
  });
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const talks = await world.deploy({ definitions: [doing] });
  await talks.enter(doing, { chatId: ali.id });
  await world.pass(1);
  expect(got).toEqual([1, "thrown", 2, 3, "refused", "broken", expect.stringContaining("inside c.external")]);
  expect(told(ali)).toEqual(["done"]);
});

test("with replay: always the code is brought back for each step, also where it is alive", async () => {
  let begun = 0;
  const chat = conversation("chat", async (c) => {
    begun++;
    for (;;) await (await c.waitFor("message:text")).reply("yes");
  });
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const talks = await world.deploy({ definitions: [chat], replay: "always", shadowReplay: 0 });
  await talks.enter(chat, { chatId: ali.id });
  for (const text of ["1", "2", "3"]) await world.say(ali, text);
  expect(world.eventsOf("step").map(({ mode }) => mode)).toEqual(["new", "cold", "cold", "cold"]);
  expect(begun).toBe(4);
});

test("a conversation's life is published: it enters, steps, waits, its time comes, it exits", async () => {
  const [enters, steps, waits, timeouts, exits] = (["enter", "step", "wait", "timeout", "exit"] as const).map(
    listen,
  );
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const talks = await world.deploy({ definitions: [asking], onEvent: undefined });
  const instance = await talks.enter(asking, { chatId: ali.id });
  const lane = `cv:${world.bale.bot.id}:${ali.id}:${ali.id}`;
  const whose = { lane, instance, definition: "asking" };
  const now = world.bale.clock.now();
  await world.say(ali, "Ali");
  await world.pass(1_001);
  expect(enters).toEqual([{ type: "enter", ...whose, version: 1, source: asking.source }]);
  const counted = { ms: expect.any(Number), bytes: expect.any(Number), replayedOperations: 0 };
  expect(steps).toEqual([
    { type: "step", ...whose, ...counted, mode: "new", writes: 2, outcome: "waits" },
    { type: "step", ...whose, ...counted, mode: "hot", writes: 2, outcome: "waits" },
    { type: "step", ...whose, ...counted, mode: "hot", writes: 1, outcome: "ended" },
  ]);
  expect((steps as { bytes: number; ms: number }[]).every(({ bytes, ms }) => bytes > 20 && ms >= 0)).toBe(
    true,
  );
  expect(waits).toEqual([
    { type: "wait", ...whose, key: "wait:message:text#name", deadline: now + 60_000 },
    { type: "wait", ...whose, key: "sleep", deadline: now + 1_000 },
  ]);
  expect(timeouts).toEqual([{ type: "timeout", ...whose, key: "sleep" }]);
  expect(exits).toEqual([{ type: "exit", ...whose, reason: "done" }]);
});

test("a step says how its code was there: after a restart it is replayed", async () => {
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const talks = await world.deploy({ definitions: [asking] });
  await talks.enter(asking, { chatId: ali.id });
  await world.deploy({ definitions: [asking] });
  await world.say(ali, "Ali");
  expect(world.eventsOf("step").at(-1)).toMatchObject({ mode: "cold", replayedOperations: 4 });
});

test.each([
  ["cancel", { cancel: ["/stop"] }, (talk: Talk) => talk.says("/stop")],
  ["timeout", {}, (talk: Talk) => talk.passes(61_000)],
  ["replaced", {}, (talk: Talk) => talk.enters()],
  ["exit", {}, (talk: Talk) => talk.leaves()],
  ["killed", {}, (talk: Talk) => talk.isKilled()],
  ["error", {}, (talk: Talk) => talk.says("boom")],
  ["blocked", {}, (talk: Talk) => talk.blocks()],
] as const)('an exit says its reason: "%s"', async (reason, options, how) => {
  const definition = conversation(
    "talk",
    async (c, ctx) => {
      const { arm, value } = await c.race({
        text: () => c.waitFor("message:text", { timeoutMs: 60_000 }),
        event: () => c.waitForEvent("go"),
      });
      if (arm === "text" && value.text === "boom") throw new Error("boom");
      await ctx.reply("thanks");
    },
    options,
  );
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const talks = await world.deploy({ definitions: [definition] });
  const id = await talks.enter(definition, { chatId: ali.id });
  await how({
    says: (text) => world.say(ali, text),
    passes: (ms) => world.pass(ms),
    enters: () => talks.enter(definition, { chatId: ali.id }),
    leaves: () => talks.exit(id),
    isKilled: () => talks.kill(id),
    blocks: async () => {
      ali.blocks();
      await talks.emit({ chatId: ali.id }, "go");
    },
  });
  expect(world.eventsOf("exit")).toMatchObject([{ instance: id, definition: "talk", reason }]);
});

test("being forbidden to write to somebody else is a failure like others", async () => {
  const [ali, admin] = [world.bale.user(), world.bale.user()];
  const order = conversation("order", async (c, ctx) => {
    await c.waitFor("message:text");
    await ctx.api.sendMessage({ chat_id: admin.id, text: "an order" });
  });
  for (const user of [ali, admin]) await world.say(user, "hi");
  const talks = await world.deploy({ definitions: [order] });
  await talks.enter(order, { chatId: ali.id });
  admin.blocks();
  world.errors.length = 0;
  await world.say(ali, "Rasht");
  expect(world.eventsOf("exit").at(-1)).toMatchObject({ definition: "order", reason: "error" });
  expect(world.errors.map(({ message }) => message).join()).toContain("ForbiddenError");
});

interface Talk {
  readonly says: (text: string) => Promise<void>;
  readonly passes: (ms: number) => Promise<void>;
  readonly enters: () => Promise<unknown>;
  readonly leaves: () => Promise<unknown>;
  readonly isKilled: () => Promise<unknown>;
  readonly blocks: () => Promise<void>;
}

test("an operation out of turn is told with the author's line", async () => {
  const awaiting = conversation("awaiting", async (c, ctx) => {
    await new Promise((resolve) => setImmediate(resolve));
    await ctx.reply("late");
    await c.waitFor("message:text");
  });
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const talks = await world.deploy({ definitions: [awaiting] });
  const instance = await talks.enter(awaiting, { chatId: ali.id });
  expect(world.eventsOf("stray")).toMatchObject([
    { instance, definition: "awaiting", line: expect.stringContaining("events.test.ts:") },
  ]);
});

test("more lanes than maxHot, and lanes nothing comes for, are let go", async () => {
  const [ali, sara] = [world.bale.user(), world.bale.user()];
  for (const user of [ali, sara]) await world.say(user, "hi");
  const talks = await world.deploy({ definitions: [asking], maxHot: 1 });
  for (const { id } of [ali, sara]) await talks.enter(asking, { chatId: id });
  expect(world.eventsOf("evict")).toEqual([
    { type: "evict", lane: expect.stringContaining(`:${ali.id}:`), why: "full" },
  ]);
});

test("a listener that throws disturbs nothing, and bot.catch hears of it", async () => {
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const onEvent = (): void => {
    throw new Error("deaf");
  };
  const talks = await world.deploy({ definitions: [asking], onEvent });
  await talks.enter(asking, { chatId: ali.id });
  await world.say(ali, "Ali");
  expect(ali.inbox.last.text).toBe("salam Ali");
  expect(world.errors.some(({ message }) => message.includes("deaf"))).toBe(true);
});

/** Two questions, each answered by an effect. */
function twoWaits(): Simulation {
  return new Simulation(async (coroutine) => {
    for (const key of ["wait:a", "wait:b"]) {
      await coroutine.call({ kind: "wait", key });
      await coroutine.call({ kind: "effect", key: `say ${key}` });
    }
  });
}

function of<Type extends LaneEvent["type"]>(
  { events }: Simulation,
  type: Type,
): Extract<LaneEvent, { readonly type: Type }>[] {
  return events.filter((event): event is Extract<LaneEvent, { readonly type: Type }> => event.type === type);
}

test("with two machines: what another has added is caught up with, and a lane that is worked on is busy", async () => {
  const simulation = twoWaits();
  const [one, other] = [simulation.machine(new Process()), simulation.machine(new Process())];
  await simulation.enter(one);
  await other.deliver("lane", { id: "u1", value: { to: "a" } });
  await one.deliver("lane", { id: "u2", value: { to: "b" } });
  expect(of(simulation, "step").map(({ mode }) => mode)).toEqual(["new", "cold", "catchup"]);
  expect(of(simulation, "step")[2]?.replayedOperations).toBe(4);
});

test("a lane that another works on is busy", async () => {
  const simulation = twoWaits();
  const [one, other] = [simulation.machine(new Process()), simulation.machine(new Process())];
  await simulation.enter(one);
  let late: Promise<unknown> | undefined;
  const accept = (): void => {
    late ??= other.deliver("lane", { id: "u2", value: { to: "b" } });
  };
  await simulation.until(one.deliver("lane", { id: "u1", value: { to: "a" }, accept }));
  await simulation.until(late as Promise<unknown>);
  expect(of(simulation, "busy")[0]).toEqual({ type: "busy", lane: "lane", owner: "m1" });
});

test("with two machines: whoever is late decides again, and is told so", async () => {
  const simulation = twoWaits();
  const [one, other] = [simulation.machine(new Process()), simulation.machine(new Process())];
  await simulation.enter(one);
  await simulation.until(
    Promise.all([
      one.deliver("lane", { id: "u1", value: { to: "a" } }),
      other.deliver("lane", { id: "u1", value: { to: "a" } }),
    ]),
  );
  expect(of(simulation, "conflict")).toContainEqual({ type: "conflict", lane: "lane" });
});

test("the work of a process that died is taken over, and what it may have done is ambiguous", async () => {
  const simulation = twoWaits();
  let points = 0;
  for (let at = 1; of(simulation, "ambiguous").length === 0; at++) {
    expect(at).toBeLessThan(40);
    const lane = twoWaits();
    const process = new Process(at);
    const dying = lane.machine(process);
    await Promise.race([lane.enter(dying), process.died]);
    await Promise.race([dying.deliver("lane", { id: "u1", value: { to: "a" } }), process.died]);
    const heir = lane.machine(new Process());
    await lane.clock.advance(46_000);
    await lane.until(heir.sweep());
    simulation.events.push(...lane.events);
    points = at;
  }
  expect(points).toBeGreaterThan(1);
  const takeover = of(simulation, "takeover").at(-1);
  expect(takeover).toMatchObject({ lane: "lane", instance: "i-e1", owner: "m1", attempt: 1 });
  expect(of(simulation, "ambiguous").at(-1)).toEqual({
    type: "ambiguous",
    lane: "lane",
    instance: "i-e1",
    definition: "program",
    key: "say wait:a",
    policy: "retry",
  });
});

test("a machine that was frozen past its lease is fenced, and is told so", async () => {
  let release: () => void = () => undefined;
  const simulation = twoWaits();
  const frozen = new Process();
  let isFrozen = false;
  const point = frozen.point.bind(frozen);
  frozen.point = async () => {
    // The effect is under way: here the process sleeps until the other has gone on.
    if (isFrozen) await new Promise<void>((resolve) => (release = resolve));
    return point();
  };
  const slow = simulation.machine(frozen);
  await simulation.enter(slow);
  const perform = simulation.ledger.length;
  const answered = slow.deliver("lane", {
    id: "u1",
    value: { to: "a" },
    accept: () => {
      isFrozen = true;
    },
  });
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(simulation.ledger.length).toBe(perform);
  await simulation.clock.advance(46_000);
  const heir = simulation.machine(new Process());
  await simulation.until(heir.sweep());
  isFrozen = false;
  release();
  for (let turn = 0; turn < 20; turn++) {
    release();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await simulation.until(answered);
  expect(of(simulation, "fenced")).toEqual([
    { type: "fenced", lane: "lane", instance: "i-e1", definition: "program" },
  ]);
});

test("what happens often is not even put together while nobody listens", async () => {
  const built = async (hears: boolean): Promise<readonly string[]> => {
    const types: string[] = [];
    const Watched = class extends LaneMachine {
      protected override hears(): boolean {
        return hears;
      }
      protected override event({ type }: LaneEvent): void {
        types.push(type);
      }
    };
    const simulation = new Simulation((coroutine) =>
      coroutine.call({ kind: "wait", key: "wait:a", deadline: 1 }),
    );
    const machine = simulation.machine(new Process(), {}, Watched);
    await simulation.enter(machine);
    await machine.wake("lane");
    return types;
  };
  expect(await built(true)).toEqual(["enter", "step", "wait", "timeout", "step", "exit"]);
  expect(await built(false)).toEqual(["exit"]);
});

test("a host hears when there is an onEvent, or a subscriber of the channel", () => {
  const host = (onEvent?: () => void): ConversationHost =>
    new ConversationHost({ bot: { services: {} }, definitions: new Map(), onEvent } as never);
  expect(host().hears("step")).toBe(false);
  expect(host(() => undefined).hears("step")).toBe(true);
  listen("step");
  expect([host().hears("step"), host().hears("wait")]).toEqual([true, false]);
});

test("every type of event has a channel of its name", () => {
  for (const [type, { name }] of Object.entries(conversationChannels)) {
    expect(name).toBe(`balekit:conversation:${type}`);
  }
  expect(Object.keys(conversationChannels)).toHaveLength(17);
});
