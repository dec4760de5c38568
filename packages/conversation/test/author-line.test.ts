import { expect, test } from "vitest";
import { authorLine } from "../src/author-line.js";

test("frames of Node and of this package are nobody's line, however deep their files lie", () => {
  const error = new Error("x");
  error.stack = [
    "Error: x",
    "    at giveUp (/home/ali/bot/node_modules/@balekit/conversation/dist/handle.js:1:2)",
    "    at EventTarget.giveUp (node:internal/event_target:831:20)",
    "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    "    at order (file:///home/ali/bot/src/order.ts:12:7)",
  ].join("\n");
  expect(authorLine(error)).toBe("/home/ali/bot/src/order.ts:12:7");
});
