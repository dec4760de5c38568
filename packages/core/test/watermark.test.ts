import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Watermark } from "../src/watermark.js";

describe("Watermark", () => {
  it("has no offset before the first update, and takes 0 for the number it is", () => {
    const mark = new Watermark();
    expect(mark.offset).toBeUndefined();
    expect(mark.enter(0)).toBe(true);
    expect(mark.offset).toBe(0);
    mark.finish(0);
    expect(mark.offset).toBe(1);
  });

  it("stops at the oldest unfinished update, whatever is done behind it", () => {
    const mark = new Watermark();
    for (const id of [5, 6, 7, 8]) mark.enter(id);
    mark.finish(6);
    mark.finish(8);
    expect(mark.offset).toBe(5);
    mark.finish(5);
    expect(mark.offset).toBe(7);
    mark.finish(7);
    expect(mark.offset).toBe(9);
    expect(mark.span).toBe(0);
  });

  it("drops what it knows: running, done above the offset, and below it", () => {
    const mark = new Watermark();
    for (const id of [1, 2, 3]) mark.enter(id);
    mark.finish(1);
    mark.finish(3);
    expect([1, 2, 3].map((id) => mark.enter(id))).toEqual([false, false, false]);
    expect(mark.enter(4)).toBe(true);
  });

  it("takes a refused update in again, and does not pass it before", () => {
    const mark = new Watermark();
    mark.enter(1);
    mark.enter(2);
    mark.refuse(1);
    mark.finish(2);
    expect(mark.offset).toBe(1);
    expect(mark.enter(2)).toBe(false);
    expect(mark.enter(1)).toBe(true);
    mark.finish(1);
    expect(mark.offset).toBe(3);
  });

  it("finishes each update once: a second finish, or one of a stranger, moves nothing", () => {
    const mark = new Watermark();
    mark.enter(1);
    mark.finish(9);
    mark.finish(1);
    mark.finish(1);
    expect(mark.offset).toBe(2);
    expect(mark.running).toBe(0);
  });

  it("starts where it is told to", () => {
    const mark = new Watermark(40);
    expect(mark.offset).toBe(40);
    expect(mark.enter(39)).toBe(false);
    expect(mark.enter(42)).toBe(true);
    expect(mark.offset).toBe(42);
  });

  it("never passes an unfinished update, passes all finished ones, and enters each once, in any order of events", () => {
    const event = fc.record({
      kind: fc.constantFrom("enter", "finish", "finish", "refuse"),
      id: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const mark = new Watermark();
        const states = new Map<number, "running" | "done" | "again">();
        for (const { kind, id } of events) {
          if (kind === "enter") {
            const passed = mark.offset !== undefined && id < mark.offset;
            const known = states.get(id) === "running" || states.get(id) === "done";
            expect(mark.enter(id)).toBe(!passed && !known);
            if (!passed && !known) states.set(id, "running");
          } else if (states.get(id) === "running") {
            if (kind === "finish") mark.finish(id);
            else mark.refuse(id);
            states.set(id, kind === "finish" ? "done" : "again");
          }
          const open = [...states].filter(([, state]) => state !== "done").map(([each]) => each);
          const all = [...states.keys()];
          if (all.length === 0) expect(mark.offset).toBeUndefined();
          else if (open.length > 0) expect(mark.offset).toBe(Math.min(...open));
          else expect(mark.offset).toBe(Math.max(...all) + 1);
          expect(mark.running).toBe([...states.values()].filter((state) => state === "running").length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("remembers no more than its window while a hundred thousand updates pass in random order of completion", () => {
    const mark = new Watermark();
    const running: number[] = [];
    let biggest = 0;
    let seed = 7;
    for (let id = 0; id < 100_000; id++) {
      mark.enter(id);
      running.push(id);
      if (running.length === 100) {
        while (running.length > 50) {
          seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
          mark.finish(running.splice(seed % running.length, 1)[0] as number);
        }
        mark.finish(running.shift() as number);
      }
      biggest = Math.max(biggest, mark.span);
    }
    for (const id of running) mark.finish(id);
    expect(mark.offset).toBe(100_000);
    expect(mark.span).toBe(0);
    expect(biggest).toBeLessThan(2_000);
  });
});
