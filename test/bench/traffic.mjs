// The traffic and the bot that every peer is given: what is registered, what arrives, and what must come of it.

/** A small seeded generator, so that every peer sees the same updates in the same order. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * The bot of the mixed benchmarks: 10 async middleware, 50 commands, 50 callback patterns (25 texts, 25 expressions)
 * and 20 hears (10 texts, 10 expressions).
 *
 * @param {"literal" | "hard"} shape `hard` gives the expressions no literal beginning and ignores case.
 */
export function mixedBot(shape) {
  const expression = (word) =>
    shape === "literal" ? new RegExp(`^${word}:(\\d+)$`) : new RegExp(`(?:^|x)${word}:(\\d+)$`, "i");
  return {
    middleware: 10,
    commands: range(50).map((index) => `command${index}`),
    callbacks: [
      ...range(25).map((index) => `press${index}`),
      ...range(25).map((index) => expression(`item${index}`)),
    ],
    hears: [
      ...range(10).map((index) => `word ${index}`),
      ...range(10).map((index) => expression(`ask${index}`)),
    ],
  };
}

/** A bot of nothing but `count` commands. */
export function commandBot(count) {
  return {
    middleware: 0,
    commands: range(count).map((index) => `command${index}`),
    callbacks: [],
    hears: [],
  };
}

/** Updates for `mixedBot`: 40 % commands, 30 % callbacks, 15 % hears, 15 % that nothing matches. */
export function mixedTraffic(count, seed = 7) {
  const random = seeded(seed);
  const pick = (limit) => Math.floor(random() * limit);
  return range(count).map((index) => {
    const chat = 1000 + pick(200);
    const share = random();
    if (share < 0.4) return commandUpdate(index, chat, `command${pick(50)}`);
    if (share < 0.7) {
      const which = pick(50);
      return callbackUpdate(index, chat, which < 25 ? `press${which}` : `item${which - 25}:${pick(1000)}`);
    }
    if (share < 0.85) {
      const which = pick(20);
      return textUpdate(index, chat, which < 10 ? `word ${which}` : `ask${which - 10}:${pick(1000)}`);
    }
    return textUpdate(index, chat, `سلام، سفارش من کی می‌رسد؟ ${index}`);
  });
}

export function textUpdate(updateId, chat, text) {
  return {
    update_id: updateId,
    message: {
      message_id: updateId + 1,
      date: 1_790_000_000,
      from: user(chat),
      chat: privateChat(chat),
      text,
    },
  };
}

export function commandUpdate(updateId, chat, name) {
  const update = textUpdate(updateId, chat, `/${name}`);
  update.message.entities = [{ type: "bot_command", offset: 0, length: name.length + 1 }];
  return update;
}

export function callbackUpdate(updateId, chat, data) {
  return {
    update_id: updateId,
    callback_query: {
      id: `2${updateId}`,
      from: user(chat),
      chat_instance: "1",
      data,
      message: { message_id: updateId + 1, date: 1_790_000_000, chat: privateChat(chat), text: "menu" },
    },
  };
}

/** What a correct peer counts for these updates: middleware runs, and hits by kind. */
export function expectedEffects(bot, updates) {
  const effects = { middleware: bot.middleware * updates.length, command: 0, callback: 0, hears: 0 };
  const matches = (pattern, text) => (typeof pattern === "string" ? pattern === text : pattern.test(text));
  for (const update of updates) {
    const text = update.message?.text;
    const data = update.callback_query?.data;
    if (text?.startsWith("/")) effects.command += bot.commands.includes(text.slice(1)) ? 1 : 0;
    else if (text !== undefined) effects.hears += bot.hears.some((pattern) => matches(pattern, text)) ? 1 : 0;
    if (data !== undefined)
      effects.callback += bot.callbacks.some((pattern) => matches(pattern, data)) ? 1 : 0;
  }
  return effects;
}

export const me = { id: 999, is_bot: true, first_name: "bench", username: "bench_bot" };
export const token = "999:benchbenchbenchbenchbenchbenchbenchbenc";

function user(id) {
  return { id, is_bot: false, first_name: "علی", username: `user${id}` };
}

function privateChat(id) {
  return { id, type: "private", first_name: "علی" };
}

function range(count) {
  return Array.from({ length: count }, (_, index) => index);
}
