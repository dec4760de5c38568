import { createServer, type IncomingMessage, request as httpRequest, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Bot, type BotError, type WebhookOptions } from "../src/index.js";
import { gate, keptLog, ScriptedBale, settled } from "./scripted-bale.js";

const servers: Server[] = [];
const bots: Bot[] = [];

async function setUp(options: WebhookOptions = {}) {
  const bale = new ScriptedBale();
  const bot = new Bot("1000:not-a-real-secret", { api: { transport: bale }, logger: keptLog() });
  const errors: BotError[] = [];
  bot.catch((error) => void errors.push(error));
  const webhook = bot.webhook(options);
  const server = createServer((request, response) => webhook.node(request, response));
  servers.push(server);
  bots.push(bot);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const url = (path = webhook.path): string => `http://127.0.0.1:${port}${path}`;
  return { bale, bot, webhook, url, port, errors };
}

const JSON_HEADERS = { "content-type": "application/json" };

function post(url: string, body: string | Uint8Array, headers: Record<string, string> = JSON_HEADERS) {
  return fetch(url, { method: "POST", body: body as string, headers });
}

function message(update_id: number, text: string): string {
  const chat = { id: 1, type: "private" };
  return JSON.stringify({ update_id, message: { message_id: 1, date: 0, text, chat, from: { id: 1 } } });
}

afterEach(async () => {
  for (const bot of bots.splice(0)) await bot.stop({ graceMs: 0 });
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

describe("webhook.node", () => {
  it("handles an update and answers 200 when its handler is done, not before", async () => {
    const { bot, url } = await setUp();
    const work = gate();
    bot.on("message:text", () => work.promise);
    let status = 0;
    const posted = post(url(), message(1, "hi")).then((response) => {
      status = response.status;
      return response.text();
    });
    await new Promise((later) => setTimeout(later, 50));
    expect(status).toBe(0);
    work.open();
    expect(await posted).toBe("");
    expect(status).toBe(200);
  });

  it("answers 200 when the handler waits in waitFor, so that the answer can come", async () => {
    const { bot, bale, url } = await setUp();
    bot.command("start", async (ctx) => {
      await ctx.reply("name?");
      const name = await ctx.waitFor("message:text");
      await ctx.reply(`hello ${name.text}`);
    });
    expect((await post(url(), message(1, "/start"))).status).toBe(200);
    expect((await post(url(), message(2, "علی"))).status).toBe(200);
    expect(bale.texts).toEqual(["name?", "hello علی"]);
  });

  it("answers before the handlers are done when told to, and once all the same", async () => {
    const { bot, url } = await setUp({ answerEarly: true });
    const work = gate();
    let runs = 0;
    bot.on("message", () => {
      runs++;
      return work.promise;
    });
    expect((await post(url(), message(1, "x"))).status).toBe(200);
    expect((await post(url(), message(1, "x"))).status).toBe(200);
    expect([runs, bot.health().active]).toEqual([1, 1]);
    work.open();
  });

  it("handles once what was cut off while it was handled and sent again, and forgets what was cut off before", async () => {
    const { bot, webhook, url, port } = await setUp();
    const work = gate();
    const seen: string[] = [];
    bot.on("message:text", (ctx) => {
      seen.push(ctx.text);
      return work.promise;
    });
    const cutOff = async (body: string, length = Buffer.byteLength(body)): Promise<void> => {
      const socket = connect(port, "127.0.0.1");
      const head = `POST ${webhook.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
      await new Promise((written) => socket.write(head + body, written));
      while (length === Buffer.byteLength(body) && seen.length === 0) await settled(1);
      socket.destroy();
    };
    await cutOff(message(1, "half").slice(0, 20), 500);
    await cutOff(message(2, "whole"));
    const again = post(url(), message(2, "whole"));
    work.open();
    expect((await again).status).toBe(200);
    expect((await post(url(), message(1, "half"))).status).toBe(200);
    expect(seen).toEqual(["whole", "half"]);
  });

  it("keeps Persian characters whole, wherever the network cuts the body", async () => {
    const { bot, bale, webhook, port } = await setUp();
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    const text = "سلام دنیا، حالِ شما چطور است؟ 🌷";
    const body = Buffer.from(message(1, text));
    const head = `POST ${webhook.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    await new Promise<void>((done, fail) => {
      const socket = connect(port, "127.0.0.1", async () => {
        socket.setNoDelay(true);
        socket.write(head);
        for (const byte of body) {
          socket.write(Uint8Array.of(byte));
          await new Promise((later) => setImmediate(later));
        }
      });
      socket.on("close", () => done()).on("error", fail);
      socket.resume();
    });
    expect(bale.texts).toEqual([text]);
  });

  it("answers 404 on every other path, 405 on other methods, 415 on other types, 413 on large bodies", async () => {
    const { url, webhook } = await setUp({ maxBytes: 200 });
    const near = `${webhook.path.slice(0, -1)}${webhook.path.endsWith("0") ? "1" : "0"}`;
    expect((await post(url("/"), message(1, "x"))).status).toBe(404);
    expect((await post(url(near), message(1, "x"))).status).toBe(404);
    expect((await post(url(`${webhook.path}/more`), message(1, "x"))).status).toBe(404);
    const got = await fetch(url());
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
    expect((await post(url(), message(1, "x"), { "content-type": "text/plain" })).status).toBe(415);
    expect((await post(url(), message(1, "x"), { "content-type": "x/application/json-x" })).status).toBe(415);
    const withCharset = { "content-type": "Application/JSON; charset=utf-8" };
    expect((await post(url(), message(9, "x"), withCharset)).status).toBe(200);
    expect((await post(url(), message(1, "x".repeat(500)))).status).toBe(413);
    expect((await post(`${url()}?from=bale`, message(1, "x"))).status).toBe(200);
  });

  it("does not read a stranger's large body to its end", async () => {
    const { port } = await setUp({ maxBytes: 1_000 });
    const ended = await new Promise<string>((done, fail) => {
      let answer = "";
      const socket = connect(port, "127.0.0.1", () => {
        socket.write("POST /guess HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
      });
      socket.on("data", (part) => {
        answer += part.toString();
      });
      // Nobody ends this body: only the server can end the connection.
      socket.on("close", () => done(answer)).on("error", fail);
    });
    expect(ended).toMatch(/^HTTP\/1\.1 404 /);
    expect(ended).toMatch(/connection: close/i);
  });

  it("stops reading a body that is too large even if nobody announced its size", async () => {
    const { url, port, webhook } = await setUp({ maxBytes: 1_000 });
    expect(url()).toContain(String(port));
    const status = await new Promise<number | undefined>((done, fail) => {
      const asking = httpRequest(
        { port, host: "127.0.0.1", path: webhook.path, method: "POST", headers: JSON_HEADERS },
        (response: IncomingMessage) => {
          response.resume();
          done(response.statusCode);
        },
      );
      asking.on("error", fail);
      for (let part = 0; part < 20; part++) asking.write("x".repeat(100));
      asking.end();
    });
    expect(status).toBe(413);
  });

  it("answers 400 in JSON, without a stack, to what is no update", async () => {
    const { url, errors } = await setUp();
    for (const body of ["{", "", "[]", "5", "null", '{"message":{}}', '{"update_id":"1"}']) {
      const response = await post(url(), body);
      expect(response.status).toBe(400);
      const told = (await response.json()) as { description: string };
      expect(told).toMatchObject({ ok: false, error_code: 400 });
      expect(JSON.stringify(told)).not.toMatch(/ at |node:|\.ts/);
    }
    expect(errors).toEqual([]);
  });

  it("answers 200 when a handler throws, and tells bot.catch: sending it again would mend nothing", async () => {
    const { bot, url, errors } = await setUp();
    bot.on("message", () => {
      throw new Error("a bug");
    });
    expect((await post(url(), message(3, "x"))).status).toBe(200);
    expect(errors.map(({ where, update }) => [where, update?.update_id])).toEqual([["handler", 3]]);
  });

  it("handles an update once that comes again, and answers the second only when the first is done", async () => {
    const { bot, url } = await setUp();
    const work = gate();
    let runs = 0;
    bot.on("message", () => {
      runs++;
      return work.promise;
    });
    const posts = [post(url(), message(5, "x")), post(url(), message(5, "x"))];
    let answered = 0;
    for (const each of posts) void each.then(() => answered++);
    await vi.waitFor(() => expect(runs).toBe(1), { timeout: 10_000 });
    await new Promise((later) => setTimeout(later, 50));
    expect([runs, answered]).toEqual([1, 0]);
    work.open();
    expect((await Promise.all(posts)).map((response) => response.status)).toEqual([200, 200]);
    expect((await post(url(), message(5, "x"))).status).toBe(200);
    expect(runs).toBe(1);
  });

  it("answers 500 when the bot cannot get ready, and handles the update when it comes again", async () => {
    const { bot, bale, url, errors } = await setUp();
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    bale.script("getMe", () => ({ ok: false, error_code: 502, description: "Bad Gateway" }));
    expect((await post(url(), message(1, "x"))).status).toBe(500);
    expect((await post(url(), message(1, "x"))).status).toBe(200);
    expect(bale.texts).toEqual(["x"]);
    expect(errors.map(({ where }) => where)).toEqual(["webhook"]);
  });

  it("answers 503 to what never had its turn because the bot stopped, and after that", async () => {
    const { bot, url } = await setUp();
    const work = gate();
    bot.on("message", () => work.promise);
    const first = post(url(), message(1, "a"));
    const second = post(url(), message(2, "b"));
    while (bot.health().waiting === 0) await settled(1);
    const stopping = bot.stop();
    expect((await second).status).toBe(503);
    work.open();
    expect((await first).status).toBe(200);
    await stopping;
    expect((await post(url(), message(2, "b"))).status).toBe(503);
  });

  it("takes bodies that a framework has read already: parsed, as text, or as a third argument", async () => {
    const { bot, bale, webhook } = await setUp();
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    let body: unknown;
    let third: unknown;
    const server = createServer((request, response) => {
      request.resume();
      request.on("end", () => {
        if (body !== undefined) Object.assign(request, { body });
        webhook.node(request, response, third);
      });
    });
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${webhook.path}`;
    body = JSON.parse(message(1, "express"));
    third = () => "express's next";
    expect((await post(url, "{}")).status).toBe(200);
    body = message(2, "text");
    expect((await post(url, "{}")).status).toBe(200);
    body = undefined;
    third = JSON.parse(message(3, "fastify"));
    expect((await post(url, "{}")).status).toBe(200);
    third = undefined;
    const lost = await post(url, "{}");
    expect(lost.status).toBe(500);
    expect(((await lost.json()) as { description: string }).description).toContain("third argument");
    expect(bale.texts).toEqual(["express", "text", "fastify"]);
  });

  it("takes a path in any script, and gives it back as it goes over the wire", async () => {
    const { bot, bale, webhook, url } = await setUp({ path: "/ربات/رمز" });
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    expect(webhook.path).toBe(encodeURI("/ربات/رمز"));
    expect((await post(url("/ربات/رمز"), message(1, "x"))).status).toBe(200);
    expect(bale.texts).toEqual(["x"]);
  });

  it("makes a path from the token that shows nothing of it and stays the same", async () => {
    const { webhook } = await setUp();
    const again = new Bot("1000:not-a-real-secret").webhook();
    expect(again.path).toBe(webhook.path);
    expect(webhook.path).toMatch(/^\/balekit\/[0-9a-f]{40}$/);
    expect(new Bot("1000:another-real-secret").webhook().path).not.toBe(webhook.path);
    expect(() => new Bot(undefined).webhook()).toThrow("Give a path");
    expect(() => new Bot("1000:not-a-real-secret").webhook({ path: "x" })).toThrow('begins with "/"');
    expect(() => new Bot("1000:not-a-real-secret").webhook({ maxBytes: 0 })).toThrow(RangeError);
  });
});

describe("webhook.fetch", () => {
  it("does the same for servers that speak web standards", async () => {
    const { bot, bale } = await setUp();
    bot.on("message:text", (ctx) => ctx.reply(ctx.text));
    const url = "https://bot.example.ir/hook";
    const plain = bot.webhook({ path: "/hook", maxBytes: 500 });
    const ask = (init: RequestInit, to = url) => plain.fetch(new Request(to, init));
    const headers = JSON_HEADERS;
    const ok = await ask({ method: "POST", headers, body: message(1, "سلام") });
    expect([ok.status, await ok.text()]).toEqual([200, ""]);
    expect((await ask({ method: "GET" })).status).toBe(405);
    expect((await ask({ method: "POST", headers, body: "x" }, `${url}s`)).status).toBe(404);
    expect((await ask({ method: "POST", body: message(2, "x") })).status).toBe(415);
    expect((await ask({ method: "POST", headers, body: "{" })).status).toBe(400);
    expect((await ask({ method: "POST", headers })).status).toBe(400);
    expect((await ask({ method: "POST", headers, body: message(2, "x".repeat(600)) })).status).toBe(413);
    expect(bale.texts).toEqual(["سلام"]);
  });

  it("says so when the body was read before or is cut off, and never rejects", async () => {
    const { webhook } = await setUp();
    const url = `https://bot.example.ir${webhook.path}`;
    const used = new Request(url, { method: "POST", headers: JSON_HEADERS, body: message(1, "x") });
    await used.text();
    expect((await webhook.fetch(used)).status).toBe(500);
    const body = new ReadableStream({ start: (stream) => stream.error(new Error("gone")) });
    const init = { method: "POST", headers: JSON_HEADERS, body, duplex: "half" } as RequestInit;
    expect((await webhook.fetch(new Request(url, init))).status).toBe(400);
  });
});

describe("webhook.register", () => {
  it("tells Bale the address, proxies' prefixes included, and asks whether it knows", async () => {
    const { bot, bale, webhook } = await setUp();
    for (const origin of [
      "https://bot.example.ir",
      "https://bot.example.ir:88/bots/",
      "http://127.0.0.1:5000",
    ]) {
      bale.script("setWebhook", ({ params }) => {
        bale.webhookUrl = (params as { url: string }).url;
        return { ok: true, result: true };
      });
      expect(await webhook.register(origin)).toBe(`${origin.replace(/\/$/, "")}${webhook.path}`);
    }
    expect(bale.of("getWebhookInfo").length).toBe(3);
    await bot.stop();
    expect(bale.of("deleteWebhook")).toEqual([]);
  });

  it("refuses addresses that Bale does not call, before it asks", async () => {
    const { bale, webhook } = await setUp();
    for (const [origin, why] of [
      ["http://bot.example.ir", "is not https"],
      ["https://bot.example.ir:8443", "has port 8443"],
      ["bot.example.ir", "is no address"],
      ["https://bot.example.ir?x=1", "more than a host"],
      ["ftp://localhost", "is not https"],
      [undefined, "is no address"],
    ] as const) {
      const error: unknown = await webhook.register(origin as string).catch((fault: unknown) => fault);
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ code: "ERR_BALE_WEBHOOK", message: expect.stringContaining(why) });
    }
    expect(bale.calls).toEqual([]);
  });

  it("says so when Bale knows another address, and shows no secret path", async () => {
    const { bale, webhook } = await setUp();
    bale.webhookUrl = "https://other.example.ir/their-secret";
    const error: Error = (await webhook
      .register("https://bot.example.ir")
      .catch((fault: Error) => fault)) as Error;
    expect(error).toMatchObject({ code: "ERR_BALE_WEBHOOK" });
    expect(error.message).toContain("other.example.ir");
    expect(error.message).not.toContain("their-secret");
    expect(error.message).not.toContain(webhook.path);
  });

  it("takes Bale's word when it cannot say where the webhook is", async () => {
    const { bale, webhook } = await setUp();
    bale.script("getWebhookInfo", () => ({ ok: false, error_code: 501, description: "Not Implemented" }));
    expect(await webhook.register("https://bot.example.ir")).toContain(webhook.path);
  });

  it("removes it when the bot stops only if it was asked to", async () => {
    const { bot, bale, webhook, url } = await setUp();
    bale.webhookUrl = `https://bot.example.ir${webhook.path}`;
    await webhook.register("https://bot.example.ir", { deleteOnStop: true });
    expect((await post(url(), message(1, "x"))).status).toBe(200);
    await bot.stop();
    expect(bale.of("deleteWebhook").length).toBe(1);
  });

  it("removes it at the end of the life that asked for it, and of no later one", async () => {
    const { bot, bale, webhook } = await setUp();
    const live = async (...registrations: { deleteOnStop?: boolean }[]): Promise<number> => {
      bale.webhookUrl = `https://bot.example.ir${webhook.path}`;
      const before = bale.of("deleteWebhook").length;
      await bot.start({ deleteWebhook: false });
      for (const each of registrations) await webhook.register("https://bot.example.ir", each);
      await bot.stop();
      return bale.of("deleteWebhook").length - before;
    };
    expect(await live({ deleteOnStop: true })).toBe(1);
    expect(await live({})).toBe(0);
    expect(await live()).toBe(0);
    expect(await live({ deleteOnStop: true }, { deleteOnStop: true })).toBe(1);
    expect(await live({ deleteOnStop: true }, {})).toBe(0);
  });
});
