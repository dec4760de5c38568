import type { Message } from "@balekit/api";
import { type ManualClock, manualClock } from "@balekit/storage";
import { describe, expect, it } from "vitest";

import { type Poll, QUEUE_LIMIT, UpdateQueue } from "../src/update-queue.js";

function setUp(duplicates = 0): { queue: UpdateQueue; clock: ManualClock; push: (text: string) => void } {
  const clock = manualClock();
  let left = duplicates;
  const queue = new UpdateQueue(clock, () => left-- > 0, 0);
  return { queue, clock, push: (text) => void queue.push({ message: { text } as Message }) };
}

const asked: Poll = { offset: undefined, limit: 100, timeoutMs: 0 };

async function ids(queue: UpdateQueue, poll: Partial<Poll> = {}): Promise<number[]> {
  return (await queue.poll({ ...asked, ...poll })).map((update) => update.update_id);
}

describe("the queue of updates", () => {
  it("numbers updates one by one and gives them again until the offset has passed them", async () => {
    const { queue, push } = setUp();
    push("a");
    push("b");
    push("c");
    expect(await ids(queue)).toEqual([0, 1, 2]);
    expect(await ids(queue, { offset: 0 })).toEqual([0, 1, 2]);
    expect(await ids(queue, { offset: 1, limit: 1 })).toEqual([1]);
    expect(await ids(queue, { offset: 3 })).toEqual([]);
    expect(await ids(queue)).toEqual([]);
  });

  it("counts a negative offset from the end and forgets the rest", async () => {
    const { queue, push } = setUp();
    for (const text of ["a", "b", "c"]) push(text);
    expect(await ids(queue, { offset: -1 })).toEqual([2]);
    expect(await ids(queue)).toEqual([2]);
  });

  it("forgets updates after 24 hours", async () => {
    const { queue, clock, push } = setUp();
    push("old");
    await clock.advance(12 * 3_600_000);
    push("young");
    await clock.advance(12 * 3_600_000 + 1);
    expect(await ids(queue)).toEqual([1]);
    expect(queue.size).toBe(1);
  });

  it("keeps the last 2000", async () => {
    const { queue, push } = setUp();
    for (let i = 0; i < QUEUE_LIMIT + 5; i++) push("x");
    expect(queue.size).toBe(QUEUE_LIMIT);
    expect((await ids(queue, { limit: 1 }))[0]).toBe(5);
  });

  it("answers a long poll when something comes", async () => {
    const { queue, push } = setUp();
    const poll = ids(queue, { timeoutMs: 30_000 });
    push("a");
    expect(await poll).toEqual([0]);
  });

  it("answers a long poll with nothing when its time is up", async () => {
    const { queue, clock } = setUp();
    const poll = ids(queue, { timeoutMs: 30_000 });
    await clock.advance(29_999);
    await clock.advance(1);
    expect(await poll).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it("lets go of a poll whose caller went away", async () => {
    const { queue, clock } = setUp();
    const gone = new AbortController();
    const poll = ids(queue, { timeoutMs: 30_000, signal: gone.signal });
    gone.abort();
    expect(await poll).toEqual([]);
    expect(clock.pending).toBe(0);
    expect(await ids(queue, { timeoutMs: 30_000, signal: gone.signal })).toEqual([]);
  });

  it("delivers a duplicated update once more after it was confirmed", async () => {
    const { queue, push } = setUp(1);
    push("a");
    push("b");
    expect(await ids(queue)).toEqual([0, 1]);
    expect(await ids(queue, { offset: 2 })).toEqual([0]);
    expect(await ids(queue, { offset: 2 })).toEqual([]);
  });

  it("hands what waits to a receiver, and what follows, duplicates twice", async () => {
    const { queue, push } = setUp(0);
    push("a");
    const seen: number[] = [];
    const receive = async (update: { update_id: number }): Promise<void> => {
      seen.push(update.update_id);
    };
    await queue.receive(receive);
    push("b");
    await queue.receive(undefined);
    push("c");
    expect(seen).toEqual([0, 1]);
    expect(await ids(queue)).toEqual([2]);

    const twice = new UpdateQueue(manualClock(), () => true, 0);
    const again: number[] = [];
    await twice.receive(async (update) => {
      again.push(update.update_id);
    });
    await twice.push({ message: {} as Message }).done;
    expect(again).toEqual([0, 0]);
  });
});
