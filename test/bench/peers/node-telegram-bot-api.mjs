import { Bot } from "node-telegram-bot-api";
import { token } from "../traffic.mjs";

export const packageName = "node-telegram-bot-api";

// It has no matcher for callback data, so its users write the loop themselves: one handler a pattern, as middleware.
export async function dispatcher(spec, effects) {
  const bot = new Bot(token);
  for (let index = 0; index < spec.middleware; index++) {
    bot.use(async (_ctx, next) => {
      effects.middleware++;
      await next();
    });
  }
  for (const name of spec.commands) bot.command(name, async () => void effects.command++);
  for (const pattern of spec.callbacks) {
    bot.on("callback_query", (ctx, next) => {
      const data = ctx.callbackQuery.data;
      const hit = typeof pattern === "string" ? data === pattern : pattern.test(data);
      if (!hit) return next();
      effects.callback++;
    });
  }
  for (const pattern of spec.hears) bot.hears(pattern, async () => void effects.hears++);
  return (update) => bot.handleUpdate(update);
}
