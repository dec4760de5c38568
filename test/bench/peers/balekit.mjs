import { Bot, memory } from "balekit";
import { me, token } from "../traffic.mjs";

export const packageName = "balekit";

/** A bot as `spec` says, and a function that handles one update whole. Nothing it does reaches a network. */
export async function dispatcher(spec, effects) {
  const bot = new Bot(token, { autoAnswer: false });
  bot.api.connect(localTransport);
  register(bot, spec, effects);
  await bot.init();
  return (update) => bot.handle(update);
}

const localTransport = {
  send: async (call) => ({ ok: true, result: call.method === "getMe" ? me : true }),
  download: () => Promise.reject(new Error("no files here")),
  close: async () => {},
};

/** A function that sends one message through the peer's own client. */
export async function sender({ apiRoot }) {
  const { createApi } = await import("@balekit/api");
  const api = createApi({ token, apiRoot });
  return { send: (chat, text) => api.sendMessage({ chat_id: chat, text }), close: () => api.close() };
}

/** Long polling against `apiRoot`; `handle(text, answer, type)` answers each text. */
export async function poller({ apiRoot, handle, concurrency, order, database }) {
  const bot = new Bot(token, {
    api: { apiRoot },
    order,
    ...(concurrency ? { concurrency } : {}),
    ...(database ? { inbox: await inboxIn(database) } : {}),
  });
  bot.on("message:text", (ctx) =>
    handle(
      ctx.text,
      (text) => ctx.send(text),
      () => ctx.typing(),
    ),
  );
  await bot.start();
  return { stop: () => bot.stop() };
}

async function inboxIn(database) {
  const [{ default: Database }, { sqliteInbox }] = await Promise.all([
    import("libsql"),
    import("balekit/inbox"),
  ]);
  return sqliteInbox(new Database(database));
}

/** A `node:http` request handler for the mixed bot. */
export async function webhook(spec, effects) {
  const bot = new Bot(token, { autoAnswer: false });
  bot.api.connect(localTransport);
  register(bot, spec, effects);
  await bot.init();
  return bot.webhook({ path: "/bench-webhook-path-0123456789" }).node;
}

/** As `dispatcher`, and it counts each person's updates in a session; a text that is `question` asks for the count. */
export async function sessionDispatcher(spec, effects, question) {
  const { session } = await import("@balekit/session");
  const bot = new Bot(token, { autoAnswer: false });
  bot.api.connect(localTransport);
  const counting = bot.extend(session({ initial: () => ({ count: 0, language: "fa" }), storage: memory() }));
  countUpdates(counting, effects, question);
  register(counting, spec, effects);
  await bot.init();
  return (update) => bot.handle(update);
}

function countUpdates(bot, effects, question) {
  bot.use(async (ctx, next) => {
    if (ctx.text === question) {
      effects.counted = ctx.session.count;
      return;
    }
    ctx.session.count++;
    await next();
  });
}

/** The same in Fastify. */
export async function fastifyWebhook(app, path, spec, effects) {
  const bot = new Bot(token, { autoAnswer: false });
  bot.api.connect(localTransport);
  register(bot, spec, effects);
  await bot.init();
  app.register(bot.webhook({ path }).fastify());
}

function register(bot, spec, effects) {
  for (let index = 0; index < spec.middleware; index++) {
    bot.use(async (_ctx, next) => {
      effects.middleware++;
      await next();
    });
  }
  for (const name of spec.commands) bot.command(name, async () => void effects.command++);
  for (const pattern of spec.callbacks) bot.callback(pattern, async () => void effects.callback++);
  for (const pattern of spec.hears) bot.hears(pattern, async () => void effects.hears++);
}
