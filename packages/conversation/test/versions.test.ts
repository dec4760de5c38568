import { beforeEach, expect, test } from "vitest";
import { conversation, type MismatchInfo, type MismatchVerdict } from "../src/definition.js";
import type { ConversationError, ReplayMismatchError } from "../src/errors.js";
import { Deploys, open, told } from "./talking-bot.js";

let world: Deploys;
beforeEach(() => {
  world = new Deploys();
});

const first = conversation("order", async (c, ctx, args: { product: string }) => {
  await ctx.reply(`how many ${args.product}?`);
  const count = await c.waitFor("message:text", { id: "count" });
  await count.reply("your address?");
  const address = await c.waitFor("message:text", { id: "address" });
  await address.reply(`${count.text} ${args.product} to ${address.text}`);
});

/** The same, but for its texts. */
const reworded = conversation("order", async (c, ctx, args: { product: string }) => {
  await ctx.reply(`How many ${args.product}, please?`);
  const count = await c.waitFor("message:text", { id: "count" });
  await count.reply("Your address, please?");
  const address = await c.waitFor("message:text", { id: "address" });
  await address.reply(`OK: ${count.text} ${args.product} to ${address.text}`);
});

test("texts may change under an open conversation whose waits have names; that is told once, with the operations", async () => {
  const { bale } = world;
  const [ali, sara] = [bale.user(), bale.user()];
  let talks = await world.deploy({ definitions: [first] });
  for (const user of [ali, sara]) {
    await world.say(user, "hi");
    await talks.enter(first, { chatId: user.id }, { product: "tea" });
  }
  await world.say(ali, "3");
  talks = await world.deploy({ definitions: [reworded] });
  await world.say(ali, "Tehran");
  await world.say(sara, "5");
  await world.say(sara, "Shiraz");
  expect(told(ali)).toEqual(["how many tea?", "your address?", "OK: 3 tea to Tehran"]);
  expect(told(sara)).toEqual(["how many tea?", "Your address, please?", "OK: 5 tea to Shiraz"]);
  expect(world.eventsOf("codeChanged")).toMatchObject([
    { definition: "order", from: first.source, to: reworded.source, operations: ["api:sendMessage"] },
  ]);
  expect(world.errors).toEqual([]);
  expect(await open(talks)).toEqual([]);
});

test("code whose source is the same tells of no change", async () => {
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const talks = await world.deploy({ definitions: [first] });
  await talks.enter(first, { chatId: ali.id }, { product: "tea" });
  await world.deploy({ definitions: [first] });
  await world.say(ali, "3");
  expect(told(ali)).toEqual(["how many tea?", "your address?"]);
  expect(world.eventsOf("codeChanged")).toEqual([]);
  expect(world.eventsOf("mismatch")).toEqual([]);
});

test("behind a wait without a name other texts are a mismatch, for two questions may have changed places", async () => {
  const pay = conversation("pay", async (c, ctx) => {
    await ctx.reply("whom?");
    const whom = await c.waitFor("message:text");
    await whom.reply("how much?");
    const sum = await c.waitFor("message:text");
    await sum.reply(`paid ${sum.text} to ${whom.text}`);
  });
  const swapped = conversation("pay", async (c, ctx) => {
    await ctx.reply("how much?");
    const sum = await c.waitFor("message:text");
    await sum.reply("whom?");
    const whom = await c.waitFor("message:text");
    await whom.reply(`paid ${sum.text} to ${whom.text}`);
  });
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const talks = await world.deploy({ definitions: [pay] });
  await talks.enter(pay, { chatId: ali.id });
  await world.say(ali, "Sara");
  const later = await world.deploy({ definitions: [swapped] });
  await world.say(ali, "100");
  expect(told(ali)).toEqual(["whom?", "how much?"]);
  expect(world.passed.at(-1)).toBe("100");
  expect(world.errors.map(({ message }) => message).join()).toContain("name the wait with { id } to tell");
  expect(world.eventsOf("mismatch")).toMatchObject([{ definition: "pay", record: 4, policy: "park" }]);
  expect((await open(later)).map(({ parked }) => parked)).toMatchObject([{ reason: "mismatch" }]);
});

/** The address is asked for first. */
const reordered = (
  onMismatch?:
    | "park"
    | "restart"
    | "exit"
    | ((info: MismatchInfo) => MismatchVerdict | Promise<MismatchVerdict>),
  left: string[] = [],
) =>
  conversation(
    "order",
    async (c, ctx, args: { product: string }) => {
      await ctx.reply("first, your address?");
      const address = await c.waitFor("message:text", { id: "address" });
      await address.reply(`how many ${args.product}?`);
      const count = await c.waitFor("message:text", { id: "count" });
      await count.reply(`${count.text} ${args.product} to ${address.text}`);
    },
    { onMismatch, onExit: (reason) => void left.push(reason) },
  );

/** Enters the first code and answers its first question. */
async function halfway(): Promise<{
  readonly ali: ReturnType<Deploys["bale"]["user"]>;
  readonly id: string;
}> {
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const talks = await world.deploy({ definitions: [first] });
  const id = await talks.enter(first, { chatId: ali.id }, { product: "tea" });
  await world.say(ali, "3");
  return { ali, id };
}

test("code that does not fit: the error names instance, record and ways out, and nothing is sent", async () => {
  const { ali, id } = await halfway();
  const sent = world.bale.calls.all().length;
  await world.deploy({ definitions: [reordered()] });
  await world.say(ali, "Tehran");
  expect(
    world.bale.calls
      .all()
      .slice(sent)
      .filter(({ method }) => method !== "getMe"),
  ).toEqual([]);
  expect(world.errors).toHaveLength(1);
  const error = (world.errors[0] as Error).cause as ConversationError;
  expect(error.message).toContain(`The conversation "order" (instance ${id})`);
  expect(error.message).toContain(
    "record 4 says 'wait:message:text#count', the code now does 'wait:message:text#address'",
  );
  expect(error.message).toContain(`on version 1, source ${first.source}`);
  for (const way of [
    "previous: { 1: theOldCode }",
    'c.patched("…")',
    "onMismatch",
    "conversations.retry(id)",
  ]) {
    expect(error.message).toContain(way);
  }
  expect((error.cause as ReplayMismatchError).record).toBe(4);
  expect(world.passed.at(-1)).toBe("Tehran");
});

test('"restart" enters it again with its arguments, under its id, and takes the answer to the old question', async () => {
  const { ali, id } = await halfway();
  const talks = await world.deploy({ definitions: [reordered("restart")] });
  await world.say(ali, "Tehran");
  expect(told(ali).at(-1)).toBe("first, your address?");
  expect(world.passed).not.toContain("Tehran");
  expect((await open(talks)).map((one) => one.id)).toEqual([id]);
  await world.deploy({ definitions: [reordered("restart")] });
  await world.say(ali, "Shiraz");
  await world.say(ali, "4");
  expect(told(ali).at(-1)).toBe("4 tea to Shiraz");
  expect(world.eventsOf("mismatch")).toMatchObject([{ policy: "restart", record: 4 }]);
  expect(world.errors).toHaveLength(1);
});

test('"exit" ends it: onExit hears "mismatch", and the update goes to the other handlers', async () => {
  const { ali } = await halfway();
  const left: string[] = [];
  const talks = await world.deploy({ definitions: [reordered("exit", left)] });
  await world.say(ali, "Tehran");
  expect(left).toEqual(["mismatch"]);
  expect(await open(talks)).toEqual([]);
  expect(world.passed.at(-1)).toBe("Tehran");
  expect(world.eventsOf("exit")).toMatchObject([{ reason: "mismatch" }]);
});

test("a function is told what does not fit, and may go on at a way of c.steps with a state", async () => {
  const { ali } = await halfway();
  let info: MismatchInfo | undefined;
  const machine = conversation(
    "order",
    async (c, ctx, args: { product: string }) => {
      const done = await c.steps(
        "form",
        {
          count: async (state: { count: string }) => {
            await ctx.reply("how many?");
            const { text } = await c.waitFor("message:text", { id: "count" });
            return { next: "address", state: { ...state, count: text } };
          },
          address: async (state: { count: string }) => {
            await ctx.reply(`where to, with your ${state.count}?`);
            const { text } = await c.waitFor("message:text", { id: "address" });
            return c.done(`${state.count} ${args.product} to ${text}`);
          },
        },
        { next: "count", state: { count: "" } },
      );
      await ctx.reply(done);
    },
    {
      onMismatch: async (about) => {
        info = about;
        return { goto: "address", state: { count: "3" } };
      },
    },
  );
  await world.deploy({ definitions: [machine] });
  await world.say(ali, "what?");
  expect(told(ali).at(-1)).toBe("where to, with your 3?");
  await world.deploy({ definitions: [machine] });
  await world.say(ali, "Tehran");
  expect(told(ali).at(-1)).toBe("3 tea to Tehran");
  expect(info).toMatchObject({
    name: "order",
    version: 1,
    source: first.source,
    args: { product: "tea" },
    record: 2,
  });
  expect(info?.journal).toEqual([
    "the entry",
    "'api:sendMessage'",
    "the result of operation 1",
    "'wait:message:text#count'",
    "the result of operation 2",
    "'api:sendMessage'",
    "the result of operation 3",
    "'wait:message:text#address'",
  ]);
  expect(world.eventsOf("mismatch")).toMatchObject([{ policy: "goto" }]);
});

test("a way that no c.steps has ends it with an error that names the way", async () => {
  const { ali } = await halfway();
  await world.deploy({ definitions: [reordered(() => ({ goto: "nowhere", state: 1 }))] });
  await world.say(ali, "x");
  await world.say(ali, "Tehran");
  await world.say(ali, "4");
  expect(world.errors.map(({ message }) => message).join()).toContain('Going on at "nowhere"');
});

test.each([
  ["throws", () => Promise.reject(new Error("no idea")), "no idea"],
  ["answers nonsense", () => "later" as never, 'it answered "later"'],
  [
    "gives a state that can't be kept",
    () => ({ goto: "address", state: () => 1 }),
    "which a journal can't keep",
  ],
])("a function that %s leaves it parked", async (_, onMismatch, said) => {
  const { ali } = await halfway();
  const talks = await world.deploy({ definitions: [reordered(onMismatch)] });
  await world.say(ali, "Tehran");
  expect((await open(talks)).map(({ parked }) => parked)).toMatchObject([{ reason: "mismatch" }]);
  expect(world.errors.map(({ message, cause }) => `${message} ${String(cause)}`).join()).toContain(said);
});

test("a parked one says its last words when it is made to leave, and no step of it runs", async () => {
  const { ali, id } = await halfway();
  const left: string[] = [];
  const talks = await world.deploy({ definitions: [reordered("park", left)] });
  await world.say(ali, "Tehran");
  expect(left).toEqual([]);
  expect(await talks.exit(id, "admin")).toBe(true);
  expect(left).toEqual(["admin"]);
  expect(await open(talks)).toEqual([]);
  expect(told(ali).at(-1)).toBe("your address?");
});

const second = (previous?: Readonly<Record<number, typeof first.code>>) =>
  conversation(
    "order",
    async (c, ctx, args: { product: string }) => {
      await ctx.reply(`v2: where to with ${args.product}?`);
      const address = await c.waitFor("message:text", { id: "address" });
      await address.reply(`v2: to ${address.text}`);
    },
    { version: 2, ...(previous && { previous: previous as never }) },
  );

test("with previous, open conversations go on with the code of their version, beside new ones on the new", async () => {
  const { ali } = await halfway();
  const sara = world.bale.user();
  await world.say(sara, "hi");
  const order = second({ 1: first.code });
  let talks = await world.deploy({ definitions: [order] });
  await talks.enter(order, { chatId: sara.id }, { product: "rice" });
  talks = await world.deploy({ definitions: [order] });
  await world.say(sara, "Yazd");
  await world.say(ali, "Tehran");
  expect(told(sara)).toEqual(["v2: where to with rice?", "v2: to Yazd"]);
  expect(told(ali)).toEqual(["how many tea?", "your address?", "3 tea to Tehran"]);
  expect(world.errors).toEqual([]);
  expect(world.eventsOf("codeChanged")).toEqual([]);
});

test("the code in previous is audited as any other", async () => {
  const { ali } = await halfway();
  await world.deploy({ definitions: [second({ 1: reworded.code })] });
  await world.say(ali, "Tehran");
  expect(told(ali).at(-1)).toBe("OK: 3 tea to Tehran");
  expect(world.eventsOf("codeChanged")).toMatchObject([{ from: first.source, to: reworded.source }]);
});

test("a version without its code in previous is a mismatch", async () => {
  const { ali } = await halfway();
  const talks = await world.deploy({ definitions: [second()] });
  await world.say(ali, "Tehran");
  expect((await open(talks)).map(({ parked }) => parked)).toMatchObject([{ reason: "mismatch" }]);
  expect(world.errors.map(({ message, cause }) => `${message} ${String(cause)}`).join()).toContain(
    "record 1 says version 1, the code now does version 2, and previous has no code for the old one",
  );
});

const other = conversation("other", async () => undefined);
const newest = conversation(
  "order",
  async (c, ctx, { product }: { product: string }) => {
    await ctx.reply(`where to with ${product}?`);
    try {
      const address = await c.waitFor("message:text", { id: "address", timeoutMs: 60_000 });
      await address.reply(`off to ${address.text}`);
    } catch {
      await ctx.reply("too late");
    }
  },
  { version: 3 },
);

for (const [title, olds] of [
  ["is older than its code", [reordered("restart")]],
  ["does not have its definition", [other]],
] as const) {
  test(`a process that ${title} leaves a conversation as it is, and fails its updates until another takes them`, async () => {
    const ali = world.bale.user();
    let talks = await world.deploy({ definitions: [newest] });
    await world.say(ali, "hi");
    world.passed.length = 0;
    await talks.enter(newest, { chatId: ali.id }, { product: "tea" });

    talks = await world.deploy({ definitions: [...olds] });
    await world.say(ali, "Tehran");
    await world.pass(120_000);
    expect(world.passed).toEqual([]);
    expect(world.errors.map(({ cause }) => cause)).toMatchObject([{ name: "UnknownDefinitionError" }]);
    expect(String(world.errors[0]?.cause)).toContain("for the release that has it");
    expect((await open(talks)).map(({ parked }) => parked)).toEqual([undefined]);
    expect(told(ali)).toEqual(["where to with tea?"]);

    talks = await world.deploy({ definitions: [newest] });
    await world.say(world.bale.user(), "hi");
    await world.pass(60_000);
    expect(told(ali)).toEqual(["where to with tea?", "too late"]);
    expect(await open(talks)).toEqual([]);
  });
}

test("updates are not kept for a release that is gone for more than a day, and its conversations end in the end", async () => {
  const ali = world.bale.user();
  let talks = await world.deploy({ definitions: [newest] });
  await world.say(ali, "hi");
  world.passed.length = 0;
  await talks.enter(newest, { chatId: ali.id }, { product: "tea" });
  talks = await world.deploy({ definitions: [other], sweepMs: 3_600_000 });
  await world.pass(2 * 86_400_000);
  await world.say(ali, "Tehran");
  expect(world.passed).toEqual(["Tehran"]);
  expect(world.errors).toEqual([]);
  expect(await open(talks)).toHaveLength(1);
  await world.pass(13 * 86_400_000);
  expect(await open(talks)).toEqual([]);
});

test("with one process, what was parked for want of code goes on by itself when the code is back", async () => {
  const ali = world.bale.user();
  await world.say(ali, "hi");
  let talks = await world.deploy({ definitions: [newest], machines: "one" });
  await talks.enter(newest, { chatId: ali.id }, { product: "tea" });
  talks = await world.deploy({ definitions: [reordered("restart")], machines: "one" });
  await world.say(ali, "Tehran");
  expect((await open(talks)).map(({ parked }) => parked)).toMatchObject([{ reason: "unknown" }]);
  talks = await world.deploy({ definitions: [newest], machines: "one" });
  await world.say(ali, "Yazd");
  expect(told(ali)).toEqual(["where to with tea?", "off to Yazd"]);
});

test("patched is true for whoever comes there first, false for who had passed it, and the same in every replay", async () => {
  const patched = conversation("order", async (c, ctx, args: { product: string }) => {
    await ctx.reply(`how many ${args.product}?`);
    const count = await c.waitFor("message:text", { id: "count" });
    if (c.patched("gift")) {
      await ctx.reply("as a gift?");
      await c.waitFor("message:text", { id: "gift" });
    }
    await count.reply("your address?");
    const address = await c.waitFor("message:text", { id: "address" });
    await address.reply(`${count.text} ${args.product} to ${address.text}`);
  });
  const { ali } = await halfway();
  const sara = world.bale.user();
  await world.say(sara, "hi");
  let talks = await world.deploy({ definitions: [first] });
  await talks.enter(first, { chatId: sara.id }, { product: "rice" });
  for (const [user, text] of [
    [ali, "Tehran"],
    [sara, "5"],
    [sara, "yes"],
    [sara, "Yazd"],
  ] as const) {
    talks = await world.deploy({ definitions: [patched] });
    await world.say(user, text);
  }
  expect(told(ali)).toEqual(["how many tea?", "your address?", "3 tea to Tehran"]);
  expect(told(sara)).toEqual(["how many rice?", "as a gift?", "your address?", "5 rice to Yazd"]);
  expect(world.errors).toEqual([]);
  expect(await open(talks)).toEqual([]);
});

test("a definition that a process does not have is parked where it is the only one, with what to do", async () => {
  const { ali } = await halfway();
  const talks = await world.deploy({ definitions: [other], machines: "one" });
  await world.say(ali, "Tehran");
  expect((await open(talks)).map(({ parked }) => parked)).toMatchObject([{ reason: "unknown" }]);
  expect(world.errors.map(({ message, cause }) => `${message} ${String(cause)}`).join()).toContain(
    "Put it into conversations({ definitions })",
  );
});
