import { expect, test } from "vitest";
import { ConversationHost } from "../src/conversation-host.js";
import { conversation } from "../src/definition.js";

const talk = conversation("talk", async (c) => {
  await c.waitFor("message:text");
});

function makeHost() {
  const warnings: string[] = [];
  const logger = { warn: (line: string) => void warnings.push(line) };
  const host = new ConversationHost({
    bot: { services: {}, logger },
    definitions: new Map([["talk", talk]]),
  } as never);
  return { host, warnings };
}

test("a line that awaits something un-journaled is told of, and again when it makes a replay go another way", () => {
  const { host, warnings } = makeHost();
  const instance = { id: "i", definition: "talk", version: 1, source: talk.source } as never;
  for (let times = 0; times < 2; times++) {
    host.code(instance)?.onStray?.("bot.ts:7:3");
    host.diverged(instance, { what: "it says another thing", line: "bot.ts:7:3" });
  }
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain("is not in its journal");
  expect(warnings[1]).toContain("it says another thing");
});

test("of very many answered presses the oldest is forgotten, and no other", () => {
  const { host } = makeHost();
  const answered = (id: number) =>
    host.noteAnswer({ method: "answerCallbackQuery", params: { callback_query_id: String(id) } } as never);
  for (let id = 0; id <= 10_000; id++) answered(id);
  expect([0, 1, 10_000].map((id) => host.owes(String(id)))).toEqual([true, false, false]);
});
