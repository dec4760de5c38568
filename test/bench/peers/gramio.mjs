import { Bot } from "gramio";
import { me, token } from "../traffic.mjs";

export const packageName = "gramio";

export async function dispatcher(spec, effects) {
  const bot = new Bot({ token, info: me });
  for (let index = 0; index < spec.middleware; index++) {
    bot.use(async (_ctx, next) => {
      effects.middleware++;
      await next();
    });
  }
  for (const name of spec.commands) bot.command(name, async () => void effects.command++);
  for (const pattern of spec.callbacks) bot.callbackQuery(pattern, async () => void effects.callback++);
  for (const pattern of spec.hears) bot.hears(pattern, async () => void effects.hears++);
  await bot.init?.();
  return (update) => bot.updates.handleUpdate(update);
}
