import { sleep, systemClock } from "@balekit/storage";
import type { SqliteDatabase, SqliteHandle } from "@balekit/storage/sqlite";

/** What a journal is made of. */
export interface JournalInit {
  readonly handle: SqliteHandle;
  /** Whether commits that take updates in wait for the disk: then those that need not are told apart. */
  readonly waitsForDisk: boolean;
  /** Runs at the beginning of every transaction. What it throws ends the journal's trying: see `refuse`. */
  readonly check: () => void;
  /** Told when writing begins to fail, and when it works again. */
  readonly onState: (error: unknown) => void;
}

/** One write that waits for its transaction. */
interface Write {
  readonly run: () => unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
  /** When it is given up, in ms since 1970. */
  readonly until: number;
}

/** Writes that nobody waits for are kept this long, so that many share a transaction. */
const LAZY_MS = 15;
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;

/**
 * Writes to the database in the order it was asked to, with everything that was asked for in one turn of the event loop
 * in one transaction. While the database cannot be written it keeps trying: nothing that was done is forgotten.
 */
export class InboxJournal {
  readonly #init: JournalInit;
  readonly #db: SqliteDatabase;
  #writes: Write[] = [];
  /** Writes that can wait, and be lost with the process: what they record is found out again. */
  #lazy: (() => void)[] = [];
  #running: Promise<void> | undefined;
  #timer: unknown;
  #isRefusing: Error | undefined;
  #failures = 0;
  /** Cuts the wait before the next try short. */
  #hurry: AbortController | undefined;

  constructor(init: JournalInit) {
    this.#init = init;
    this.#db = init.handle.db;
  }

  /** Writes soon; resolves when it is committed. Rejects when that has not come about within `patienceMs`. */
  write<Result>(run: () => Result, patienceMs: number = Number.POSITIVE_INFINITY): Promise<Result> {
    if (this.#isRefusing !== undefined) return Promise.reject(this.#isRefusing);
    return new Promise<Result>((resolve, reject) => {
      this.#writes.push({ run, resolve, reject, until: systemClock.now() + patienceMs });
      this.#running ??= this.#work();
    });
  }

  /** Writes with the next transaction, or soon. Runs again when the transaction it was in fails. */
  note(run: () => void): void {
    if (this.#isRefusing !== undefined) return;
    this.#lazy.push(run);
    if (this.#running === undefined) this.#later();
  }

  /** Commits what has been noted. Rejects when that does not come about within `patienceMs`. */
  flush(patienceMs: number): Promise<void> {
    return this.write(() => undefined, patienceMs);
  }

  /** Tries again right now, if it is waiting to. */
  hurry(): void {
    this.#hurry?.abort();
  }

  /** Takes no more writes, and rejects those that wait. */
  refuse(error: Error): void {
    this.#isRefusing = error;
    systemClock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lazy = [];
    for (const { reject } of this.#writes.splice(0)) reject(error);
  }

  async #work(): Promise<void> {
    // To the end of this turn: requests that came together share a transaction.
    await new Promise<void>((turn) => setImmediate(turn));
    systemClock.clearTimeout(this.#timer);
    this.#timer = undefined;
    do await this.#transact();
    while (this.#writes.length > 0 || (this.#failures > 0 && this.#lazy.length > 0));
    this.#running = undefined;
    if (this.#lazy.length > 0) this.#later();
  }

  #later(): void {
    this.#timer ??= systemClock.setTimeout(() => {
      this.#timer = undefined;
      this.#running ??= this.#work();
    }, LAZY_MS);
  }

  async #transact(): Promise<void> {
    if (this.#writes.length === 0 && this.#lazy.length === 0) return;
    const writes = this.#writes;
    const lazy = this.#lazy;
    this.#writes = [];
    this.#lazy = [];
    const results: unknown[] = [];
    try {
      await this.#within(writes.length === 0, () => {
        this.#init.check();
        results.length = 0;
        for (const run of lazy) run();
        for (const { run } of writes) results.push(run());
      });
    } catch (error) {
      this.#writes = [...writes, ...this.#writes];
      this.#lazy = [...lazy, ...this.#lazy];
      await this.#failed(error);
      return;
    }
    if (this.#failures > 0) this.#init.onState(undefined);
    this.#failures = 0;
    for (const [at, { resolve }] of writes.entries()) resolve(results[at] as never);
  }

  /** A transaction; what nobody waits for does not make anybody wait for the disk. */
  async #within(isLazy: boolean, run: () => void): Promise<void> {
    const { handle, waitsForDisk } = this.#init;
    const relaxes = isLazy && waitsForDisk;
    if (relaxes) this.#db.exec("PRAGMA synchronous = NORMAL");
    let written: Promise<void>;
    try {
      // The first try is over when this returns: statements are synchronous.
      written = handle.write(run);
    } finally {
      if (relaxes) this.#db.exec("PRAGMA synchronous = FULL");
    }
    await written;
  }

  async #failed(error: unknown): Promise<void> {
    if (this.#isRefusing !== undefined) {
      this.refuse(this.#isRefusing);
      return;
    }
    this.#failures++;
    this.#init.onState(error);
    const now = systemClock.now();
    const late = this.#writes.filter(({ until }) => until <= now);
    this.#writes = this.#writes.filter(({ until }) => until > now);
    for (const { reject } of late) reject(error);
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
    const hurry = new AbortController();
    this.#hurry = hurry;
    await sleep(systemClock, waitMs, hurry.signal).catch(() => undefined);
    this.#hurry = undefined;
  }
}
