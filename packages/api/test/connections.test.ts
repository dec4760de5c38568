import { createServer, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createApi } from "../src/api.js";
import { Connections } from "../src/connections.js";
import { envelope, loopback, rejection, TOKEN } from "./loopback.js";

/** An HTTP proxy that tunnels to one address whatever is asked of it, and writes down what was asked. */
async function proxy(port: number): Promise<{ url: string; asked: string[]; authorizations: unknown[] }> {
  const asked: string[] = [];
  const authorizations: unknown[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    asked.push(request.url ?? "");
    authorizations.push(request.headers["proxy-authorization"]);
    sockets.add(socket);
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) end.on("error", () => {});
    sockets.add(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, asked, authorizations };
}

const NAMES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];
const kept = new Map<string, string | undefined>();
beforeEach(() => {
  for (const name of NAMES) {
    kept.set(name, process.env[name]);
    delete process.env[name];
  }
});
afterEach(() => {
  for (const [name, value] of kept) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

async function callThrough(apiRoot: string, options: { proxy?: string | false } = {}): Promise<unknown> {
  const api = createApi({ token: TOKEN, apiRoot, ...options });
  onTestFinished(() => api.close());
  return api.call("getMe");
}

describe("a proxy", () => {
  test("given as an option carries the call, with its user and password", async () => {
    const bale = await loopback(() => envelope("through"));
    const via = await proxy(bale.port);
    const address = via.url.replace("//", "//user:word@");
    expect(await callThrough("http://bale.test:80", { proxy: address })).toBe("through");
    expect(via.asked).toEqual(["bale.test:80"]);
    expect(via.authorizations).toEqual([`Basic ${Buffer.from("user:word").toString("base64")}`]);
  });

  test.each(["HTTP_PROXY", "http_proxy", "HTTPS_PROXY"])("named in %s carries the call", async (name) => {
    const bale = await loopback(() => envelope("through"), name === "HTTPS_PROXY");
    const via = await proxy(bale.port);
    process.env[name] = via.url;
    if (name === "HTTPS_PROXY") {
      // The tunnel stands; the certificate of the test server is not for bale.test.
      const error = await rejection(callThrough("https://bale.test"));
      expect(error).toMatchObject({ code: "ERR_BALE_NETWORK", maybeSent: false });
      expect(via.asked[0]).toBe("bale.test:443");
    } else {
      expect(await callThrough("http://bale.test")).toBe("through");
      expect(via.asked).toEqual(["bale.test:80"]);
    }
  });

  test("of the environment is passed by for NO_PROXY, for this machine, and with proxy: false", async () => {
    const bale = await loopback(() => envelope("direct"));
    const via = await proxy(bale.port);
    process.env["HTTP_PROXY"] = via.url;
    expect(await callThrough(bale.url)).toBe("direct");
    expect(await callThrough(`http://localhost:${bale.port}`).catch(() => "direct")).toBe("direct");
    process.env["NO_PROXY"] = "bale.test";
    expect(await rejection(callThrough("http://bale.test"))).toMatchObject({ code: "ERR_BALE_NETWORK" });
    delete process.env["NO_PROXY"];
    expect(await rejection(callThrough("http://bale.test", { proxy: false }))).toMatchObject({
      code: "ERR_BALE_NETWORK",
    });
    expect(via.asked).toEqual([]);
  });

  test("of the environment may be written without a scheme, as curl takes it", async () => {
    const bale = await loopback(() => envelope("through"));
    const via = await proxy(bale.port);
    process.env["HTTP_PROXY"] = via.url.replace("http://", "user:word@");
    expect(await callThrough("http://bale.test")).toBe("through");
    expect(via.authorizations).toEqual([`Basic ${Buffer.from("user:word").toString("base64")}`]);
  });

  test.each(["HTTPS_PROXY", "http_proxy"])(
    "of the environment that is none is told by its name, %s, without its password",
    async (name) => {
      for (const value of ["not an address hunter2", "socks5://user:hunter2@127.0.0.1:1"]) {
        process.env[name] = value;
        const error = (await rejection(callThrough("https://bale.test"))) as Error;
        expect(error).toMatchObject({ name: "TypeError", code: "ERR_BALE_OPTION" });
        expect(error.message).toContain(`${name}: the environment names no http or https address`);
        expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain("hunter2");
      }
    },
  );

  test("that is not there is a NetworkError that shows no password, and nothing was sent", async () => {
    const error = (await rejection(
      callThrough("http://bale.test", { proxy: "http://user:hunter2@127.0.0.1:1" }),
    )) as Error;
    expect(error).toMatchObject({ code: "ERR_BALE_NETWORK", maybeSent: false });
    expect(JSON.stringify([error.message, error.stack, String(error.cause)])).not.toContain("hunter2");
  });
});

test("a dispatcher is made once an origin, also when many ask at once", async () => {
  const connections = new Connections({});
  const origin = "http://127.0.0.1:9";
  const [first, second] = await Promise.all([connections.open(origin), connections.open(origin)]);
  expect(first).toBe(second);
  expect(connections.ready(origin)).toBe(first);
  expect(await connections.open("http://127.0.0.1:10")).not.toBe(first);
  await connections.close();
  expect(connections.ready(origin)).toBeUndefined();
});
