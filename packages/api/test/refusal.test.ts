import { describe, expect, test } from "vitest";
import {
  ApiError,
  BadRequestError,
  ConflictError,
  ForbiddenError,
  InvalidTokenError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  TooLargeError,
} from "../src/errors.js";
import { errorOf } from "../src/refusal.js";

const unscrubbed = (text: string): string => text;

/** The shapes of notes.md 4: code, words, the class they become. */
const SHAPES: readonly (readonly [number, string, new (...args: never[]) => ApiError])[] = [
  [403, "Bad Request: Token not found", InvalidTokenError],
  [403, "Forbidden: token not found", InvalidTokenError],
  [401, "Unauthorized", InvalidTokenError],
  [404, "Not Found", NotFoundError],
  [404, "Bad Request: no such group or user", NotFoundError],
  [400, "no such group or user", NotFoundError],
  [403, "Bad Request: no such group or user", NotFoundError],
  [500, "no such group or user", NotFoundError],
  [400, "Bad Request: chat not found", NotFoundError],
  [400, "Bad Request: message to edit not found", NotFoundError],
  [400, "Bad Request: unsupported peer type", BadRequestError],
  [400, "(no description)", BadRequestError],
  [403, "Bad Request: message text is empty", BadRequestError],
  [403, "permission_denied", ForbiddenError],
  [400, "Bad Request: permission_denied", ForbiddenError],
  [403, "(no description)", ForbiddenError],
  [400, "Forbidden: bot was blocked by the user", ForbiddenError],
  [429, "Too Many Requests: retry later", RateLimitedError],
  [429, "local_rate_limited", RateLimitedError],
  [200, "local_rate_limited", RateLimitedError],
  [403, "bot limit exceed", RateLimitedError],
  [420, "FLOOD", RateLimitedError],
  [409, "Conflict: terminated by other getUpdates request", ConflictError],
  [413, "Request Entity Too Large", TooLargeError],
  [400, "Bad Request: file is too big", TooLargeError],
  [500, "Internal Server Error", ServerError],
  [501, "Not Implemented", ServerError],
  [502, "Bad Gateway", ServerError],
];

describe("a refusal becomes the error of its cause", () => {
  test.each(SHAPES)("%i %s", (error_code, description, expected) => {
    const error = errorOf({ ok: false, error_code, description }, "sendMessage", {}, unscrubbed);
    expect(error.constructor).toBe(expected);
    expect(error).toBeInstanceOf(ApiError);
    expect(error.errorCode).toBe(error_code);
    expect(error.description).toBe(description);
    expect(error.message).toContain(`sendMessage: ${error_code} ${description}`);
  });
});

test("an answer nobody has classified is a plain ApiError", () => {
  const error = errorOf({ ok: false, error_code: 200, description: "hm" }, "sendMessage", {}, unscrubbed);
  expect(error.constructor).toBe(ApiError);
});

test("the wait Bale asks for is a field, and absent when it asks for none", () => {
  const slow = errorOf(
    { ok: false, error_code: 429, description: "slow", parameters: { retry_after: 7 } },
    "getMe",
    {},
    unscrubbed,
  );
  expect(slow.retryAfterSeconds).toBe(7);
  const silent = errorOf({ ok: false, error_code: 429, description: "slow" }, "getMe", {}, unscrubbed);
  expect("retryAfterSeconds" in silent).toBe(false);
});
