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
