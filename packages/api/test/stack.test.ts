import { afterEach, describe, expect, test } from "vitest";
import { createApi } from "../src/api.js";
import { InputFile } from "../src/input-file.js";
import { retry } from "../src/retry.js";
import { loopback, refuse, rejection, TOKEN } from "./loopback.js";

const HERE = /stack\.test\.ts:\d+:\d+/;

function frames(error: unknown): string[] {
  return String((error as Error).stack)
    .split("\n")
    .filter((line) => /^\s+at /.test(line));
}

/** The first frame names the function that made the call, in this file; no frame is ours or node's. */
function expectUserFirst(error: unknown, caller: string): void {
  const lines = frames(error);
  expect(lines[0]).toMatch(HERE);
  expect(lines[0]).toContain(caller);
  expect(lines.filter((line) => /packages\/api\/src\/|node:internal|\(node:/.test(line))).toEqual([]);
}

const refusing = () => loopback((_, response) => refuse(response, 403, "Forbidden"));

describe("the stack of an error begins at the line of the user's", () => {
  test("of a plain call", async () => {
    const api = createApi({ token: TOKEN, apiRoot: (await refusing()).url });
    async function greet(): Promise<void> {
      await api.sendMessage({ chat_id: 1, text: "hi" });
    }
    expectUserFirst(await rejection(greet()), "greet");
  });

  test("of api.call, of an undocumented method and of api.with", async () => {
    const api = createApi({ token: TOKEN, apiRoot: (await refusing()).url });
    const passing = api.with((call, next) => next(call));
    async function byName(): Promise<void> {
      await api.call("sendMessage", { chat_id: 1 });
    }
    async function behindTheDoor(): Promise<void> {
      await api.undocumented.getStickerSet({ name: "x" });
    }
    async function derived(): Promise<void> {
      await passing.getMe();
    }
    expectUserFirst(await rejection(byName()), "byName");
    expectUserFirst(await rejection(behindTheDoor()), "behindTheDoor");
    expectUserFirst(await rejection(derived()), "derived");
  });

  test("through retry() and a user's own transformers, which do not show", async () => {
    const api = createApi({
      token: TOKEN,
      apiRoot: (await loopback((_, response) => refuse(response, 500, "x"))).url,
    });
    api.use(retry({ attempts: 3, backOffMs: 1 }), async (call, next) => {
      await Promise.resolve();
      return next(call);
    });
    async function ask(): Promise<void> {
      await api.getMe();
    }
    expectUserFirst(await rejection(ask()), "ask");
  });

  test("of a connection that failed, a timeout, an answer that made no sense", async () => {
    const silent = await loopback(() => undefined);
    const garbled = await loopback((_, response) => void response.end("<html>"));
    async function refused(): Promise<void> {
      await createApi({ token: TOKEN, apiRoot: "http://127.0.0.1:1" }).getMe();
    }
    async function slow(): Promise<void> {
      await createApi({ token: TOKEN, apiRoot: silent.url, timeoutMs: 20 }).getMe();
    }
    async function odd(): Promise<void> {
      await createApi({ token: TOKEN, apiRoot: garbled.url }).getMe();
    }
    expectUserFirst(await rejection(refused()), "refused");
    expectUserFirst(await rejection(slow()), "slow");
    expectUserFirst(await rejection(odd()), "odd");
  });

  test("of a call refused before it was sent: a limit, a missing file, a missing token, misuse", async () => {
    const api = createApi({ token: TOKEN, apiRoot: "http://127.0.0.1:1" });
    async function tooLong(): Promise<void> {
      await api.sendMessage({ chat_id: 1, text: "x".repeat(5000) });
    }
    async function noFile(): Promise<void> {
      await api.sendPhoto({ chat_id: 1, photo: new InputFile("/nowhere/cat.jpg") });
    }
    async function noToken(): Promise<void> {
      await createApi().getMe();
    }
    async function misused(): Promise<void> {
      await (api.sendMessage as (...positional: unknown[]) => Promise<unknown>)(123, "hi");
    }
    expectUserFirst(await rejection(tooLong()), "tooLong");
    expectUserFirst(await rejection(noFile()), "noFile");
    expectUserFirst(await rejection(noToken()), "noToken");
    expectUserFirst(await rejection(misused()), "misused");
  });

  test("of a call that nobody awaits, when it is refused before it was sent", async () => {
    const api = createApi({ token: TOKEN, apiRoot: "http://127.0.0.1:1" });
    api.use(retry());
    let caught: unknown;
    function forgetful(): void {
      api.sendMessage({ chat_id: 1, text: "x".repeat(5000) }).catch((error: unknown) => {
        caught = error;
      });
    }
    forgetful();
    await expect.poll(() => caught).toBeDefined();
    expectUserFirst(caught, "forgetful");
  });

  test("of a download", async () => {
    const api = createApi({
      token: TOKEN,
      apiRoot: (await loopback((_, response) => refuse(response, 404, "Not Found"))).url,
    });
    async function fetchIt(): Promise<void> {
      await api.download("1:2:3");
    }
    async function fetchKnown(): Promise<void> {
      await api.download({ file_id: "1", file_path: "../x" });
    }
    expectUserFirst(await rejection(fetchIt()), "fetchIt");
    expectUserFirst(await rejection(fetchKnown()), "fetchKnown");
  });

  test("deep inside the user's own functions, whose frames follow in order", async () => {
    const api = createApi({ token: TOKEN, apiRoot: (await refusing()).url });
    const innermost = async (): Promise<unknown> => await api.getMe();
    const middle = async (): Promise<unknown> => await innermost();
    async function outermost(): Promise<void> {
      await middle();
    }
    const [first, second, third] = frames(await rejection(outermost()));
    expect(first).toContain("innermost");
    expect(second).toContain("middle");
    expect(third).toContain("outermost");
  });

  test("also when several calls run side by side", async () => {
    const api = createApi({ token: TOKEN, apiRoot: (await refusing()).url });
    async function both(): Promise<void> {
      await Promise.all([api.getMe(), api.getMe()]);
    }
    const error = await rejection(both());
    expect(frames(error)[0]).toContain("both");
  });
});

describe("the stack keeps", () => {
  const { stackTraceLimit } = Error;
  afterEach(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  test("its first line, and Error.stackTraceLimit as it was", async () => {
    Error.stackTraceLimit = 2;
    const api = createApi({ token: TOKEN, apiRoot: (await refusing()).url });
    const step = async (depth: number): Promise<unknown> =>
      depth === 0 ? await api.getMe() : await step(depth - 1);
    const error = (await rejection(step(6))) as Error;
    expect(error.stack?.split("\n")[0]).toBe(`${error.name}: ${error.message}`);
    expect(frames(error)).toHaveLength(2);
    expect(Error.stackTraceLimit).toBe(2);
  });

  test("nothing of frames when the user wants none", async () => {
    Error.stackTraceLimit = 0;
    const api = createApi({ token: TOKEN, apiRoot: (await refusing()).url });
    expect(frames(await rejection(api.getMe()))).toEqual([]);
  });

  test("errors of the user's own transformers as they were thrown", async () => {
    const own = new Error("mine");
    const { stack } = own;
    const api = createApi({ token: TOKEN, apiRoot: "http://127.0.0.1:1" });
    api.use(() => {
      throw own;
    });
    expect(await rejection(api.getMe())).toBe(own);
    expect(own.stack).toBe(stack);
  });
});
