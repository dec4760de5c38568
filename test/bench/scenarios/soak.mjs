// A million updates over a hundred thousand chats, each with a session in memory: what every session says at the end, and
// how much the heap has grown since a fifth of them had come.
import { me, textUpdate, token } from "../traffic.mjs";

const SAMPLES = 5;

export async function measure({ count = 1_000_000, chats = 100_000 }) {
  const { Bot, memory } = await import("balekit");
  const { session } = await import("@balekit/session");
  const bot = new Bot(token);
  bot.api.connect({
    send: async (call) => ({ ok: true, result: call.method === "getMe" ? me : true }),
    download: () => Promise.reject(new Error("no files here")),
    close: async () => {},
  });
  let failed = 0;
  bot.catch(() => {
    failed++;
  });
  const storage = memory({ maxEntries: 2 * chats });
  const counting = bot.extend(session({ initial: () => ({ count: 0, last: 0 }), storage }));
  let counted;
  counting.on("message:text", (ctx) => {
    if (ctx.text === "how many?") {
      counted = { count: ctx.session.count, last: ctx.session.last };
      return;
    }
    ctx.session.count++;
    ctx.session.last = ctx.update.update_id;
  });
  await bot.init();
  // Chats take turns, so all of them have a session after the first round of `chats` updates.
  const heaps = [];
  const before = process.cpuUsage();
  for (let id = 0; id < count; id += 100) {
    const batch = Array.from({ length: 100 }, (_, at) =>
      textUpdate(id + at, 1 + ((id + at) % chats), "count"),
    );
    await Promise.all(batch.map((update) => bot.handle(update)));
    if ((id + 100) % (count / SAMPLES) === 0) heaps.push(await heapMb());
  }
  const used = process.cpuUsage(before);
  const each = count / chats;
  for (let chat = 1; chat <= chats; chat++) {
    counted = undefined;
    await bot.handle(textUpdate(count + chat, chat, "how many?"));
    const last = chat - 1 + (each - 1) * chats;
    if (counted?.count !== each || counted.last !== last) {
      throw new Error(
        `The session of chat ${chat} says ${JSON.stringify(counted)}, not ${each} and ${last}.`,
      );
    }
  }
  if (failed > 0) throw new Error(`${failed} handlers failed.`);
  const [first] = heaps;
  return {
    heaps,
    heapGrowth: Math.max(...heaps) / first,
    cpuMicros: (used.user + used.system) / count,
  };
}

async function heapMb() {
  for (let times = 0; times < 3; times++) {
    await new Promise((turn) => setImmediate(turn));
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed / 2 ** 20;
}
