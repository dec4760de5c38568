import { deepStrictEqual, notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { type ContractCase, ODD_KEYS, sorted } from "./contract-case.js";
import type { LaneStore } from "./lane-store.js";
import { type ManualClock, manualClock } from "./manual-clock.js";

/** A lane store made for one case. */
export interface LanesUnderTest {
  readonly lanes: LaneStore;
  /** A second handle on the same data, as another process would have it; absent where only one may exist. */
  readonly other?: LaneStore | undefined;
  /** Closes everything and opens the same data again; absent where it does not outlive the handle. */
  readonly reopen?: (() => Promise<LaneStore>) | undefined;
  readonly close?: (() => Promise<void>) | undefined;
}

/** How the contract gets at a driver. */
export interface LaneContractOptions {
  /** Makes an EMPTY lane store that measures time with this clock. */
  readonly open: (clock: ManualClock) => Promise<LanesUnderTest>;
}

/** The promises of a LaneStore as cases for any test runner: `for (const { name, run } of cases) it(name, run)`. */
export function laneContract({ open }: LaneContractOptions): readonly ContractCase[] {
  const cases: ContractCase[] = [];
  function promise(name: string, check: (under: LanesUnderTest, clock: ManualClock) => Promise<void>): void {
    cases.push({
      name,
      async run(): Promise<void> {
        const clock = manualClock();
        const under = await open(clock);
        try {
          await check(under, clock);
        } finally {
          await under.close?.();
        }
      },
    });
  }

  promise("loads head and log together, from the index asked for", async ({ lanes }) => {
    strictEqual(await lanes.load("k"), undefined);
    const version = await lanes.commit("k", null, { head: { n: "۳" }, append: ["a", { b: 1 }, "c"] });
    const lane = await lanes.load("k");
    deepStrictEqual(lane, {
      version,
      head: { n: "۳" },
      firstIndex: 0,
      nextIndex: 3,
      log: ["a", { b: 1 }, "c"],
      wakeAt: undefined,
    });
    deepStrictEqual((await lanes.load("k", 2))?.log, ["c"]);
    deepStrictEqual((await lanes.load("k", 9))?.log, []);
  });

  promise("gives back head and log as copies nobody can reach into", async ({ lanes }) => {
    const [head, entry] = [{ list: [1] }, { list: [2] }];
    await lanes.commit("k", null, { head, append: [entry] });
    head.list.push(9);
    entry.list.push(9);
    const first = await lanes.load("k");
    for (const mine of [first?.head, first?.log[0]] as (typeof head)[]) mine.list.push(9);
    const second = await lanes.load("k");
    deepStrictEqual([second?.head, second?.log], [{ list: [1] }, [{ list: [2] }]]);
  });

  promise("loads so many entries from the end", async ({ lanes }) => {
    const first = await lanes.commit("k", null, { head: 0, append: ["a", "b", "c", "d"] });
    deepStrictEqual((await lanes.load("k", -2))?.log, ["c", "d"]);
    deepStrictEqual((await lanes.load("k", -9))?.log, ["a", "b", "c", "d"]);
    await lanes.commit("k", first as string, { head: 0, append: ["e"], cutTo: 3 });
    const lane = await lanes.load("k", -1);
    deepStrictEqual([lane?.firstIndex, lane?.nextIndex, lane?.log], [3, 5, ["e"]]);
    deepStrictEqual((await lanes.load("k", -4))?.log, ["d", "e"]);
  });

  promise("keeps head and tokens where a commit brings no head", async ({ lanes, reopen }) => {
    const first = await lanes.commit("k", null, { head: { n: 1 }, append: ["a"], wakeAt: 5, index: ["t"] });
    const second = await lanes.commit("k", first as string, { append: ["b"], wakeAt: 9 });
    ok(second !== false);
    strictEqual(await lanes.commit("k", first as string, { append: ["c"] }), false);
    const kept = { version: second, head: { n: 1 }, firstIndex: 0, nextIndex: 2, log: ["a", "b"], wakeAt: 9 };
    for (const reader of [lanes, await reopen?.()]) {
      if (reader === undefined) continue;
      deepStrictEqual(await reader.load("k"), kept);
      strictEqual(await reader.find("t"), "k");
    }
  });

  promise("refuses a new lane without a head, and tokens without one", async ({ lanes }) => {
    await rejects(lanes.commit("k", null, { append: ["a"] }), /no head/);
    strictEqual(await lanes.load("k"), undefined);
    const first = await lanes.commit("k", null, { head: 0 });
    await rejects(lanes.commit("k", first as string, { index: ["t"] }), /no head/);
  });

  promise("lets exactly one of many commits at one version through", async ({ lanes, other = lanes }) => {
    const base = await lanes.commit("k", null, { head: "base", append: ["base"] });
    ok(base !== false);
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, writer) =>
        (writer % 2 === 0 ? lanes : other).commit("k", base, { head: writer, append: [writer] }),
      ),
    );
    strictEqual(results.filter((version) => version !== false).length, 1);
    const winner = results.findIndex((version) => version !== false);
    const lane = await lanes.load("k");
    deepStrictEqual([lane?.head, lane?.log], [winner, ["base", winner]]);
    strictEqual(await lanes.commit("k", null, { head: 9 }), false);
    strictEqual(await lanes.commit("new", base, { head: 9 }), false);
    strictEqual(await lanes.load("new"), undefined);
  });

  promise("never shows a head with the log of another commit", async ({ lanes, other = lanes }) => {
    const writing = { isDone: false };
    const writer = (async () => {
      let version: string | null = null;
      for (let n = 1; n <= 60; n++) {
        const next = await other.commit("k", version, { head: n, append: [n], cutTo: n - 5 });
        ok(next !== false);
        version = next;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })().finally(() => {
      writing.isDone = true;
    });
    writer.catch(() => undefined); // told below
    let reads = 0;
    while (!writing.isDone) {
      const lane = await lanes.load("k");
      if (lane !== undefined) {
        reads++;
        strictEqual(lane.firstIndex + lane.log.length, lane.head);
        strictEqual(lane.log.at(-1), lane.head);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writer;
    ok(reads > 0);
  });

  promise("cuts the log below an index and counts on from there", async ({ lanes }) => {
    const first = await lanes.commit("k", null, { head: 0, append: ["a", "b", "c"] });
    const second = await lanes.commit("k", first as string, { head: 1, cutTo: 2, append: ["d"] });
    const lane = await lanes.load("k");
    deepStrictEqual([lane?.firstIndex, lane?.log], [2, ["c", "d"]]);
    deepStrictEqual((await lanes.load("k", 3))?.log, ["d"]);
    const third = await lanes.commit("k", second as string, { head: 2, cutTo: 99 });
    const empty = await lanes.load("k");
    deepStrictEqual([empty?.firstIndex, empty?.log], [4, []]);
    await lanes.commit("k", third as string, { head: 3, cutTo: 1, append: ["e"] });
    const last = await lanes.load("k");
    deepStrictEqual([last?.firstIndex, last?.log], [4, ["e"]]);
  });

  promise("cuts what the same commit appends, and takes thousands of entries at once", async ({ lanes }) => {
    const many = Array.from({ length: 3_000 }, (_, at) => at);
    const first = await lanes.commit("k", null, { head: 0, append: many, cutTo: 2 });
    const whole = await lanes.load("k");
    deepStrictEqual([whole?.firstIndex, whole?.log], [2, many.slice(2)]);
    const second = await lanes.commit("k", first as string, { head: 1, append: ["x", "y"], cutTo: 3_001 });
    const tail = await lanes.load("k");
    deepStrictEqual([tail?.firstIndex, tail?.log], [3_001, ["y"]]);
    await lanes.commit("k", second as string, { head: 2, append: ["z"], cutTo: 9_999 });
    const empty = await lanes.load("k");
    deepStrictEqual([empty?.firstIndex, empty?.log], [3_003, []]);
  });

  promise("takes deadline and lifetime of the last commit only", async ({ lanes }, clock) => {
    const first = await lanes.commit("k", null, { head: 0, wakeAt: 5, ttlMs: 1_000 });
    await lanes.commit("k", first as string, { head: 1 });
    deepStrictEqual(await lanes.due("", 10, 10), []);
    strictEqual((await lanes.load("k"))?.wakeAt, undefined);
    await clock.advance(2_000);
    strictEqual((await lanes.load("k"))?.head, 1);
  });

  promise(
    "answers the lanes that are due, earliest first and at most as many as asked",
    async ({ lanes }) => {
      await lanes.commit("late", null, { head: 0, wakeAt: 300 });
      await lanes.commit("early", null, { head: 0, wakeAt: 100 });
      const middle = await lanes.commit("middle", null, { head: 0, wakeAt: 200 });
      await lanes.commit("never", null, { head: 0 });
      strictEqual((await lanes.load("early"))?.wakeAt, 100);
      deepStrictEqual(await lanes.due("", 99, 10), []);
      deepStrictEqual(await lanes.due("", 300, 10), ["early", "middle", "late"]);
      deepStrictEqual(await lanes.due("", 300, 1), ["early"]);
      await lanes.commit("middle", middle as string, { head: 0, wakeAt: null });
      await lanes.delete("early");
      deepStrictEqual(await lanes.due("", 300, 10), ["late"]);
    },
  );

  promise("answers only lanes of a prefix, however many others are due before them", async ({ lanes }) => {
    const others = Array.from({ length: 260 }, (_, at) => `theirs:1:${at}`);
    await Promise.all(others.map((key) => lanes.commit(key, null, { head: 0, wakeAt: 1 })));
    const ours = [
      "ours:1:b",
      "ours:1:a:x",
      "ours:1:a:y",
      "ours:10:z",
      "ours:1",
      "ours",
      "our%:1:_",
      "OURS:1:c",
    ];
    for (const [at, key] of ours.entries()) await lanes.commit(key, null, { head: 0, wakeAt: 50 - at });
    deepStrictEqual(await lanes.due("ours:1:", 60, 10), ["ours:1:a:y", "ours:1:a:x", "ours:1:b"]);
    deepStrictEqual(await lanes.due("ours:1:", 60, 2), ["ours:1:a:y", "ours:1:a:x"]);
    deepStrictEqual(await lanes.due("ours:1:", 49, 10), ["ours:1:a:y", "ours:1:a:x"]);
    deepStrictEqual(await lanes.due("ours:1:a:", 60, 10), ["ours:1:a:y", "ours:1:a:x"]);
    deepStrictEqual(await lanes.due("ours:1", 60, 10), [
      "ours:1",
      "ours:10:z",
      ...ours.slice(0, 3).reverse(),
    ]);
    deepStrictEqual(await lanes.due("our%:", 60, 10), ["our%:1:_"]);
    deepStrictEqual(await lanes.due("nobody:1:", 60, 10), []);
    strictEqual((await lanes.due("", 60, 1_000)).length, others.length + ours.length);
  });

  promise(
    "forgets deadlines of a prefix with what they belonged to",
    async ({ lanes, other = lanes }, clock) => {
      const moved = await lanes.commit("a:1:moved", null, { head: 0, wakeAt: 1 });
      const cleared = await lanes.commit("a:1:cleared", null, { head: 0, wakeAt: 2 });
      await lanes.commit("a:1:deleted", null, { head: 0, wakeAt: 3 });
      await lanes.commit("a:1:passing", null, { head: 0, wakeAt: 4, ttlMs: 1_000 });
      strictEqual((await other.due("a:1:", 10, 10)).length, 4);
      await other.commit("a:1:moved", moved as string, { head: 1, wakeAt: 20 });
      await other.commit("a:1:cleared", cleared as string, { head: 1 });
      await other.delete("a:1:deleted");
      await clock.advance(1_000);
      deepStrictEqual(await lanes.due("a:1:", 10, 10), []);
      deepStrictEqual(await lanes.due("a:1:", 20, 10), ["a:1:moved"]);
    },
  );

  promise("refuses a prefix that is none", async ({ lanes }) => {
    await rejects(lanes.due(5 as unknown as string, 10, 10), /the prefix is 5/);
  });

  promise("finds a lane by the tokens of its last commit only", async ({ lanes }) => {
    const first = await lanes.commit("k", null, { head: 0, index: ["t1", "توکن"] });
    strictEqual(await lanes.find("t1"), "k");
    await lanes.commit("k", first as string, { head: 0, index: ["توکن"] });
    strictEqual(await lanes.find("t1"), undefined);
    strictEqual(await lanes.find("توکن"), "k");
    await lanes.commit("other", null, { head: 0, index: ["توکن"] });
    strictEqual(await lanes.find("توکن"), "other");
    await lanes.delete("k");
    strictEqual(await lanes.find("توکن"), "other");
    await lanes.delete("other");
    strictEqual(await lanes.find("توکن"), undefined);
  });

  promise("deletes a lane whole, and never repeats a version after it", async ({ lanes }) => {
    const version = await lanes.commit("k", null, { head: 0, append: ["a"], wakeAt: 1, index: ["t"] });
    ok(version !== false);
    strictEqual(await lanes.delete("k", "no such version"), false);
    strictEqual(await lanes.delete("k", version), true);
    strictEqual(await lanes.delete("k"), false);
    deepStrictEqual(await lanes.due("", 10, 10), []);
    const again = await lanes.commit("k", null, { head: 0, append: ["b"] });
    notStrictEqual(again, version);
    strictEqual(await lanes.commit("k", version, { head: 1 }), false);
    deepStrictEqual((await lanes.load("k"))?.log, ["b"]);
  });

  promise("forgets a lane with all that is its when its time has passed", async ({ lanes }, clock) => {
    const version = await lanes.commit("k", null, {
      head: 0,
      append: ["a"],
      wakeAt: 1,
      index: ["t"],
      ttlMs: 1_000,
    });
    ok(version !== false);
    await clock.advance(999);
    strictEqual((await lanes.load("k"))?.version, version);
    await clock.advance(1);
    strictEqual(await lanes.load("k"), undefined);
    deepStrictEqual(await lanes.due("", 10, 10), []);
    strictEqual(await lanes.find("t"), undefined);
    deepStrictEqual(await sorted(lanes.keys("")), []);
    strictEqual(await lanes.commit("k", version, { head: 1 }), false);
    const again = await lanes.commit("k", null, { head: 1, append: ["new"] });
    notStrictEqual(again, version);
    const lane = await lanes.load("k");
    deepStrictEqual([lane?.firstIndex, lane?.log], [0, ["new"]]);
    await clock.advance(10 * 86_400_000);
    strictEqual((await lanes.load("k"))?.head, 1);
  });

  promise("keeps odd keys apart, and lists those of a prefix", async ({ lanes }) => {
    const keys = ODD_KEYS.filter((key) => key.length < 500);
    for (const [at, key] of keys.entries()) {
      const change = { head: at, index: [key], wakeAt: 1 };
      ok((await lanes.commit(key, null, change)) !== false, JSON.stringify(key));
    }
    for (const [at, key] of keys.entries()) {
      strictEqual((await lanes.load(key))?.head, at, JSON.stringify(key));
      strictEqual(await lanes.find(key), key);
    }
    deepStrictEqual(await sorted(lanes.keys("")), [...keys].sort());
    deepStrictEqual(await sorted(lanes.keys("a")), keys.filter((key) => key.startsWith("a")).sort());
    for (const prefix of ["", ...keys, ...keys.map((key) => key.slice(0, -1))]) {
      const due = [...(await lanes.due(prefix, 1, keys.length))].sort();
      deepStrictEqual(due, keys.filter((key) => key.startsWith(prefix)).sort(), JSON.stringify(prefix));
    }
  });

  promise("changes nothing when an entry cannot be written", async ({ lanes }) => {
    const version = await lanes.commit("k", null, { head: 0, append: ["a"] });
    await rejects(lanes.commit("k", version as string, { head: 1, append: ["b", 10n] }));
    const lane = await lanes.load("k");
    deepStrictEqual([lane?.version, lane?.head, lane?.log], [version, 0, ["a"]]);
  });

  promise("shows a resolved commit to everybody at once", async ({ lanes, other, reopen }) => {
    const version = await lanes.commit("k", null, { head: 1, append: ["a"], wakeAt: 5, index: ["t"] });
    for (const reader of [other, await reopen?.()]) {
      if (reader === undefined) continue;
      deepStrictEqual(await reader.load("k"), {
        version,
        head: 1,
        firstIndex: 0,
        nextIndex: 1,
        log: ["a"],
        wakeAt: 5,
      });
      deepStrictEqual(await reader.due("", 5, 10), ["k"]);
      strictEqual(await reader.find("t"), "k");
    }
  });

  return cases;
}
