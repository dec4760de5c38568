// A bot that answers a few commands.
//
//   npm start -- examples/basic.ts      opens it in your browser; no token needed
//
// With a token from @botfather in BALE_TOKEN, the same file talks to Bale.
import { Bot } from "balekit";

const bot = new Bot(process.env.BALE_TOKEN);

// Runs once, when the bot knows its own name and is about to listen.
bot.on("ready", () => {
  console.log(`@${bot.me.username} is listening. Stop it with Ctrl+C.`);
});

// Middleware: sees every update first. `next()` hands it on to what is registered below; never forget the `await`.
bot.use(async (ctx, next) => {
  console.log(`update ${ctx.update.update_id} from user ${ctx.from?.id} in chat ${ctx.chatId}`);
  await next();
});

// "/start" is what a new user sends first.
bot.command("start", async (ctx) => {
  await ctx.reply("سلام! من یک بازوی ساده‌ام. با /help می‌بینی چه کارهایی بلدم.");
  if (ctx.chat?.type === "group") await ctx.reply(`خوشحالم که در گروه «${ctx.chat.title}» هستم.`);
});

bot.command("help", (ctx) =>
  ctx.reply("/start سلام می‌کند\n/echo متن، همان متن را برمی‌گرداند\n/help همین راهنماست"),
);

// What comes after the command is in `ctx.match`.
bot.command("echo", (ctx) => ctx.reply(String(ctx.match || "بعد از /echo چیزی بنویس.")));

// A word anywhere in a message. `quote` makes the reply point at that message.
bot.hears(/خداحافظ|بدرود/, (ctx) => ctx.reply("به امید دیدار!", { quote: true }));

// A fault in a handler ends up here; the bot goes on with the next update.
bot.catch((error) => console.error(error));

// Listens until Ctrl+C, finishes what it has begun, then ends.
await bot.run();
