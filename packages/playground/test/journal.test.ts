import type { Message } from "@balekit/api";
import type { CallRecord } from "@balekit/emulator";
import { expect, it } from "vitest";
import { Journal } from "../src/journal.js";
import type { CallEntry } from "../src/page-state.js";

function opened(): { readonly journal: Journal; readonly told: CallEntry[] } {
  const told: CallEntry[] = [];
  const journal = new Journal({
    bot: () => ({ id: 1, is_bot: true, first_name: "bot" }),
    members: () => [],
    process: { status: "running", file: "/bot.ts", restarts: 0 },
    tell: (name, data) => {
      if (name === "call") told.push(data as CallEntry);
    },
  });
  return { journal, told };
}

const call = (id: number, method = "sendMessage"): CallRecord =>
  ({ id, at: 0, method, params: {}, ok: true, result: {}, warnings: [] }) as unknown as CallRecord;
const began = (id: number) => ({ balekit: "handler", id, title: `handler ${id}` }) as const;

it("names the handler of a call though the news of it comes after the call", () => {
  const { journal, told } = opened();
  journal.during(1, () => journal.take({ id: 10, type: "call", data: call(10) }));
  journal.during(2, () => journal.take({ id: 11, type: "call", data: call(11) }));
  expect(journal.state().calls.map(({ handler }) => handler)).toEqual([undefined, undefined]);
  journal.handler(began(1));
  journal.handler(began(2));
  expect(journal.state().calls.map(({ handler }) => handler?.title)).toEqual(["handler 1", "handler 2"]);
  // Pages that are open are told of the call again, under the same id.
  expect(told.map(({ id, handler }) => [id, handler?.title])).toEqual([
    [10, undefined],
    [11, undefined],
    [10, "handler 1"],
    [11, "handler 2"],
  ]);
});

it("takes no handler of a new process for one of the old", () => {
  const { journal } = opened();
  journal.during(1, () => journal.take({ id: 10, type: "call", data: call(10) }));
  journal.process({ status: "restarting", file: "/bot.ts", restarts: 1 });
  journal.handler(began(1));
  expect(journal.state().calls[0]?.handler).toBeUndefined();
});

it("keeps the last two thousand messages, and brings no old one back when it is edited", () => {
  const { journal } = opened();
  const message = (id: number): Message => ({ message_id: id, date: 0, chat: { id: 7, type: "private" } });
  for (let id = 1; id <= 2001; id++) journal.take({ id, type: "message", data: message(id) });
  journal.take({ id: 2002, type: "edited_message", data: { ...message(1), edit_date: 1 } });
  journal.take({ id: 2003, type: "edited_message", data: { ...message(2), edit_date: 1 } });
  const kept = journal.state().messages;
  expect(kept).toHaveLength(2000);
  expect(kept[0]).toMatchObject({ message_id: 2, edit_date: 1 });
  expect(kept.at(-1)?.message_id).toBe(2001);
});

it("cuts a line that is a whole file", () => {
  const { journal } = opened();
  journal.output({ id: 1, at: 0, from: "stdout", text: "x".repeat(1_000_000) });
  expect(journal.state().output[0]?.text).toBe(`${"x".repeat(10_000)}…`);
});

it("cuts an error that brings whole files with it", () => {
  const { journal } = opened();
  const huge = "x".repeat(1_000_000);
  const excerpt = [{ line: 1, text: huge, guilty: true }];
  journal.fault({ id: 1, at: 0, where: "handler", name: "Error", message: huge, stack: huge, excerpt });
  const [kept] = journal.state().faults;
  expect([kept?.message.length, kept?.stack.length, kept?.excerpt?.[0]?.text.length]).toEqual([
    10_001, 10_001, 501,
  ]);
});

it("forgets what is past, and not the error that keeps the bot down", () => {
  const { journal } = opened();
  const fault = { at: 0, name: "Error", message: "", stack: "" };
  journal.fault({ ...fault, id: 1, where: "handler" });
  journal.fault({ ...fault, id: 2, where: "crash" });
  journal.process({ status: "crashed", file: "/bot.ts", restarts: 0 });
  journal.clear();
  expect(journal.state().faults.map(({ id }) => id)).toEqual([2]);
  journal.process({ status: "running", file: "/bot.ts", restarts: 1 });
  journal.clear();
  expect(journal.state().faults).toEqual([]);
});

it("keeps what does not end for pages that come later, until it ends or its process does", () => {
  const { journal } = opened();
  const report = (id: number) =>
    ({ balekit: "pending", id, since: 5, chatId: 7, isHolding: true, handlers: [] }) as const;
  const kept = (): readonly number[] => journal.state().pending.map(({ id }) => id);
  for (let id = 1; id <= 150; id++) journal.pending(report(id));
  // The first hundred are told; as those end the others take their places.
  expect([kept().length, kept()[0], kept().at(-1)]).toEqual([100, 1, 100]);
  journal.settled(1);
  expect([kept().length, kept()[0], kept().at(-1)]).toEqual([100, 2, 101]);
  journal.pending({ ...report(2), isHolding: false });
  expect(journal.state().pending[0]).toMatchObject({ id: 2, isHolding: false });
  // A process that is stuck may come back.
  journal.process({ status: "stuck", file: "/bot.ts", restarts: 0 });
  expect(kept()).toHaveLength(100);
  for (const status of ["restarting", "crashed", "ended", "stopped"] as const) {
    journal.pending(report(1));
    journal.process({ status, file: "/bot.ts", restarts: 1 });
    expect(kept(), status).toEqual([]);
  }
});
