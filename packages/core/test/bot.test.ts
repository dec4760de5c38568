import { spawn } from "node:child_process";
import { once } from "node:events";
import { InvalidTokenError, NetworkError, type Update } from "@balekit/api";
import { manualClock, sleep } from "@balekit/storage";
import { afterEach, describe, expect, it } from "vitest";
import { Bot, BotError, BotStoppedError, type Context } from "../src/index.js";
import { gate, keptLog, ScriptedBale, settled } from "./scripted-bale.js";

const started: Bot[] = [];

function setUp(options: { autoAnswer?: boolean; concurrency?: number } = {}) {
  const clock = manualClock();
  const bale = new ScriptedBale(clock);
  const logger = keptLog();
  const bot = new Bot("1000:not-a-real-secret", { api: { transport: bale }, clock, logger, ...options });
  started.push(bot);
  return { bot, bale, clock, logger };
}

let ids = 0;
function text(userId: number, words: string): Update {
  const chat = { id: userId, type: "private" };
  const from = { id: userId };
  return { update_id: ids++, message: { message_id: 1, date: 0, text: words, chat, from } } as Update;
}
function press(userId: number, data: string): Update {
  const message = { message_id: 1, date: 0, chat: { id: userId, type: "private" } };
  return {
    update_id: ids++,
    callback_query: { id: `p${ids}`, from: { id: userId }, data, message },
  } as Update;
}

afterEach(async () => {
  for (const bot of started.splice(0)) await bot.stop({ graceMs: 0 });
});

describe("the life of a bot", () => {
  it("runs getMe, onStart and before_ready before the first poll, and ready when it is at work", async () => {
    const { bot, bale, clock } = setUp();
    const order: string[] = [];
    bot.on("ready", () => void order.push("ready"));
    bot.on("before_ready", async () => {
      await settled(2);
      order.push(`before_ready, ${bale.of("getUpdates").length} polls, as ${bot.me.username}`);
    });
    bot.onStart(() => void order.push("start"));
    bot.onStop(() => void order.push("stop one"));
    bot.onStop(() => void order.push("stop two"));
    bot.on("message", () => void order.push("update"));
    bale.writes(1, "x");
    expect([bot.isRunning(), bot.isClosed()]).toEqual([false, true]);
    await bot.start();
    expect([bot.isRunning(), bot.isClosed()]).toEqual([true, false]);
    await clock.advance(10);
    await bot.stop();
    const early = ["start", "before_ready, 0 polls, as scripted_bot"];
    expect(order.slice(0, 2)).toEqual(early);
    expect(order.slice(2, 4).sort()).toEqual(["ready", "update"]);
    expect(order.slice(4)).toEqual(["stop two", "stop one"]);
    expect(bale.isClosed).toBe(true);
  });

  it("waits for the network when it starts without one", async () => {
    const { bot, bale, clock } = setUp();
    let offline = true;
    bot.api.use(async (call, next) => {
      if (offline) throw new NetworkError("offline", { method: call.method, maybeSent: false });
      return next(call);
    });
    const starting = bot.start();
    await clock.advance(3_600_000);
    expect(bot.isRunning()).toBe(false);
    offline = false;
    await clock.advance(5_000);
    await starting;
    expect(bale.of("getUpdates").length).toBeGreaterThan(0);
  });

  it("refuses to start twice, and starts again after a stop", async () => {
    const { bot, bale, clock } = setUp();
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    await bot.start();
    await expect(bot.start()).rejects.toThrow("this bot is running already");
    const stopping = bot.stop();
    await expect(bot.start()).rejects.toThrow("is stopping");
    await stopping;
    await expect(bot.handle(text(1, "x"))).rejects.toThrow(BotStoppedError);
    await bot.start();
    bale.writes(1, "again");
    await clock.advance(10);
    expect(bale.texts).toEqual(["again"]);
  });

  it("stops once: a second stop afterwards runs no hook again and waits for nobody", async () => {
    const { bot, clock, logger } = setUp();
    let stops = 0;
    bot.onStop(() => void stops++);
    bot.on("message", () => new Promise<void>(() => undefined));
    await bot.start();
    void bot.handle(text(1, "stuck")).catch(() => undefined);
    await settled();
    await bot.stop({ graceMs: 0 });
    await bot.stop();
    expect(stops).toBe(1);
    expect(logger.lines.filter((line) => line.includes("have not ended in time"))).toHaveLength(1);
    await bot.start();
    await bot.stop({ graceMs: 0 });
    expect(stops).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it("does not start when a before_ready hook fails, and can be started again", async () => {
    const { bot } = setUp();
    let broken = true;
    bot.on("before_ready", () => {
      if (broken) throw new Error("no database");
    });
    await expect(bot.start()).rejects.toThrow("no database");
    expect(bot.isRunning()).toBe(false);
    broken = false;
    await bot.start();
    expect(bot.isRunning()).toBe(true);
  });

  it("stops while it is starting", async () => {
    const { bot, bale, clock } = setUp();
    bale.script("getMe", () => ({ ok: false, error_code: 502, description: "Bad Gateway" }));
    const starting = expect(bot.start()).rejects.toThrow(BotStoppedError);
    await settled();
    await bot.stop();
    await starting;
    expect(clock.pending).toBe(0);
  });

  it("stops on SIGTERM while a hook or a call of its start hangs", async () => {
    const hung = () => new Promise<never>(() => undefined);
    for (const hang of ["onStart", "getMe", "getWebhookInfo"]) {
      const { bot, bale } = setUp();
      if (hang === "onStart") bot.onStart(hung);
      else bale.script(hang, hung);
      const running = bot.run();
      await settled();
      process.emit("SIGTERM", "SIGTERM");
      await running;
      expect([bot.isRunning(), bale.isClosed, bale.of("getUpdates").length]).toEqual([false, true, 0]);
    }
  });

  it("takes a 404 on getMe for what it is: a wrong token", async () => {
    const { bot, bale } = setUp();
    const errors: unknown[] = [];
    bot.catch((error) => void errors.push(error.cause));
    bale.script("getMe", () => ({ ok: false, error_code: 404, description: "Not Found" }));
    await expect(bot.run()).rejects.toThrow(InvalidTokenError);
    expect(errors).toEqual([expect.any(InvalidTokenError)]);
  });

  it("throws a wrong token at whoever starts it, without printing it as well", async () => {
    const { bot, bale, logger } = setUp();
    bale.script("getMe", () => ({ ok: false, error_code: 403, description: "Bad Request: Token not found" }));
    await expect(bot.run()).rejects.toThrow(/Compare the bot's token/);
    expect(logger.lines.filter((line) => line.includes("Token not found"))).toEqual([]);
  });

  it("gets ready by itself at the first update it is handed", async () => {
    const { bot, bale } = setUp();
    const order: string[] = [];
    bot.on("before_ready", () => void order.push("before_ready"));
    bot.on("message", (ctx) => void order.push(`update for ${ctx.me.username}`));
    expect(() => bot.me).toThrow("Call await bot.init() first");
    await Promise.all([bot.handle(text(1, "a")), bot.handle(text(2, "b"))]);
    expect(order).toEqual(["before_ready", "update for scripted_bot", "update for scripted_bot"]);
    expect(bale.of("getMe")).toHaveLength(1);
  });

  it("lives on another transport and another clock once connected", async () => {
    const bot = new Bot("1000:not-a-real-secret", { logger: keptLog() });
    started.push(bot);
    const clock = manualClock({ now: 5 });
    const bale = new ScriptedBale(clock);
    bot.connect({ transport: bale, clock });
    bot.on("message:text", async (ctx) => {
      await sleep(bot.clock, 60_000);
      await ctx.reply(String(bot.clock.now()));
    });
    const handled = bot.handle(text(1, "x"));
    await clock.advance(60_000);
    await handled;
    expect(bale.texts).toEqual(["60005"]);
  });

  it("stops on SIGTERM, lets handlers end, and resolves run", async () => {
    const { bot, bale, clock } = setUp();
    const work = gate();
    bot.on("message:text", async (ctx) => {
      await work.promise;
      await ctx.reply("done");
    });
    const before = process.listenerCount("SIGTERM");
    const running = bot.run();
    bale.writes(1, "x");
    await clock.advance(10);
    process.emit("SIGTERM", "SIGTERM");
    await settled();
    work.open();
    await running;
    expect(bale.texts).toEqual(["done"]);
    expect(bale.of("getUpdates").at(-1)).toMatchObject({ offset: 1 });
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });

  it("ends the process at once on a second SIGINT", async () => {
    const program = `
      import { Bot } from "balekit";
      const never = new Promise(() => setInterval(() => undefined, 1000));
      let given = false;
      const transport = {
        async send(call) {
          if (call.method === "getMe") return { ok: true, result: { id: 1, first_name: "b", username: "bbot" } };
          if (call.method === "getWebhookInfo") return { ok: true, result: { url: "" } };
          if (given) return never;
          given = true;
          return { ok: true, result: [{ update_id: 0 }] };
        },
        async close() {},
      };
      const bot = new Bot("1000:not-a-real-secret", { api: { transport } });
      bot.use(() => { console.log("handling"); return never; });
      await bot.run();
    `;
    const args = ["--conditions=@balekit/source", "--import", "tsx", "--input-type=module", "-e", program];
    const child = spawn(process.execPath, args, { cwd: new URL("..", import.meta.url), stdio: "pipe" });
    const exited = once(child, "exit");
    await once(child.stdout, "data");
    child.kill("SIGINT");
    await once(child.stderr, "data");
    await new Promise((later) => setTimeout(later, 100));
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    expect(await exited).toEqual([130, null]);
  });
});

describe("errors", () => {
  it("reach bot.catch with update, context and cause, and nothing stops", async () => {
    const { bot, bale } = setUp();
    const errors: BotError[] = [];
    bot.catch((error) => void errors.push(error));
    bot.hears("boom", () => {
      throw new Error("sync");
    });
    bot.hears("later", () => Promise.reject(new Error("async")));
    bot.hears("odd", () => Promise.reject("a text" as unknown as Error));
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    for (const words of ["boom", "later", "odd", "fine"]) await bot.handle(text(7, words));
    expect(bale.texts).toEqual(["fine"]);
    expect(errors.map(({ cause }) => String(cause))).toEqual(["Error: sync", "Error: async", "a text"]);
    const [first] = errors;
    expect(first).toBeInstanceOf(BotError);
    expect(first).toMatchObject({ name: "BotError", code: "ERR_BALE_BOT", where: "handler" });
    expect(first?.ctx?.chatId).toBe(7);
    expect(first?.message).toMatch(/^Handling update \d+ \(message, chat 7, user 7\): sync$/);
    expect(JSON.stringify(first)).not.toContain("boom");
  });

  it("are printed with the update's id and the author's own line when nobody catches them", async () => {
    const { bot, logger } = setUp();
    bot.on("message", function brokenHandler() {
      throw new Error("a bug of mine");
    });
    const update = text(1, "private words");
    await bot.handle(update);
    const [line] = logger.lines;
    expect(line).toContain(
      `error Handling update ${update.update_id} (message, chat 1, user 1): a bug of mine`,
    );
    expect(line).toMatch(/at .*bot\.test\.ts:\d+:\d+ {3}<- your line/);
    expect(line).not.toContain("private words");
    expect(line?.split("a bug of mine")).toHaveLength(2);
  });

  it("stop nothing even when bot.catch itself fails, or the logger does", async () => {
    const { bot, bale, logger } = setUp();
    bot.catch(() => {
      throw new Error("the catcher broke");
    });
    bot.hears("boom", () => {
      throw new Error("first");
    });
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    await bot.handle(text(1, "boom"));
    expect(logger.lines.join("\n")).toContain("bot.catch itself failed: the catcher broke");
    expect(logger.lines.join("\n")).toContain("first");
    logger.error = () => {
      throw new Error("the logger broke");
    };
    await bot.handle(text(1, "boom"));
    await bot.handle(text(1, "fine"));
    expect(bale.texts).toEqual(["fine"]);
  });

  it("never show the token, wherever it was put", async () => {
    const { bot, logger } = setUp();
    bot.on("message", () => {
      throw new Error("calling https://tapi.bale.ai/bot1000:not-a-real-secret/x failed");
    });
    await bot.handle(text(1, "x"));
    expect(logger.lines.join("\n")).toContain("[token]");
    expect(logger.lines.join("\n")).not.toContain("not-a-real-secret");
  });

  it("of hooks at work and at the end are told, and stop nothing", async () => {
    const { bot } = setUp();
    const errors: BotError[] = [];
    bot.catch((error) => void errors.push(error));
    bot.on("ready", () => Promise.reject(new Error("ready broke")));
    bot.onStop(() => Promise.reject(new Error("stop broke")));
    await bot.start();
    await bot.stop();
    expect(errors.map(({ where, cause }) => [where, String(cause)])).toEqual([
      ["background", "Error: ready broke"],
      ["background", "Error: stop broke"],
    ]);
  });
});

describe("answering presses", () => {
  it("happens by itself when no handler did, matched or not, thrown or not, and only then", async () => {
    const { bot, bale } = setUp();
    bot.catch(() => undefined);
    bot.callback("answered", (ctx) => ctx.answer("thanks"));
    bot.callback("silent", () => undefined);
    bot.callback("broken", () => {
      throw new Error("x");
    });
    for (const data of ["answered", "silent", "broken", "unknown"]) await bot.handle(press(1, data));
    const answers = bale.of("answerCallbackQuery");
    expect(answers.map(({ text: words }) => words)).toEqual(["thanks", undefined, undefined, undefined]);
    expect(new Set(answers.map(({ callback_query_id }) => callback_query_id)).size).toBe(4);
  });

  it("happens when the handler begins to wait, and an answer through a derived api counts", async () => {
    const { bot, bale } = setUp();
    bot.callback("wait", async (ctx) => {
      await ctx.waitFor("message:text");
    });
    bot.callback("derived", async (ctx) => {
      const copy = ctx.api.with(async (call, next) => next(call));
      await copy.answerCallbackQuery({ callback_query_id: ctx.callbackQuery.id });
    });
    await bot.handle(press(1, "wait"));
    expect(bale.of("answerCallbackQuery")).toHaveLength(1);
    await bot.handle(text(1, "now"));
    await bot.handle(press(1, "derived"));
    expect(bale.of("answerCallbackQuery")).toHaveLength(2);
  });

  it("can be turned off, and a press too old to be answered is no error", async () => {
    const off = setUp({ autoAnswer: false });
    await off.bot.handle(press(1, "x"));
    expect(off.bale.of("answerCallbackQuery")).toHaveLength(0);
    const { bot, bale } = setUp();
    const errors: BotError[] = [];
    bot.catch((error) => void errors.push(error));
    bale.script("answerCallbackQuery", () => ({
      ok: false,
      error_code: 400,
      description: "query is too old",
    }));
    await bot.handle(press(1, "x"));
    expect(errors).toEqual([]);
  });
});

describe("class style", () => {
  it("runs the methods a subclass has, all that fit, after what was registered by hand", async () => {
    const seen: string[] = [];
    class MyBot extends Bot {
      onReady(): void {
        seen.push("ready");
      }
      async onBeforeReady(): Promise<void> {
        seen.push("before_ready");
      }
      async onUpdate(ctx: Context): Promise<void> {
        seen.push(`update ${this.me.id} ${ctx.update.update_id >= 0}`);
      }
      async onMessage(ctx: Context): Promise<void> {
        seen.push(`message ${ctx.text}`);
      }
      async onCallback(ctx: Context): Promise<void> {
        seen.push(`callback ${ctx.callbackQuery?.data}`);
      }
      onMemberChatJoin(ctx: Context): void {
        seen.push(`join ${ctx.member?.id}`);
      }
      onError(error: BotError): void {
        seen.push(`error ${String(error.cause)}`);
      }
    }
    const bot = new MyBot("1000:not-a-real-secret", { api: { transport: new ScriptedBale() } });
    started.push(bot);
    bot.command("start", () => void seen.push("command"));
    bot.command("fail", () => Promise.reject(new Error("oh")));
    await bot.handle(text(1, "hello"));
    await bot.handle(text(1, "/start"));
    await bot.handle(text(1, "/fail"));
    await bot.handle(press(1, "b"));
    const join = text(1, "");
    Object.assign(join.message ?? {}, { text: undefined, new_chat_members: [{ id: 5 }, { id: 6 }] });
    await bot.handle(join);
    expect(seen).toEqual([
      "before_ready",
      "ready",
      "update 1 true",
      "message hello",
      "command",
      "error Error: oh",
      "update 1 true",
      "callback b",
      "update 1 true",
      "message undefined",
      "join 5",
      "join 6",
    ]);
  });
});

describe("class style, mistyped", () => {
  it("is told at the start instead of never running, and own methods are left alone", async () => {
    class Mistyped extends Bot {
      onMesage(): void {}
    }
    const bot = new Mistyped("1000:not-a-real-secret", { api: { transport: new ScriptedBale() } });
    started.push(bot);
    await expect(bot.init()).rejects.toThrow(
      "onMesage is of no event and would never run. Did you mean onMessage?",
    );
    const seen: string[] = [];
    class Fine extends Bot {
      onOrderShipped(): void {}
      onCallbackQuery(ctx: Context): void {
        seen.push(`press ${ctx.callbackQuery?.data}`);
      }
      onEditedMessage(): void {
        seen.push("edit");
      }
    }
    const fine = new Fine("1000:not-a-real-secret", { api: { transport: new ScriptedBale() } });
    started.push(fine);
    await fine.handle(press(1, "b"));
    const { message } = text(1, "changed");
    await fine.handle({ update_id: 9_000, edited_message: message } as Update);
    expect(seen).toEqual(["press b", "edit"]);
  });
});

describe("misuse", () => {
  it("is refused where it is written, with what to do", () => {
    const { bot } = setUp();
    expect(() => bot.on("ready", "x" as never)).toThrow('on("ready"): the handler is "x". Give a function.');
    expect(() => bot.on("message:txt" as "message:text")).toThrow('Did you mean "message:text"?');
    expect(() => bot.catch(undefined as never)).toThrow("bot.catch: the handler is undefined");
    expect(() => new Bot("1000:not-a-real-secret", { concurrency: 0 })).toThrow("concurrency is 0");
    const misspelt = { order: "chats" as "chat" };
    expect(() => new Bot("1000:not-a-real-secret", misspelt)).toThrow('new Bot: order is "chats"');
  });
});

describe("concurrency", () => {
  it("is bounded, except for payments", async () => {
    const { bot } = setUp({ concurrency: 2 });
    const work = gate();
    let running = 0;
    bot.use(() => {
      running++;
      return work.promise;
    });
    await bot.init();
    const handled = [1, 2, 3].map((user) => bot.handle(text(user, "x")));
    const query = { id: "1", from: { id: 1 }, currency: "IRR", total_amount: 1, invoice_payload: "x" };
    handled.push(bot.handle({ update_id: ids++, pre_checkout_query: query } as Update));
    await settled();
    expect(running).toBe(3);
    expect(bot.health()).toMatchObject({ active: 3, waiting: 1 });
    work.open();
    await Promise.all(handled);
    expect(running).toBe(4);
  });
});
