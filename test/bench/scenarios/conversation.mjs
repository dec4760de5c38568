// Steps of conversations: an answer comes, something is done outside, a reply is sent. Both peers' calls are answered
// at once below their clients, and both keep what they keep as text in this process.
import { me, token } from "../traffic.mjs";

const works = { length, bytes, resume, rate, suspended };

export async function measure({ work, ...options }) {
  return works[work](options);
}

/**
 * What a step costs when `at` have been taken before: the mean of `span` steps, half of them to either side. In rounds with
 * conversations of their own, so that what the collector does now and then has its share in the figure, and no more. A
 * journal ends at 10,000 records, which is 1,666 steps.
 */
async function length({ peer, at, span = 50, cold = false, chats = 20, rounds = 15 }) {
  const side = await sides[peer]({ cold });
  await warm(side);
  let micros = 0;
  for (let round = 0; round < rounds; round++) {
    const all = Array.from({ length: chats }, (_, chat) => 1 + round * chats + chat);
    for (const chat of all) {
      await side.begin(chat);
      for (let step = 1; step < at - span / 2; step++) await side.says(chat, step);
    }
    await side.settled();
    const before = process.cpuUsage();
    for (let step = 0; step < span; step++) {
      for (const chat of all) await side.says(chat, at + step);
    }
    await side.settled();
    const { user, system } = process.cpuUsage(before);
    micros += user + system;
    for (const chat of all) await side.stop(chat);
  }
  return { cpuMicros: micros / (span * chats * rounds) };
}

/** Steps whose bytes are counted: a head that is written whole only now and then has its share in them. */
const COUNTED = 80;

/** What is written in all up to a length, and by a step there. */
async function bytes({ peer, at }) {
  const side = await sides[peer]({ counts: true });
  await side.begin(1);
  let before = 0;
  for (let step = 1; step <= at; step++) {
    if (step === at - COUNTED + 1) {
      await side.settled();
      before = side.written();
    }
    await side.says(1, step);
  }
  await side.settled();
  return { bytes: side.written(), bytesPerStep: (side.written() - before) / COUNTED };
}

/** What the next step of a form costs of which ten questions have been asked and answered, in a process that knows nothing of it. */
async function resume({ users = 400 }) {
  const { memoryLanes } = await import("balekit");
  const lanes = memoryLanes();
  const first = await sides.balekit({ lanes, form: true });
  for (let chat = 1; chat <= 2 * users; chat++) {
    await first.begin(chat);
    for (let step = 1; step <= 9; step++) await first.says(chat, step);
  }
  await first.settled();
  const second = await sides.balekit({ lanes, form: true });
  for (let chat = 1; chat <= users; chat++) await second.says(chat, 10);
  await second.settled();
  const before = process.cpuUsage();
  for (let chat = users + 1; chat <= 2 * users; chat++) await second.says(chat, 10);
  await second.settled();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000 / users };
}

/** How many steps a second of one core holds, over many lanes at once. */
async function rate({ chats = 500, steps = 20 }) {
  const side = await sides.balekit({ replyOnly: true });
  const round = (step) => Promise.all(Array.from({ length: chats }, (_, at) => side.says(at + 1, step)));
  await warm(side);
  await Promise.all(Array.from({ length: chats }, (_, at) => side.begin(at + 1)));
  for (let step = 1; step <= steps; step++) await round(step);
  await side.settled();
  const before = process.cpuUsage();
  for (let step = 1; step <= steps; step++) await round(steps + step);
  await side.settled();
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (chats * steps) / ((user + system) / 1e6) };
}

/** What a conversation that waits holds, with its code alive and its journal in this process. */
async function suspended({ chats = 4_000 }) {
  const side = await sides.balekit({ maxHot: 10 * chats });
  await warm(side, 2);
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  for (let chat = 1; chat <= chats; chat++) {
    await side.begin(chat);
    await side.says(chat, 1);
    await side.says(chat, 2);
  }
  await side.settled();
  globalThis.gc();
  return { kilobytes: (process.memoryUsage().heapUsed - before) / 1_024 / chats };
}

/**
 * Enough of the same first for all of the code to have been compiled as well as it ever is, as in a bot that has been up
 * for an hour. These conversations end: nothing of them is left when it is measured.
 */
async function warm(side, rounds = 20, chats = 100, steps = 10) {
  for (let round = 1; round <= rounds; round++) {
    const all = Array.from({ length: chats }, (_, at) => 1_000_000 + round * chats + at);
    for (const chat of all) await side.begin(chat);
    for (let step = 1; step <= steps; step++) for (const chat of all) await side.says(chat, step);
    for (const chat of all) await side.stop(chat);
  }
  await side.settled();
}

const sides = { balekit, grammy };

async function balekit({ cold = false, counts = false, form = false, replyOnly = false, maxHot, lanes }) {
  const { Bot, memoryLanes } = await import("balekit");
  const { conversation, conversations } = await import("@balekit/conversation");
  const replies = counted();
  let written = 0;
  const inner = lanes ?? memoryLanes();
  const storage = !counts
    ? inner
    : {
        ...inner,
        async commit(key, expected, change) {
          const version = await inner.commit(key, expected, change);
          if (version !== false) {
            for (const part of [change.head, ...(change.append ?? []), ...(change.index ?? [])]) {
              if (part !== undefined) written += Buffer.byteLength(JSON.stringify(part));
            }
          }
          return version;
        },
      };
  const talk = conversation("talk", async (c, ctx) => {
    if (form) {
      for (let step = 1; step <= 12; step++) {
        await ctx.reply(`question ${step}`);
        await c.waitFor("message:text");
      }
      return;
    }
    for (;;) {
      const next = await c.waitFor("message:text");
      if (next.text === "stop") return;
      if (!replyOnly) await c.external("double", () => 2);
      await next.reply(`you said ${next.text}`);
    }
  });
  const bot = new Bot(token);
  bot.transform(async (call) => {
    if (call.method === "getMe") return { ok: true, result: me };
    replies.add();
    return { ok: true, result: sentMessage(call.params.chat_id, call.params.text) };
  });
  const failures = [];
  bot.catch((error) => void failures.push(error));
  const talks = conversations({
    definitions: [talk],
    storage,
    machines: "one",
    ...(cold ? { maxHot: 0 } : {}),
    ...(maxHot === undefined ? {} : { maxHot }),
  });
  bot.extend(talks).command("begin", (ctx) => ctx.conversation.enter(talk));
  return sideOf({ handle: (update) => bot.handle(update), replies, failures, form, written: () => written });
}

async function grammy({ counts = false }) {
  const { Bot } = await import("grammy");
  const { conversations, createConversation } = await import("@grammyjs/conversations");
  const replies = counted();
  const kept = new Map();
  let written = 0;
  const fetch = async (_url, { body }) => {
    const { chat_id, text } = JSON.parse(body);
    replies.add();
    const result = sentMessage(chat_id, text);
    return { json: async () => ({ ok: true, result }) };
  };
  const bot = new Bot(token, { botInfo: me, client: { fetch } });
  bot.use(
    conversations({
      storage: {
        type: "key",
        adapter: {
          read: (key) => (kept.has(key) ? JSON.parse(kept.get(key)) : undefined),
          write(key, state) {
            const text = JSON.stringify(state);
            if (counts) written += Buffer.byteLength(text);
            kept.set(key, text);
          },
          delete: (key) => void kept.delete(key),
        },
      },
    }),
  );
  bot.use(
    createConversation(async (c) => {
      for (;;) {
        const next = await c.waitFor("message:text");
        if (next.message.text === "stop") return;
        await c.external(() => 2);
        await next.reply(`you said ${next.message.text}`);
      }
    }, "talk"),
  );
  bot.command("begin", (ctx) => ctx.conversation.enter("talk"));
  return sideOf({
    handle: (update) => bot.handleUpdate(update),
    replies,
    failures: [],
    form: false,
    written: () => written,
  });
}

function sideOf({ handle, replies, failures, form, written }) {
  let expected = 0;
  let updates = 0;
  const brings = (chat, text, entities) => {
    const from = { id: chat, is_bot: false, first_name: "Ali" };
    const message = {
      message_id: ++updates,
      date: 1_767_225_600,
      chat: { id: chat, type: "private", first_name: "Ali" },
      from,
      text,
      ...(entities === undefined ? {} : { entities }),
    };
    return handle({ update_id: updates, message });
  };
  return {
    written,
    begin(chat) {
      if (form) expected++;
      return brings(chat, "/begin", [{ type: "bot_command", offset: 0, length: 6 }]);
    },
    says(chat, step) {
      expected++;
      return brings(chat, `answer ${step}`);
    },
    /** Ends the conversation. */
    stop: (chat) => brings(chat, "stop"),
    /** Every answer has had its reply. */
    async settled() {
      await replies.until(expected);
      // Time for the last steps to be kept.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (failures.length > 0) throw failures[0];
      if (replies.count !== expected) throw new Error(`${replies.count} replies to ${expected} answers.`);
    },
  };
}

function counted() {
  let wake = () => {};
  const replies = {
    count: 0,
    wanted: Number.POSITIVE_INFINITY,
    add() {
      if (++replies.count >= replies.wanted) wake();
    },
    until(count) {
      if (replies.count >= count) return Promise.resolve();
      replies.wanted = count;
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
  };
  return replies;
}

function sentMessage(chat, text) {
  return {
    message_id: 1,
    date: 1_767_225_600,
    chat: { id: chat, type: "private", first_name: "Ali" },
    from: me,
    text,
  };
}
