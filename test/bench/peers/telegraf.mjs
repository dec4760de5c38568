import { Telegraf, Telegram } from "telegraf";
import { me, token } from "../traffic.mjs";

export const packageName = "telegraf";

export async function dispatcher(spec, effects) {
  const bot = new Telegraf(token);
  bot.botInfo = me;
  register(bot, spec, effects);
  return (update) => bot.handleUpdate(update);
}

export async function sender({ apiRoot }) {
  const telegram = new Telegram(token, { apiRoot });
  return { send: (chat, text) => telegram.sendMessage(chat, text), close: async () => {} };
}

export async function poller({ apiRoot, handle }) {
  const bot = new Telegraf(token, { telegram: { apiRoot } });
  bot.on("text", (ctx) =>
    handle(
      ctx.message.text,
      (text) => ctx.reply(text),
      () => ctx.sendChatAction("typing"),
    ),
  );
  void bot.launch();
  return { stop: async () => bot.stop() };
}

export async function webhook(spec, effects) {
  const bot = new Telegraf(token);
  bot.botInfo = me;
  register(bot, spec, effects);
  return bot.webhookCallback("/bench-webhook-path-0123456789");
}

function register(bot, spec, effects) {
  for (let index = 0; index < spec.middleware; index++) {
    bot.use(async (_ctx, next) => {
      effects.middleware++;
      await next();
    });
  }
  for (const name of spec.commands) bot.command(name, async () => void effects.command++);
  for (const pattern of spec.callbacks) bot.action(pattern, async () => void effects.callback++);
  for (const pattern of spec.hears) bot.hears(pattern, async () => void effects.hears++);
}
