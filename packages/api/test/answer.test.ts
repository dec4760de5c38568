import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAnswer } from "../src/answer.js";
import { DecodeError } from "../src/errors.js";

const read = (status: number, text: string, retryAfter?: string): unknown =>
  readAnswer("sendMessage", { status, text, retryAfter }, (secret) => secret.replaceAll("TOKEN", "[token]"));

describe("a good envelope", () => {
  test("gives its result", () => {
    expect(read(200, '{"ok":true,"result":{"message_id":5}}')).toEqual({
      ok: true,
      result: { message_id: 5 },
    });
    expect(read(200, '{"ok":true,"result":0}')).toEqual({ ok: true, result: 0 });
    expect(read(201, '{"ok":true}')).toStrictEqual({ ok: true, result: undefined });
  });

  test("is rid of explicit nulls at every depth; lists keep their length", () => {
    const text =
      '{"ok":true,"result":{"a":null,"b": null,"c":{"d":null,"e":1},"list":[null,{"f":null,"g":"null"}],"__proto__":null}}';
    const reply = read(200, text) as { result: object };
    expect(reply.result).toStrictEqual({ c: { e: 1 }, list: [null, { g: "null" }] });
    expect("a" in reply.result).toBe(false);
    expect(read(200, '{"ok":true,"result":null}')).toStrictEqual({ ok: true, result: undefined });
  });

  test("nested deeper than any stack is still read", () => {
    const deep = `${"[".repeat(50_000)}null${"]".repeat(50_000)}`;
    expect(read(200, `{"ok":true,"result":${deep}}`)).toMatchObject({ ok: true });
  });

  test("taking nulls out equals filtering them, for any value", () => {
    const filtered = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map((item) => (item === null ? null : filtered(item)));
      if (typeof value !== "object" || value === null) return value;
      const entries = Object.entries(value).filter(([, field]) => field !== null);
      return Object.fromEntries(entries.map(([key, field]) => [key, filtered(field)]));
    };
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        fc.pre(value !== null && !JSON.stringify(value).includes("__proto__"));
        const reply = read(200, JSON.stringify({ ok: true, result: value })) as { result: unknown };
        expect(reply.result).toStrictEqual(filtered(JSON.parse(JSON.stringify(value))));
      }),
    );
  });
});

describe("a refusal", () => {
  test("keeps code, words and the wait", () => {
    const text =
      '{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":3}}';
    expect(read(429, text)).toEqual({
      ok: false,
      error_code: 429,
      description: "Too Many Requests",
      parameters: { retry_after: 3 },
    });
  });

  test("takes the wait from the header when the body has none, and as text", () => {
    expect(read(429, "local_rate_limited", "9")).toEqual({
      ok: false,
      error_code: 429,
      description: "local_rate_limited",
      parameters: { retry_after: 9 },
    });
    expect(read(429, '{"ok":false,"parameters":{"retry_after":"4"}}')).toMatchObject({
      parameters: { retry_after: 4 },
    });
    expect(read(429, "slow", "Wed, 21 Oct 2026 07:28:00 GMT")).not.toHaveProperty("parameters");
    expect(read(429, '{"ok":false,"parameters":{"retry_after":-1}}')).not.toHaveProperty("parameters");
  });

  test("200 with ok:false is a refusal", () => {
    expect(read(200, '{"ok":false,"description":"hm"}')).toEqual({
      ok: false,
      error_code: 200,
      description: "hm",
    });
  });

  test("ok:true with a bad status is a refusal", () => {
    expect(read(440, '{"ok":true,"result":1}')).toMatchObject({ ok: false, error_code: 440 });
  });

  test("a page becomes its words, a text itself, nothing says so", () => {
    const page =
      "<html><head><style>b{}</style><title>502 Bad Gateway</title></head><body><h1>Bad  Gateway</h1></body></html>";
    expect(read(502, page)).toEqual({
      ok: false,
      error_code: 502,
      description: "502 Bad Gateway Bad Gateway",
    });
    expect(read(503, "upstream connect error")).toMatchObject({ description: "upstream connect error" });
    expect(read(500, "")).toEqual({ ok: false, error_code: 500, description: "(no description)" });
    expect(read(500, "[1]")).toMatchObject({ ok: false, error_code: 500 });
    expect(read(500, '{"message":"no healthy upstream"}')).toMatchObject({
      description: "no healthy upstream",
    });
    expect(read(302, "")).toMatchObject({ ok: false, error_code: 302 });
  });

  test("a description of a megabyte is cut", () => {
    const { description } = read(500, "x".repeat(1e6)) as { description: string };
    expect(description.length).toBeLessThan(300);
  });
});

describe("200 that is not an envelope is a DecodeError", () => {
  test.each([
    ["a page", "<html><body>blocked TOKEN</body></html>"],
    ["truncated JSON", '{"ok":true,"result":{"message_'],
    ["an empty body", ""],
    ["a list", "[]"],
    ["a string", '"ok"'],
    ["null", "null"],
    ["an object without ok", '{"result":1}'],
    ["ok that is no boolean", '{"ok":"yes"}'],
  ])("%s", (_, text) => {
    expect(() => read(200, text)).toThrow(DecodeError);
    expect(() => read(200, text)).toThrow(/^sendMessage: HTTP 200, but/);
    expect(() => read(200, text)).not.toThrow(/TOKEN/);
  });
});

test("whatever comes, the outcome is a reply or a DecodeError", () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), fc.oneof(fc.string(), fc.json()), (status, text) => {
      try {
        const reply = read(status, text) as { ok: boolean };
        expect(typeof reply.ok).toBe("boolean");
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
      }
    }),
  );
});
