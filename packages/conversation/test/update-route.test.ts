import { afterEach, beforeEach, expect, test } from "vitest";
import { conversation } from "../src/definition.js";
import { Deploys, told } from "./talking-bot.js";

let world: Deploys;
let ali: ReturnType<Deploys["bale"]["user"]>;
beforeEach(async () => {
  world = new Deploys();
  ali = world.bale.user();
  await world.say(ali, "hi");
});
afterEach(() => world.stop());

const buying = conversation(
  "buying",
  async (c, ctx, args: { payload: string }) => {
    await ctx.replyWithInvoice({
      title: "tea",
      description: "a cup",
      payload: args.payload,
      provider_token: "WALLET-TEST-1111111111111111",
      prices: [{ label: "tea", amount: 10_000 }],
    });
    const asked = await c.waitFor("pre_checkout_query", { id: "asked" });
    await asked.answerPreCheckout(true);
    const { payment } = await c.waitFor("successful_payment", { id: "paid" });
    await ctx.reply(
      `${args.payload} is paid, asked for ${asked.preCheckoutQuery.invoice_payload}, ${payment.invoice_payload}`,
    );
  },
  { onActive: "stack" },
);

async function pays(at: number): Promise<void> {
  const invoice = ali.inbox.all.filter((message) => message.invoice)[at];
  await ali.pays(invoice as never);
  await world.pass(1_000);
}

test("of two invoices of one user each payment comes to the conversation that has sent it", async () => {
  const talks = await world.deploy({ definitions: [buying] });
  for (const payload of ["one", "two"]) await talks.enter(buying, { chatId: ali.id }, { payload });
  await world.deploy({ definitions: [buying] });
  await pays(0);
  expect(told(ali).at(-1)).toBe("one is paid, asked for one, one");
  await pays(1);
  expect(told(ali).at(-1)).toBe("two is paid, asked for two, two");
  expect(world.errors).toEqual([]);
});

test("an invoice of a conversation in a group is paid in it, though a payment comes without a chat", async () => {
  const group = world.bale.group({ title: "g", members: [ali] });
  const talks = await world.deploy({ definitions: [buying] });
  await talks.enter(buying, { chatId: group.id, userId: ali.id }, { payload: "ours" });
  await ali.pays(group.last as never, { chat: group });
  await world.pass(1_000);
  expect(group.last.text).toBe("ours is paid, asked for ours, ours");
});

test("a payload with no room for the way back finds its conversation by the user alone", async () => {
  const payload = "x".repeat(120);
  const talks = await world.deploy({ definitions: [buying] });
  await talks.enter(buying, { chatId: ali.id }, { payload });
  expect(world.bale.calls.last("sendInvoice")?.params["payload"]).toBe(payload);
  await pays(0);
  expect(told(ali).at(-1)).toBe(`${payload} is paid, asked for ${payload}, ${payload}`);
});

test("a button of a conversation reaches it from whatever chat it is pressed in, for whoever may press it", async () => {
  const [admin, stranger] = [
    world.bale.user({ first_name: "admin" }),
    world.bale.user({ first_name: "other" }),
  ];
  for (const user of [admin, stranger]) await world.say(user, "hi");
  const asking = conversation("asking", async (c, ctx) => {
    const yes = c.button("approve", "yes");
    for (const { id } of [admin, stranger])
      await ctx.api.sendMessage({
        chat_id: id,
        text: "approve?",
        reply_markup: { inline_keyboard: [[yes]] },
      });
    const press = await c.waitForCallback(yes, { id: "approved", from: [admin.id] });
    await ctx.reply(`approved by ${press.from.first_name}`);
    await c.waitForCallback(yes, { id: "seen", from: "anyone" });
    await ctx.reply("seen");
  });
  const talks = await world.deploy({ definitions: [asking] });
  await talks.enter(asking, { chatId: ali.id });
  await world.deploy({ definitions: [asking] });
  await stranger.presses("approve");
  await world.pass(0);
  expect(told(ali)).toEqual([]);
  expect(world.bale.calls.last("answerCallbackQuery")?.params["text"]).toBe("این دکمه برای شما نیست.");
  await admin.presses("approve");
  await world.pass(0);
  expect(told(ali)).toEqual(["approved by admin"]);
  await stranger.presses("approve");
  await world.pass(0);
  expect(told(ali)).toEqual(["approved by admin", "seen"]);
  expect([admin.spinning, stranger.spinning]).toEqual([0, 0]);
});
