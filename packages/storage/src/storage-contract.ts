import { deepStrictEqual, notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { type ContractCase, ODD_KEYS, sorted } from "./contract-case.js";
import { type ManualClock, manualClock } from "./manual-clock.js";
import type { Storage } from "./storage.js";
import { update } from "./update.js";

/** A storage made for one case. */
export interface StorageUnderTest {
  readonly storage: Storage;
  /** A second handle on the same data, as another process would have it; absent where only one may exist. */
  readonly other?: Storage | undefined;
  /** Closes everything and opens the same data again; absent where it does not outlive the handle. */
  readonly reopen?: (() => Promise<Storage>) | undefined;
  readonly close?: (() => Promise<void>) | undefined;
}

/** How the contract gets at a driver. */
export interface StorageContractOptions {
  /** Makes an EMPTY storage that measures time with this clock and keeps values of a million bytes. */
  readonly open: (clock: ManualClock) => Promise<StorageUnderTest>;
}

/** The promises of a Storage as cases for any test runner: `for (const { name, run } of cases) it(name, run)`. */
export function storageContract({ open }: StorageContractOptions): readonly ContractCase[] {
  const cases: ContractCase[] = [];
  function promise(
    name: string,
    check: (under: StorageUnderTest, clock: ManualClock) => Promise<void>,
  ): void {
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

  promise("gives back what was stored, as a copy nobody can reach into", async ({ storage }) => {
    const value = { name: "علی", deep: [1, { two: true }], none: null, empty: "" };
    await storage.set("k", value);
    value.name = "changed after";
    const first = (await storage.get("k"))?.value as typeof value;
    deepStrictEqual(first, { name: "علی", deep: [1, { two: true }], none: null, empty: "" });
    (first.deep as unknown[]).push("changed by a reader");
    const second = (await storage.get("k"))?.value;
    deepStrictEqual(second, { name: "علی", deep: [1, { two: true }], none: null, empty: "" });
    strictEqual(await storage.get("other"), undefined);
  });

  promise("keeps falsy values apart from no value", async ({ storage }) => {
    for (const value of [0, false, "", null]) {
      await storage.set("k", value);
      const found = await storage.get("k");
      ok(found !== undefined, `${String(value)} was lost`);
      strictEqual(found.value, value);
    }
  });

  promise("refuses a write on a stale version, and changes nothing", async ({ storage }) => {
    const first = await storage.set("k", 1, { ifVersion: null });
    ok(first.ok);
    deepStrictEqual(await storage.set("k", 2, { ifVersion: null }), { ok: false });
    const second = await storage.set("k", 3, { ifVersion: first.version });
    ok(second.ok);
    notStrictEqual(second.version, first.version);
    deepStrictEqual(await storage.set("k", 4, { ifVersion: first.version }), { ok: false });
    deepStrictEqual(await storage.set("new", 4, { ifVersion: first.version }), { ok: false });
    strictEqual(await storage.delete("k", { ifVersion: first.version }), false);
    deepStrictEqual(await storage.get("k"), { value: 3, version: second.version });
    strictEqual(await storage.get("new"), undefined);
  });

  promise("deletes once, and only at the version named", async ({ storage }) => {
    const written = await storage.set("k", 1);
    ok(written.ok);
    strictEqual(await storage.delete("k", { ifVersion: "no such version" }), false);
    strictEqual(await storage.delete("k", { ifVersion: written.version }), true);
    strictEqual(await storage.delete("k"), false);
    strictEqual(await storage.get("k"), undefined);
  });

  promise("never uses a version twice, so A-B-A is seen", async ({ storage }) => {
    const seen = new Set<string>();
    for (let round = 0; round < 10; round++) {
      const written = await storage.set("k", "A");
      ok(written.ok);
      ok(!seen.has(written.version), `version ${written.version} came twice`);
      seen.add(written.version);
      if (round % 2 === 1) await storage.delete("k");
    }
    for (const version of seen) {
      deepStrictEqual(await storage.set("k", "late", { ifVersion: version }), { ok: false });
    }
  });

  promise("lets exactly one of many writers at one version through", async ({ storage, other = storage }) => {
    const base = await storage.set("k", "base");
    ok(base.ok);
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, writer) =>
        (writer % 2 === 0 ? storage : other).set("k", writer, { ifVersion: base.version }),
      ),
    );
    strictEqual(results.filter((result) => result.ok).length, 1);
    strictEqual(
      (await storage.get("k"))?.value,
      results.findIndex((result) => result.ok),
    );
    const created = await Promise.all(
      Array.from({ length: 20 }, (_, writer) =>
        (writer % 2 === 0 ? storage : other).set("new", writer, { ifVersion: null }),
      ),
    );
    strictEqual(created.filter((result) => result.ok).length, 1);
  });

  promise("loses none of 50 concurrent updates", async ({ storage, other = storage }) => {
    await Promise.all(
      Array.from({ length: 50 }, (_, writer) =>
        update(
          (writer % 2 === 0 ? storage : other) as Storage<number>,
          "visits",
          async (visits = 0) => {
            await new Promise((resolve) => setImmediate(resolve));
            return visits + 1;
          },
          { maxAttempts: 1_000 },
        ),
      ),
    );
    strictEqual((await storage.get("visits"))?.value, 50);
  });

  promise("forgets a value when its time has passed, and not before", async ({ storage }, clock) => {
    const written = await storage.set("k", "short", { ttlMs: 1_000 });
    await storage.set("stays", "long");
    ok(written.ok);
    await clock.advance(999);
    strictEqual((await storage.get("k"))?.value, "short");
    await clock.advance(1);
    strictEqual(await storage.get("k"), undefined);
    deepStrictEqual(await sorted(storage.keys("")), ["stays"]);
    strictEqual(await storage.delete("k"), false);
    deepStrictEqual(await storage.set("k", "stale", { ifVersion: written.version }), { ok: false });
    const again = await storage.set("k", "again", { ifVersion: null });
    ok(again.ok);
    notStrictEqual(again.version, written.version);
    await clock.advance(10 * 86_400_000);
    strictEqual((await storage.get("k"))?.value, "again");
    strictEqual((await storage.get("stays"))?.value, "long");
  });

  promise("leaves the lifetime alone when a write is refused", async ({ storage }, clock) => {
    const written = await storage.set("k", 1, { ttlMs: 1_000 });
    ok(written.ok);
    deepStrictEqual(await storage.set("k", 2, { ifVersion: null }), { ok: false });
    deepStrictEqual(await storage.set("k", 2, { ifVersion: `${written.version}0`, ttlMs: 9_000 }), {
      ok: false,
    });
    await clock.advance(1_000);
    strictEqual(await storage.get("k"), undefined);
  });

  promise("takes the lifetime of the last write only", async ({ storage }, clock) => {
    await storage.set("kept", 1, { ttlMs: 1_000 });
    await storage.set("kept", 2);
    await storage.set("renewed", 1, { ttlMs: 1_000 });
    await clock.advance(900);
    await storage.set("renewed", 2, { ttlMs: 1_000 });
    await clock.advance(900);
    strictEqual((await storage.get("kept"))?.value, 2);
    strictEqual((await storage.get("renewed"))?.value, 2);
  });

  promise("keeps odd keys apart, and lists each as it was given", async ({ storage }) => {
    for (const [at, key] of ODD_KEYS.entries()) {
      ok((await storage.set(key, at, { ifVersion: null })).ok, `${JSON.stringify(key)} met another key`);
    }
    for (const [at, key] of ODD_KEYS.entries()) {
      strictEqual((await storage.get(key))?.value, at, JSON.stringify(key));
    }
    deepStrictEqual(await sorted(storage.keys("")), [...ODD_KEYS].sort());
    for (const key of ODD_KEYS) strictEqual(await storage.delete(key), true, JSON.stringify(key));
    deepStrictEqual(await sorted(storage.keys("")), []);
  });

  promise("lists the keys of a prefix, taken by the letter", async ({ storage }) => {
    const keys = ["a", "a:1", "a:2", "a%", "a_b", "axb", "A:1", "علی:۱", "علی:۲", "😀:1", "😃:1"];
    for (const key of keys) await storage.set(key, 1);
    for (const prefix of ["a", "a:", "a%", "a_", "علی:", "😀", "\ud83d", "none"]) {
      const wanted = keys.filter((key) => key.startsWith(prefix)).sort();
      deepStrictEqual(await sorted(storage.keys(prefix)), wanted, JSON.stringify(prefix));
    }
  });

  promise("lists each of many keys once", async ({ storage }) => {
    const keys = Array.from({ length: 1_100 }, (_, at) => `k:${at}`).sort();
    for (let at = 0; at < keys.length; at += 100) {
      await Promise.all(keys.slice(at, at + 100).map((key) => storage.set(key, 1)));
    }
    deepStrictEqual(await sorted(storage.keys("k:")), keys);
  });

  promise("lists keys while they are deleted", async ({ storage }) => {
    for (let at = 0; at < 25; at++) await storage.set(`k${at}`, at);
    for await (const key of storage.keys("k")) await storage.delete(key);
    deepStrictEqual(await sorted(storage.keys("")), []);
  });

  promise("refuses what is no key, and what is no value", async ({ storage }) => {
    const code = (wanted: string) => (error: unknown) => (error as { code?: unknown }).code === wanted;
    await rejects(storage.set(undefined as never, 1), code("ERR_BALE_STORAGE_KEY"));
    await rejects(storage.set("k".repeat(513), 1), code("ERR_BALE_STORAGE_KEY"));
    await rejects(storage.set("k", undefined), code("ERR_BALE_STORAGE_VALUE"));
    await rejects(storage.set("k", "x".repeat(40_000_000)), code("ERR_BALE_STORAGE_TOO_LARGE"));
    strictEqual(await storage.get("k"), undefined);
  });

  promise("keeps a big value whole, and a name like __proto__ a name", async ({ storage }) => {
    const big = "سلام 😀 ".repeat(50_000);
    await storage.set("big", big);
    strictEqual((await storage.get("big"))?.value, big);
    await storage.set("p", JSON.parse('{"__proto__":{"admin":true},"constructor":1}'));
    const value = (await storage.get("p"))?.value as object;
    deepStrictEqual(Object.keys(value).sort(), ["__proto__", "constructor"]);
    strictEqual((value as { admin?: unknown }).admin, undefined);
    strictEqual(({} as { admin?: unknown }).admin, undefined);
  });

  promise("shows a resolved write to everybody at once", async ({ storage, other, reopen }) => {
    const written = await storage.set("k", "there", { ttlMs: 60_000 });
    ok(written.ok);
    if (other !== undefined) {
      deepStrictEqual(await other.get("k"), { value: "there", version: written.version });
    }
    if (reopen === undefined) return;
    const again = await reopen();
    deepStrictEqual(await again.get("k"), { value: "there", version: written.version });
    const next = await again.set("k", "more", { ifVersion: written.version });
    ok(next.ok);
    notStrictEqual(next.version, written.version);
  });

  return cases;
}
