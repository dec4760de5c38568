import type { Update } from "@balekit/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Delivery } from "../src/delivery.js";
import { Lanes, type Turn } from "../src/lanes.js";

const signal = new AbortController().signal;
let nextId = 0;

function message(chatId: number): Delivery {
  const chat = { id: chatId, type: "private" as const };
  const update = { update_id: nextId++, message: { message_id: 1, date: 0, chat } } as Update;
  return { update, signal, accept: () => undefined };
}

function payment(userId: number): Delivery {
  const update = { update_id: nextId++, pre_checkout_query: { id: "1", from: { id: userId } } };
  return { update: update as unknown as Update, signal, accept: () => undefined };
}

/** Lanes whose turns end when the test says so. */
function bench(concurrency = 10, reserved = 2) {
  const running: Turn[] = [];
  const lanes = new Lanes({ concurrency, reserved, begin: (turn) => running.push(turn) });
  function end(delivery: Delivery): void {
    const at = running.findIndex((turn) => turn.delivery === delivery);
    const [turn] = running.splice(at, 1);
    if (turn === undefined) throw new Error("that delivery does not run");
    lanes.release(turn);
  }
  return { lanes, running, end, now: () => running.map((turn) => turn.delivery) };
}

describe("Lanes", () => {
  it("run one update of a chat at a time, in order, and other chats beside it", async () => {
    const { lanes, end, now } = bench();
    const [first, second, other] = [message(1), message(1), message(2)];
    const ended = lanes.enter(first);
    void lanes.enter(second);
    void lanes.enter(other);
    expect(now()).toEqual([first, other]);
    expect(lanes.waiting).toBe(1);
    end(first);
    await ended;
    expect(now()).toEqual([other, second]);
  });

  it("let the updates of a chat run side by side when order is off, and keep payments their places", () => {
    const running: Turn[] = [];
    const begin = (turn: Turn): number => running.push(turn);
    const lanes = new Lanes({ concurrency: 2, reserved: 1, isOrdered: false, begin });
    const [first, second, third, paid] = [message(1), message(1), message(1), payment(1)];
    for (const each of [first, second, third, paid]) void lanes.enter(each);
    expect(running.map(({ delivery }) => delivery)).toEqual([first, second, paid]);
    for (const turn of running.splice(0)) lanes.release(turn);
    expect(running.map(({ delivery }) => delivery)).toEqual([third]);
    for (const turn of running.splice(0)) lanes.release(turn);
    expect([lanes.active, lanes.waiting]).toEqual([0, 0]);
  });

  it("run at most so many at once, and give free places to lanes in the order they came", () => {
    const { lanes, end, now } = bench(2);
    const [a, a2, b, c, d] = [message(1), message(1), message(2), message(3), message(4)];
    for (const each of [a, a2, b, c, d]) void lanes.enter(each);
    expect(now()).toEqual([a, b]);
    end(a);
    expect(now()).toEqual([b, c]);
    end(b);
    expect(now()).toEqual([c, d]);
    end(c);
    expect(now()).toEqual([d, a2]);
  });

  it("keep room for payments when all places are taken, and a lane of its own beside the chat", () => {
    const { lanes, now } = bench(1, 1);
    const [busy, blocked, paid, tooMany] = [message(7), message(8), payment(7), payment(9)];
    for (const each of [busy, blocked, paid, tooMany]) void lanes.enter(each);
    expect(now()).toEqual([busy, paid]);
  });

  it("meet in one lane when a press comes without its chat, for a private chat has its user's id", () => {
    const { lanes, now } = bench();
    const first = message(5);
    const press = { update_id: nextId++, callback_query: { id: "1", from: { id: 5 } } } as unknown as Update;
    void lanes.enter(first);
    void lanes.enter({ update: press, signal, accept: () => undefined });
    expect(now()).toEqual([first]);
  });

  it("never share a lane between updates that have neither chat nor user", () => {
    const { lanes, running } = bench();
    for (let count = 0; count < 3; count++) {
      void lanes.enter({ update: { update_id: nextId++ }, signal, accept: () => undefined });
    }
    expect(running).toHaveLength(3);
  });

  it("keep the order of chats that come back after thousands of others", () => {
    const { lanes, end, now } = bench();
    for (let round = 0; round < 2; round++) {
      for (let chatId = 1; chatId <= 2500; chatId++) {
        const [first, second] = [message(chatId), message(chatId)];
        for (const each of [first, second]) void lanes.enter(each);
        expect(now()).toEqual([first]);
        end(first);
        expect(now()).toEqual([second]);
        end(second);
      }
    }
    expect([lanes.active, lanes.waiting]).toEqual([0, 0]);
  });

  it("end a shared turn when the last holder lets go", async () => {
    const { lanes, running, now } = bench();
    const [first, second] = [message(1), message(1)];
    const ended = lanes.enter(first);
    void lanes.enter(second);
    const turn = running[0] as Turn;
    lanes.share(turn);
    lanes.release(turn);
    expect(now()).toEqual([first]);
    lanes.release(turn);
    await ended;
    expect(now()).toEqual([first, second]);
  });

  it("let a handler that stopped waiting take its lane, so that what comes next waits for it", () => {
    const { lanes, now } = bench();
    const turn = lanes.hold(message(1), 1);
    const next = message(1);
    void lanes.enter(next);
    expect(now()).toEqual([]);
    lanes.release(turn);
    expect(now()).toEqual([next]);
  });

  it("send away what has not begun when they close, let the rest end, and say when all is idle", async () => {
    const { lanes, end, now } = bench(1);
    const [running, queued, late] = [message(1), message(1), message(2)];
    const ended = lanes.enter(running);
    const refused = Promise.allSettled([lanes.enter(queued), lanes.enter(late)]);
    const reason = new Error("closing");
    lanes.close(reason);
    expect(await refused).toEqual([
      { status: "rejected", reason },
      { status: "rejected", reason },
    ]);
    await expect(lanes.enter(message(3))).rejects.toBe(reason);
    let idle = false;
    const quiet = lanes.idle().then(() => {
      idle = true;
    });
    await Promise.resolve();
    expect(idle).toBe(false);
    end(running);
    await Promise.all([quiet, ended]);
    expect(now()).toEqual([]);
    lanes.open();
    void lanes.enter(late);
    expect(now()).toEqual([late]);
  });

  it("keep order per chat and the bound, lose nothing and leave nothing, in any order of completion", async () => {
    const plan = fc.record({
      chats: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 60 }),
      picks: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
      concurrency: fc.integer({ min: 1, max: 5 }),
      early: fc.nat({ max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ chats, picks, concurrency, early }) => {
        const { lanes, running, end } = bench(concurrency, 0);
        const seen = new Map<number, number[]>();
        const expected = new Map<number, number[]>();
        const ended: Promise<void>[] = [];
        const endOne = (pick: number): void => {
          const turn = running[pick % running.length] as Turn;
          const chatId = turn.laneKey as number;
          seen.set(chatId, [...(seen.get(chatId) ?? []), turn.delivery.update.update_id]);
          end(turn.delivery);
        };
        chats.forEach((chatId, at) => {
          const delivery = message(chatId);
          expected.set(chatId, [...(expected.get(chatId) ?? []), delivery.update.update_id]);
          ended.push(lanes.enter(delivery));
          expect(running.length).toBeLessThanOrEqual(concurrency);
          expect(new Set(running.map((turn) => turn.laneKey)).size).toBe(running.length);
          if (at % 3 === early % 3) endOne(picks[at] as number);
        });
        for (let at = 0; running.length > 0; at++) {
          // A free place and a waiting lane never stand side by side.
          const lanesWaiting = new Set([...lanes.queued()].map((each) => each.update.message?.chat?.id));
          for (const turn of running) lanesWaiting.delete(turn.laneKey as number);
          if (lanesWaiting.size > 0) expect(running.length).toBe(concurrency);
          endOne(picks[at % picks.length] as number);
        }
        await Promise.all(ended);
        expect(seen).toEqual(expected);
        expect([lanes.active, lanes.waiting]).toEqual([0, 0]);
      }),
      { numRuns: 300 },
    );
  });
});
