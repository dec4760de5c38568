import {
  type ConversationDefinition,
  type ConversationFlavor,
  conversation,
  conversations,
} from "@balekit/conversation";
import { emulator } from "@balekit/emulator";
import { payments, type PaymentsContext, TEST_WALLET, toman } from "@balekit/payments";
import { Bot, type Context, type LaneStore } from "balekit";
import { expect, test } from "vitest";
import { lanesOf, Mortal, quiet, say, told } from "../../packages/conversation/test/talk.js";

type Selling = Context & PaymentsContext;
type How = "an order opened in external" | "ctx.sell";
type Place = "before" | "after";

/** A shop and a conversation that sells, in one bot; `again` goes on in another process. */
function open(how: How, place: Place) {
  const bale = emulator();
  const [storage, orders] = [lanesOf(bale), lanesOf(bale)];
  const given: string[] = [];
  const paid: unknown[] = [];
  const errors: string[] = [];
  const make = () => {
    const shop = payments({ providerToken: TEST_WALLET, storage: orders });
    shop.product("tea", {
      title: "چای",
      description: "یک بسته",
      prices: [{ label: "چای", amount: toman(50_000) }],
      fulfil: async (sale) => void given.push(sale.order.id),
    });
    const buying = conversation("buying", async (c, ctx: Selling) => {
      const userId = ctx.from?.id ?? 0;
      if (how === "ctx.sell") await ctx.sell("tea");
      else {
        const order = await c.external("order", () => shop.open("tea", { userId }));
        await c.api.sendInvoice(shop.invoice(order));
      }
      const next = await c.waitFor("successful_payment", { id: "paid" });
      paid.push(next.payment.total_amount);
      await next.reply("سپاس!");
    });
    const bot = new Bot(undefined);
    bot.catch((error) => void errors.push(error.message));
    if (place === "before") void bot.extend(shop);
    void bot.extend(conversations({ definitions: [buying as never], storage }));
    if (place === "after") void bot.extend(shop);
    bot.command("buy", async (ctx) => {
      await (ctx as unknown as ConversationFlavor).conversation.enter(
        buying as unknown as ConversationDefinition<Context, void, void>,
      );
    });
    const detach = bale.attach(bot);
    return {
      shop,
      stop: async () => {
        await bot.stop();
        detach();
      },
    };
  };
  let now = make();
  return {
    bale,
    given,
    paid,
    errors,
    shop: () => now.shop,
    again: async () => {
      await now.stop();
      now = make();
    },
  };
}

const ways: readonly (readonly [How, Place])[] = [
  ["an order opened in external", "before"],
  ["an order opened in external", "after"],
  ["ctx.sell", "before"],
  ["ctx.sell", "after"],
];

test.each(ways)(
  "%s with the shop %s the plugin: one order, one answer to the wallet, goods once, and the conversation hears of it once",
  async (how, place) => {
    const { bale, given, paid, errors, shop, again } = open(how, place);
    const ali = bale.user();
    await say(bale, ali, "/buy");
    const invoices = (): readonly unknown[] => ali.inbox.all.filter(({ invoice }) => invoice !== undefined);
    expect(invoices()).toHaveLength(1);
    await again();
    await ali.pays(ali.inbox.last, { receipt: "twice" });
    await quiet(bale);
    expect(paid).toEqual([500_000]);
    expect(told(ali).at(-1)).toBe("سپاس!");
    expect(bale.calls.all("answerPreCheckoutQuery")).toHaveLength(1);
    // Behind the conversation the shop does not hear of the payment, and asks Bale.
    await bale.clock.advance(60_000);
    await quiet(bale);
    const orders = await shop().list();
    expect(orders.map(({ state }) => state)).toEqual(["fulfilled"]);
    expect(given).toEqual(orders.map(({ id }) => id));
    expect(invoices()).toHaveLength(1);
    expect(errors).toEqual([]);
  },
);

test("an idempotencyKey of undefined in a conversation is the step's own: sold again after a kill, it is the same order", async () => {
  const bale = emulator();
  const [talks, orders] = [lanesOf(bale), lanesOf(bale)];
  const make = (storage: LaneStore, book: LaneStore) => {
    const shop = payments({ providerToken: TEST_WALLET, storage: book });
    shop.product("tea", {
      title: "چای",
      description: "یک بسته",
      prices: [{ label: "چای", amount: toman(50_000) }],
      fulfil: () => undefined,
    });
    const buying = conversation("buying", async (_, ctx: Selling) => {
      const { state } = await ctx.sell("tea", { idempotencyKey: undefined });
      await ctx.reply(state);
    });
    const bot = new Bot(undefined).extend(shop).extend(conversations({ definitions: [buying], storage }));
    bot.command("buy", async (ctx) => void (await ctx.conversation.enter(buying)));
    return { bot, shop };
  };
  const mortal = new Mortal(talks);
  // One process, so both stores hear no more of it: it renews no claim on the order either.
  const book = new Mortal(orders);
  const first = make(mortal.storage, book.storage);
  mortal.dieAfter(first.bot, ({ method }) => {
    if (method !== "sendInvoice") return false;
    void book.die();
    return true;
  });
  const detach = bale.attach(first.bot);
  const ali = bale.user();
  void ali.sends("/buy");
  await quiet(bale);
  expect(bale.calls.all("sendInvoice")).toHaveLength(1);
  detach();
  const second = make(talks, orders);
  bale.attach(second.bot);
  await second.bot.init();
  await bale.clock.advance(60_000);
  await quiet(bale);
  expect(told(ali).at(-1)).toBe("invoiced");
  expect(bale.calls.all("sendInvoice")).toHaveLength(2);
  expect((await second.shop.list()).map(({ state }) => state)).toEqual(["invoiced"]);
});
