import { systemClock } from "@balekit/storage";
import {
  type ProcessMark,
  processState,
  type SqliteDatabase,
  type SqliteStatement,
  thisProcess,
} from "@balekit/storage/sqlite";

interface OwnerRow {
  readonly owner: string;
  readonly mark: string;
  readonly seenAt: number;
}

/** How an inbox was taken over. */
export type Takeover = "clean" | "after a crash";

/** After so long without a sign, an owner that cannot be looked at counts as gone. */
const LEASE_MS = 10_000;
/** How often an owner gives a sign. */
export const SIGN_MS = 2_000;

/** The names of the owners in this process: a row with our number that is not among them is of an earlier life. */
const alive = new Set<string>();

/** Who hands out a bot's updates: one process at a time. Its methods run inside a transaction of the caller. */
export class InboxOwner {
  readonly #bot: number;
  readonly #name: string = crypto.randomUUID();
  readonly #select: SqliteStatement;
  readonly #replace: SqliteStatement;
  readonly #sign: SqliteStatement;
  readonly #remove: SqliteStatement;

  constructor(db: SqliteDatabase, table: string, bot: number) {
    const owners = `${table}_inbox_owners`;
    this.#bot = bot;
    this.#select = db.prepare(`SELECT owner, mark, seen_at AS seenAt FROM ${owners} WHERE bot = ?`);
    this.#replace = db.prepare(
      `INSERT OR REPLACE INTO ${owners} (bot, owner, mark, seen_at) VALUES (?, ?, ?, ?)`,
    );
    this.#sign = db.prepare(`UPDATE ${owners} SET seen_at = ? WHERE bot = ? AND owner = ?`);
    this.#remove = db.prepare(`DELETE FROM ${owners} WHERE bot = ? AND owner = ?`);
  }

  /** Becomes the owner, or answers who is. */
  take(): { readonly how: Takeover } | { readonly who: string } {
    const row = this.#row();
    if (row !== undefined && row.owner !== this.#name && isLiving(row)) {
      const { pid, host } = JSON.parse(row.mark) as ProcessMark;
      return { who: alive.has(row.owner) ? "another bot of this process" : `process ${pid} on ${host}` };
    }
    alive.add(this.#name);
    this.#replace.run(this.#bot, this.#name, JSON.stringify(thisProcess()), systemClock.now());
    return { how: row === undefined ? "clean" : "after a crash" };
  }

  /** Whether this is still the owner. */
  isMine(): boolean {
    return this.#row()?.owner === this.#name;
  }

  /** Says that the owner is alive. */
  sign(): void {
    this.#sign.run(systemClock.now(), this.#bot, this.#name);
  }

  /** Lets somebody else have it. */
  release(): void {
    this.#remove.run(this.#bot, this.#name);
  }

  /** Says that this owner lives no more, whatever its row says. */
  forget(): void {
    alive.delete(this.#name);
  }

  #row(): OwnerRow | undefined {
    return (this.#select.get(this.#bot) ?? undefined) as OwnerRow | undefined;
  }
}

function isLiving({ owner, mark, seenAt }: OwnerRow): boolean {
  const process_ = JSON.parse(mark) as ProcessMark;
  const state = processState(process_);
  if (state === "gone") return false;
  if (state === "running" && process_.pid === process.pid) return alive.has(owner);
  return systemClock.now() - seenAt < LEASE_MS;
}
