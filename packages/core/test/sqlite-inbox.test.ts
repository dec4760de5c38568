import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import type { Update } from "@balekit/api";
import { type Clock, systemClock } from "@balekit/storage";
import type { SqliteDatabase } from "@balekit/storage/sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { BotStoppedError, type Inbox, type InboxEntry, type InboxHost } from "../src/index.js";
import { sqliteInbox, type SqliteInboxOptions } from "../src/inbox-driver.js";
import { gate, keptLog } from "./scripted-bale.js";

type Database = SqliteDatabase & { close(): void };
const Libsql = createRequire(import.meta.url)("libsql") as new (path: string) => Database;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "balekit-inbox-"));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "bot.db");
}

function database(path: string): Database {
  const db = new Libsql(path);
  ends.push(() => db.close());
  return db;
}

function text(id: number, chat = 1): Update {
  return {
    update_id: id,
    message: { message_id: id, date: 0, text: `نامه ${id}`, chat: { id: chat } },
  } as Update;
}

/** The bot's side: runs what it is given as the test says, lane by lane. */
class Work {
  readonly begun: string[] = [];
  readonly errors: unknown[] = [];
  readonly log = keptLog();
  readonly stop = new AbortController();
  run: (entry: InboxEntry) => Promise<void> = async (entry) => entry.done();
  readonly host: InboxHost;
  readonly #lanes = new Map<string, Promise<void>>();

  constructor(botId = 1, clock: Clock = systemClock) {
    this.host = {
      botId,
      clock,
      logger: this.log,
      signal: this.stop.signal,
      laneKey: ({ message }) => String(message?.chat.id),
      onError: async (error) => void this.errors.push(error),
      handle: (entry) => {
        const lane = this.host.laneKey(entry.update);
        const before = this.#lanes.get(lane) ?? Promise.resolve();
        const turn = before.then(async () => {
          if (this.stop.signal.aborted) throw new BotStoppedError("Handling");
          this.begun.push(`${entry.update.update_id}.${entry.attempt}`);
          await this.run(entry);
        });
        this.#lanes.set(
          lane,
          turn.catch(() => undefined),
        );
        return turn;
      },
    };
  }
}

/** A process that dies: whatever it still does reaches the store no more. */
async function crash(inbox: Inbox, db: Database): Promise<void> {
  // Its connection is gone, and so is its mark: the row of the owner says a number that is not alive.
  db.exec("UPDATE balekit_inbox_owners SET mark = json_set(mark, '$.pid', 999999999)");
  db.exec("PRAGMA query_only = 1");
  ends.push(() => {
    db.exec("PRAGMA query_only = 0");
    return inbox.close();
  });
}

async function opened(path: string, work = new Work(), options: SqliteInboxOptions = {}) {
  const db = database(path);
  const inbox = sqliteInbox(db, { survives: "kill", ...options });
  ends.push(() => inbox.close());
  await inbox.open(work.host);
  return { inbox, work, db };
}

async function until(holds: () => boolean): Promise<void> {
  for (const limit = Date.now() + 15_000; !holds(); await later(2)) {
    if (Date.now() > limit) throw new Error("It does not come about within 15 s.");
  }
}

const state = (db: Database): unknown[] =>
  db.prepare("SELECT id, state, body IS NULL AS empty FROM balekit_inbox ORDER BY id").all();

describe("sqliteInbox", () => {
  it("has written an update when put resolves, and hands it out", async () => {
    const { inbox, work, db } = await opened(newPath());
    const hold = gate();
    work.run = async (entry) => {
      await hold.promise;
      entry.done();
    };
    await inbox.put([text(0), text(1), text(2, 2)]);
    expect(state(db)).toHaveLength(3);
    await until(() => work.begun.length === 2);
    expect(work.begun).toEqual(["0.1", "2.1"]);
    expect(inbox.health()).toMatchObject({ state: "ok", pending: 3, dead: 0 });
    hold.open();
    await until(() => inbox.health().pending === 0);
    expect(work.begun).toEqual(["0.1", "2.1", "1.1"]);
    expect(state(db)).toEqual([0, 1, 2].map((id) => ({ id, state: 1, empty: 1 })));
  });

  it("drops what it has had before, while it is pending, after it is finished, and after a restart", async () => {
    const path = newPath();
    const { inbox, work } = await opened(path);
    await inbox.put([text(4), text(4)]);
    await until(() => inbox.health().pending === 0);
    await inbox.put([text(4)]);
    await inbox.close();
    const again = await opened(path, work);
    await again.inbox.put([text(4), text(5)]);
    await until(() => again.inbox.health().pending === 0 && work.begun.length > 1);
    expect(work.begun).toEqual(["4.1", "5.1"]);
  });

  it("remembers only so many finished numbers", async () => {
    const { inbox, db } = await opened(newPath(), undefined, { remember: 2_000 });
    for (let from = 0; from < 6_000; from += 500) {
      await inbox.put(Array.from({ length: 500 }, (_, at) => text(from + at, at)));
    }
    await until(() => inbox.health().pending === 0);
    await inbox.put([text(6_000)]);
    await until(() => inbox.health().pending === 0);
    expect(state(db).length).toBeLessThan(3_500);
    expect(state(db).length).toBeGreaterThan(2_000);
  });

  it("keeps the updates of several bots apart", async () => {
    const path = newPath();
    const one = await opened(path, new Work(1));
    const two = await opened(path, new Work(2));
    await one.inbox.put([text(7)]);
    await two.inbox.put([text(7), text(8)]);
    await until(() => two.work.begun.length === 2);
    expect(one.work.begun).toEqual(["7.1"]);
  });

  it("hands out in the order of each lane after a restart, what was being worked on first", async () => {
    const path = newPath();
    const first = await opened(path);
    first.work.run = () => new Promise(() => undefined);
    await first.inbox.put([text(1, 1), text(2, 2), text(3, 1), text(4, 1), text(5, 2)]);
    await crash(first.inbox, first.db);
    const second = await opened(path);
    await until(() => second.inbox.health().pending === 0);
    expect(second.work.begun.slice(0, 2)).toEqual(["1.1", "2.1"]);
    expect(second.work.begun.filter((id) => /[134]\./.test(id))).toEqual(["1.1", "3.1", "4.1"]);
    expect(second.work.begun.filter((id) => /[25]\./.test(id))).toEqual(["2.1", "5.1"]);
  });

  it("hands out fairly and in order when one lane holds far more than others", async () => {
    const { inbox, work } = await opened(newPath());
    work.run = async (entry) => {
      await later(0);
      entry.done();
    };
    await inbox.put(Array.from({ length: 1_000 }, (_, id) => text(id, 1)));
    await inbox.put(Array.from({ length: 20 }, (_, at) => text(1_000 + at, 2 + at)));
    await until(() => inbox.health().pending === 0);
    const order = work.begun.map((each) => Number.parseInt(each, 10));
    expect(order.filter((id) => id < 1_000)).toEqual(Array.from({ length: 1_000 }, (_, id) => id));
    expect(order.indexOf(1_019)).toBeLessThan(300);
  });

  it("counts attempts on across a restart, and sets aside, hands out again, and forgets", async () => {
    const path = newPath();
    const first = await opened(path);
    first.work.run = async (entry) => {
      await entry.failed("Error: not today", entry.attempt, 1_000);
      await new Promise(() => undefined);
    };
    await first.inbox.put([text(1)]);
    // An attempt that failed is written down a moment later, with others.
    const attempts = first.db.prepare("SELECT attempts FROM balekit_inbox WHERE id = 1");
    await until(() => (attempts.get() as { readonly attempts: number }).attempts === 1);
    await crash(first.inbox, first.db);
    const work = new Work();
    work.run = async (entry) => entry.failed("Error: never", entry.attempt, undefined);
    const { inbox } = await opened(path, work);
    await until(() => inbox.health().dead === 1);
    expect(work.begun).toEqual(["1.2"]);
    const [dead] = await inbox.dead();
    expect(dead).toMatchObject({ id: "1", attempts: 2, error: "Error: never", update: text(1) });
    expect(inbox.health()).toMatchObject({ pending: 0, dead: 1 });
    expect(await inbox.retry("1")).toBe(true);
    await until(() => work.begun.length === 2 && inbox.health().dead === 1);
    expect(work.begun).toEqual(["1.2", "1.1"]);
    expect(await inbox.drop("1")).toBe(true);
    expect(await inbox.dead()).toEqual([]);
    expect(await inbox.retry("1")).toBe(false);
    expect(await inbox.drop("no number")).toBe(false);
    await inbox.put([text(1)]);
    expect(inbox.health()).toMatchObject({ pending: 0, dead: 0 });
  });

  it("sets aside the update that kills the process, and no other, after so many deaths", async () => {
    const path = newPath();
    const finished = new Set<number>();
    let deaths = 0;
    for (;;) {
      let dies = (): void => undefined;
      const died = new Promise<boolean>((resolve) => {
        dies = () => resolve(true);
      });
      const work = new Work();
      work.run = async (entry) => {
        const id = entry.update.update_id;
        if (id === 5) {
          dies();
          await new Promise(() => undefined);
        }
        await later(1);
        entry.done();
        finished.add(id);
      };
      const { inbox, db } = await opened(path, work);
      if (deaths === 0) await inbox.put(Array.from({ length: 12 }, (_, id) => text(id, id % 4)));
      if (!(await Promise.race([died, until(() => inbox.health().pending === 0).then(() => false)]))) {
        const [dead, ...others] = await inbox.dead();
        expect(dead).toMatchObject({ id: "5", error: expect.stringContaining("ended 5 times") as unknown });
        expect(others).toEqual([]);
        break;
      }
      deaths++;
      await crash(inbox, db);
    }
    expect(finished.size).toBe(11);
    expect(deaths).toBeLessThanOrEqual(7);
  });

  it("does not blame an update for a stop that was not its fault", async () => {
    const path = newPath();
    for (let life = 0; life < 8; life++) {
      const work = new Work();
      work.run = () => new Promise(() => undefined);
      const { inbox } = await opened(path, work);
      if (life === 0) await inbox.put([text(1)]);
      await until(() => work.begun.length === 1);
      await inbox.close();
    }
    const { inbox } = await opened(path);
    await until(() => inbox.health().pending === 0);
    expect(await inbox.dead()).toEqual([]);
  });

  it("takes in no more than it may keep, and goes on when there is room", async () => {
    const { inbox, work } = await opened(newPath(), undefined, { maxPending: 10 });
    const hold = gate();
    work.run = async (entry) => {
      await hold.promise;
      entry.done();
    };
    await inbox.put(Array.from({ length: 10 }, (_, id) => text(id, id)));
    const more = inbox.put([text(10)]);
    expect(await Promise.race([more, later(50, "waits")])).toBe("waits");
    expect(inbox.health()).toMatchObject({
      state: "degraded",
      reason: expect.stringContaining("10 updates") as unknown,
    });
    hold.open();
    await more;
    await until(() => inbox.health().pending === 0);
    expect(work.begun).toHaveLength(11);
  });

  it("writes what many put in one turn in one transaction", async () => {
    const { inbox, db } = await opened(newPath());
    await later(50);
    let commits = 0;
    const exec = db.exec.bind(db);
    (db as { exec: (sql: string) => unknown }).exec = (sql) => {
      if (sql === "COMMIT") commits++;
      return exec(sql);
    };
    await Promise.all(Array.from({ length: 100 }, (_, id) => inbox.put([text(id, id)])));
    expect(commits).toBe(1);
    await until(() => inbox.health().pending === 0);
    expect(commits).toBeLessThan(10);
  });

  it("keeps waiting, and loses nothing, while another has the database locked", async () => {
    const path = newPath();
    const { inbox, work } = await opened(path, undefined, { busyTimeoutMs: 50 });
    const other = database(path);
    await inbox.put([text(1)]);
    await until(() => inbox.health().pending === 0);
    other.exec("BEGIN IMMEDIATE");
    const put = inbox.put([text(2)]);
    await until(() => inbox.health().state === "degraded");
    expect(inbox.health().reason).toContain("database is locked");
    other.exec("COMMIT");
    await put;
    await until(() => inbox.health().pending === 0);
    expect(inbox.health().state).toBe("ok");
    expect(work.begun).toEqual(["1.1", "2.1"]);
    expect(work.errors).toHaveLength(1);
    expect(work.log.lines.join("\n")).toContain("works again");
  });

  it("lets a second process put in, and hand out once the first lets go", async () => {
    const path = newPath();
    const first = await opened(path);
    const second = await opened(path);
    await until(() => second.inbox.health().state === "degraded");
    expect(second.inbox.health().reason).toContain("another bot of this process");
    expect(second.work.log.lines[0]).toMatch(/^warn The inbox belongs to .*Waiting until it lets go/);
    let isClaimed = false;
    const claim = second.inbox.claim?.(new AbortController().signal).then(() => {
      isClaimed = true;
    });
    await second.inbox.put([text(3)]);
    // The owner finds what others have put in.
    await until(() => first.work.begun.length === 1);
    expect(isClaimed).toBe(false);
    first.work.run = () => new Promise(() => undefined);
    await second.inbox.put([text(4)]);
    await first.inbox.close();
    await claim;
    await until(() => second.work.begun.length === 1);
    expect(second.work.begun).toEqual(["4.1"]);
    expect(second.inbox.health().state).toBe("ok");
  });

  it("stops handing out when another process has taken over meanwhile", async () => {
    const path = newPath();
    const { inbox, work, db } = await opened(path);
    let signal: AbortSignal | undefined;
    work.run = (entry) => {
      signal = entry.signal;
      return new Promise(() => undefined);
    };
    await inbox.put([text(1)]);
    await until(() => signal !== undefined);
    const claim = await inbox.claim?.(new AbortController().signal);
    db.exec(
      "UPDATE balekit_inbox_owners SET owner = 'somebody', mark = json_set(mark, '$.host', 'elsewhere')",
    );
    await inbox.put([text(2, 2)]).catch(() => undefined);
    await until(() => signal?.aborted === true);
    expect(claim?.lost.aborted).toBe(true);
    await until(() => inbox.health().state === "degraded");
    expect(inbox.health().reason).toContain("elsewhere");
    expect(work.log.lines.join("\n")).toContain("has taken the inbox over");
  });

  it("refuses what cannot work", async () => {
    expect(() => sqliteInbox({} as SqliteDatabase)).toThrow(/no database/);
    expect(() => sqliteInbox(database(newPath()), { remember: 5 })).toThrow(/remember is 5.*from 2000/);
    const inbox = sqliteInbox(database(newPath()));
    await expect(inbox.put([text(1)])).rejects.toMatchObject({ code: "ERR_BALE_INBOX_CLOSED" });
  });
});
