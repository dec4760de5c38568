import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { createApi } from "../src/api.js";
import { InputFile } from "../src/input-file.js";
import { loopback, refuse, rejection } from "./loopback.js";

const tokens = fc
  .tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.stringMatching(/^[A-Za-z0-9_-]{20,45}$/))
  .map(([id, secret]) => `${id}:${secret}`);

/** Everything a program could print of a value: message, stack, fields, hidden fields, causes, JSON. */
function everything(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== "object" || value === null || seen.has(value)) return String(value);
  seen.add(value);
  const parts = [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    Object.prototype.toString.call(value),
  ];
  try {
    parts.push(JSON.stringify(value));
  } catch {
    // Not every cause is JSON; what it holds is read below.
  }
  for (const key of Reflect.ownKeys(value))
    parts.push(everything((value as Record<PropertyKey, unknown>)[key], seen));
  return parts.join("\n");
}

function expectNoToken(value: unknown, token: string): void {
  const secret = token.slice(token.indexOf(":") + 1);
  const printed = everything(value);
  for (const form of [secret, secret.toUpperCase(), encodeURIComponent(token)])
    expect(printed).not.toContain(form);
}

/** Ways of a hostile server to give the token back. */
const echoes: readonly ((url: string, token: string) => [status: number, type: string, body: string])[] = [
  (url) => [404, "text/html", `<html><title>404</title>The requested URL ${url} was not found</html>`],
  (url) => [200, "text/html", `<html>blocked: ${url}</html>`],
  (url, token) => [
    403,
    "application/json",
    JSON.stringify({ ok: false, error_code: 403, description: `${token} ${url}` }),
  ],
  (url) => [500, "text/plain", url],
  (_, token) => [400, "application/json", `{"ok":false,"description":"${encodeURIComponent(token)}"}`],
  (_, token) => [400, "application/json", `{"ok":false,"description":"${token.toUpperCase()}"}`],
  (_, token) => [200, "application/json", `{"ok":true,"result":{"x":"${token}`],
  (_, token) => [200, "application/json", `"${token.replace(":", "%3A")}"`],
  (_, token) => [
    429,
    "application/json",
    `{"ok":false,"description":"${token.split(":")[1]}","parameters":{"retry_after":1}}`,
  ],
  (_, token) => [502, "text/html", `${"<p>".repeat(7000)}${token}`],
  (_, token) => [500, "text/plain", `${"x".repeat(199)}${token}`],
  (_, token) => [500, "application/json", JSON.stringify({ message: `${"y".repeat(995)}${token}` })],
];

test("the token is in nothing an error shows, whatever the server echoes", async () => {
  let echo = echoes[0] as (typeof echoes)[number];
  let token = "";
  const bale = await loopback(({ path }, response) => {
    const [status, type, body] = echo(`http://127.0.0.1${path}`, token);
    response.writeHead(status, { "content-type": type });
    response.end(body);
  });
  await fc.assert(
    fc.asyncProperty(tokens, fc.constantFrom(...echoes), fc.boolean(), async (aToken, anEcho, isDownload) => {
      token = aToken;
      echo = anEcho;
      const api = createApi({ token, apiRoot: bale.url });
      try {
        const file = { file_id: "1", file_path: `x/${token}` };
        const call = isDownload
          ? api.download(file).then(() => Promise.reject(new Error("read")))
          : api.sendMessage({ chat_id: 1, text: `my token is ${token}`, [token]: token });
        expectNoToken(await rejection(call), token);
      } finally {
        await api.close();
      }
    }),
    { numRuns: 60 },
  );
});

describe("the token is in nothing an error shows", () => {
  const TOKEN = "55555:abcdefghijklmnopqrstuvwxyzABCDEF_-0";

  test("when the connection fails in any way", async () => {
    const { createServer } = await import("node:net");
    const answers = [
      "",
      "garbage",
      `HTTP/1.1 200 OK\r\nx: \u0000${TOKEN}\r\n\r\n`,
      `${TOKEN} is not HTTP\r\n\r\n`,
    ];
    for (const answer of answers) {
      const server = createServer((socket) => {
        socket.on("error", () => {});
        socket.once("data", (data) =>
          answer === "" ? socket.end() : socket.end(`${answer}${data.toString()}`),
        );
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as { port: number };
      const api = createApi({ token: TOKEN, apiRoot: `http://127.0.0.1:${port}` });
      expectNoToken(await rejection(api.getMe()), TOKEN);
      expectNoToken(await rejection(api.download({ file_id: "1", file_path: "a" })), TOKEN);
      await api.close();
      server.close();
    }
    const nobody = createApi({ token: TOKEN, apiRoot: "http://127.0.0.1:1" });
    expectNoToken(await rejection(nobody.getMe()), TOKEN);
    expectNoToken(await rejection(nobody.download("1")), TOKEN);
  });

  test("when the call never leaves", async () => {
    const api = createApi({ token: TOKEN, apiRoot: "http://127.0.0.1:1" });
    const photo = new InputFile(`/nowhere/${TOKEN}`);
    expectNoToken(await rejection(api.call("sendMessage", { chat_id: 1n, text: TOKEN })), TOKEN);
    const error = await rejection(api.sendPhoto({ chat_id: 1, photo }));
    expect(error).toMatchObject({ code: "ERR_BALE_FILE" });
  });

  test("when a server's file path holds it", async () => {
    const token = "123456789:AbCdEfGhIjKlMnOpQrStUvWxYz";
    for (const file_path of [`../../bot${token}/getMe`, `https://evil.example/${token}`, `bot${token}/x`]) {
      const bale = await loopback((_, response) => refuse(response, 404, "Not Found"));
      const api = createApi({ token, apiRoot: bale.url });
      onTestFinished(() => api.close());
      expectNoToken(await rejection(api.download({ file_id: "1:2", file_path })), token);
    }
  });

  test("and in nothing an api shows of itself", () => {
    const api = createApi({ token: TOKEN });
    onTestFinished(() => api.close());
    void api.undocumented;
    expectNoToken(api, TOKEN);
    expectNoToken(api.with(), TOKEN);
  });
});

test("secrets, long texts and files are not in an error's params", async () => {
  const bale = await loopback((_, response) => {
    response.statusCode = 400;
    return { ok: false, error_code: 400, description: "no" };
  });
  const api = createApi({ token: "1000:abcdefghijkl", apiRoot: bale.url });
  onTestFinished(() => api.close());
  const cyclic: Record<string, unknown> = {
    list: Array.from({ length: 60 }, (_, index) => index),
    f: () => 1,
  };
  const contact = await rejection(
    api.sendContact({ chat_id: 1, phone_number: "989121234567", first_name: "A" }),
  );
  expect(contact).toMatchObject({ params: { phone_number: "[hidden]", first_name: "A" } });
  const params = {
    chat_id: 1,
    provider_token: "WALLET-TEST-1",
    text: "😀".repeat(300),
    document: new InputFile("/etc/hosts"),
    cyclic,
  };
  const error = (await rejection(api.call("sendDocument", params))) as { params: Record<string, unknown> };
  expect(error.params).toMatchObject({ provider_token: "[hidden]", document: "InputFile(hosts)" });
  expect(error.params["text"]).toBe(`${"😀".repeat(50)}… (500 more)`);
  expect((error.params["cyclic"] as { list: unknown[] }).list.at(-1)).toBe("[… 10 more]");
  expect(() => JSON.stringify(error)).not.toThrow();
});
