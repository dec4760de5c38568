import { describe, expect, test } from "vitest";
import { type Api, createApi } from "../src/api.js";
import type { Call, Reply, Transformer, Transport } from "../src/call.js";
import { ForbiddenError } from "../src/errors.js";
import { METHODS } from "../src/generated/method-table.js";
import { rejection } from "./loopback.js";

/** A transport that answers with the method's name and writes down what passes. */
function recording(): Transport & { readonly calls: Call[]; closed: number } {
  const calls: Call[] = [];
  return {
    calls,
    closed: 0,
    send: async (call) => {
      calls.push(call);
      return { ok: true, result: call.method };
    },
    download: () => Promise.reject(new Error("not here")),
    async close() {
      this.closed++;
    },
  };
}

const marking =
  (trace: string[], name: string): Transformer =>
  async (call, next) => {
    trace.push(`${name} in`);
    const reply = await next(call);
    trace.push(`${name} out`);
    return reply;
  };

describe("an api", () => {
  test("has every documented method, and every other one behind `undocumented`", async () => {
    const transport = recording();
    const api = createApi({ transport });
    for (const [name, { documented, limits }] of Object.entries(METHODS)) {
      const door = (documented ? api : api.undocumented) as unknown as Record<
        string,
        (params: object) => Promise<unknown>
      >;
      const otherDoor = (documented ? api.undocumented : api) as unknown as Record<string, unknown>;
      // `api.close` is ours; Bale's own `close` is behind the door.
      if (name !== "close") expect(otherDoor[name]).toBeUndefined();
      const params = Object.fromEntries(
        limits.map(({ param, min }) => [param, min === undefined ? undefined : "x"]),
      );
      expect(await door[name]?.(params)).toBe(name);
      expect(transport.calls.at(-1)).toMatchObject({ method: name });
    }
  });

  test("is a plain object: methods are own, listed, replaceable, and work when taken off", async () => {
    const api = createApi({ transport: recording() });
    expect(Object.keys(api)).toContain("sendMessage");
    const { sendMessage, call, getMe } = api;
    expect(await sendMessage({ chat_id: 1, text: "x" })).toBe("sendMessage");
    expect(await getMe()).toBe("getMe");
    expect(api.getMe).toBe(getMe);
    api.getMe = async () => ({ id: 5, is_bot: true, first_name: "fake" });
    expect(await api.getMe()).toMatchObject({ id: 5 });
    expect(typeof call).toBe("function");
    const derived = api.with();
    expect(derived.sendMessage).toBe(derived.sendMessage);
    derived.getMe = async () => ({ id: 6, is_bot: true, first_name: "fake" });
    expect(await derived.getMe()).toMatchObject({ id: 6 });
    expect((await api.getMe()).id).toBe(5);
  });

  test("is not thenable, so that it can be returned from async functions", async () => {
    const api = createApi({ transport: recording() });
    expect(await Promise.resolve(api)).toBe(api);
    expect("then" in api).toBe(false);
  });

  test("calls anything by name, and refuses what cannot be a name", async () => {
    const transport = recording();
    const api = createApi({ transport });
    expect(await api.call("somethingNew", { a: 1 })).toBe("somethingNew");
    expect(transport.calls[0]).toMatchObject({ method: "somethingNew", params: { a: 1 } });
    for (const name of ["", "a/b", "../getMe", "get me", "getMe?x=1", 5 as unknown as string]) {
      const error = await rejection(api.call(name));
      expect(error).toMatchObject({ name: "TypeError", code: "ERR_BALE_METHOD_NAME" });
    }
    expect(await api.call("constructor")).toBe("constructor");
    expect(transport.calls).toHaveLength(2);
  });

  test("tells those who call it with positional arguments how it is called", async () => {
    const api = createApi({ transport: recording() });
    const positional = api.sendMessage as unknown as (...values: unknown[]) => Promise<unknown>;
    const error = await rejection(positional(123, "hi"));
    expect(error).toMatchObject({ name: "TypeError", code: "ERR_BALE_PARAMS" });
    expect((error as Error).message).toBe(
      "sendMessage: the parameters are 123. Give one object with Bale's names, like { chat_id, text }.",
    );
    expect(await rejection(positional({ chat_id: 1 }, "hi"))).toMatchObject({ code: "ERR_BALE_PARAMS" });
    expect(await rejection(positional([1]))).toMatchObject({ code: "ERR_BALE_PARAMS" });
  });
});

describe("transformers", () => {
  test("run with the first installed outermost", async () => {
    const trace: string[] = [];
    const api = createApi({ transport: recording() });
    expect(api.use(marking(trace, "a"), marking(trace, "b")).use(marking(trace, "c"))).toBe(api);
    await api.getMe();
    expect(trace).toEqual(["a in", "b in", "c in", "c out", "b out", "a out"]);
  });

  test("see calls made after they were installed, also later ones of copies", async () => {
    const trace: string[] = [];
    const api = createApi({ transport: recording() });
    const copy = api.with(marking(trace, "copy"));
    await copy.getMe();
    api.use(marking(trace, "late"));
    await copy.getMe();
    expect(trace).toEqual(["copy in", "copy out", "late in", "copy in", "copy out", "late out"]);
  });

  test("of a copy do not touch the original, and copies of copies nest", async () => {
    const trace: string[] = [];
    const api = createApi({ transport: recording() });
    api.use(marking(trace, "root"));
    const inner = api.with(marking(trace, "mid")).with(marking(trace, "leaf"));
    await inner.getMe();
    expect(trace.slice(0, 3)).toEqual(["root in", "mid in", "leaf in"]);
    trace.length = 0;
    await api.getMe();
    expect(trace).toEqual(["root in", "root out"]);
  });

  test("may change, answer, repeat and watch calls; refusals reach them as values", async () => {
    const transport = recording();
    const api = createApi({ transport });
    const seen: Reply[] = [];
    api.use(
      async (call, next) => {
        const reply = await next(call);
        seen.push(reply);
        return reply;
      },
      (call, next) => {
        if (call.method === "sendMessage") return next({ ...call, params: { ...call.params, chat_id: 2 } });
        if (call.method === "getChat")
          return Promise.resolve({ ok: false, error_code: 403, description: "Forbidden: no" });
        return next(call);
      },
    );
    await api.sendMessage({ chat_id: 1, text: "x" });
    expect(transport.calls[0]?.params).toEqual({ chat_id: 2, text: "x" });
    expect(await rejection(api.getChat({ chat_id: 5 }))).toBeInstanceOf(ForbiddenError);
    expect(seen).toMatchObject([{ ok: true }, { ok: false, error_code: 403 }]);
    expect(transport.calls).toHaveLength(1);
  });

  test("always get params and options, never undefined", async () => {
    const api = createApi({ transport: recording() });
    const seen: Call[] = [];
    api.use((call, next) => {
      seen.push(call);
      return next(call);
    });
    await api.getMe();
    expect(seen).toEqual([{ method: "getMe", params: {}, options: {} }]);
  });

  test("that throw at once reject the call, and outer ones may catch it", async () => {
    const api = createApi({ transport: recording() });
    api.use(
      (call, next) => next(call).catch(() => ({ ok: true, result: "caught" })),
      () => {
        throw new Error("sync");
      },
    );
    expect(await api.call("getMe")).toBe("caught");
  });

  test("that forget to return a reply are told so", async () => {
    const api = createApi({ transport: recording() });
    api.use(
      (async (call: Call, next: (call: Call) => Promise<Reply>) =>
        void (await next(call))) as unknown as Transformer,
    );
    const error = await rejection(api.getMe());
    expect(error).toMatchObject({
      name: "TypeError",
      message: expect.stringContaining("instead of a reply"),
    });
  });

  test("that are no functions are refused when they are installed", () => {
    const api = createApi({ transport: recording() });
    expect(() => api.use({} as Transformer)).toThrow(TypeError);
    expect(() => api.with(undefined as unknown as Transformer)).toThrow(TypeError);
  });
});

describe("connect", () => {
  test("replaces the transport of the api and of its copies, made before and after", async () => {
    const first = recording();
    const second = recording();
    const api = createApi({ transport: first });
    const before = api.with();
    api.connect(second);
    for (const one of [api, before, api.with()]) await one.getMe();
    expect(first.calls).toHaveLength(0);
    expect(second.calls).toHaveLength(3);
  });

  test("makes a token needless", async () => {
    const api = createApi();
    api.connect(recording());
    expect(await api.call("getMe")).toBe("getMe");
  });

  test("refuses what is no transport", () => {
    expect(() => createApi().connect({} as Transport)).toThrow(TypeError);
  });
});

test("close closes the transport once for the whole family, and isClosed says so until the next call", async () => {
  const transport = recording();
  const api = createApi({ transport });
  const copy = api.with();
  expect(api.isClosed()).toBe(false);
  await copy.close();
  expect(transport.closed).toBe(1);
  expect(api.isClosed()).toBe(true);
  await api.getMe();
  expect(copy.isClosed()).toBe(false);
  await api.close();
  await api.download({ file_id: "a", file_path: "a" }).catch(() => undefined);
  expect(api.isClosed()).toBe(false);
});

test("a copy carries no methods of its own until they are asked for", () => {
  const copy: Api = createApi({ transport: recording() }).with();
  expect(Object.keys(copy)).toEqual([]);
  expect("sendMessage" in copy).toBe(true);
  void copy.sendMessage;
  expect(Object.keys(copy)).toEqual(["sendMessage"]);
});
