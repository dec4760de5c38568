import { type Emulator, emulator } from "@balekit/emulator";
import { Bot, type Context } from "balekit";
import { expect, test } from "vitest";
import { conversations } from "../src/conversations.js";
import { conversation, type ConversationOptions } from "../src/definition.js";
import type { ConversationHandle } from "../src/handle.js";
import { lanesOf, quiet, say, told } from "./talk.js";

/** A bot that sells beside its conversations: /buy sends an invoice, /go enters one. */
function shop(
  code: (c: ConversationHandle, ctx: Context, bale: Emulator) => Promise<unknown>,
  options: ConversationOptions = {},
) {
  const bale = emulator();
  const talk = conversation(
    "talk",
    async (c: ConversationHandle, ctx: Context) => code(c, ctx, bale),
    options,
  );
  const bot = new Bot(undefined).extend(conversations({ definitions: [talk], storage: lanesOf(bale) }));
  const errors: string[] = [];
  const paid: string[] = [];
  bot.catch((error) => void errors.push(error.message));
  bot.command("buy", (ctx) =>
    ctx.replyWithInvoice({
      title: "tea",
      description: "a cup",
      payload: "order-1",
      provider_token: "WALLET-TEST-1111111111111111",
      prices: [{ label: "tea", amount: 10_000 }],
    } as never),
  );
  bot.command("go", async (ctx) => {
    await ctx.conversation.enter(talk);
  });
  bot.on("pre_checkout_query", (ctx) => ctx.answerPreCheckout(true));
  bot.on("successful_payment", (ctx) => void paid.push(ctx.payment.invoice_payload));
  bale.attach(bot);
  return { bale, errors, paid };
}

/** A payment under way, and what has become of it so far. */
function followed(paying: Promise<unknown>): { outcome: string } {
  const payment = { outcome: "unanswered" };
  paying.then(
    () => (payment.outcome = "paid"),
    (error: Error) => (payment.outcome = error.message),
  );
  return payment;
}

test("a question whether one may pay goes past a conversation that is busy, in time", async () => {
  const { bale, errors, paid } = shop(async (c, ctx, { clock }) => {
    await c.external("slow", () => new Promise<void>((done) => clock.setTimeout(done, 15_000)));
    await ctx.reply("done");
  });
  const ali = bale.user();
  await say(bale, ali, "/buy");
  const invoice = ali.inbox.last;
  void ali.sends("/go");
  await quiet(bale);
  const payment = followed(ali.pays(invoice));
  await quiet(bale);
  await bale.clock.advance(20_000);
  await quiet(bale);
  expect(payment.outcome).toBe("paid");
  expect(errors).toEqual([]);
  expect(paid).toEqual(["order-1"]);
  expect(told(ali).at(-1)).toBe("done");
});

test("a conversation that is busy holds up no question of another purchase, whatever it has waited for before", async () => {
  const { bale, errors, paid } = shop(async (c, ctx, { clock }) => {
    await c.waitFor("message:text", { id: "go" });
    await c.external("slow", () => new Promise<void>((done) => clock.setTimeout(done, 15_000)));
    await ctx.reply("done");
  });
  const ali = bale.user();
  await say(bale, ali, "/buy");
  const invoice = ali.inbox.last;
  await say(bale, ali, "/go");
  void ali.sends("yes");
  await quiet(bale);
  const payment = followed(ali.pays(invoice));
  await quiet(bale);
  expect(bale.calls.all("answerPreCheckoutQuery")).toHaveLength(1);
  await bale.clock.advance(20_000);
  await quiet(bale);
  expect(payment.outcome).toBe("paid");
  expect(errors).toEqual([]);
  expect(paid).toEqual(["order-1"]);
  expect(told(ali).at(-1)).toBe("done");
});

test("exclusive lets questions and payments pass", async () => {
  const { bale, errors, paid } = shop(
    async (c, ctx) => {
      await c.waitFor("message:text");
      await ctx.reply("done");
    },
    { exclusive: true },
  );
  const ali = bale.user();
  await say(bale, ali, "/buy");
  const invoice = ali.inbox.last;
  await say(bale, ali, "/go");
  await ali.pays(invoice);
  await quiet(bale);
  expect(errors).toEqual([]);
  expect(paid).toEqual(["order-1"]);
  await say(bale, ali, "x");
  expect(told(ali).at(-1)).toBe("done");
});
