import type { Channel, ConsumeMessage } from "amqplib";
import { systemClock } from "balekit";
import { expect, onTestFinished, test } from "vitest";
import { Members } from "../src/members.js";

/** Takes part over a channel of which only what is heard matters. */
async function hearing(): Promise<{ members: Members; hear: (text: string) => void }> {
  const heard: ((message: ConsumeMessage) => void)[] = [];
  const channel = {
    assertQueue: async () => ({ queue: "own" }),
    bindQueue: async () => ({}),
    consume: async (_queue: string, hear: (message: ConsumeMessage) => void) => void heard.push(hear),
    publish: () => true,
  };
  const members = new Members({
    id: "me",
    exchange: "members",
    clock: systemClock,
    self: () => ({ listens: [], active: [] }),
    changed: () => undefined,
    isDeaf: () => false,
  });
  await members.attach(channel as unknown as Channel);
  onTestFinished(() => members.close());
  const hear = (text: string): void => heard[0]?.({ content: Buffer.from(text) } as ConsumeMessage);
  return { members, hear };
}

test.each([
  "",
  "{",
  "null",
  "7",
  '{"id":"x"}',
  '{"id":"x","listens":1,"active":[]}',
  '{"listens":[],"active":[]}',
])("what is no word of another worker, and comes in the same way, is left out: %j", async (odd) => {
  const { members, hear } = await hearing();
  hear(odd);
  expect([...members.others.keys()]).toEqual([]);
  hear('{"id":"x","listens":[1],"active":[]}');
  expect([...members.others.keys()]).toEqual(["x"]);
});
