// Takes money through Bale's wallet.
//
//   npm start -- examples/invoice.ts      the browser plays the wallet; no money moves
//
// The token of the wallet comes from @botfather. This one is Bale's own test wallet: everything works as with a real
// one, and no money moves.
import { Bot } from "balekit";

const WALLET = process.env.BALE_WALLET_TOKEN ?? "WALLET-TEST-1111111111111111";
const bot = new Bot(process.env.BALE_TOKEN);

bot.command("start", (ctx) => ctx.reply("اگر از این بازو خوشت آمد، با /donate یک چای مهمانمان کن."));

bot.command("donate", (ctx) =>
  ctx.replyWithInvoice({
    title: "یک فنجان چای",
    description: "مهمان کردن سازندهٔ این بازو به یک فنجان چای",
    // Comes back with the payment: 1 to 128 bytes, for you to know what was paid for.
    payload: `tea:${ctx.from?.id}`,
    provider_token: WALLET,
    // In rials, as whole numbers.
    prices: [{ label: "چای", amount: 200_000 }],
  }),
);

// The user has pressed "pay". Nothing is paid yet: answer within ten seconds, or the payment is cancelled.
bot.on("pre_checkout_query", async (ctx) => {
  const known = ctx.preCheckoutQuery.invoice_payload.startsWith("tea:");
  await ctx.answerPreCheckout(known, known ? undefined : "این صورت‌حساب دیگر معتبر نیست.");
});

// Now it is paid. Write it down before you thank: this message is the proof.
bot.on("successful_payment", async (ctx) => {
  const { total_amount, invoice_payload } = ctx.payment;
  console.log(`paid: ${total_amount} rials for ${invoice_payload}`);
  await ctx.reply(`${total_amount.toLocaleString("fa")} ریال رسید. سپاس از مهربانی‌ات!`);
});

await bot.run();
