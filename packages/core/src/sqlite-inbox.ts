import type { Update } from "@balekit/api";
import { sleep, systemClock, type Timer } from "@balekit/storage";
import { openSqlite, type SqliteDatabase, type SqliteHandle } from "@balekit/storage/sqlite";
import type { DeadUpdate, Inbox, InboxHealth, InboxHost, PollClaim } from "./inbox.js";
import { closed, LostError } from "./sqlite-inbox-error.js";
import { InboxJournal } from "./sqlite-inbox-journal.js";
import { type InboxSettings, inboxSettings, type SqliteInboxOptions } from "./sqlite-inbox-options.js";
import { InboxOwner, SIGN_MS } from "./sqlite-inbox-owner.js";
import { InboxQueue } from "./sqlite-inbox-queue.js";
import { remainsOf } from "./sqlite-inbox-remains.js";
import { INBOX_STEPS, InboxRows, type NewRow, type PendingRow, updateOf } from "./sqlite-inbox-rows.js";

/** How long `put` waits for a database that cannot be written, before the source is told. */
const PUT_PATIENCE_MS = 10_000;
const TAKE_PATIENCE_MS = 1_000;
const CLOSE_PATIENCE_MS = 5_000;
const ASK_AGAIN_MS = 200;
const WAITING_WARNING_MS = 30_000;
/** Numbers of finished updates are forgotten after so many more have finished. */
const PRUNE_EVERY = 1_000;

/**
 * Keeps updates in a SQLite database that you have opened, so that polling and webhooks run ahead of the handlers and
 * nothing is lost when the process is killed. One process at a time hands out; a second one waits for the first to let
 * go. Several bots may share a database. It stays yours: close it after the bot has stopped.
 * @example
 * const bot = new Bot(token, { inbox: sqliteInbox(new Database("bot.db")) });
 */
export function sqliteInbox(database: SqliteDatabase, options: SqliteInboxOptions = {}): Inbox {
  return new SqliteInbox(database, inboxSettings(database, options));
}

/** What there is while the inbox is open. */
interface Opened {
  readonly host: InboxHost;
  readonly handle: SqliteHandle;
  readonly rows: InboxRows;
  readonly owner: InboxOwner;
  readonly journal: InboxJournal;
  readonly closing: AbortController;
}

/** What there is while this process is the one that hands out. */
interface Owned {
  readonly queue: InboxQueue;
  readonly lost: AbortController;
}

class SqliteInbox implements Inbox {
  readonly #db: SqliteDatabase;
  readonly #options: InboxSettings;
  #opened: Opened | undefined;
  #owned: Owned | undefined;
  #owning: Promise<void> = Promise.resolve();
  #dead = 0;
  #finished = 0;
  #isPaused = false;
  /** Why writing, or reading, fails right now. */
  #fault: unknown;
  #readFault: unknown;
  /** Who hands out instead of this process. */
  #other: string | undefined;
  #onOwned: (() => void)[] = [];
  #onRoom: (() => void)[] = [];

  constructor(database: SqliteDatabase, options: InboxSettings) {
    this.#db = database;
    this.#options = options;
  }

  async open(host: InboxHost): Promise<void> {
    const closing = new AbortController();
    const handle = openSqlite(this.#db, "inbox", INBOX_STEPS, this.#options);
    const { db, table } = handle;
    const owner = new InboxOwner(db, table, host.botId);
    const journal = new InboxJournal({
      handle,
      waitsForDisk: this.#options.survives !== "kill",
      check: () => this.#check(owner),
      onState: (error) => this.#onWriting(error),
    });
    const opened: Opened = {
      host,
      handle,
      owner,
      journal,
      closing,
      rows: new InboxRows(db, table, host.botId),
    };
    this.#opened = opened;
    this.#isPaused = false;
    this.#fault = undefined;
    this.#readFault = undefined;
    // Whoever puts in now finds the inbox owned, unless another process has it or the database does not work.
    await new Promise<void>((resolve) => {
      this.#owning = this.#own(opened, resolve);
    });
  }

  async put(updates: readonly Update[]): Promise<void> {
    const { host, journal, rows, closing } = this.#whenOpen();
    while (this.#isFull()) {
      await new Promise<void>((room) => this.#onRoom.push(room));
      if (closing.signal.aborted) throw closed();
    }
    const takenAt = host.clock.now();
    const made = updates.map((update): readonly [Update, NewRow] => [
      update,
      { id: update.update_id, lane: host.laneKey(update), body: JSON.stringify(update), takenAt },
    ]);
    const fresh = await journal.write(() => made.filter(([, row]) => rows.insert(row)), PUT_PATIENCE_MS);
    for (const [update, row] of fresh) this.#owned?.queue.add(row.id, row.lane, update, takenAt);
  }

  async claim(signal: AbortSignal): Promise<PollClaim> {
    const { closing } = this.#whenOpen();
    while (this.#owned === undefined) {
      await new Promise<void>((resolve) => {
        this.#onOwned.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
        if (signal.aborted) resolve();
      });
      signal.throwIfAborted();
      if (closing.signal.aborted) throw closed();
    }
    // It goes with the right to hand out, which lasts until the inbox is closed.
    return { lost: this.#owned.lost.signal, release: () => Promise.resolve() };
  }

  pause(): void {
    this.#isPaused = true;
    this.#owned?.queue.pause();
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    const { owner, journal, closing, host } = opened;
    this.pause();
    closing.abort();
    this.#tell(this.#onRoom);
    this.#tell(this.#onOwned);
    await this.#owning;
    journal.hurry();
    try {
      if (this.#owned !== undefined) await journal.write(() => owner.release(), CLOSE_PATIENCE_MS);
      else await journal.flush(CLOSE_PATIENCE_MS);
    } catch (error) {
      host.logger.warn(
        `Closing the inbox: what ended last could not be recorded, and comes again: ${String(error)}`,
      );
    }
    journal.refuse(closed());
    owner.forget();
    this.#owned = undefined;
    this.#other = undefined;
    this.#opened = undefined;
  }

  health(): InboxHealth {
    const reason = this.#reason();
    return {
      state: reason === undefined ? "ok" : "degraded",
      reason,
      pending: this.#owned?.queue.size,
      dead: this.#owned === undefined ? undefined : this.#dead,
    };
  }

  async dead(): Promise<readonly DeadUpdate[]> {
    const { rows, journal } = this.#whenOpen();
    await journal.flush(PUT_PATIENCE_MS);
    return rows.dead().map(({ id, body, attempts, error, diedAt }) => ({
      id: String(id),
      update: updateOf(body),
      attempts,
      error,
      diedAt,
    }));
  }

  async retry(id: string): Promise<boolean> {
    const { rows, journal } = this.#whenOpen();
    const lane = await journal.write(() => rows.revive(Number(id)), PUT_PATIENCE_MS);
    if (lane === undefined) return false;
    this.#dead--;
    this.#owned?.queue.add(Number(id), lane, undefined, 0);
    return true;
  }

  async drop(id: string): Promise<boolean> {
    const { rows, journal } = this.#whenOpen();
    const wasThere = await journal.write(() => rows.forgetDead(Number(id)), PUT_PATIENCE_MS);
    if (wasThere) this.#dead--;
    return wasThere;
  }

  #whenOpen(): Opened {
    const opened = this.#opened;
    if (opened === undefined || opened.closing.signal.aborted) throw closed();
    return opened;
  }

  #isFull(): boolean {
    return (this.#owned?.queue.size ?? 0) >= this.#options.maxPending;
  }

  #reason(): string | undefined {
    const fault = this.#fault ?? this.#readFault;
    if (fault !== undefined) return `The database of the inbox does not work: ${messageOf(fault)}.`;
    if (this.#other !== undefined)
      return `The inbox belongs to ${this.#other}: this process takes updates in, and hands out none.`;
    if (this.#isFull()) return `${this.#options.maxPending} updates are pending: no more are taken in.`;
    return undefined;
  }

  /** Becomes the one that hands out as soon as nobody else is, and stays it until the inbox is closed or it is overtaken. */
  async #own(opened: Opened, tried: () => void): Promise<void> {
    const { signal } = opened.closing;
    for (let warnAt = 0; !signal.aborted; ) {
      try {
        const left = await this.#take(opened);
        if (left !== undefined && !signal.aborted) await this.#keep(opened, left, tried);
        else if (left === undefined && systemClock.now() >= warnAt) {
          warnAt = systemClock.now() + WAITING_WARNING_MS;
          opened.host.logger.warn(
            `The inbox belongs to ${this.#other}, which still runs. Waiting until it lets go: stop it, or give this bot a database of its own.`,
          );
        }
      } catch (error) {
        this.#onWriting(error);
      }
      tried();
      await sleep(systemClock, ASK_AGAIN_MS, signal).catch(() => undefined);
    }
    tried();
  }

  /** What is pending, when this process has become the owner; `undefined` while another is. */
  async #take({ host, owner, rows, journal }: Opened): Promise<readonly PendingRow[] | undefined> {
    const taken = await journal.write(() => {
      const answer = owner.take();
      if ("who" in answer) return answer;
      return { left: remainsOf(rows, answer.how, this.#options.maxStarts), dead: rows.deadCount() };
    }, TAKE_PATIENCE_MS);
    if ("who" in taken) {
      this.#other = taken.who;
      return undefined;
    }
    if (this.#other !== undefined) host.logger.info("The inbox is free now, and this process hands out.");
    this.#other = undefined;
    this.#dead = taken.dead;
    return taken.left;
  }

  /** Hands out, until the inbox is closed or another process has taken over. */
  async #keep(opened: Opened, left: readonly PendingRow[], owned: () => void): Promise<void> {
    const { host, rows, journal, closing, owner } = opened;
    const lost = new AbortController();
    const queue = new InboxQueue({
      host,
      rows,
      journal,
      signal: AbortSignal.any([host.signal, lost.signal]),
      onLess: () => this.#onLess(opened),
      onDead: () => void this.#dead++,
      onState: (error) => {
        this.#readFault = error;
      },
    });
    this.#owned = { queue, lost };
    if (this.#isPaused) queue.pause();
    this.#tell(this.#onOwned);
    queue.begin(left);
    owned();
    const over = AbortSignal.any([closing.signal, lost.signal]);
    for (let version: unknown; !over.aborted; ) {
      version = await this.#sign(opened, queue, owner, version).catch(() => version);
      await unreferenced(SIGN_MS, over);
    }
    if (!lost.signal.aborted) return;
    this.#owned = undefined;
    queue.pause();
  }

  /** Says that this process is alive, and takes up what others have put in. */
  async #sign(
    { handle, journal, rows }: Opened,
    queue: InboxQueue,
    owner: InboxOwner,
    known: unknown,
  ): Promise<unknown> {
    const version = dataVersion(handle.db);
    const others = await journal.write(() => {
      owner.sign();
      return version === known ? [] : rows.pending().filter(({ id }) => !queue.has(id));
    });
    for (const { id, lane } of others) queue.add(id, lane, undefined, 0);
    return version;
  }

  #onLess({ journal, rows }: Opened): void {
    if (this.#onRoom.length > 0) queueMicrotask(() => this.#tell(this.#onRoom));
    if (++this.#finished % PRUNE_EVERY === 0) journal.note(() => rows.prune(this.#options.remember));
  }

  /** At the beginning of every transaction of an owner. */
  #check(owner: InboxOwner): void {
    if (this.#owned === undefined || owner.isMine()) return;
    throw new LostError();
  }

  #onWriting(error: unknown): void {
    const opened = this.#opened;
    if (opened === undefined) return;
    const { host } = opened;
    if (error instanceof LostError) {
      host.logger.error(
        "Another process has taken the inbox over, because this one gave no sign for ten seconds. Its handlers are told to stop.",
      );
      this.#owned?.lost.abort(error);
      this.#owned = undefined;
    } else if (error === undefined) {
      if (this.#fault !== undefined) host.logger.info("The database of the inbox works again.");
      this.#fault = undefined;
    } else {
      if (this.#fault === undefined) void host.onError(error);
      this.#fault = error;
    }
  }

  #tell(waiting: (() => void)[]): void {
    for (const tell of waiting.splice(0)) tell();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Changes when another connection has written. */
function dataVersion(db: SqliteDatabase): unknown {
  const row = db.prepare("PRAGMA data_version").get() as { readonly data_version: unknown };
  return row.data_version;
}

/** Waits without keeping the process alive. */
function unreferenced(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer: Timer = systemClock.setTimeout(end, ms);
    function end(): void {
      systemClock.clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
    (timer as { unref?: () => unknown }).unref?.();
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
  });
}
