import { NetworkError, RateLimitedError, ServerError } from "@balekit/api";
import { manualClock } from "@balekit/storage";
import { describe, expect, it } from "vitest";
import { backOffMs, isTransient, persist } from "../src/back-off.js";

const cut = new NetworkError("cut", { method: "getMe", maybeSent: false });
const limited = (retryAfterSeconds?: number): RateLimitedError =>
  new RateLimitedError({ method: "x", errorCode: 429, description: "Too Many Requests", retryAfterSeconds });

describe("backOffMs", () => {
  it("doubles up to three seconds, between half and all of it", () => {
    const ceilings = [500, 1_000, 2_000, 3_000, 3_000, 3_000];
    ceilings.forEach((ceiling, at) => {
      const delays = Array.from({ length: 200 }, () => backOffMs(at + 1, cut));
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(ceiling / 2);
      expect(Math.max(...delays)).toBeLessThanOrEqual(ceiling);
      expect(new Set(delays).size).toBeGreaterThan(100);
    });
    expect(backOffMs(5_000, cut)).toBeLessThanOrEqual(3_000);
  });

  it("does what Bale asks for after a 429, and waits five seconds when it does not say", () => {
    expect(backOffMs(1, limited(33))).toBe(33_000);
    expect(backOffMs(9, limited())).toBe(5_000);
  });
});

describe("persist", () => {
  it("tries again while that can help, and tells of each failure", async () => {
    const clock = manualClock();
    const failures: number[] = [];
    let tries = 0;
    const signal = new AbortController().signal;
    const done = persist({ clock, signal, onFailure: (_error, count) => failures.push(count) }, async () => {
      tries++;
      if (tries < 4) throw cut;
      return tries;
    });
    await clock.advance(10_000);
    expect(await done).toBe(4);
    expect(failures).toEqual([1, 2, 3]);
  });

  it("gives up at once when trying again cannot help, and when it is told to", async () => {
    const clock = manualClock();
    const stop = new AbortController();
    const options = { clock, signal: stop.signal, onFailure: () => undefined };
    await expect(persist(options, () => Promise.reject(new TypeError("a bug")))).rejects.toThrow("a bug");
    const trying = expect(persist(options, () => Promise.reject(cut))).rejects.toThrow("enough");
    await clock.advance(0);
    stop.abort(new Error("enough"));
    await trying;
    expect(clock.pending).toBe(0);
  });

  it("knows what can mend itself", () => {
    const down = new ServerError({ method: "x", errorCode: 502, description: "Bad Gateway" });
    expect([cut, limited(), down].every(isTransient)).toBe(true);
    expect(isTransient(new Error("x"))).toBe(false);
  });
});
