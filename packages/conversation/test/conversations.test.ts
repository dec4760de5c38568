import { type EmulatedChat, type EmulatedUser, emulator, type Emulator } from "@balekit/emulator";
import { ApiError, Bot, type Context, type LaneStore, memoryLanes } from "balekit";
import { expect, test } from "vitest";
import { conversation } from "../src/definition.js";
import { conversations } from "../src/conversations.js";
import type { ConversationsOptions } from "../src/conversations-options.js";
import { ExitError, WaitExpiredError } from "../src/errors.js";

const signup = conversation("signup", async (c, ctx, args: { greeting: string }) => {
  await ctx.reply(args.greeting);
  const name = await c.waitFor("message:text", { id: "name" });
  await name.reply(`salam ${name.text}, age?`);
  const age = await c.waitFor("message:text", { id: "age" });
  await age.reply(`${name.text} is ${age.text}`);
});

interface Setup {
  readonly bale: Emulator;
  readonly bot: Bot;
  readonly errors: string[];
  readonly stop: () => Promise<void>;
}

function start(
  options: ConversationsOptions,
  bale: Emulator = emulator(),
  before: (bot: Bot) => void = () => undefined,
): Setup & { readonly talks: ReturnType<typeof conversations> } {
  const bot = new Bot(undefined);
  const errors: string[] = [];
  bot.catch((error) => void errors.push(error.message));
  before(bot);
  const talks = conversations(options);
  const extended = bot.extend(talks);
  extended.command("signup", (ctx) =>
    ctx.conversation.enter(signup, { greeting: "name?" }).then(() => undefined),
  );
  extended.command("help", (ctx) => ctx.reply("help!"));
  extended.on("message:text", (ctx) => ctx.reply(`heard ${ctx.text}`));
  const detach = bale.attach(bot);
  const stop = async (): Promise<void> => {
    await bot.stop();
    detach();
  };
  return { bale, bot, errors, talks, stop };
}

test("asks, waits and answers; commands never count as answers", async () => {
  const { bale, errors } = start({ definitions: [signup] });
  const ali = bale.user();
  await say(bale, ali, "/signup");
  expect(ali.inbox.last.text).toBe("name?");
  await say(bale, ali, "/help");
  expect(ali.inbox.last.text).toBe("help!");
  await say(bale, ali, "Ali");
  expect(ali.inbox.last.text).toBe("salam Ali, age?");
  await say(bale, ali, "33");
  expect(ali.inbox.last.text).toBe("Ali is 33");
  await say(bale, ali, "more");
  expect(ali.inbox.last.text).toBe("heard more");
  expect(errors).toEqual([]);
});

test("goes on in another process, with nothing sent again", async () => {
  const bale = emulator();
  const storage: LaneStore = memoryLanes({ clock: bale.clock });
  const { stop } = start({ definitions: [signup], storage }, bale);
  const ali = bale.user();
  await say(bale, ali, "/signup");
  await say(bale, ali, "Ali");
  await stop();
  const errors: string[] = [];
  const second = new Bot(undefined);
  second.catch((error) => void errors.push(error.message));
  bale.attach(second.extend(conversations({ definitions: [signup], storage })));
  await say(bale, ali, "33");
  expect(errors).toEqual([]);
  expect(ali.inbox.all.map(({ text }) => text)).toEqual(["name?", "salam Ali, age?", "Ali is 33"]);
});

test("belongs to one user in one chat", async () => {
  const { bale } = start({ definitions: [signup] });
  const ali = bale.user({ first_name: "Ali" });
  const sara = bale.user({ first_name: "Sara" });
  const group = bale.group({ title: "g", members: [ali, sara] });
  await say(bale, ali, "/signup", { chat: group });
  await say(bale, sara, "Sara", { chat: group });
  expect(group.last.text).toBe("heard Sara");
  await say(bale, ali, "Ali", { chat: group });
  expect(group.last.text).toBe("salam Ali, age?");
});

test("handlers in front of the plugin see an update first, those behind it only what no conversation takes", async () => {
  const { bale } = start({ definitions: [signup] }, emulator(), (bot) => {
    bot.command("early", (ctx) => ctx.reply("early!"));
  });
  const ali = bale.user();
  await say(bale, ali, "/signup");
  await say(bale, ali, "/early");
  expect(ali.inbox.last.text).toBe("early!");
  await say(bale, ali, "Ali");
  expect(ali.inbox.last.text).toBe("salam Ali, age?");
});

test("a wait expires without an update; catch, finally and onTimeout run", async () => {
  const seen: string[] = [];
  const asking = conversation(
    "asking",
    async (c, ctx) => {
      try {
        await c.waitFor("message:text", { timeoutMs: 50_000 });
      } catch (error) {
        seen.push(String(error instanceof WaitExpiredError));
        await ctx.reply("late");
      }
      try {
        await c.waitFor("message:text", { timeoutMs: 50_000 });
      } finally {
        await ctx.reply("finally");
      }
    },
    { onTimeout: (_, ctx) => ctx.reply("onTimeout") },
  );
  const { bale, errors, talks } = start({ definitions: [asking] });
  const ali = bale.user();
  await say(bale, ali, "hi");
  await talks.enter(asking, { chatId: ali.id });
  await bale.clock.advance(49_000);
  expect(ali.inbox.last.text).toBe("heard hi");
  await bale.clock.advance(2_000);
  expect(ali.inbox.last.text).toBe("late");
  await bale.clock.advance(51_000);
  expect(ali.inbox.all.slice(-2).map(({ text }) => text)).toEqual(["finally", "onTimeout"]);
  expect(seen).toEqual(["true"]);
  expect(errors).toEqual([]);
});

test("sleeps without holding anything", async () => {
  const sleepy = conversation("sleepy", async (c, ctx) => {
    await c.sleep(86_400_000);
    await ctx.reply("woke");
  });
  const { bale, talks } = start({ definitions: [sleepy] });
  const ali = bale.user();
  await say(bale, ali, "hi");
  await talks.enter(sleepy, { chatId: ali.id });
  await say(bale, ali, "still here");
  expect(ali.inbox.last.text).toBe("heard still here");
  await bale.clock.advance(86_400_000);
  await bale.clock.advance(10_000);
  expect(ali.inbox.last.text).toBe("woke");
});

test("cancel words run finally and onCancel, and are no answer", async () => {
  const order = conversation(
    "order",
    async (c, ctx) => {
      try {
        await c.waitFor("message:text");
      } finally {
        await ctx.reply("finally");
      }
    },
    { cancel: ["/cancel", "لغو"], onCancel: (_, ctx) => ctx.reply("cancelled") },
  );
  const { bale, talks, errors } = start({ definitions: [order] });
  const ali = bale.user();
  await say(bale, ali, "hi");
  for (const word of ["/cancel", "لغو"]) {
    await talks.enter(order, { chatId: ali.id });
    await say(bale, ali, word);
    expect(ali.inbox.all.slice(-2).map(({ text }) => text)).toEqual(["finally", "cancelled"]);
  }
  expect(errors).toEqual([]);
});

test("errors of the api are of the same class live and after a restart; what nobody catches ends it and is told once", async () => {
  const seen: string[] = [];
  const failing = conversation("failing", async (c, ctx) => {
    try {
      await ctx.api.sendMessage({ chat_id: 999_999, text: "x" });
    } catch (error) {
      if (error instanceof ApiError)
        seen.push(`${error.constructor.name} ${error.errorCode} ${error.description}`);
    }
    await c.waitFor("message:text");
    throw new RangeError("mine");
  });
  const bale = emulator();
  const storage = memoryLanes({ clock: bale.clock });
  const first = start({ definitions: [failing], storage }, bale);
  const ali = bale.user();
  await say(bale, ali, "hi");
  await first.talks.enter(failing, { chatId: ali.id });
  await first.stop();
  const second = new Bot(undefined);
  const errors: string[] = [];
  second.catch((error) => void errors.push(error.message));
  bale.attach(second.extend(conversations({ definitions: [failing], storage })));
  await say(bale, ali, "go");
  expect(seen).toHaveLength(2);
  expect(seen[0]).toBe(seen[1]);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain('The conversation "failing"');
  expect(errors[0]).toContain("RangeError: mine");
});

test("external runs once, is given a key, and its values keep their types", async () => {
  const keys: string[] = [];
  const seen: unknown[] = [];
  const buying = conversation("buying", async (c, ctx) => {
    const price = await c.external("price", ({ idempotencyKey }) => {
      keys.push(idempotencyKey);
      return { at: new Date(5), amount: 10n, tags: new Map([["a", new Set([1])]]) };
    });
    seen.push(price);
    await c.waitFor("message:text");
    seen.push(price);
    await ctx.reply("done");
  });
  const bale = emulator();
  const storage = memoryLanes({ clock: bale.clock });
  const first = start({ definitions: [buying], storage }, bale);
  const ali = bale.user();
  await say(bale, ali, "hi");
  await first.talks.enter(buying, { chatId: ali.id });
  await first.stop();
  bale.attach(new Bot(undefined).extend(conversations({ definitions: [buying], storage })));
  await say(bale, ali, "go");
  expect(ali.inbox.last.text).toBe("done");
  expect(keys).toHaveLength(1);
  expect(seen).toHaveLength(3);
  expect(seen[0]).toEqual({ at: new Date(5), amount: 10n, tags: new Map([["a", new Set([1])]]) });
  expect(seen[2]).toEqual(seen[0]);
});

test("a press that somebody else is asked for is told so, and the question stays open", async () => {
  const asking = conversation("asking", async (c, ctx) => {
    const yes = c.button("yes", "y");
    await ctx.reply("sure?", { reply_markup: { inline_keyboard: [[yes]] } });
    await c.waitForCallback(yes);
    await ctx.reply("pressed");
  });
  const { bale, talks, errors } = start({ definitions: [asking], othersText: "not yours" });
  const [ali, sara] = [bale.user(), bale.user()];
  const group = bale.group({ title: "g", members: [ali, sara] });
  await say(bale, ali, "hi", { chat: group });
  await talks.enter(asking, { chatId: group.id, userId: ali.id });
  await sara.presses("yes", { chat: group });
  await quiet(bale);
  expect(bale.calls.last("answerCallbackQuery")?.params["text"]).toBe("not yours");
  const texts = (): unknown[] => bale.calls.all("sendMessage").map(({ params }) => params["text"]);
  expect(texts()).not.toContain("pressed");
  await ali.presses("yes", { chat: group });
  await quiet(bale);
  expect(texts().at(-1)).toBe("pressed");
  expect(errors).toEqual([]);
});

test("a button reaches its conversation; a stale press is answered, and no press spins", async () => {
  const asking = conversation("asking", async (c, ctx) => {
    const yes = c.button("yes", "y");
    await ctx.reply("sure?", { reply_markup: { inline_keyboard: [[yes]] } });
    const press = await c.waitForCallback(yes);
    await ctx.reply(`pressed ${String(press.match)}`);
  });
  const { bale, talks, errors } = start({ definitions: [asking] });
  const ali = bale.user();
  await say(bale, ali, "hi");
  await talks.enter(asking, { chatId: ali.id });
  await ali.presses("yes");
  await quiet(bale);
  expect(ali.inbox.last.text).toBe("pressed y");
  expect(ali.spinning).toBe(0);
  await bale.clock.advance(1);
  const stale = await ali.presses("yes", { on: ali.inbox.all.find(({ text }) => text === "sure?") } as never);
  expect(stale).toBeDefined();
  expect(bale.calls.last("answerCallbackQuery")?.params["text"]).toBe("این فرم دیگر فعال نیست.");
  expect(errors).toEqual([]);
});

test("what derive adds works inside, on the one class of contexts", async () => {
  const bale = emulator();
  const seen: unknown[] = [];
  type WithShop = Context & { readonly shop: string };
  const inside = conversation("inside", async (c, ctx: WithShop) => {
    seen.push(ctx.shop);
    const next = await c.waitFor("message:text");
    seen.push(next.shop, next.text);
  });
  const talks = conversations({ definitions: [inside] });
  const bot = new Bot(undefined).derive("shop", async () => "the shop").extend(talks);
  bale.attach(bot);
  const ali = bale.user();
  await say(bale, ali, "hi");
  await talks.enter(inside, { chatId: ali.id });
  await say(bale, ali, "x");
  expect(seen).toEqual(["the shop", "the shop", "x"]);
});

test("entering again replaces, or is refused, ignored or stacked", async () => {
  const seen: string[] = [];
  const make = (onActive: "replace" | "reject" | "stack" | "ignore") =>
    conversation(
      onActive,
      async (c) => {
        try {
          await c.waitFor("message:text");
        } catch (error) {
          if (error instanceof ExitError) seen.push(error.reason);
          throw error;
        }
      },
      { onActive },
    );
  const definitions = {
    replace: make("replace"),
    reject: make("reject"),
    stack: make("stack"),
    ignore: make("ignore"),
  };
  const { bale, talks } = start({ definitions: Object.values(definitions) });
  const ali = bale.user();
  await say(bale, ali, "hi");
  const enter = (of: keyof typeof definitions): Promise<string> =>
    talks.enter(definitions[of], { chatId: ali.id });
  const one = await enter("replace");
  expect(await enter("replace")).not.toBe(one);
  expect(seen).toEqual(["replaced"]);
  await enter("reject");
  await expect(enter("reject")).rejects.toThrow("under way already");
  expect(await enter("ignore")).toBe(await enter("ignore"));
  expect(await enter("stack")).not.toBe(await enter("stack"));
  const open: string[] = [];
  for await (const { name } of talks.list()) open.push(name);
  expect(open.sort()).toEqual(["ignore", "reject", "replace", "stack", "stack"]);
});

test("events, race, collect, step, loop and back", async () => {
  const seen: unknown[] = [];
  const all = conversation("all", async (c) => {
    const won = await c.race({
      paid: () => c.waitForEvent<{ sum: number }>("paid"),
      text: () => c.waitFor("message:text"),
    });
    seen.push(won.arm, won.arm === "paid" ? won.value.sum : undefined);
    const photos = await c.collect("message:text", { idleMs: 1_000 });
    seen.push(photos.map(({ text }) => text));
    let isAgain = false;
    const name = await c.step("name", async () => (await c.waitFor("message:text")).text);
    const sure = await c.waitFor("message:text");
    if (sure.text === "back" && !isAgain) {
      isAgain = true;
      await c.back("name");
    }
    seen.push(name);
    const sum = await c.loop("sum", 0, async (state) => {
      const { text } = await c.waitFor("message:text");
      return text === "." ? c.done(state) : state + Number(text);
    });
    seen.push(sum);
  });
  const { bale, talks, errors } = start({ definitions: [all] });
  const ali = bale.user();
  await say(bale, ali, "hi");
  await talks.enter(all, { chatId: ali.id });
  expect(await talks.emit({ chatId: ali.id }, "paid", { sum: 7 })).toBe(true);
  await say(bale, ali, "a");
  await say(bale, ali, "b");
  await bale.clock.advance(1_500);
  await say(bale, ali, "Ali");
  await say(bale, ali, "back");
  await say(bale, ali, "Sara");
  await say(bale, ali, "ok");
  for (const text of ["1", "2", "3", "."]) await say(bale, ali, text);
  expect(errors).toEqual([]);
  // The way back brings new code to the step: what is not in the journal runs again on the way.
  expect(seen).toEqual(["paid", 7, ["a", "b"], "paid", 7, ["a", "b"], "Sara", 6]);
});

test("a payment of an invoice sent inside reaches exactly that conversation", async () => {
  const seen: unknown[] = [];
  const paying = conversation("paying", async (c, ctx) => {
    await ctx.replyWithInvoice({
      title: "tea",
      description: "a cup",
      payload: "order-1",
      provider_token: "WALLET-TEST-1111111111111111",
      prices: [{ label: "tea", amount: 10_000 }],
    } as never);
    const asked = await c.waitFor("pre_checkout_query");
    seen.push(asked.preCheckoutQuery.invoice_payload);
    await asked.answerPreCheckout(true);
    const paid = await c.waitFor("successful_payment");
    seen.push(paid.payment.invoice_payload);
  });
  const { bale, talks, errors } = start({ definitions: [paying] });
  const ali = bale.user();
  await say(bale, ali, "hi");
  await talks.enter(paying, { chatId: ali.id });
  await ali.pays(ali.inbox.last);
  await bale.clock.advance(1_000);
  expect(errors).toEqual([]);
  expect(seen).toEqual(["order-1", "order-1"]);
});

test("code that has changed so that it does not fit is parked before anything is sent, and can be retried", async () => {
  const bale = emulator();
  const storage = memoryLanes({ clock: bale.clock });
  const first = start({ definitions: [signup], storage }, bale);
  const ali = bale.user();
  await say(bale, ali, "/signup");
  await first.stop();
  const changed = conversation("signup", async (c, ctx, _args: { greeting: string }) => {
    await ctx.reply("how much?");
    await c.waitFor("message:text", { id: "amount" });
  });
  const second = start({ definitions: [changed], storage }, bale);
  await say(bale, ali, "Ali");
  expect(ali.inbox.last.text).toBe("heard Ali");
  expect(second.errors.join()).toContain(
    "record 4 says 'wait:message:text#name', the code now does 'wait:message:text#amount'",
  );
  const open = [];
  for await (const one of second.talks.list()) open.push(one);
  expect(open[0]?.parked?.reason).toBe("mismatch");
  await second.stop();
  const third = start({ definitions: [signup], storage }, bale);
  await say(bale, ali, "x");
  expect(await third.talks.retry(open[0]?.id ?? "")).toBe(true);
  await say(bale, ali, "Ali");
  expect(ali.inbox.last.text).toBe("salam Ali, age?");
});

/** Says something, and lets what it sets off come to rest: an update counts as handled once it is safe. */
async function say(
  bale: Emulator,
  user: EmulatedUser,
  text: string,
  options: { chat?: EmulatedChat } = {},
): Promise<void> {
  await user.sends(text, options);
  await quiet(bale);
}

async function quiet(bale: Emulator): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await bale.clock.advance(0);
}
