import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import * as errors from "../src/errors.js";
import {
  ApiError,
  BaleError,
  ForbiddenError,
  LimitError,
  NetworkError,
  NotFoundError,
} from "../src/errors.js";

const init = {
  method: "sendMessage",
  errorCode: 403,
  description: "Forbidden",
  params: { text: "a secret plan" },
};

test("every exported error has a name, a code of its own, and is a BaleError", () => {
  const made = [
    ...Object.values(errors)
      .filter((one) => one === ApiError || one.prototype instanceof ApiError)
      .map((one) => new (one as typeof ApiError)(init)),
    new errors.NetworkError("x", { method: "getMe", maybeSent: true }),
    new errors.TimeoutError("x", { method: "getMe", maybeSent: true, timeoutMs: 1 }),
    new errors.DecodeError("x", { method: "getMe", status: 200, snippet: "" }),
    new errors.FileError("x", { method: "sendPhoto" }),
    new LimitError("x", { method: "sendMessage", param: "text", actual: 5000 }),
    new BaleError("x", { method: "getMe" }),
  ];
  expect(made).toHaveLength(Object.keys(errors).length);
  expect(new Set(made.map((error) => error.code)).size).toBe(made.length);
  for (const error of made) {
    expect(error.code).toMatch(/^ERR_BALE(?:_[A-Z]+)*$/);
    expect(error.name).toBe(error.constructor.name);
    expect(String(error.stack)).toMatch(new RegExp(`^${error.name}: `));
    expect(error).toBeInstanceOf(BaleError);
    expect(error).toBeInstanceOf(Error);
  }
});

describe("instanceof", () => {
  test("tells the causes apart", () => {
    const error: unknown = new ForbiddenError(init);
    expect(error instanceof ForbiddenError).toBe(true);
    expect(error instanceof ApiError).toBe(true);
    expect(error instanceof NotFoundError).toBe(false);
    expect(error instanceof NetworkError).toBe(false);
    expect(new ApiError(init) instanceof ForbiddenError).toBe(false);
    expect((undefined as unknown) instanceof BaleError).toBe(false);
    expect(("x" as unknown) instanceof BaleError).toBe(false);
  });

  test("works across two copies of the package", async () => {
    vi.resetModules();
    const copy = await import("../src/errors.js");
    expect(copy.ForbiddenError).not.toBe(ForbiddenError);
    const foreign: unknown = new copy.ForbiddenError(init);
    expect(foreign instanceof ForbiddenError).toBe(true);
    expect(foreign instanceof BaleError).toBe(true);
    expect(foreign instanceof NotFoundError).toBe(false);
  });

  test("keeps its ordinary meaning for a subclass somebody else makes", () => {
    class Banned extends ForbiddenError {}
    expect(new Banned(init)).toBeInstanceOf(Banned);
    expect(new Banned(init)).toBeInstanceOf(ForbiddenError);
    expect(new ForbiddenError(init)).not.toBeInstanceOf(Banned);
  });

  test("a LimitError is a RangeError and a BaleError", () => {
    const error = new LimitError("x", { method: "sendMessage", param: "text", actual: 1 });
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toBeInstanceOf(BaleError);
    expect("min" in error).toBe(false);
  });
});

test("printing an error, or writing it as JSON, shows its code and not what users wrote", () => {
  const error = new ForbiddenError(init);
  const printed = inspect(error);
  expect(printed).toContain("ERR_BALE_FORBIDDEN");
  expect(printed).not.toContain("a secret plan");
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    name: "ForbiddenError",
    code: "ERR_BALE_FORBIDDEN",
    method: "sendMessage",
    errorCode: 403,
    description: "Forbidden",
  });
  expect(JSON.stringify(error)).not.toContain("a secret plan");
  expect(error).toMatchObject({ params: { text: "a secret plan" } });
});
