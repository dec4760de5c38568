import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LOOK_MS, LOOKS, PendingHandlers } from "../src/pending-handlers.js";
import type { Report } from "../src/report.js";

const BEGAN = 1_700_000_000_000;

let told: Report[];
let pending: PendingHandlers;
beforeEach(() => {
  vi.useFakeTimers({ now: BEGAN });
  told = [];
  pending = new PendingHandlers((report) => told.push(report));
  setInterval(() => pending.look(), LOOK_MS);
});
afterEach(() => {
  vi.useRealTimers();
});

const message = (chat: number): object => ({
  update_id: 1,
  message: { chat: { id: chat }, from: { id: 5 } },
});
const start = { title: 'command("start")', file: "/bot.ts", line: 4 };

it("tells once of handlers that were seen at work six times, with the last five of them, and once that they ended", () => {
  const update = message(7);
  pending.begin(update);
  for (let line = 1; line <= 7; line++) pending.enter(update, { ...start, line });
  vi.advanceTimersByTime(LOOK_MS * LOOKS - 1);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(LOOK_MS * 20);
  expect(told).toEqual([
    {
      balekit: "pending",
      id: 1,
      since: BEGAN,
      chatId: 7,
      isHolding: true,
      handlers: [3, 4, 5, 6, 7].map((line) => ({ ...start, line })),
    },
  ]);
  pending.end(update);
  pending.end(update);
  vi.advanceTimersByTime(LOOK_MS * 20);
  expect(told.slice(1)).toEqual([{ balekit: "settled", id: 1 }]);
});

it("says nothing of what ends in time, however often it happens", () => {
  for (let turn = 0; turn < 20; turn++) {
    const update = message(7);
    pending.begin(update);
    vi.advanceTimersByTime(LOOK_MS * (LOOKS - 1));
    pending.end(update);
  }
  expect(told).toEqual([]);
});

it("counts an update that is tried again from its new beginning", () => {
  const update = message(7);
  pending.begin(update);
  vi.advanceTimersByTime(LOOK_MS * (LOOKS - 1));
  pending.begin(update);
  vi.advanceTimersByTime(LOOK_MS * (LOOKS - 1));
  expect(told).toEqual([]);
  vi.advanceTimersByTime(LOOK_MS);
  expect(told).toMatchObject([{ id: 2, since: BEGAN + LOOK_MS * (LOOKS - 1) }]);
});

it("says that nothing waits for it once the next update of the chat was seen to begin", () => {
  const [first, second] = [message(7), message(7)];
  pending.begin(first);
  vi.advanceTimersByTime(LOOK_MS * LOOKS);
  pending.begin(message(8));
  pending.begin(second);
  pending.begin(message(7));
  expect(told).toMatchObject([
    { id: 1, isHolding: true },
    { id: 1, isHolding: false },
  ]);
});

it("knows the chat of a press, of a message and of a question before a payment, for which nothing waits", () => {
  const from = { id: 5 };
  pending.begin({ update_id: 1, callback_query: { id: "1", from, message: { chat: { id: -9 } } } });
  pending.begin({ update_id: 2, pre_checkout_query: { id: "2", from } });
  pending.begin({ update_id: 3, edited_message: { from, chat: { id: -8 } } });
  pending.begin({ update_id: 4 });
  vi.advanceTimersByTime(LOOK_MS * LOOKS);
  expect(told).toMatchObject([
    { chatId: -9, isHolding: true },
    { chatId: 5, isHolding: false },
    { chatId: -8, isHolding: true },
    { chatId: undefined, isHolding: false },
  ]);
});
