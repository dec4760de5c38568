import type { Message } from "@balekit/api";
import { expect, it } from "vitest";
import { type Action, EMPTY, reduce, type Store } from "../ui/store.js";

const after = (store: Store, actions: Iterable<Action>): Store => [...actions].reduce(reduce, store);
const message = (chat: number, id: number, more: Partial<Message> = {}): Action => ({
  type: "message",
  data: { message_id: id, date: id, chat: { id: chat, type: "private" }, ...more },
});
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const state: Extract<Action, { type: "state" }> = {
  type: "state",
  data: {
    bot: EMPTY.bot,
    people: [],
    groups: [],
    messages: [],
    calls: [],
    output: [],
    faults: [],
    pending: [],
    process: EMPTY.process,
  },
};

it("keeps the last two thousand messages of all chats together, the oldest going first", () => {
  const quiet = after(EMPTY, [message(1, 1), message(1, 2)]);
  const loud = after(
    quiet,
    range(2500).map((id) => message(2, id + 2)),
  );
  expect([...loud.messages.values()].flat()).toHaveLength(2000);
  expect(loud.messages.get(1)).toEqual([]);
  expect(loud.messages.get(2)?.at(0)?.message_id).toBe(503);
  expect(loud.messages.get(2)?.at(-1)?.message_id).toBe(2502);
  // A new version of one that went does not come back as the oldest there is.
  expect(reduce(loud, message(2, 5, { edit_date: 9 })).messages.get(2)).toBe(loud.messages.get(2));
});

it("puts a message in its place by its number, and a new version in the place of the old", () => {
  const store = after(EMPTY, [
    message(1, 1),
    message(1, 3),
    message(1, 2),
    message(1, 3, { text: "new" }),
    { type: "deleted_message", data: { chat_id: 1, message_id: 1 } },
  ]);
  expect(store.messages.get(1)?.map(({ message_id, text }) => [message_id, text])).toEqual([
    [2, undefined],
    [3, "new"],
  ]);
});

it("keeps the last three hundred answers, payments, calls, lines and errors", () => {
  const many = range(1000).flatMap((n): Action[] => [
    { type: "callback_answer", data: { callback_query_id: `${n}`, chat_id: 1, user_id: 1 } },
    { type: "payment", data: { id: `${n}`, user_id: 1, chat_id: 1, status: "pending" } },
    { type: "payment", data: { id: `${n}`, user_id: 1, chat_id: 1, status: "paid" } },
    { type: "call", data: { id: n, at: n, durationMs: 1, method: "getMe", params: {}, warnings: [] } },
    { type: "output", data: { id: n, at: n, from: "stdout", text: "" } },
    { type: "fault", data: { id: n, at: n, where: "handler", name: "Error", message: "", stack: "" } },
    { type: "chat_action", data: { chat_id: 1, action: "typing" } },
  ]);
  const store = after(EMPTY, many);
  expect([...store.answers.keys()]).toEqual(range(1000).slice(700).map(String));
  expect([...store.payments.keys()]).toEqual(range(1000).slice(700).map(String));
  expect([store.calls, store.output, store.faults].map((kept) => kept.length)).toEqual([300, 300, 300]);
});

it("forgets answers and payments with a new connection: a playground started anew counts from the beginning", () => {
  const store = after(EMPTY, [
    state,
    { type: "callback_answer", data: { callback_query_id: "1", chat_id: 1, user_id: 1 } },
    { type: "payment", data: { id: "1", user_id: 1, chat_id: 1, status: "paid" } },
    state,
  ]);
  expect([store.connection, store.answers.size, store.payments.size]).toEqual([2, 0, 0]);
});

it("clears what is past, and not the error that keeps the bot down", () => {
  const fault = (id: number, where: string): Action => ({
    type: "fault",
    data: { id, at: id, where, name: "Error", message: "", stack: "" },
  });
  const process = (status: "running" | "crashed"): Action => ({
    type: "process",
    data: { status, file: "bot.ts", restarts: 0 },
  });
  const crashed = after(EMPTY, [fault(1, "handler"), fault(2, "crash"), process("crashed")]);
  expect(reduce(crashed, { type: "clear" }).faults.map(({ id }) => id)).toEqual([2]);
  expect(after(crashed, [process("running"), { type: "clear" }]).faults).toEqual([]);
});

it("shows an error of a handler until somebody writes again, or the bot starts again", () => {
  const bot = { id: 9, is_bot: true, first_name: "bot" };
  const fault: Action = {
    type: "fault",
    data: { id: 1, at: 5999, where: "handler", name: "Error", message: "", stack: "" },
  };
  const failed = after(EMPTY, [message(1, 5), fault]);
  expect(failed.freshFault?.id).toBe(1);
  // What the bot says of it does not take it away, though it is of the same second.
  expect(reduce(failed, message(1, 6, { from: bot })).freshFault?.id).toBe(1);
  expect(reduce(failed, message(1, 6)).freshFault).toBeUndefined();
  const restart: Action = { type: "process", data: { status: "restarting", file: "", restarts: 1 } };
  expect(reduce(failed, restart).freshFault).toBeUndefined();
  // A page that comes later is shown it too, unless somebody has written since.
  const later = (date: number): Action => {
    const written: Message = { message_id: 5, date, chat: { id: 1, type: "private" } };
    return { type: "state", data: { ...state.data, faults: failed.faults, messages: [written] } };
  };
  expect(reduce(EMPTY, later(5)).freshFault?.id).toBe(1);
  expect(reduce(EMPTY, later(6)).freshFault).toBeUndefined();
});
