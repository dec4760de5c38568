import type { Update } from "@balekit/api";
import { systemClock } from "@balekit/storage";
import type { InboxEntry, InboxHost } from "./inbox.js";
import type { InboxJournal } from "./sqlite-inbox-journal.js";
import { type InboxRows, type PendingRow, updateOf } from "./sqlite-inbox-rows.js";

/** What a queue is made of. */
export interface QueueInit {
  readonly host: InboxHost;
  readonly rows: InboxRows;
  readonly journal: InboxJournal;
  /** Aborts when what was handed out is no longer wanted. */
  readonly signal: AbortSignal;
  /** Told that fewer are pending than before. */
  readonly onLess: () => void;
  /** Told that one has been set aside. */
  readonly onDead: () => void;
  /** Told that the store cannot be read, and that it can again. */
  readonly onState: (error: unknown) => void;
}

/** An update that waits to be handed out, with its content while that costs little. */
interface Item {
  readonly id: number;
  readonly lane: Lane;
  update: Update | undefined;
  takenAt: number;
}

interface Lane {
  readonly key: string;
  items: Item[];
  /** Items before this one have been handed out. */
  next: number;
  /** Items that are handed out and not over. */
  handed: number;
  /** Whether it stands in the line of those that may go on. */
  isReady: boolean;
  /** Whether its first item was begun by a process that died: it runs alone in its lane, until that it ended is safe. */
  isWatched: boolean;
  /** Whether it waits for its turn among those whose first item has outlived several processes. */
  isQuarantined: boolean;
}

/** The most updates handed out at once: what is behind them stays in the store. */
const MOST_HANDED = 2_000;
/** Of one lane: enough for everybody who waits for an update of it, and no more than others have to wait for. */
const MOST_OF_A_LANE = 32;
/** An update that has outlived so many processes runs while no other of its kind does. */
const QUARANTINE_STARTS = 2;
const READ_AGAIN_MS = 200;

/**
 * Hands pending updates out in the order of each lane, lane by lane in turn. Holds only the numbers of what it has not
 * handed out; the content is read when its time comes.
 */
export class InboxQueue {
  readonly #init: QueueInit;
  /** Everything pending, handed out or not. */
  readonly #known = new Set<number>();
  readonly #lanes = new Map<string, Lane>();
  readonly #ready: Lane[] = [];
  readonly #quarantine: Lane[] = [];
  #handed = 0;
  #isPaused = false;
  #readTimer: unknown;

  constructor(init: QueueInit) {
    this.#init = init;
  }

  /** How many are pending. */
  get size(): number {
    return this.#known.size;
  }

  /** Whether an update is known to be pending. */
  has(id: number): boolean {
    return this.#known.has(id);
  }

  /** Begins with what an earlier process left. */
  begin(left: readonly PendingRow[]): void {
    for (const { id, lane: key, starts } of left) {
      this.#append(id, key, undefined, 0);
      const lane = this.#lanes.get(key);
      if (lane === undefined || starts === 0 || lane.items[0]?.id !== id) continue;
      lane.isWatched = true;
      lane.isQuarantined = starts >= QUARANTINE_STARTS;
      if (lane.isQuarantined) this.#quarantine.push(lane);
    }
    for (const lane of this.#lanes.values()) this.#offer(lane);
    this.#pump();
    void this.#nextOfQuarantine();
  }

  /** Takes an update in that is safe in the store; one that is pending already is left out. */
  add(id: number, key: string, update: Update | undefined, takenAt: number): void {
    if (!this.#append(id, key, update, takenAt)) return;
    const lane = this.#lanes.get(key) as Lane;
    this.#offer(lane);
    this.#pump();
    const item = lane.items.at(-1);
    if (item?.id === id) item.update = undefined;
  }

  /** Hands out nothing more. */
  pause(): void {
    this.#isPaused = true;
    systemClock.clearTimeout(this.#readTimer);
  }

  #append(id: number, key: string, update: Update | undefined, takenAt: number): boolean {
    if (this.#known.has(id)) return false;
    this.#known.add(id);
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = {
        key,
        items: [],
        next: 0,
        handed: 0,
        isReady: false,
        isWatched: false,
        isQuarantined: false,
      };
      this.#lanes.set(key, lane);
    }
    lane.items.push({ id, lane, update, takenAt });
    return true;
  }

  /** Lets a lane stand in line when it has something to hand out and may. */
  #offer(lane: Lane): void {
    if (lane.isReady || lane.isQuarantined || lane.next >= lane.items.length) return;
    if (lane.handed >= (lane.isWatched ? 1 : MOST_OF_A_LANE)) return;
    lane.isReady = true;
    this.#ready.push(lane);
  }

  #pump(): void {
    while (!this.#isPaused && this.#handed < MOST_HANDED) {
      const lane = this.#ready.shift();
      if (lane === undefined) return;
      lane.isReady = false;
      if (!this.#handNext(lane)) return;
      this.#offer(lane);
    }
  }

  /** Hands out the next item of a lane; `false` when the store cannot be read now. */
  #handNext(lane: Lane): boolean {
    const item = lane.items[lane.next];
    if (item === undefined) return true;
    let entry: InboxEntry | undefined;
    try {
      entry = this.#entryOf(item);
      this.#init.onState(undefined);
    } catch (error) {
      this.#init.onState(error);
      this.#offer(lane);
      this.#readTimer ??= systemClock.setTimeout(() => {
        this.#readTimer = undefined;
        this.#pump();
      }, READ_AGAIN_MS);
      return false;
    }
    lane.next++;
    if (lane.next > 64 && lane.next * 2 > lane.items.length) {
      lane.items = lane.items.slice(lane.next);
      lane.next = 0;
    }
    if (entry === undefined) {
      this.#unwatch(lane);
      this.#offer(lane);
      this.#tidy(lane);
      return true;
    }
    lane.handed++;
    this.#handed++;
    this.#init.host.handle(entry).then(
      () => void this.#over(lane),
      // The bot stops: what it has not handled stays pending.
      () => {
        lane.handed--;
        this.#handed--;
      },
    );
    return true;
  }

  /** What to hand out; `undefined` when the item cannot be: it is set aside, or gone. */
  #entryOf(item: Item): InboxEntry | undefined {
    const { rows, journal, signal, onLess, onDead, host } = this.#init;
    const { id } = item;
    let attempts = 0;
    let { update, takenAt } = item;
    item.update = undefined;
    if (update === undefined) {
      const row = rows.read(id);
      if (row === undefined) {
        this.#known.delete(id);
        return undefined;
      }
      ({ takenAt, attempts } = row);
      try {
        update = updateOf(row.body);
      } catch (error) {
        this.#bury(id, `Its content is damaged: ${String(error)}`);
        void host.onError(error);
        return undefined;
      }
    }
    return {
      update,
      takenAt,
      attempt: attempts + 1,
      signal,
      done: () => {
        journal.note(() => {
          rows.finish(id);
          this.#known.delete(id);
          onLess();
        });
      },
      failed: async (error, attempt, retryInMs) => {
        journal.note(() => rows.fail(id, attempt, error));
        if (retryInMs === undefined) {
          this.#bury(id, error);
          onDead();
        }
      },
    };
  }

  #bury(id: number, error: string): void {
    const { rows, journal, onLess } = this.#init;
    const diedAt = systemClock.now();
    journal
      .write(() => {
        rows.bury(id, error, diedAt);
        this.#known.delete(id);
      })
      .then(onLess, () => undefined);
  }

  async #over(lane: Lane): Promise<void> {
    if (lane.isWatched) {
      // What comes next may be what kills processes: that this one ended must be known to the next process.
      await this.#init.journal.flush(Number.POSITIVE_INFINITY).catch(() => undefined);
      this.#unwatch(lane);
    }
    lane.handed--;
    this.#handed--;
    this.#offer(lane);
    this.#tidy(lane);
    this.#pump();
  }

  #unwatch(lane: Lane): void {
    lane.isWatched = false;
    if (!lane.isQuarantined) return;
    lane.isQuarantined = false;
    void this.#nextOfQuarantine();
  }

  #tidy(lane: Lane): void {
    if (lane.handed === 0 && lane.next >= lane.items.length) this.#lanes.delete(lane.key);
  }

  /** Hands out the next of those that have outlived several processes, once it is written down that it begins. */
  async #nextOfQuarantine(): Promise<void> {
    const lane = this.#quarantine.shift();
    const item = lane?.items[lane.next];
    if (lane === undefined || item === undefined || this.#isPaused) return;
    const { journal, rows } = this.#init;
    try {
      await journal.write(() => rows.countStart(item.id));
    } catch {
      return;
    }
    if (this.#isPaused) return;
    if (this.#handNext(lane)) {
      this.#pump();
    } else {
      this.#quarantine.unshift(lane);
      systemClock.setTimeout(() => void this.#nextOfQuarantine(), READ_AGAIN_MS);
    }
  }
}
