import { spawn } from "node:child_process";
import { join } from "node:path";
import { manualClock, richJson, StorageUnavailableError } from "@balekit/storage";
import { storageContract, survivalContract } from "@balekit/storage/contract";
import { type SqliteDatabase, type SqliteStatement, sqlite, sqliteLanes } from "@balekit/storage/sqlite";
import { describe, expect, it } from "vitest";
import { sqliteKind, sqliteKinds } from "./databases.js";
import { temporaryFolder } from "./folder.js";
import { programArguments } from "./program.js";

describe.each(sqliteKinds())("sqlite on $name", ({ name, open }) => {
  const cases = storageContract({
    async open(clock) {
      const path = join(temporaryFolder(), "bot.db");
      const databases = [open(path), open(path)] as const;
      const reopened: { close(): void }[] = [];
      const options = { clock, survives: "kill" } as const;
      return {
        storage: sqlite(databases[0], options),
        other: sqlite(databases[1], options),
        async reopen() {
          const again = open(path);
          reopened.push(again);
          return sqlite(again, options);
        },
        async close() {
          for (const database of [...databases, ...reopened]) database.close();
        },
      };
    },
  });
  it.each(cases)("$name", ({ run }) => run());

  it("keeps every acknowledged write through kill -9", { timeout: 60_000 }, async () => {
    const path = join(temporaryFolder(), "bot.db");
    const [survives] = survivalContract({
      program: programArguments("write-sqlite", name, path),
      async open() {
        const database = open(path);
        return { storage: sqlite(database), close: async () => database.close() };
      },
    });
    await survives?.run();
  });

  it("loses nothing when three processes change one value and one lane", { timeout: 60_000 }, async () => {
    const path = join(temporaryFolder(), "bot.db");
    const exits = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise((resolve) => {
            const args = programArguments("count-sqlite", name, path, "30");
            spawn(process.execPath, args, { stdio: "inherit" }).once("exit", resolve);
          }),
      ),
    );
    expect(exits).toEqual([0, 0, 0]);
    const database = open(path);
    expect((await sqlite(database).get("count"))?.value).toBe(90);
    const lane = await sqliteLanes(database).load("lane");
    expect(lane?.head).toBe(90);
    expect(lane?.log).toEqual(Array.from({ length: 90 }, (_, n) => n));
    database.close();
  });

  it("sweeps what has expired out of the file, also after a restart", async () => {
    const clock = manualClock();
    const database = open(join(temporaryFolder(), "bot.db"));
    await sqlite(database, { clock }).set("k", 1, { ttlMs: 1_000 });
    const rows = () => database.prepare("SELECT key FROM balekit_values").all();
    expect(rows()).toHaveLength(1);
    await clock.advance(120_000);
    expect(rows()).toHaveLength(0);

    const later = manualClock();
    await sqlite(database, { clock: manualClock() }).set("k", 1, { ttlMs: 1_000 });
    sqlite(database, { clock: later });
    await later.advance(120_000);
    expect(rows()).toHaveLength(0);
    database.close();
  });

  it("waits for another process that is writing, and then says that the store is away", async () => {
    const path = join(temporaryFolder(), "bot.db");
    const [mine, theirs, third] = [open(path), open(path), open(path)];
    const storage = sqlite(mine, { busyTimeoutMs: 200 });
    const lanes = sqliteLanes(mine, { busyTimeoutMs: 200 });
    sqlite(theirs);
    const patient = sqlite(third, { busyTimeoutMs: 20_000 });
    theirs.exec("BEGIN IMMEDIATE");
    const writes: (() => Promise<unknown>)[] = [
      () => storage.set("k", 1),
      () => storage.delete("k"),
      () => lanes.commit("k", null, { head: 1 }),
    ];
    for (const write of writes) {
      const error: unknown = await write().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(StorageUnavailableError);
      expect(error).toMatchObject({ maybeDone: false, timedOut: true });
      expect((error as Error).message).toMatch(/^Writing to the SQLite store .* locked, .* 200 ms/);
      expect(((error as Error).cause as Error).message).toMatch(/database is locked/);
    }
    // Readers do not wait for writers.
    expect(await storage.get("k")).toBeUndefined();
    const waiting = patient.set("k", 2);
    setTimeout(() => theirs.exec("COMMIT"), 40);
    expect((await waiting).ok).toBe(true);
    for (const each of [mine, theirs, third]) each.close();
  });

  it("says that the store is away when it cannot be opened for a lock", () => {
    const path = join(temporaryFolder(), "bot.db");
    const [mine, theirs] = [open(path), open(path)];
    sqlite(theirs);
    theirs.exec("BEGIN IMMEDIATE");
    expect(() => sqlite(mine, { busyTimeoutMs: 50 })).toThrow(StorageUnavailableError);
    theirs.exec("COMMIT");
    expect(() => sqlite(mine)).not.toThrow();
    mine.close();
    theirs.close();
  });

  it("waits when a single read meets a lock, and then says that the store is away", async () => {
    const database = open(join(temporaryFolder(), "bot.db"));
    const fault = lockable(database);
    const storage = sqlite(fault.database, { busyTimeoutMs: 100 });
    const lanes = sqliteLanes(fault.database, { busyTimeoutMs: 100 });
    const patient = sqlite(fault.database, { busyTimeoutMs: 20_000 });
    await storage.set("k", 1);
    fault.lock(true);
    const reads: (() => Promise<unknown>)[] = [
      () => storage.get("k"),
      () => storage.keys("")[Symbol.asyncIterator]().next(),
      () => lanes.load("k"),
      () => lanes.due("", 1, 1),
      () => lanes.due("cv:1:", 1, 1),
      () => lanes.keys("")[Symbol.asyncIterator]().next(),
    ];
    for (const read of reads) await expect(read()).rejects.toBeInstanceOf(StorageUnavailableError);
    const waiting = patient.get("k");
    setTimeout(() => fault.lock(false), 30);
    expect((await waiting)?.value).toBe(1);
    database.close();
  });

  it("keeps several stores apart in one file by the names of their tables", async () => {
    const database = open(join(temporaryFolder(), "bot.db"));
    const [one, two] = [
      sqlite(database, { table: "one" }),
      sqlite(database, { table: "two", codec: richJson }),
    ];
    await one.set("k", 1);
    expect(await two.get("k")).toBeUndefined();
    await two.set("k", new Map([[1n, new Date(0)]]));
    expect((await two.get("k"))?.value).toEqual(new Map([[1n, new Date(0)]]));
    database.close();
  });

  it("refuses a file that a newer release says is not for this one, and takes any other", async () => {
    const database = open(join(temporaryFolder(), "bot.db"));
    await sqlite(database).set("k", 1);
    database.exec("UPDATE balekit_schema SET version = 2 WHERE store = 'values'");
    expect((await sqlite(database).get("k"))?.value).toBe(1);
    database.exec("UPDATE balekit_schema SET oldest_reader = 2 WHERE store = 'values'");
    expect(() => sqlite(database)).toThrow(/brought it to schema 2.*this one knows 1/);
    expect(() => sqlite(database)).toThrow(expect.objectContaining({ code: "ERR_BALE_STORAGE_SCHEMA" }));
    database.close();
  });
});

describe("sqlite", () => {
  it("refuses a name that is none, and what is no database", () => {
    const database = sqliteKind("libsql").open(":memory:");
    expect(() => sqlite(database, { table: "a; DROP TABLE b" })).toThrow(TypeError);
    expect(() => sqlite({} as never)).toThrow("Give one of node:sqlite, libsql or better-sqlite3");
    database.close();
  });
});

/** A database whose statements find it locked for as long as one says: as when another process recovers it. */
function lockable(database: SqliteDatabase): { database: SqliteDatabase; lock(isOn: boolean): void } {
  let isLocked = false;
  const met = <Values extends unknown[], Result>(run: (...values: Values) => Result) => {
    return (...values: Values): Result => {
      if (isLocked) throw Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY_RECOVERY" });
      return run(...values);
    };
  };
  const prepare = (sql: string): SqliteStatement => {
    const statement = database.prepare(sql);
    return {
      run: met((...values) => statement.run(...values)),
      get: met((...values) => statement.get(...values)),
      all: met((...values) => statement.all(...values)),
    };
  };
  return {
    database: { exec: (sql) => database.exec(sql), prepare },
    lock(isOn) {
      isLocked = isOn;
    },
  };
}
