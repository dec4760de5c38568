import { run, sequentialize } from "@grammyjs/runner";
import { Bot, session, webhookCallback } from "grammy";
import { me, token } from "../traffic.mjs";

export const packageName = "grammy";

export async function dispatcher(spec, effects) {
  const bot = new Bot(token, { botInfo: me });
  register(bot, spec, effects);
  return (update) => bot.handleUpdate(update);
}

export async function sender({ apiRoot }) {
  const { Api } = await import("grammy");
  const api = new Api(token, { apiRoot });
  return { send: (chat, text) => api.sendMessage(chat, text), close: async () => {} };
}

export async function poller({ apiRoot, handle, concurrency, runner }) {
  const bot = new Bot(token, { botInfo: me, client: { apiRoot } });
  if (runner) bot.use(sequentialize((ctx) => String(ctx.chat?.id)));
  bot.on("message:text", (ctx) =>
    handle(
      ctx.msg.text,
      (text) => ctx.reply(text),
      () => ctx.replyWithChatAction("typing"),
    ),
  );
  if (runner) {
    const running = run(bot, { sink: { concurrency: concurrency ?? 500 } });
    return { stop: () => running.stop() };
  }
  void bot.start();
  return { stop: () => bot.stop() };
}

export async function webhook(spec, effects) {
  const bot = new Bot(token, { botInfo: me });
  register(bot, spec, effects);
  return webhookCallback(bot, "http");
}

/** As `dispatcher`, and it counts each chat's updates in a session; a text that is `question` asks for the count. */
export async function sessionDispatcher(spec, effects, question) {
  const bot = new Bot(token, { botInfo: me });
  bot.use(session({ initial: () => ({ count: 0, language: "fa" }) }));
  countUpdates(bot, effects, question);
  register(bot, spec, effects);
  return (update) => bot.handleUpdate(update);
}

function countUpdates(bot, effects, question) {
  bot.use(async (ctx, next) => {
    if (ctx.message?.text === question) {
      effects.counted = ctx.session.count;
      return;
    }
    ctx.session.count++;
    await next();
  });
}

/** The same in Fastify. */
export async function fastifyWebhook(app, path, spec, effects) {
  const bot = new Bot(token, { botInfo: me });
  register(bot, spec, effects);
  app.post(path, webhookCallback(bot, "fastify"));
}

function register(bot, spec, effects) {
  for (let index = 0; index < spec.middleware; index++) {
    bot.use(async (_ctx, next) => {
      effects.middleware++;
      await next();
    });
  }
  for (const name of spec.commands) bot.command(name, async () => void effects.command++);
  for (const pattern of spec.callbacks) bot.callbackQuery(pattern, async () => void effects.callback++);
  for (const pattern of spec.hears) bot.hears(pattern, async () => void effects.hears++);
}
