import { createServer as createNetServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { Agent, MockAgent } from "undici";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Api, type ApiOptions, createApi } from "../src/api.js";
import type { CallOptions } from "../src/call.js";
import {
  ApiError,
  DecodeError,
  InvalidTokenError,
  NetworkError,
  NotFoundError,
  ServerError,
  TimeoutError,
} from "../src/errors.js";
import { http } from "../src/http.js";
import { InputFile } from "../src/input-file.js";
import {
  CERTIFICATE,
  comes,
  envelope,
  loopback,
  plain,
  refuse,
  rejection,
  stopTime,
  TOKEN,
} from "./loopback.js";

function apiAt(apiRoot: string, options: Partial<ApiOptions> = {}): Api {
  const api = createApi({ token: TOKEN, apiRoot, ...options });
  onTestFinished(() => api.close());
  return api;
}

/** A server of bare sockets, for answers node:http would not send. */
async function bareServer(onData: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createNetServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => onData(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe("a plain call", () => {
  test("is one POST of JSON to /bot<token>/<method>, and gives the result", async () => {
    const bale = await loopback(() => envelope({ message_id: 7 }));
    const markup = { inline_keyboard: [[{ text: "سلام", callback_data: "x" }]] };
    const sent = await apiAt(bale.url).sendMessage({ chat_id: 5, text: "سلام 👋", reply_markup: markup });
    expect(sent).toEqual({ message_id: 7 });
    expect(bale.arrived).toHaveLength(1);
    const [arrived] = bale.arrived;
    expect(arrived).toMatchObject({ verb: "POST", path: `/bot${TOKEN}/sendMessage` });
    expect(arrived?.headers["content-type"]).toBe("application/json");
    expect(arrived?.headers["content-length"]).toBe(String(arrived?.body.length));
    expect(arrived?.json).toEqual({ chat_id: 5, text: "سلام 👋", reply_markup: markup });
  });

  test("without parameters posts an empty object", async () => {
    const bale = await loopback(() => envelope({ id: 1 }));
    await apiAt(bale.url).getMe();
    expect(bale.arrived[0]).toMatchObject({ verb: "POST", text: "{}" });
  });

  test("leaves undefined out and asks toJSON of builders", async () => {
    const bale = await loopback();
    const reply_markup = { inline_keyboard: [], toJSON: () => ({ inline_keyboard: [[{ text: "a" }]] }) };
    await apiAt(bale.url).sendMessage({
      chat_id: 1,
      text: "x",
      reply_to_message_id: undefined,
      reply_markup,
    });
    expect(bale.arrived[0]?.json).toEqual({
      chat_id: 1,
      text: "x",
      reply_markup: { inline_keyboard: [[{ text: "a" }]] },
    });
  });

  test("that JSON cannot express is refused before it is sent", async () => {
    const bale = await loopback();
    const error = await rejection(apiAt(bale.url).call("sendMessage", { chat_id: 10n, text: "x" }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: "ERR_BALE_PARAMS", message: expect.stringContaining("sendMessage") });
    expect(bale.arrived).toHaveLength(0);
  });

  test("goes out 200 times over a bounded number of sockets", async () => {
    const bale = await loopback(({ json }) => envelope((json as { chat_id: number }).chat_id));
    const api = apiAt(bale.url, { connections: 4 });
    const ids = Array.from({ length: 200 }, (_, index) => index);
    const answers = await Promise.all(ids.map((chat_id) => api.call("sendMessage", { chat_id, text: "x" })));
    expect(answers).toEqual(ids);
    expect(bale.sockets.size).toBeLessThanOrEqual(4);
  });

  test("goes over TLS, through a dispatcher of the user's that stays open", async () => {
    const bale = await loopback(() => envelope({ id: 1 }), true);
    const dispatcher = new Agent({ connect: { ca: CERTIFICATE } });
    const api = apiAt(bale.url, { dispatcher });
    expect(await api.getMe()).toEqual({ id: 1 });
    await api.close();
    expect(await api.getMe()).toEqual({ id: 1 });
    await dispatcher.close();
  });

  test("to a server with a certificate nobody knows fails with a NetworkError, and nothing was sent", async () => {
    const bale = await loopback(() => envelope(true), true);
    const error = await rejection(apiAt(bale.url).getMe());
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({
      maybeSent: false,
      message: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
    });
    expect(bale.arrived).toHaveLength(0);
  });

  test("works through undici's MockAgent too", async () => {
    const dispatcher = new MockAgent();
    dispatcher.disableNetConnect();
    dispatcher
      .get("http://bale.test")
      .intercept({ path: `/bot${TOKEN}/getMe`, method: "POST" })
      .reply(200, { ok: true, result: { id: 3 } });
    expect(await apiAt("http://bale.test", { dispatcher }).getMe()).toEqual({ id: 3 });
  });
});

describe("apiRoot", () => {
  test.each(["", "/", "//"])("may end in %j", async (end) => {
    const bale = await loopback();
    await apiAt(bale.url + end).getMe();
    expect(bale.arrived[0]?.path).toBe(`/bot${TOKEN}/getMe`);
  });

  test("may have a path, which files share", async () => {
    const bale = await loopback((arrived, response) =>
      arrived.path.includes("/file/")
        ? plain(response, 200, "bytes")
        : envelope({ file_id: "a", file_path: "d/a.txt" }),
    );
    const api = apiAt(`${bale.url}/gate/way/`);
    await api.download("a");
    expect(bale.arrived.map(({ path }) => path)).toEqual([
      `/gate/way/bot${TOKEN}/getFile`,
      `/gate/way/file/bot${TOKEN}/d/a.txt`,
    ]);
  });

  test.each([
    "tapi.bale.ai",
    "ftp://tapi.bale.ai",
    "",
    "https://user:word@tapi.bale.ai",
    "https://tapi.bale.ai/?x=1",
    "https://tapi.bale.ai/#x",
  ])("%j is refused", (apiRoot) => {
    const make = (): unknown => createApi({ token: TOKEN, apiRoot });
    expect(make).toThrow(TypeError);
    expect(make).toThrow(/apiRoot/);
    expect(make).not.toThrow(/word/);
  });

  test("comes from BALE_API_ROOT when it is not given", async () => {
    const bale = await loopback();
    process.env["BALE_API_ROOT"] = bale.url;
    onTestFinished(() => {
      delete process.env["BALE_API_ROOT"];
    });
    const api = createApi({ token: TOKEN });
    onTestFinished(() => api.close());
    await api.getMe();
    expect(bale.arrived).toHaveLength(1);
  });

  test("fileRoot may be elsewhere", async () => {
    const files = await loopback((_, response) => plain(response, 200, "elsewhere"));
    const bale = await loopback(() => envelope({ file_id: "a", file_path: "a" }));
    const api = apiAt(bale.url, { fileRoot: `${files.url}/f` });
    expect(Buffer.from(await api.download("a")).toString()).toBe("elsewhere");
    expect(files.arrived[0]?.path).toBe(`/f/bot${TOKEN}/a`);
  });
});

describe("the token", () => {
  test("that is missing is told at the first call, with where to get one", async () => {
    for (const token of [undefined, ""]) {
      const error = await rejection(createApi({ token, apiRoot: "http://127.0.0.1:1" }).getMe());
      expect(error).toBeInstanceOf(InvalidTokenError);
      expect((error as Error).message).toMatch(/@botfather.*BALE_TOKEN.*playground/);
    }
  });

  test.each(["abc", "123", "123:", ":abc", "123:a b", "123:abc/../x", "123:abc\n", "<token>"])(
    "%j is refused at once, without being printed",
    (token) => {
      const make = (): unknown => createApi({ token });
      expect(make).toThrow(InvalidTokenError);
      expect(make).toThrow(/@botfather|white space/);
      if (token.length > 4) expect(make).not.toThrow(token);
    },
  );

  test.each(["1000:secret", TOKEN])("%s is taken", (token) => {
    expect(() => createApi({ token })).not.toThrow();
  });
});

describe("an answer that is no", () => {
  test("throws the typed error with everything Bale said", async () => {
    const bale = await loopback((_, response) => refuse(response, 404, "Bad Request: no such group or user"));
    const error = await rejection(apiAt(bale.url).sendMessage({ chat_id: 5, text: "hi" }));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({
      method: "sendMessage",
      code: "ERR_BALE_NOT_FOUND",
      errorCode: 404,
      description: "Bad Request: no such group or user",
      params: { chat_id: 5, text: "hi" },
    });
  });

  test("200 {ok:false} throws", async () => {
    const bale = await loopback(() => ({ ok: false, description: "odd" }));
    expect(await rejection(apiAt(bale.url).getMe())).toBeInstanceOf(ApiError);
  });

  test("an HTML page of a proxy throws a ServerError with its words", async () => {
    const bale = await loopback((_, response) =>
      plain(response, 502, "<html><h1>502 Bad Gateway</h1></html>"),
    );
    const error = await rejection(apiAt(bale.url).getMe());
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ description: "502 Bad Gateway" });
  });

  test("HTML with 200 throws a DecodeError", async () => {
    const bale = await loopback((_, response) => plain(response, 200, "<html>10.10.34.35</html>"));
    expect(await rejection(apiAt(bale.url).getMe())).toBeInstanceOf(DecodeError);
  });

  test("the stub an edit answers with is given as it is: message_id 0, without nulls", async () => {
    const bale = await loopback((_, response) =>
      plain(
        response,
        200,
        '{"ok":true,"result":{"message_id":0,"date":1,"chat":{"id":5,"type":"private","photo":null},"edit_date":2}}',
        "application/json",
      ),
    );
    expect(await apiAt(bale.url).editMessageText({ chat_id: 5, message_id: 9, text: "x" })).toStrictEqual({
      message_id: 0,
      date: 1,
      chat: { id: 5, type: "private" },
      edit_date: 2,
    });
  });

  test("a Persian letter cut in two by the network stays whole", async () => {
    const body = Buffer.from(JSON.stringify({ ok: true, result: "سلام دنیا" }));
    const bale = await loopback(async (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      for (const byte of body) {
        response.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    expect(await apiAt(bale.url).call("getMe")).toBe("سلام دنیا");
  });
});

describe("a connection that fails", () => {
  test("before it stands: nothing was sent", async () => {
    const error = await rejection(apiAt("http://127.0.0.1:1").sendMessage({ chat_id: 1, text: "x" }));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ method: "sendMessage", maybeSent: false, cause: { code: "ECONNREFUSED" } });
  });

  test("to a name nobody knows: nothing was sent", async () => {
    const error = await rejection(apiAt("http://no-such-host.invalid").getMe());
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ maybeSent: false });
  });

  test("after the request left: its fate is unknown", async () => {
    const url = await bareServer((socket) => socket.destroy());
    const error = await rejection(apiAt(url).sendMessage({ chat_id: 1, text: "x" }));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ maybeSent: true, message: expect.stringContaining("unknown") });
  });

  test("in the middle of the answer: its fate is unknown", async () => {
    const url = await bareServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"ok":true');
      setImmediate(() => socket.destroy());
    });
    expect(await rejection(apiAt(url).getMe())).toMatchObject({ name: "NetworkError", maybeSent: true });
  });

  test("with an answer that is not HTTP is a NetworkError", async () => {
    const url = await bareServer((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    expect(await rejection(apiAt(url).getMe())).toBeInstanceOf(NetworkError);
  });

  test("does not spoil the next call", async () => {
    let broken = true;
    const bale = await loopback((_, response) => {
      if (!broken) return envelope(1);
      broken = false;
      response.socket?.destroy();
      return undefined;
    });
    const api = apiAt(bale.url);
    expect(await rejection(api.getMe())).toBeInstanceOf(NetworkError);
    expect(await api.call("getMe")).toBe(1);
  });
});

describe("a deadline", () => {
  const silent = (): undefined => undefined;

  test("passes: TimeoutError, and the socket is closed", async () => {
    const bale = await loopback(silent);
    stopTime();
    const failing = rejection(apiAt(bale.url, { timeoutMs: 40 }).sendMessage({ chat_id: 1, text: "x" }));
    await comes(() => bale.arrived.length === 1);
    vi.advanceTimersByTime(40);
    const error = await failing;
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ method: "sendMessage", timeoutMs: 40, maybeSent: true });
    // undici may open a fresh socket in its place; the request must not travel again.
    await expect.poll(() => [...bale.sockets][0]?.destroyed).toBe(true);
    expect(bale.arrived).toHaveLength(1);
  });

  test("of one call overrides the api's", async () => {
    const bale = await loopback(silent);
    const error = await rejection(apiAt(bale.url).getMe({}, { timeoutMs: 20 }));
    expect(error).toMatchObject({ name: "TimeoutError", timeoutMs: 20 });
  });

  test("passes while the call waits for a free socket: nothing was sent", async () => {
    const bale = await loopback(silent);
    const api = apiAt(bale.url, { connections: 1 });
    stopTime();
    const first = rejection(api.getMe({}, { timeoutMs: 60_000 }));
    await comes(() => bale.arrived.length === 1);
    const before = vi.getTimerCount();
    const second = rejection(api.getMe({}, { timeoutMs: 30 }));
    await comes(() => vi.getTimerCount() > before);
    vi.advanceTimersByTime(30);
    expect(await second).toMatchObject({ name: "TimeoutError", maybeSent: false });
    vi.advanceTimersByTime(60_000);
    await first;
    expect(bale.arrived).toHaveLength(1);
  });

  test("counts the whole answer: a body that trickles does not stretch it", async () => {
    const bale = await loopback((_, response) => {
      response.writeHead(200);
      const trickle = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(trickle));
      return undefined;
    });
    expect(await rejection(apiAt(bale.url, { timeoutMs: 100 }).getMe())).toBeInstanceOf(TimeoutError);
  });

  test("of getUpdates is longer by the timeout asked of Bale", async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const bale = await loopback(async () => {
      await held;
      return envelope([]);
    });
    stopTime();
    const polling = apiAt(bale.url, { timeoutMs: 100 }).getUpdates({ timeout: 1 });
    await comes(() => bale.arrived.length === 1);
    vi.advanceTimersByTime(1_099);
    release();
    expect(await polling).toEqual([]);
  });

  test("that is no number of milliseconds is refused", async () => {
    expect(() => createApi({ token: TOKEN, timeoutMs: -1 })).toThrow(TypeError);
    const bale = await loopback();
    expect(await rejection(apiAt(bale.url).getMe({}, { timeoutMs: Number.NaN }))).toBeInstanceOf(TypeError);
  });
});

describe("an AbortSignal", () => {
  test("aborted before: nothing is sent, the reason is thrown", async () => {
    const bale = await loopback();
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    expect(await rejection(apiAt(bale.url).getMe({}, { signal }))).toBe(reason);
    expect(bale.arrived).toHaveLength(0);
  });

  test("aborted while the first call still opens its sockets: nothing is sent, the reason is thrown", async () => {
    const bale = await loopback();
    const reason = new Error("changed my mind");
    for (const act of [
      (signal: AbortSignal) => apiAt(bale.url).getMe({}, { signal }),
      (signal: AbortSignal) =>
        apiAt(bale.url).undocumented.sendSticker({ chat_id: 1, sticker: "1:2" }, { signal }),
      (signal: AbortSignal) => http({ token: TOKEN, apiRoot: bale.url }).download("a/b", { signal }),
    ]) {
      const stop = new AbortController();
      const call = rejection(act(stop.signal));
      stop.abort(reason);
      expect(await call).toBe(reason);
    }
    expect(bale.arrived).toEqual([]);
  });

  test("aborted while waiting: the reason is thrown at once and the socket let go", async () => {
    const bale = await loopback(() => undefined);
    const controller = new AbortController();
    const rejected = rejection(apiAt(bale.url).getMe({}, { signal: controller.signal }));
    await expect.poll(() => bale.arrived.length).toBe(1);
    controller.abort("stop");
    expect(await rejected).toBe("stop");
    // undici may open a fresh socket in its place; the request must not travel again.
    await expect.poll(() => [...bale.sockets][0]?.destroyed).toBe(true);
    expect(bale.arrived).toHaveLength(1);
  });

  test("is let go of after each call: a long-lived one gathers no listeners", async () => {
    const bale = await loopback();
    const { signal } = new AbortController();
    let listeners = 0;
    const counting: CallOptions = {
      signal: new Proxy(signal, {
        get(target, key) {
          if (key === "addEventListener") return () => void listeners++;
          if (key === "removeEventListener") return () => void listeners--;
          const value: unknown = Reflect.get(target, key);
          return typeof value === "function" ? value.bind(target) : value;
        },
      }),
    };
    const api = apiAt(bale.url);
    for (let i = 0; i < 20; i++) await api.getMe({}, counting);
    expect(listeners).toBe(0);
  });
});

test("close waits for calls under way, and a later call opens sockets again", async () => {
  const bale = await loopback(async () => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    return envelope(1);
  });
  const api = apiAt(bale.url);
  const under = api.call("getMe");
  await expect.poll(() => bale.arrived.length).toBe(1);
  const closing = api.close();
  expect(api.isClosed()).toBe(true);
  expect(await under).toBe(1);
  await closing;
  await expect.poll(() => [...bale.sockets].every((socket) => socket.readableEnded)).toBe(true);
  expect(await api.call("getMe")).toBe(1);
  expect(api.isClosed()).toBe(false);
});

test("close right after the first call does not lose it", async () => {
  const bale = await loopback(() => envelope(1));
  const api = apiAt(bale.url);
  const under = api.call("getMe");
  await api.close();
  expect(await under).toBe(1);
});

test("close waits for an upload that still looks at its files", async () => {
  const bale = await loopback();
  const api = createApi({ token: TOKEN, apiRoot: bale.url });
  await api.call("getMe");
  const path = fileURLToPath(import.meta.url);
  const upload = api.sendDocument({ chat_id: 1, document: new InputFile(path) });
  const closed = api.close();
  expect(await upload).toBe(true);
  await closed;
  expect(bale.arrived).toHaveLength(2);
});

test("options that make no sense are refused when the transport is made", () => {
  expect(() => http({ connections: 0 })).toThrow(TypeError);
  expect(() => http({ proxy: "socks5://127.0.0.1" })).toThrow(/proxy/);
  expect(() => http({ attachReference: "curly" as "plain" })).toThrow(/attachReference/);
});
