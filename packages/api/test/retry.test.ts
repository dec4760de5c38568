import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Api, createApi } from "../src/api.js";
import type { CallOptions, Reply, Transport } from "../src/call.js";
import {
  BadRequestError,
  DecodeError,
  NetworkError,
  RateLimitedError,
  ServerError,
  TimeoutError,
} from "../src/errors.js";
import { METHODS } from "../src/generated/method-table.js";
import { type RetryNotice, type RetryOptions, type RetryTimer, retry } from "../src/retry.js";
import { envelope, loopback, refuse, rejection, TOKEN } from "./loopback.js";

/** A timer that runs what it is given at once and remembers the delays. */
function hurried(): RetryTimer & { readonly delays: number[] } {
  const delays: number[] = [];
  return {
    delays,
    setTimeout: (run, delayMs) => {
      delays.push(delayMs);
      return setImmediate(run);
    },
    clearTimeout: (timer) => clearImmediate(timer),
  };
}

type Outcome = Reply | Error;
const fine: Outcome = { ok: true, result: "done" };
const tooMany = (retry_after?: number): Outcome => ({
  ok: false,
  error_code: 429,
  description: "Too Many Requests",
  ...(retry_after === undefined ? {} : { parameters: { retry_after } }),
});
const refused = (error_code: number, description = "x"): Outcome => ({ ok: false, error_code, description });
const lost = (maybeSent: boolean): Outcome => new NetworkError("lost", { method: "x", maybeSent });
const late = (maybeSent: boolean): Outcome =>
  new TimeoutError("late", { method: "x", maybeSent, timeoutMs: 1 });
const garbled: Outcome = new DecodeError("garbled", { method: "x", status: 200, snippet: "" });

/** An api whose transport plays outcomes, the last one for ever. */
function playing(
  outcomes: readonly Outcome[],
  options: RetryOptions = {},
): { api: Api; delays: number[]; made: () => number } {
  let made = 0;
  const transport: Transport = {
    send: async () => {
      const outcome = outcomes[Math.min(made++, outcomes.length - 1)] as Outcome;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    download: () => Promise.reject(new Error("not here")),
    close: async () => {},
  };
  const timer = hurried();
  const api = createApi({ transport });
  api.use(retry({ timer, random: () => 1, ...options }));
  return { api, delays: timer.delays, made: () => made };
}

const send = (api: Api): Promise<unknown> => api.sendMessage({ chat_id: 1, text: "x" });
const invoice = (api: Api): Promise<unknown> => api.call("sendInvoice", { chat_id: 1 });

describe("a rate limit", () => {
  test("is waited out as long as Bale asks, for sends and invoices too", async () => {
    for (const call of [send, invoice]) {
      const { api, delays, made } = playing([tooMany(7), tooMany(2), fine]);
      expect(await call(api)).toBe("done");
      expect(delays).toEqual([7250, 2250]);
      expect(made()).toBe(3);
    }
  });

  test("without a wait grows: 5 s, 10 s, 20 s", async () => {
    const { api, delays } = playing([tooMany()]);
    expect(await rejection(send(api))).toBeInstanceOf(RateLimitedError);
    expect(delays).toEqual([5_000, 10_000, 20_000]);
  });

  test("is known by its words alone", async () => {
    for (const outcome of [refused(403, "bot limit exceed"), refused(200, "local_rate_limited")]) {
      const { api, made } = playing([outcome, fine]);
      expect(await send(api)).toBe("done");
      expect(made()).toBe(2);
    }
  });

  test("that asks for more than maxWaitMs fails at once, with the wait as a field", async () => {
    const { api, delays } = playing([tooMany(3600)]);
    const error = await rejection(send(api));
    expect(error).toBeInstanceOf(RateLimitedError);
    expect(error).toMatchObject({ retryAfterSeconds: 3600 });
    expect(delays).toEqual([]);
  });

  test("that asks for longer than a timer takes is not begun again at once", async () => {
    const { api, delays } = playing([tooMany(5_000_000), fine], { maxWaitMs: Number.POSITIVE_INFINITY });
    expect(await send(api)).toBe("done");
    expect(delays).toEqual([2 ** 31 - 1]);
  });

  test("eats up maxWaitMs over several waits", async () => {
    const { api, delays } = playing([tooMany(25)], { attempts: 10 });
    await rejection(send(api));
    expect(delays).toEqual([25_250, 25_250]);
  });
});

describe("a fault after which the call's fate is unknown", () => {
  const faults: readonly (readonly [string, Outcome])[] = [
    ["500", refused(500)],
    ["502", refused(502)],
    ["a lost connection", lost(true)],
    ["a timeout", late(true)],
    ["a garbled answer", garbled],
  ];

  test.each(faults)("%s: what is safe to do twice is repeated", async (_, outcome) => {
    const { api, delays, made } = playing([outcome, outcome, fine]);
    expect(await api.call("getChat", { chat_id: 1 })).toBe("done");
    expect(made()).toBe(3);
    expect(delays).toEqual([500, 1000]);
  });

  test.each(faults)("%s: a send is not repeated", async (_, outcome) => {
    for (const call of [send, invoice, (api: Api) => api.call("somethingNew")]) {
      const { api, made } = playing([outcome, fine]);
      await rejection(call(api));
      expect(made()).toBe(1);
    }
  });

  test.each(faults)("%s: with resend a send is repeated, an invoice never", async (_, outcome) => {
    const sends = playing([outcome, fine], { resend: true });
    expect(await send(sends.api)).toBe("done");
    expect(sends.made()).toBe(2);
    const invoices = playing([outcome, fine], { resend: true });
    await rejection(invoice(invoices.api));
    expect(invoices.made()).toBe(1);
  });

  test("no method that sends is marked as safe to do twice", () => {
    const safe = Object.keys(METHODS).filter((name) => METHODS[name as keyof typeof METHODS].idempotent);
    const unsafe = safe.filter(
      (name) => /^(?:send|forward|copy|create|ask|add)/.test(name) && name !== "sendChatAction",
    );
    expect(unsafe).toEqual([]);
  });
});

test.each([
  ["a connection that never stood", lost(false)],
  ["a timeout before anything was sent", late(false)],
])("%s is repeated for every method", async (_, outcome) => {
  for (const call of [send, invoice]) {
    const { api, made } = playing([outcome, fine]);
    expect(await call(api)).toBe("done");
    expect(made()).toBe(2);
  }
});

test.each([
  ["a bad request", refused(400, "Bad Request: x"), BadRequestError],
  ["501", refused(501), ServerError],
  ["an error of somebody else's", new RangeError("x"), RangeError],
])("%s is not repeated", async (_, outcome, expected) => {
  const { api, made } = playing([outcome, fine]);
  expect(await rejection(api.getMe())).toBeInstanceOf(expected);
  expect(made()).toBe(1);
});

describe("attempts and waits are bounded", () => {
  test("by attempts, the first one included", async () => {
    for (const attempts of [1, 2, 5]) {
      const { api, made } = playing([refused(500)], { attempts });
      expect(await rejection(api.getMe())).toBeInstanceOf(ServerError);
      expect(made()).toBe(attempts);
    }
  });

  test("for any policy and any faults: never more attempts, never longer in all, never shorter than asked", async () => {
    const outcome = fc.oneof(
      fc.integer({ min: 0, max: 100 }).map(tooMany),
      fc.constantFrom(tooMany(), refused(500), refused(400), lost(false), lost(true), garbled, fine),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(outcome, { minLength: 1, maxLength: 12 }),
        fc.record({
          attempts: fc.integer({ min: 1, max: 12 }),
          maxWaitMs: fc.integer({ min: 0, max: 200_000 }),
          backOffMs: fc.integer({ min: 0, max: 5000 }),
        }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (outcomes, policy, chance) => {
          const { api, delays, made } = playing(outcomes, { ...policy, random: () => chance });
          await api.getMe().catch(() => {});
          expect(made()).toBeLessThanOrEqual(policy.attempts);
          expect(delays.length).toBe(made() - 1);
          expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeLessThanOrEqual(policy.maxWaitMs);
          delays.forEach((delay, index) => {
            const reply = outcomes[Math.min(index, outcomes.length - 1)];
            const asked =
              reply !== undefined && "parameters" in reply ? (reply.parameters?.retry_after ?? 0) : 0;
            expect(delay).toBeGreaterThanOrEqual(asked * 1000);
          });
        },
      ),
    );
  });

  test.each([{ attempts: 0 }, { attempts: 1.5 }, { maxWaitMs: -1 }, { backOffMs: Number.NaN }])(
    "%j is refused",
    (options) => {
      expect(() => retry(options)).toThrow(TypeError);
    },
  );
});

describe("an AbortSignal", () => {
  test("ends a wait at once with its reason, and clears the timer", async () => {
    const cleared: unknown[] = [];
    const controller = new AbortController();
    const timer: RetryTimer = {
      setTimeout: () => {
        setImmediate(() => controller.abort("enough"));
        return "the timer";
      },
      clearTimeout: (running) => void cleared.push(running),
    };
    const { api, made } = playing([tooMany(30)], { timer });
    expect(await rejection(api.getMe({}, { signal: controller.signal }))).toBe("enough");
    expect(cleared).toEqual(["the timer"]);
    expect(made()).toBe(1);
  });

  test("aborted by onRetry ends the wait before it begins", async () => {
    const controller = new AbortController();
    const { api, delays } = playing([tooMany(1)], { onRetry: () => controller.abort("now") });
    expect(await rejection(api.getMe({}, { signal: controller.signal }))).toBe("now");
    expect(delays).toEqual([]);
  });

  test("that lives long gathers no listeners", async () => {
    let listeners = 0;
    const signal = {
      aborted: false,
      reason: undefined,
      addEventListener: () => listeners++,
      removeEventListener: () => listeners--,
    } as unknown as AbortSignal;
    const { api } = playing([tooMany(1), tooMany(1), fine]);
    await api.getMe({}, { signal } satisfies CallOptions);
    expect(listeners).toBe(0);
  });
});

test("onRetry hears what went wrong and how long the wait is", async () => {
  const heard: RetryNotice[] = [];
  const { api } = playing([tooMany(1), lost(true), fine], { onRetry: (notice) => heard.push(notice) });
  await api.getMe();
  expect(heard).toMatchObject([
    { method: "getMe", attempt: 1, delayMs: 1250, refusal: { error_code: 429 } },
    { method: "getMe", attempt: 2, delayMs: 1000, error: { code: "ERR_BALE_NETWORK" } },
  ]);
});

test("over real HTTP: a rate limit of the front proxy, then an outage, then the answer", async () => {
  const bale = await loopback((_, response) => {
    if (bale.arrived.length === 1) return void response.writeHead(429).end("local_rate_limited");
    if (bale.arrived.length === 2) return void response.writeHead(502).end("<html>Bad Gateway</html>");
    if (bale.arrived.length === 3) return void response.socket?.destroy();
    if (bale.arrived.length === 4) return refuse(response, 500, "Internal Server Error");
    return envelope({ id: 1 });
  });
  const api = createApi({ token: TOKEN, apiRoot: bale.url });
  onTestFinished(() => api.close());
  api.use(retry({ attempts: 5, rateLimitMs: 2, backOffMs: 2 }));
  expect(await api.getMe()).toEqual({ id: 1 });
  expect(bale.arrived).toHaveLength(5);
});
