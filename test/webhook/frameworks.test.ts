import { createServer } from "node:http";
import { connect } from "node:net";
import { emulator } from "@balekit/emulator";
import { Bot } from "balekit";
import express from "express";
import Koa from "koa";
import { afterEach, describe, expect, it } from "vitest";
import { closeAll, closing, frameworks, inFastify, listening, type Serving, until } from "./serving.js";

const TOKEN = "1000:a-token-that-opens-nothing-at-all-000000";

afterEach(closeAll);

async function setUp(serving: Serving) {
  const bale = emulator({ token: TOKEN });
  const { url } = await bale.listen({ port: 0 });
  closing.push(() => bale.close());
  const bot = new Bot(TOKEN, { api: { apiRoot: url } });
  closing.push(() => bot.stop({ graceMs: 0 }));
  const hook = bot.webhook({ maxBytes: 100_000 });
  const port = await serving(hook);
  const origin = `http://127.0.0.1:${port}`;
  const post = (path: string, body: string, type = "application/json"): Promise<Response> =>
    fetch(origin + path, { method: "POST", body, headers: { "content-type": type } });
  return { bale, bot, hook, port, origin, post, ali: bale.user({ first_name: "علی" }) };
}

const update = (update_id: number, text: string): string =>
  JSON.stringify({
    update_id,
    message: {
      message_id: 1,
      date: 1,
      text,
      chat: { id: 7, type: "private", first_name: "x" },
      from: { id: 7, is_bot: false, first_name: "x" },
    },
  });

describe.each(Object.entries(frameworks))("a webhook in %s", (_, serving) => {
  it("takes what Bale delivers, in any letters, and leaves the rest of the app alone", async () => {
    const { bot, hook, ali, origin, post } = await setUp(serving);
    bot.on("message:text", (ctx) => ctx.reply(`«${ctx.text}»`));
    expect(await hook.register(origin)).toBe(origin + hook.path);
    await ali.sends("سلام، حالِ شما؟ 🌷");
    await until(() => ali.inbox.texts.length === 1);
    expect(ali.inbox.last.text).toBe("«سلام، حالِ شما؟ 🌷»");
    expect(await (await post("/own", '{"a":1}')).json()).toEqual({ got: { a: 1 } });
  });

  it("answers 200 when the handler is done, and an update that comes again meanwhile only then", async () => {
    const { bot, hook, post } = await setUp(serving);
    let end = (): void => undefined;
    const work = new Promise<void>((resolve) => {
      end = resolve;
    });
    let runs = 0;
    bot.on("message:text", () => {
      runs++;
      return work;
    });
    const posts = [post(hook.path, update(5, "x")), post(hook.path, update(5, "x"))];
    let answered = 0;
    for (const each of posts) void each.then(() => answered++);
    await until(() => runs === 1);
    await new Promise((later) => setTimeout(later, 50));
    expect([runs, answered]).toEqual([1, 0]);
    end();
    for (const response of await Promise.all(posts)) {
      expect([response.status, await response.text()]).toEqual([200, ""]);
    }
    expect(runs).toBe(1);
  });

  it("a slow handler causes no storm: however often Bale gives up and comes again, it runs once", async () => {
    const { bot, hook, origin, post } = await setUp(serving);
    let end = (): void => undefined;
    const work = new Promise<void>((resolve) => {
      end = resolve;
    });
    const runs: number[] = [];
    bot.on("message:text", (ctx) => {
      runs.push(ctx.update.update_id);
      return ctx.update.update_id === 8 ? undefined : work;
    });
    for (let attempt = 0; attempt < 5; attempt++) {
      const init = {
        method: "POST",
        body: update(7, "slow"),
        headers: { "content-type": "application/json" },
      };
      const impatient = fetch(origin + hook.path, { ...init, signal: AbortSignal.timeout(40) });
      await expect(impatient).rejects.toMatchObject({ name: "TimeoutError" });
    }
    await until(() => runs.length > 0);
    const last = post(hook.path, update(7, "slow"));
    end();
    expect((await last).status).toBe(200);
    // One that comes when the first is long done is known as well.
    expect((await post(hook.path, update(7, "slow"))).status).toBe(200);
    expect((await post(hook.path, update(8, "next"))).status).toBe(200);
    expect(runs).toEqual([7, 8]);
  });

  it("keeps Persian letters whole when the network cuts the body at every byte", async () => {
    const { bot, hook, port } = await setUp(serving);
    const heard: string[] = [];
    bot.on("message:text", (ctx) => void heard.push(ctx.text));
    const body = Buffer.from(update(1, "سلام دنیا، چطوری؟ 🌷"));
    const head = `POST ${hook.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    const answer = await new Promise<string>((done, fail) => {
      let text = "";
      const socket = connect(port, "127.0.0.1", async () => {
        socket.setNoDelay(true);
        socket.write(head);
        for (const byte of body) {
          socket.write(Uint8Array.of(byte));
          await new Promise((later) => setImmediate(later));
        }
      });
      socket.on("data", (piece) => {
        text += String(piece);
      });
      socket.on("close", () => done(text)).on("error", fail);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(heard).toEqual(["سلام دنیا، چطوری؟ 🌷"]);
  });

  it("says no to other paths, methods, types, sizes and contents, and goes on", async () => {
    const { bot, hook, post, origin } = await setUp(serving);
    const heard: string[] = [];
    bot.on("message:text", (ctx) => void heard.push(ctx.text));
    expect((await post(`${hook.path}x`, update(1, "x"))).status).toBe(404);
    expect((await post("/", update(1, "x"))).status).toBe(404);
    expect((await fetch(origin + hook.path)).status).toBe(405);
    expect((await post(hook.path, update(1, "x"), "text/plain")).status).toBe(415);
    expect((await post(hook.path, "{")).status).toBe(400);
    expect((await post(hook.path, "[1]")).status).toBe(400);
    expect((await post(hook.path, update(2, "x".repeat(200_000)))).status).toBe(413);
    expect((await post(`${hook.path}?from=bale`, update(3, "ok"))).status).toBe(200);
    expect(heard).toEqual(["ok"]);
  });

  it("answers 503 when the bot has stopped, so that Bale delivers again", async () => {
    const { bot, hook, post } = await setUp(serving);
    expect((await post(hook.path, update(1, "x"))).status).toBe(200);
    await bot.stop();
    expect((await post(hook.path, update(2, "x"))).status).toBe(503);
  });
});

it("Fastify takes it behind a prefix too", async () => {
  const { bot, hook, post } = await setUp((webhook) => inFastify(webhook, "/bots"));
  const heard: string[] = [];
  bot.on("message:text", (ctx) => void heard.push(ctx.text));
  expect((await post(hook.path, update(1, "x"))).status).toBe(404);
  expect((await post(`/bots${hook.path}`, update(1, "x"))).status).toBe(200);
  expect(heard).toEqual(["x"]);
});

it("Express takes it mounted on a prefix too, when the prefix is part of the path", async () => {
  const bot = new Bot(TOKEN);
  bot.connect({ transport: emulator({ token: TOKEN }).transport() });
  closing.push(() => bot.stop({ graceMs: 0 }));
  const heard: string[] = [];
  bot.on("message:text", (ctx) => void heard.push(ctx.text));
  const hook = bot.webhook({ path: "/bots/secret" });
  const app = express();
  app.use("/bots", hook.express());
  const port = await listening(createServer(app));
  const response = await fetch(`http://127.0.0.1:${port}/bots/secret`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: update(1, "x"),
  });
  expect([response.status, heard]).toEqual([200, ["x"]]);
});

it("what stands before it in Koa sees the answer", async () => {
  const seen: unknown[] = [];
  const { hook, post } = await setUp((webhook) => {
    const app = new Koa();
    app.use(async (ctx, next) => {
      await next();
      seen.push(ctx.status);
    });
    app.use(webhook.koa());
    return listening(createServer(app.callback()));
  });
  await post(hook.path, update(1, "x"));
  const refused = await post(hook.path, "{");
  expect(refused.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(seen).toEqual([200, 400]);
});
