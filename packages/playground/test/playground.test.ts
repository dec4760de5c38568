import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { PageState } from "../src/page-state.js";
import { type Playground, type PlaygroundOptions, playground } from "../src/playground.js";

const WAIT = { timeout: 15_000, interval: 20 };

/** A bot without any library: it polls, and answers every text with an echo. */
const ECHO = `
  const root = process.env.BALE_API_ROOT + "/bot" + process.env.BALE_TOKEN + "/";
  const call = async (method, params) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(root + method, { method: "POST", headers, body: JSON.stringify(params) });
    return (await answer.json()).result;
  };
  let offset = 0;
  for (;;) {
    for (const update of await call("getUpdates", { offset, timeout: 20 })) {
      offset = update.update_id + 1;
      await handle(update);
    }
  }
`;
const handler = (body: string): string => `${ECHO}\nasync function handle(update) { ${body} }`;
const SAY = (words: string): string =>
  handler(`await call("sendMessage", { chat_id: update.message.chat.id, text: ${words} });`);

const open: Playground[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((page) => page.close()));
});

async function start(options: PlaygroundOptions = {}): Promise<Playground> {
  const page = await playground({ port: 0, ...options });
  open.push(page);
  return page;
}

async function botFile(text: string, name = "bot.mjs"): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "play-")), name);
  await writeFile(file, text);
  return file;
}

async function state(page: Playground): Promise<PageState> {
  return (await (await fetch(`${page.url}/playground/state`)).json()) as PageState;
}

async function post(page: Playground, path: string, body: object): Promise<Response> {
  return fetch(page.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** The first person of the playground writes to the bot. */
async function say(page: Playground, text: string): Promise<void> {
  const from = (await state(page)).people[0]?.id;
  expect((await post(page, "/emulator/messages", { from, text })).status).toBe(200);
}

async function texts(page: Playground): Promise<(string | undefined)[]> {
  return (await state(page)).messages.map((message) => message.text);
}

function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("the server", () => {
  it("refuses a foreign Host, a foreign Origin and a cross-site fetch", async () => {
    const page = await start();
    const url = `${page.url}/playground/state`;
    expect(await statusOf(url, {})).toBe(200);
    expect(await statusOf(url, { host: `localhost:${page.port}` })).toBe(200);
    expect(await statusOf(url, { host: "evil.example" })).toBe(403);
    expect(await statusOf(url, { host: `evil.example:${page.port}` })).toBe(403);
    expect(await statusOf(url, { origin: "https://evil.example" })).toBe(403);
    expect(await statusOf(url, { origin: "null" })).toBe(403);
    expect(await statusOf(url, { origin: page.url })).toBe(200);
    expect(await statusOf(url, { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" })).toBe(403);
  });

  it("guards the emulator's API too, against another local port as well", async () => {
    const page = await start();
    expect(await statusOf(`${page.url}/emulator/users`, { origin: "http://127.0.0.1:1" })).toBe(403);
    expect(await statusOf(`${page.url}/bot${page.token}/getMe`, { host: "evil.example" })).toBe(403);
  });

  it("moves to the next port when the one asked for is taken", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    try {
      const page = await start({ port });
      expect(page.port).toBeGreaterThan(port);
    } finally {
      taken.close();
    }
  });

  it("serves Bale's API and the control API on the page's own port", async () => {
    const page = await start();
    const me = (await (await fetch(`${page.url}/bot${page.token}/getMe`)).json()) as { ok: boolean };
    expect(me.ok).toBe(true);
    const made = await post(page, "/emulator/users", { first_name: "نرگس" });
    expect(made.status).toBe(200);
    expect((await state(page)).people.map((person) => person.first_name)).toContain("نرگس");
  });

  it("answers what is not there with JSON, and never reaches out of the page's folder", async () => {
    const page = await start();
    for (const path of ["/nothing", "/..%2f..%2fpackage.json", "/playground/constructor"]) {
      const answer = await fetch(page.url + path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toHaveProperty("error");
    }
  });

  it("streams the whole state first, then what happens", async () => {
    const page = await start();
    const stream = await fetch(`${page.url}/playground/events`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const until = async (words: string): Promise<void> => {
      while (!text.includes(words)) text += (await reader?.read())?.value ?? "";
    };
    await until("\n\n");
    expect(text).toMatch(/^retry: \d+\n\nevent: state\ndata: \{/);
    await say(page, "سلام از جریان");
    await until("سلام از جریان");
    expect(text).toContain("event: message\n");
    await reader?.cancel();
  });

  it("keeps two people and a group of them ready", async () => {
    const { people, groups } = await state(await start());
    expect(people).toHaveLength(2);
    expect(groups[0]?.members).toEqual(expect.arrayContaining(people.map((person) => person.id)));
  });

  it("says that a keyboard was taken away, which Bale's messages do not", async () => {
    const page = await start();
    await say(page, "سلام");
    const chat_id = (await state(page)).people[0]?.id;
    await post(page, `/bot${page.token}/sendMessage`, {
      chat_id,
      text: "رفت",
      reply_markup: { remove_keyboard: true },
    });
    const last = (await state(page)).messages.at(-1);
    expect(last?.reply_markup).toEqual({ remove_keyboard: true });
  });
});

describe("a bot in the playground", () => {
  it("gets the emulated token and address, and answers", async () => {
    const page = await start({ file: await botFile(SAY(`"شنیدم: " + update.message.text`)) });
    await say(page, "سلام");
    await vi.waitFor(async () => expect(await texts(page)).toEqual(["سلام", "شنیدم: سلام"]), WAIT);
    expect((await state(page)).process.status).toBe("running");
  });

  it("keeps the chat when a save restarts it", async () => {
    const file = await botFile(SAY(`"یک"`));
    const page = await start({ file });
    await say(page, "a");
    await vi.waitFor(async () => expect(await texts(page)).toEqual(["a", "یک"]), WAIT);
    await writeFile(file, SAY(`"دو"`));
    // Its status may be seen no more: the next bot is up in a moment.
    await vi.waitFor(async () => expect((await state(page)).process.restarts).toBe(1), WAIT);
    await say(page, "b");
    await vi.waitFor(async () => expect(await texts(page)).toEqual(["a", "یک", "b", "دو"]), WAIT);
    expect((await state(page)).process.restarts).toBe(1);
  });

  it("shows a call with its time, and with the handler that made it", async () => {
    const file = await botFile(
      `import { channel } from "node:diagnostics_channel";\n${handler(`
        const tell = channel("balekit:route");
        const run = async (label, at, text) => {
          tell.publish({ update, label, at });
          await new Promise((resolve) => setTimeout(resolve, 5));
          await call("sendMessage", { chat_id: update.message.chat.id, text });
        };
        await Promise.all([run('command("start")', "/bot/start.ts:12:5", "one"), run('hears("x")', undefined, "two")]);
      `)}`,
    );
    const page = await start({ file });
    await say(page, "/start");
    const sent = async () => (await state(page)).calls.filter((call) => call.method === "sendMessage");
    // A call comes over HTTP, and who made it over a wire of its own: whichever is first, they find each other.
    const byText = await vi.waitFor(async () => {
      const calls = await sent();
      expect(calls.map((call) => call.handler)).toEqual([expect.anything(), expect.anything()]);
      return new Map(calls.map((call) => [call.params["text"], call]));
    }, WAIT);
    expect(byText.get("one")?.handler).toMatchObject({
      title: 'command("start")',
      file: "/bot/start.ts",
      line: 12,
    });
    expect(byText.get("two")?.handler).toMatchObject({ title: 'hears("x")' });
    expect(byText.get("one")?.durationMs).toBeGreaterThan(0);
  });

  it("shows an error that a handler threw, with the line it came from", async () => {
    const file = await botFile(
      `import { channel } from "node:diagnostics_channel";\n${handler(`
        try {
          throw new RangeError("چای تمام شد");
        } catch (cause) {
          channel("balekit:error").publish({ error: Object.assign(new Error("wrapped", { cause }), { where: "handler" }) });
        }
      `)}`,
    );
    const page = await start({ file });
    await say(page, "/tea");
    await vi.waitFor(async () => expect((await state(page)).faults).toHaveLength(1), WAIT);
    const [fault] = (await state(page)).faults;
    expect(fault).toMatchObject({
      where: "handler",
      name: "RangeError",
      message: "چای تمام شد",
      place: { file },
    });
    expect(fault?.excerpt?.find((one) => one.guilty)?.text).toContain("throw new RangeError");
  });

  it("shows a refused call with Bale's words", async () => {
    const page = await start({
      file: await botFile(handler(`await call("sendMessage", { chat_id: 77, text: "x" });`)),
    });
    await say(page, "x");
    const refused = async () => (await state(page)).calls.find((call) => call.error !== undefined);
    await vi.waitFor(
      async () => expect((await refused())?.error?.description).toContain("no such group or user"),
      WAIT,
    );
    expect((await refused())?.error?.code).toBe(404);
  });

  it("is started anew by the page, and its end leaves nothing behind", async () => {
    const page = await start({ file: await botFile(SAY(`"x"`)) });
    await vi.waitFor(() => expect(page.status).toBe("running"), WAIT);
    const first = page.pid ?? 0;
    expect((await post(page, "/playground/restart", {})).status).toBe(200);
    await vi.waitFor(() => expect(page.status).toBe("running"), WAIT);
    const second = page.pid ?? 0;
    expect(second).not.toBe(first);
    await page.close();
    await page.close();
    expect(() => process.kill(first, 0)).toThrow(/ESRCH/);
    expect(() => process.kill(second, 0)).toThrow(/ESRCH/);
    await expect(fetch(page.url)).rejects.toThrow("fetch failed");
  });

  it("tells whoever embeds the playground what happens", async () => {
    const lines: string[] = [];
    const statuses: string[] = [];
    const page = await start({
      file: await botFile(`console.log("up"); process.exitCode = 3;`),
      env: () => ({ PATH: process.env["PATH"] }),
      onOutput: (line) => lines.push(line.text),
      onStatus: (status) => statuses.push(status),
    });
    await vi.waitFor(() => expect(page.status).toBe("crashed"), WAIT);
    expect(lines).toEqual(["up"]);
    expect(statuses).toEqual(["starting", "crashed"]);
    const { faults } = await state(page);
    expect(faults[0]?.message).toBe("The process ended with code 3");
  });
});
