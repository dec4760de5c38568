import { expect, it } from "vitest";
import { userLineOf } from "../src/user-line.js";

function withStack(...frames: string[]): Error {
  const error = new Error("x");
  error.stack = ["Error: x", ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return error;
}

it("finds the first line of the author's own", () => {
  expect(userLineOf(new Error("here"))).toMatch(/user-line\.test\.ts:\d+:\d+$/);
  const error = withStack(
    "node:internal/process/task_queues:95:5",
    "fetch (/bot/node_modules/undici/index.js:1:1)",
    "async handler (file:///bot/src/index.ts:12:5)",
    "async main (/bot/other.ts:1:1)",
  );
  expect(userLineOf(error)).toBe("file:///bot/src/index.ts:12:5");
  expect(userLineOf(withStack("C:\\bot\\index.ts:3:4"))).toBe("C:\\bot\\index.ts:3:4");
});

it("finds none where there is none", () => {
  expect(userLineOf(withStack("node:events:1:1"))).toBeUndefined();
  expect(userLineOf("a text")).toBeUndefined();
  expect(userLineOf(Object.assign(new Error("x"), { stack: undefined }))).toBeUndefined();
});
