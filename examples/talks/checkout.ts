// The conversation of examples/checkout.ts, in a file that starts nothing: so it can be tested by itself.
import { conversation } from "@balekit/conversation";

/** The token of the wallet comes from @botfather; this one is Bale's own test wallet. */
const WALLET = process.env.BALE_WALLET_TOKEN ?? "WALLET-TEST-1111111111111111";
const DAY_MS = 86_400_000;

const teas = { lahijan: "چای لاهیجان", fuman: "چای فومن" };
/** In rials, as Bale counts. */
const prices = { lahijan: 1_500_000, fuman: 1_200_000 };

/** Takes an order, its invoice and its payment. */
export const checkout = conversation(
  "checkout",
  async (c, ctx) => {
    const tea = await c.ask.choice("tea", "کدام چای؟", { lahijan: teas.lahijan, fuman: teas.fuman });
    const count = await c.ask.integer("count", "چند بسته؟", { min: 1, max: 20 });
    const phone = await c.ask.phone("phone", "پیک با چه شماره‌ای تماس بگیرد؟");
    const address = await c.ask.text("address", "نشانی؟", { min: 10, max: 300 });

    const goods = `${count.toLocaleString("fa")} بسته ${teas[tea]}`;
    const amount = prices[tea] * count;
    if (!(await c.ask.confirm("sure", `${goods} به «${address}». درست است؟`))) {
      await ctx.reply("باشد، سفارشی ثبت نشد. برای سفارش تازه /buy را بفرستید.");
      return;
    }

    await ctx.replyWithInvoice({
      title: goods,
      description: `ارسال به ${address}`.slice(0, 255),
      payload: `tea:${tea}:${count}`,
      provider_token: WALLET,
      prices: [{ label: goods, amount }],
    });

    // Both come to the very conversation that has sent the invoice, for as long as it waits for them.
    for (;;) {
      const next = await c.waitFor(["pre_checkout_query", "successful_payment"], {
        id: "payment",
        timeoutMs: DAY_MS,
      });
      if (!next.update.pre_checkout_query) break;
      // The user has pressed "pay". Nothing is paid yet, and may not be: then the question comes again.
      await next.answerPreCheckout(true);
    }

    // Now it is paid. What is done outside goes into `external`: once, also when the program dies in the middle.
    await c.external("ship", ({ idempotencyKey }) => {
      console.log(`ship ${idempotencyKey}: ${count} × ${tea}, ${phone}, ${address}`);
    });
    await ctx.reply(`${amount.toLocaleString("fa")} ریال رسید. ${goods} فردا در راه است.`);
  },
  {
    cancel: ["/cancel", "لغو"],
    onCancel: (_, ctx) => ctx.reply("سفارش لغو شد."),
    onTimeout: (_, ctx) => ctx.reply("مهلت پرداخت گذشت. برای سفارش تازه /buy را بفرستید."),
  },
);
