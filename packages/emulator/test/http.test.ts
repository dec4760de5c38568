import { request as httpRequest } from "node:http";
import { connect } from "node:net";

import { createApi, InputFile, type Message, type Update } from "@balekit/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type Emulator, emulator, type EmulatedUser, type Listening } from "../src/index.js";

let bale: Emulator;
let server: Listening;
let ali: EmulatedUser;

beforeEach(async () => {
  bale = emulator({ token: "1000:secret" });
  server = await bale.listen();
  ali = bale.user({ first_name: "Ali" });
  await ali.sends("/start");
});

afterEach(() => bale.close());

interface Answer {
  readonly status: number;
  readonly body: { ok: boolean; result: Message; error_code?: number; description?: string };
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, init);
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

const JSON_TYPE = { "content-type": "application/json" };

/** A request with a method and a body that fetch will not combine. */
function raw(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${server.url}${path}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

const JSON_HEADERS = { "content-type": "application/json" };

describe("calls over HTTP", () => {
  it("take parameters as query, urlencoded, JSON and multipart, numbers as strings, names in any case", async () => {
    const params = { chat_id: String(ali.id), text: "سلام & more" };
    const form = new FormData();
    for (const [name, value] of Object.entries(params)) form.set(name, value);
    const encodings: [string, RequestInit][] = [
      [`/bot1000:secret/SendMessage?${new URLSearchParams(params).toString()}`, {}],
      ["/bot1000:secret/sendmessage", { method: "POST", body: new URLSearchParams(params) }],
      [
        "/bot1000:secret/sendMessage",
        { method: "POST", headers: JSON_HEADERS, body: JSON.stringify(params) },
      ],
      ["/bot1000:secret/SENDMESSAGE", { method: "POST", body: form }],
      ["/bot1000%3Asecret/sendMessage", { method: "POST", body: JSON.stringify(params) }],
    ];
    for (const [path, init] of encodings) {
      expect((await ask(path, init)).body.result).toMatchObject({
        chat: { id: ali.id },
        text: "سلام & more",
      });
    }
    expect(bale.calls.all("sendMessage").map(({ encoding }) => encoding)).toEqual([
      "query",
      "form",
      "json",
      "multipart",
      "json",
    ]);
  });

  it("take GET with a JSON body, as the original client sends it", async () => {
    const body = JSON.stringify({ chat_id: String(ali.id) });
    const headers = { ...JSON_HEADERS, "content-length": String(body.length) };
    const answer = await raw("GET", "/bot1000:secret/getChat", headers, body);
    expect(answer.body.result).toMatchObject({ id: ali.id, type: "private" });
    const chunked = await raw(
      "GET",
      "/bot1000:secret/getChat",
      { ...JSON_HEADERS, "transfer-encoding": "chunked" },
      body,
    );
    expect(chunked.body.ok).toBe(true);
  });

  it("take reply_markup as a string inside JSON", async () => {
    const reply_markup = JSON.stringify({ inline_keyboard: [[{ text: "a", callback_data: "b" }]] });
    const body = JSON.stringify({ chat_id: ali.id, text: "k", reply_markup });
    const { body: answer } = await ask("/bot1000:secret/sendMessage", {
      method: "POST",
      headers: JSON_HEADERS,
      body,
    });
    expect(answer.result.reply_markup?.inline_keyboard[0]?.[0]?.text).toBe("a");
  });

  it("mirror error_code in the status: 403 for a wrong token, 404 for a malformed one", async () => {
    expect(await ask("/bot1000:wrong/getMe")).toEqual({
      status: 403,
      body: { ok: false, error_code: 403, description: "Bad Request: Token not found" },
    });
    for (const path of [
      "/botsecret/getMe",
      "/bot1000:secret/nothing",
      "/bot1000:secret/",
      "/bot1000:secret/a/b",
      "/",
    ]) {
      expect(await ask(path), `GET ${path}`).toEqual({
        status: 404,
        body: { ok: false, error_code: 404, description: "Not Found" },
      });
    }
    expect((await raw("DELETE", "/bot1000:secret/getMe", {})).status).toBe(404);
  });

  it("refuse broken bodies with a reason", async () => {
    const post = (type: string, body: string): Promise<Answer> =>
      ask("/bot1000:secret/sendMessage", { method: "POST", headers: { "content-type": type }, body });
    expect((await post("application/json", "{")).body.description).toBe(
      "Bad Request: can't parse JSON object",
    );
    expect((await post("application/json", "[1]")).body.description).toBe(
      "Bad Request: JSON object expected",
    );
    expect((await post("multipart/form-data; boundary=x", "nonsense")).body.description).toContain(
      "multipart",
    );
    expect((await post("multipart/form-data", "nonsense")).status).toBe(400);
  });

  it("refuse JSON too deep to be written again, and keep their log readable", async () => {
    const deep = `{"chat_id":1,"text":"x","extra":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    const { status, body } = await raw("POST", "/bot1000:secret/sendMessage", JSON_TYPE, deep);
    expect([status, body.description]).toEqual([400, "Bad Request: JSON is nested deeper than 500"]);
    expect((await fetch(`${server.url}/emulator/calls`)).status).toBe(200);
  });

  it("refuse bodies above the bound, announced or not", async () => {
    const announced = await raw("POST", "/bot1000:secret/sendMessage", {
      "content-length": String(80 * 1024 * 1024),
    });
    expect(announced.status).toBe(413);
    expect(announced.body.description).toContain("Request Entity Too Large");
  });

  it("answer edits with a null photo in the chat", async () => {
    const params = new URLSearchParams({ chat_id: String(ali.id), text: "one" });
    const sent = await ask(`/bot1000:secret/sendMessage?${params.toString()}`);
    params.set("message_id", String(sent.body.result.message_id));
    const edited = await ask(`/bot1000:secret/editMessageText?${params.toString()}`);
    expect(edited.body.result).toMatchObject({ message_id: 0, chat: { id: ali.id, photo: null } });
    expect(edited.body.result).not.toHaveProperty("text");
  });

  it("hold a long poll until something comes, and let go when the caller does", async () => {
    await ask("/bot1000:secret/getUpdates?offset=2");
    const leave = new AbortController();
    const left = fetch(`${server.url}/bot1000:secret/getUpdates?offset=2&timeout=30`, {
      signal: leave.signal,
    });
    const poll = fetch(`${server.url}/bot1000:secret/getUpdates?offset=2&timeout=30`);
    while (bale.clock.pending < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    leave.abort();
    await expect(left).rejects.toThrow("aborted");
    await ali.sends("news");
    const { result } = (await (await poll).json()) as { result: Update[] };
    expect(result.map(({ message }) => message?.text)).toEqual(["news"]);
  });

  it("let the clock end a long poll", async () => {
    const poll = ask("/bot1000:secret/getUpdates?offset=2&timeout=30");
    while (bale.clock.pending === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await bale.clock.advance(30_000);
    expect((await poll).body).toEqual({ ok: true, result: [] });
  });
});

describe("files over HTTP", () => {
  const bytes = new Uint8Array(5_000).map((_, i) => i % 251);

  it("come in parts named after their parameter and go out by path and by id", async () => {
    const api = createApi({ token: "1000:secret", apiRoot: server.url });
    const message = await api.sendDocument({
      chat_id: ali.id,
      document: new InputFile(bytes, { name: "فایل.bin" }),
    });
    const id = message.document?.file_id ?? "";
    expect(message.document).toMatchObject({ file_name: "فایل.bin", file_size: bytes.length });
    const { file_path } = await api.getFile({ file_id: id });
    for (const path of [file_path ?? "", id, encodeURIComponent(id)]) {
      const response = await fetch(`${server.url}/file/bot1000:secret/${path}`);
      expect(response.headers.get("content-length")).toBe(String(bytes.length));
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    }
    expect(await api.download(id)).toEqual(bytes);
    const head = await fetch(`${server.url}/file/bot1000:secret/${id}`, { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe(String(bytes.length));
    await api.close();
  });

  it("have names of one step, however their slashes are written", async () => {
    for (const name of ["..%2F..%2Fetc%2Fpasswd", "../../etc/passwd", "..%5C..%5Cetc%5Cpasswd"]) {
      const form = new FormData();
      form.append("chat_id", String(ali.id));
      form.append("document", new Blob(["x"]), name);
      const { body } = await ask("/bot1000:secret/sendDocument", { method: "POST", body: form });
      expect(body.result.document?.file_name).toBe("passwd");
    }
  });

  it("by an address that is none are refused", async () => {
    const send = (photo: string): Promise<Answer> => {
      const query = new URLSearchParams({ chat_id: String(ali.id), photo });
      return ask(`/bot1000:secret/sendPhoto?${query.toString()}`);
    };
    for (const photo of ["http://", "https://[", "http://x y/"]) {
      const { status, body } = await send(photo);
      expect([status, body.description]).toEqual([
        400,
        "Bad Request: wrong file identifier/HTTP URL specified",
      ]);
    }
    expect((await send("http://x/%E0%A4%A")).status).toBe(200);
  });

  it("are not given to another token, beyond 20 MB, or when there are none", async () => {
    const { document } = await ali.sendsDocument({ sizeBytes: 20 * 1024 * 1024 + 1 });
    expect((await ask(`/file/bot1000:wrong/${document?.file_id}`)).status).toBe(403);
    expect((await ask(`/file/bot1000:secret/${document?.file_id}`)).body.description).toContain("too big");
    expect((await ask("/file/bot1000:secret/../../etc/passwd")).status).toBe(404);
    expect((await ask("/file/bot1000:secret/none")).status).toBe(404);
  });

  it("take top-level attach:// with a warning, and refuse it when told to", async () => {
    const upload = (): FormData => {
      const form = new FormData();
      form.set("chat_id", String(ali.id));
      form.set("photo", "attach://part0");
      form.set("part0", new Blob([bytes]), "cat.png");
      return form;
    };
    const taken = await ask("/bot1000:secret/sendPhoto", { method: "POST", body: upload() });
    expect(taken.body.result.photo).toHaveLength(2);
    expect(bale.calls.last()?.warnings.join()).toContain("attach://");
    const strict = emulator({ token: "1000:secret", rejectAttach: true });
    const reza = strict.user({ id: ali.id, first_name: "Reza" });
    await reza.sends("/start");
    const { url } = await strict.listen();
    const response = await fetch(`${url}/bot1000:secret/sendPhoto`, { method: "POST", body: upload() });
    expect(response.status).toBe(400);
    await strict.close();
  });

  it("take nested media in the three spellings there are", async () => {
    for (const reference of ["attach://a", "<attach://a>", "a"]) {
      const form = new FormData();
      form.set("chat_id", String(ali.id));
      form.set("media", JSON.stringify([{ type: "photo", media: reference }]));
      form.set("a", new Blob([bytes]), "a.jpg");
      const answer = await ask("/bot1000:secret/sendMediaGroup", { method: "POST", body: form });
      expect(answer.body.result, `as ${reference}`).toMatchObject([
        { photo: [{}, { file_size: bytes.length }] },
      ]);
    }
  });

  it("by id are refused as JSON for stickers and animations, and taken as multipart", async () => {
    const sticker = (await ali.sendsSticker()).sticker?.file_id ?? "";
    const body = JSON.stringify({ chat_id: ali.id, sticker });
    expect(
      (await ask("/bot1000:secret/sendSticker", { method: "POST", headers: JSON_HEADERS, body })).status,
    ).toBe(400);
    const form = new FormData();
    form.set("chat_id", String(ali.id));
    form.set("sticker", sticker);
    expect((await ask("/bot1000:secret/sendSticker", { method: "POST", body: form })).body.ok).toBe(true);
  });

  it("are read from parts typed multipart/form-data without a boundary, as the original client sends them", async () => {
    const photo = (await ali.sendsPhoto()).photo?.at(-1)?.file_id ?? "";
    const part = (name: string, value: string, file = ""): string =>
      `--b\r\nContent-Type: multipart/form-data\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;
    const post = (body: string): Promise<Answer> =>
      ask("/bot1000:secret/SendPhoto", {
        method: "POST",
        headers: { "content-type": "multipart/form-data; boundary=b" },
        body: `${part("chat_id", String(ali.id))}${body}--b--\r\n`,
      });
    expect((await post(part("photo", photo))).body.result.photo?.[1]?.file_id).toBe(photo);
    const named = await ask("/bot1000:secret/sendDocument", {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      body: `${part("chat_id", String(ali.id))}${part("document", "bytes", '; filename="%D8%B3.txt"')}--b--\r\n`,
    });
    expect(named.body.result.document).toMatchObject({ file_name: "س.txt", file_size: 5 });
  });
});

describe("the Business API", () => {
  it("has seven methods, private chats and file ids only", async () => {
    const post = (method: string, params: object): Promise<Answer> =>
      ask(`/business/bot1000:secret/${method}`, {
        method: "POST",
        headers: JSON_HEADERS,
        body: JSON.stringify(params),
      });
    expect((await post("sendMessage", { chat_id: ali.id, text: "hi" })).body.ok).toBe(true);
    expect((await post("sendChatAction", { chat_id: ali.id, action: "typing" })).status).toBe(404);
    const group = bale.group({ title: "Family" });
    expect((await post("sendMessage", { chat_id: group.id, text: "hi" })).body.description).toContain(
      "unsupported peer",
    );
    const photo = (await ali.sendsPhoto()).photo?.at(-1)?.file_id;
    expect((await post("sendPhoto", { chat_id: ali.id, photo })).body.ok).toBe(true);
    const form = new FormData();
    form.set("chat_id", String(ali.id));
    form.set("photo", new Blob(["x"]), "a.jpg");
    const upload = await ask("/business/bot1000:secret/sendPhoto", { method: "POST", body: form });
    expect(upload.body.description).toContain("file_id only");
    expect(bale.calls.last()?.business).toBe(true);
  });
});

describe("faults over HTTP", () => {
  async function faulty(
    kind: Parameters<Emulator["fault"]>[0]["kind"],
    retry_after?: number,
  ): Promise<Response> {
    bale.fault({ kind, retry_after });
    return fetch(`${server.url}/bot1000:secret/getMe`);
  }

  it("spoil the answer", async () => {
    expect(await (await faulty("429", 3)).json()).toMatchObject({
      error_code: 429,
      parameters: { retry_after: 3 },
    });
    expect(await (await faulty("429")).json()).not.toHaveProperty("parameters");
    const text = await faulty("429-text");
    expect([text.status, await text.text()]).toEqual([429, "local_rate_limited"]);
    for (const [kind, status] of [
      ["500-html", 500],
      ["502-html", 502],
    ] as const) {
      const html = await faulty(kind);
      expect([html.status, html.headers.get("content-type")]).toEqual([status, "text/html; charset=utf-8"]);
      expect(await html.text()).toContain("<html>");
    }
    const notOk = await faulty("200-not-ok");
    expect([notOk.status, await notOk.json()]).toMatchObject([200, { ok: false }]);
    const truncated = await (await faulty("truncated-json")).text();
    expect(truncated).toMatch(/^\{"ok":true/);
    expect(() => JSON.parse(truncated) as unknown).toThrow(SyntaxError);
  });

  it("cut the connection before or after the work", async () => {
    const send = (text: string): Promise<Response> =>
      fetch(
        `${server.url}/bot1000:secret/sendMessage?${new URLSearchParams({ chat_id: String(ali.id), text }).toString()}`,
      );
    bale.fault({ kind: "reset-before", method: "sendMessage" });
    await expect(send("before")).rejects.toThrow("fetch failed");
    bale.fault({ kind: "reset-after", method: "sendMessage" });
    await expect(send("after")).rejects.toThrow("fetch failed");
    expect(ali.inbox.texts).toEqual(["after"]);
  });

  it("hang until the caller leaves", async () => {
    bale.fault({ kind: "hang" });
    const asked = fetch(`${server.url}/bot1000:secret/getMe`, { signal: AbortSignal.timeout(50) });
    await expect(asked).rejects.toThrow("timeout");
    expect((await ask("/bot1000:secret/getMe")).body.ok).toBe(true);
  });

  it("bring an update twice", async () => {
    bale.fault({ kind: "duplicate" });
    await ali.sends("twice");
    const texts: unknown[] = [];
    for (const offset of [2, 3, 3]) {
      const { result } = (await ask(`/bot1000:secret/getUpdates?offset=${offset}`)).body as unknown as {
        result: Update[];
      };
      texts.push(result.map(({ update_id }) => update_id));
    }
    expect(texts).toEqual([[2], [2], []]);
  });
});

describe("safety over HTTP", () => {
  it("refuses a Host that is not this machine, and a page of another origin", async () => {
    const foreign = await raw("GET", "/bot1000:secret/getMe", { host: "evil.example" });
    expect([foreign.status, foreign.body.description]).toEqual([
      403,
      expect.stringContaining('Host "evil.example"'),
    ]);
    for (const origin of ["https://evil.example", "null"]) {
      const { status, body } = await raw("GET", "/emulator/users", { origin });
      expect([status, body]).toEqual([
        403,
        { error: `Refused: the Origin "${origin}" is not this machine.` },
      ]);
    }
    for (const host of ["localhost", "127.0.0.1:1", "[::1]:8080", "bale.localhost"]) {
      expect((await raw("GET", "/bot1000:secret/getMe", { host })).status).toBe(200);
    }
    expect((await raw("GET", "/bot1000:secret/getMe", { origin: server.url })).status).toBe(200);
  });

  it("refuses images and links of another site, which carry no Origin", async () => {
    const foreign = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    const path = `/bot1000:secret/sendMessage?chat_id=${ali.id}&text=hello`;
    expect((await raw("GET", path, foreign)).status).toBe(403);
    expect(ali.inbox.length).toBe(0);
    for (const site of ["same-origin", "none"]) {
      expect((await raw("GET", path, { "sec-fetch-site": site })).status).toBe(200);
    }
  });

  it("allows the names it is told to", async () => {
    const open = emulator({ token: "1000:secret", allowedHosts: ["bale.test"] });
    server = await open.listen();
    expect((await raw("GET", "/bot1000:secret/getMe", { host: "bale.test:80" })).status).toBe(200);
    const page = { host: "bale.test:80", origin: "http://bale.test:80" };
    expect((await raw("GET", "/bot1000:secret/getMe", page)).status).toBe(200);
    await open.close();
  });

  it("refuses pages of other origins even when it is opened wider", async () => {
    const wide = emulator({ token: "1000:secret" });
    server = await wide.listen({ host: "0.0.0.0" });
    expect(server.url).toContain("127.0.0.1");
    expect((await raw("GET", "/bot1000:secret/getMe", { host: "bale.lan" })).status).toBe(200);
    const foreign = { host: "bale.lan", origin: "https://evil.example" };
    expect((await raw("GET", "/emulator/users", foreign)).status).toBe(403);
    await wide.close();
  });

  it("survives bytes that are no HTTP", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, "127.0.0.1", () => socket.end("\u0000nonsense\r\n\r\n"));
      socket.on("error", () => undefined);
      socket.on("close", () => resolve());
      socket.resume();
    });
    expect((await ask("/bot1000:secret/getMe")).body.ok).toBe(true);
  });
});
