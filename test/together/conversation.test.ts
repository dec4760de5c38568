import { conversation, conversations } from "@balekit/conversation";
import { type EmulatedUser, emulator } from "@balekit/emulator";
import { calendarQuestion, menuQuestion, numberQuestion, selectQuestion } from "@balekit/menu";
import { type Payments, payments, type PaymentsContext, TEST_WALLET } from "@balekit/payments";
import { Bot, type Context, memoryLanes } from "balekit";
import { describe, expect, it, onTestFinished } from "vitest";

const tea = menuQuestion<string>((pages, answer) => {
  const kinds = pages.page("kinds", (view) => {
    for (const kind of ["سیاه", "سبز"]) view.button(kind, sizes.at({ kind })).row();
  });
  const sizes = pages.page("sizes/:kind", (view, { kind }) => {
    view
      .say(kind)
      .button("بزرگ", take.at({ kind, size: "l" }))
      .back(kinds.at({}));
  });
  const take = pages.action("take/:kind/:size", ({ kind, size }) => answer(kind + size, `${kind}، بزرگ`));
  return kinds.at({});
});

/** Hot: the function lives on between updates. Cold: each update runs it again from its journal. */
describe.each([
  { mode: "hot", maxHot: undefined },
  { mode: "always cold", maxHot: 0 },
])("a conversation, $mode", ({ maxHot }) => {
  function talk(code: Parameters<typeof conversation<Context & PaymentsContext>>[1]) {
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock });
    const orders = memoryLanes({ clock: bale.clock });
    const given: string[] = [];
    const errors: string[] = [];
    let shop: Payments;
    const asking = conversation<Context & PaymentsContext>("asking", code);
    const begin = () => {
      shop = payments({ providerToken: TEST_WALLET, storage: orders });
      shop.product("tea", {
        title: "چای",
        description: "یک بسته",
        prices: [{ label: "چای", amount: 500_000 }],
        fulfil: ({ idempotencyKey }) => void given.push(idempotencyKey),
      });
      const talks = conversations({
        definitions: [asking],
        storage: lanes,
        ...(maxHot === undefined ? {} : { maxHot }),
      });
      const bot = new Bot(undefined).extend(shop).extend(talks);
      bot.catch((error) => void errors.push(error.message));
      bot.command("ask", async (ctx) => void (await ctx.conversation.enter(asking)));
      const detach = bale.attach(bot);
      return async () => {
        detach();
        await bot.stop();
      };
    };
    let end = begin();
    onTestFinished(() => end());
    const ali: EmulatedUser = bale.user({ first_name: "علی" });
    const rests = async (): Promise<void> => {
      for (let turn = 0; turn < 12; turn++) await bale.clock.advance(0);
    };
    return {
      bale,
      ali,
      given,
      errors,
      orders: () => shop.list(),
      sends: async (text: string) => {
        await ali.sends(text);
        await rests();
      },
      press: async (label: string) => {
        await ali.presses(label);
        await rests();
      },
      restart: async () => {
        await end();
        end = begin();
      },
    };
  }

  it("asks with a number pad, a calendar, ticks and pages of its own, in other processes", async () => {
    const { ali, press, restart, sends, errors } = talk(async (c, ctx) => {
      const count = await c.ask.menu("count", "چند بسته؟", numberQuestion({ min: 1, max: 20 }));
      const day = await c.ask.menu("day", "چه روزی؟", calendarQuestion({ min: "today" }));
      const extras = await c.ask.menu("extras", "و دیگر؟", selectQuestion({ choices: ["کارت", "جعبه"] }));
      const kind = await c.ask.menu("kind", "کدام چای؟", tea);
      await ctx.reply(`${count.toFixed(0)} ${day.day} ${extras.join("+")} ${kind}`);
    });
    await sends("/ask");
    for (const label of [
      "۱",
      "۲",
      "تأیید",
      "‹ بعد",
      "۱۵",
      "جعبه",
      "تأیید",
      "سبز",
      "بازگشت",
      "سیاه",
      "بزرگ",
    ]) {
      await press(label);
      await restart();
    }
    expect(errors).toEqual([]);
    expect(ali.inbox.texts).toEqual([
      "چند بسته؟\n✅ ۱۲",
      expect.stringMatching(/^چه روزی؟\n✅ ۱۵ \S+ ۱۴/),
      "و دیگر؟\n✅ جعبه",
      "کدام چای؟\n✅ سیاه، بزرگ",
      "12 15 جعبه سیاهl",
    ]);
  });

  it("sells with ctx.sell: one order and one invoice, whatever runs again", async () => {
    const { ali, bale, press, restart, sends, given, orders, errors } = talk(async (c, ctx) => {
      if (!(await c.ask.confirm("sure", "بخریم؟"))) return;
      const order = await ctx.sell("tea", { data: { cups: 2 } });
      await c.ask.confirm("after", `سفارش ${order.state}`);
      await ctx.reply(`${order.id.length} ${order.amount}`);
    });
    await sends("/ask");
    await press("بله");
    const invoice = ali.inbox.all.find((message) => message.invoice !== undefined);
    await restart();
    await press("بله");
    expect(ali.inbox.last.text).toBe("16 500000");
    await restart();
    const payment = await ali.pays(invoice?.message_id ?? 0);
    expect(payment.status).toBe("paid");
    expect(await orders()).toMatchObject([
      { state: "fulfilled", data: { cups: 2 }, messageId: invoice?.message_id },
    ]);
    expect(bale.calls.all("sendInvoice")).toHaveLength(1);
    expect([given, errors]).toEqual([[payment.id], []]);
  });
});
