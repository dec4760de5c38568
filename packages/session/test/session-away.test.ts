import { type Storage, StorageUnavailableError } from "balekit";
import { describe, expect, test } from "vitest";
import { session } from "../src/index.js";
import { says, sessionBot } from "./session-bot.js";

const counted = () => ({ count: 0 });

/** A store that can be away, for reading and for writing. */
function leaving(storage: Storage) {
  const leave = { reads: false, writes: false };
  const unless = <Result>(isAway: boolean, run: () => Promise<Result>): Promise<Result> => {
    if (!isAway) return run();
    const message = "Asking Redis: it cannot be reached: ECONNREFUSED.";
    return Promise.reject(new StorageUnavailableError(message, { maybeDone: false, timedOut: false }));
  };
  const store: Storage = {
    get: (key) => unless(leave.reads, () => storage.get(key)),
    set: (key, value, options) => unless(leave.writes, () => storage.set(key, value, options)),
    delete: (key, options) => unless(leave.writes, () => storage.delete(key, options)),
    keys: (prefix) => storage.keys(prefix),
  };
  return { leave, store };
}

describe("while the store is away", () => {
  test("before a session is read, updates wait and are handled once, in the order of their chat", async () => {
    const { bot, clock, storage, errors } = sessionBot();
    const { leave, store } = leaving(storage);
    const seen: [string, number][] = [];
    bot
      .extend(session({ initial: counted, storage: store }))
      .on("message:text", (ctx) => void seen.push([ctx.text, ++ctx.session.count]));
    await bot.handle(says(1, "before"));
    leave.reads = true;
    const handled = ["a", "b", "c"].map((text) => bot.handle(says(1, text)));
    await clock.advance(10_000);
    expect(seen).toEqual([["before", 1]]);
    leave.reads = false;
    await clock.advance(3_000);
    await Promise.all(handled);
    expect(seen).toEqual([
      ["before", 1],
      ["a", 2],
      ["b", 3],
      ["c", 4],
    ]);
    expect(errors.map((error) => (error as Error).name)).toEqual(["StorageUnavailableError"]);
  });

  test("after the handlers have run, and when a handler itself reads, nothing is handled twice", async () => {
    const { bot, clock, storage, errors } = sessionBot();
    const { leave, store } = leaving(storage);
    const seen: string[] = [];
    const both = bot
      .extend(session({ initial: counted, storage: store }))
      .extend(session({ initial: counted, storage: store, name: "lazy", lazy: true }));
    both.hears("write", (ctx) => {
      seen.push("write");
      ctx.session.count++;
      leave.writes = true;
    });
    both.hears("load", async (ctx) => {
      seen.push("load");
      leave.reads = true;
      await ctx.lazy.load();
    });
    for (const text of ["write", "load"]) {
      await bot.handle(says(1, text));
      Object.assign(leave, { reads: false, writes: false });
    }
    await clock.advance(60_000);
    expect(seen).toEqual(["write", "load"]);
    expect(errors.map((error) => (error as Error).name)).toEqual([
      "StorageUnavailableError",
      "StorageUnavailableError",
    ]);
  });

  test("an error of the store that is no outage ends the update as before", async () => {
    const { bot, clock, storage, errors } = sessionBot();
    let reads = 0;
    const store: Storage = {
      ...storage,
      get: async () => {
        reads++;
        throw new Error("WRONGTYPE");
      },
    };
    let runs = 0;
    bot.extend(session({ initial: counted, storage: store })).use(() => void runs++);
    await bot.handle(says(1, "a"));
    await clock.advance(60_000);
    expect([reads, runs, errors]).toEqual([1, 0, [new Error("WRONGTYPE")]]);
  });
});
