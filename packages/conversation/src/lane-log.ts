import type { Clock, Lane as StoredLane, LaneStore, Timer } from "balekit";
import { Coroutine } from "./coroutine.js";
import { ConversationStateError, UnknownDefinitionError } from "./errors.js";
import { folded, type JournalRecord } from "./journal.js";
import type { LaneEvent } from "./lane-event.js";
import { type Claim, type InstanceHead, LANE_FORMAT, type LaneHead, type LaneRow } from "./lane-head.js";
import type { Item, LaneHost } from "./lane-host.js";
import { applied, historiesOf } from "./lane-rows.js";
import { isSlow, tollOf } from "./toll.js";

/** How a machine is made. */
export interface LaneMachineOptions {
  readonly store: LaneStore;
  readonly clock: Clock;
  readonly host: LaneHost;
  /** Names this process; unique. */
  readonly owner: string;
  /** What the keys of its lanes begin with. */
  readonly prefix: string;
  /**
   * Whether no other process uses the store: then it is not asked who has changed what, and the claims of others are
   * those of processes that have ended. @default false
   */
  readonly solo?: boolean | undefined;
  readonly leaseMs?: number | undefined;
  readonly stepMs?: number | undefined;
  readonly sweepMs?: number | undefined;
  readonly maxHot?: number | undefined;
  readonly idleMs?: number | undefined;
  readonly warnRecords?: number | undefined;
  readonly warnBytes?: number | undefined;
  readonly maxInstances?: number | undefined;
  readonly maxAttempts?: number | undefined;
  readonly laneTtlMs?: number | undefined;
  readonly tombstoneMs?: number | undefined;
  readonly endingMs?: number | undefined;
  readonly parkedMs?: number | undefined;
  /** Whether code is brought back from its journal for every step, though it is alive. @default false */
  readonly isAlwaysCold?: boolean | undefined;
  /** Which part of the steps, from 0 to 1, is replayed beside the live code to compare. @default 0 */
  readonly shadowReplay?: number | undefined;
  /** Told of what the sweeper could not do. */
  readonly onError?: ((error: unknown, lane: string) => void) | undefined;
}

/** A lane as this process last saw it, with the code it keeps alive. */
export interface LaneCopy {
  readonly key: string;
  version: string | null;
  head: LaneHead;
  readonly live: Map<string, Coroutine>;
  usedAt: number;
  /** How many rows there were when the head was written; below 0: it has to be written with the next commit. */
  base: number;
  /** All rows there are, as long as the item is looked at for which they were read. */
  rows?: readonly LaneRow[] | undefined;
}

/** A lane as it was read. */
export interface LoadedLane {
  readonly version: string;
  /** As the last row has left it. */
  readonly head: LaneHead;
  readonly base: number;
  /** The index of the first row read. */
  readonly first: number;
  readonly log: readonly LaneRow[];
  /** Whether these are all there are. */
  readonly isWhole: boolean;
}

/**
 * How many rows are read of a lane that is not known here: more than there may be since the head was written. With one
 * process all are read: what comes for a lane is mostly for it, the code has to be brought back, and it stays known.
 */
const TAIL = 180;

/**
 * The lanes of a store as one process sees them: read in one snapshot, changed by compare-and-set, and brought to life
 * from their journals.
 */
export abstract class LaneLog {
  protected readonly options: LaneMachineOptions;
  protected readonly host: LaneHost;
  protected readonly store: LaneStore<LaneHead, LaneRow>;
  protected readonly clock: Clock;
  protected readonly copies: Map<string, LaneCopy> = new Map<string, LaneCopy>();
  protected readonly queues: Map<string, Promise<unknown>> = new Map<string, Promise<unknown>>();
  protected readonly timers: Map<string, Timer> = new Map<string, Timer>();
  /** How many records a living coroutine has been given since its last step. */
  protected readonly caughtUp: WeakMap<Coroutine, number> = new WeakMap();
  /** The lanes there are, where no other process makes any. */
  protected lanes: Set<string> | undefined;
  protected listing: Promise<Set<string>> | undefined;
  /** When the lanes among them end that hold nothing any more, the first to end first. */
  protected readonly endings: Map<string, number> = new Map<string, number>();
  /** What code has thrown that was to be brought back, as against what the store has. */
  protected readonly faults: WeakSet<Error> = new WeakSet();
  protected sweeping: Timer | undefined;
  protected isStopped: boolean = true;
  protected writes: number = 0;

  constructor(options: LaneMachineOptions) {
    this.options = options;
    this.host = options.host;
    this.store = options.store as LaneStore<LaneHead, LaneRow>;
    this.clock = options.clock;
  }

  /** Looks after a lane whose deadline has come. */
  abstract wake(key: string): Promise<void>;

  protected isFree({ owner, until, toll }: Claim): boolean {
    // A claim of our own that nobody works on: the step it belongs to was given up.
    if (owner === this.options.owner || until <= this.clock.now()) return true;
    if (this.host.isGone?.(owner) === true) return true;
    // The owner has ended. What may be the cause of that is not tried again and again at once.
    return this.options.solo === true && !isSlow(tollOf({ owner, toll }, this.options.owner));
  }

  protected hasTaken(head: LaneHead, item: Item): boolean {
    return item.id !== undefined && head.recent.includes(item.id);
  }

  protected pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const pausing = this.host.pause?.();
    if (pausing !== undefined) return pausing;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const timer = this.clock.setTimeout(
        () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        },
        ms * (0.5 + Math.random()),
      );
      const stop = (): void => {
        this.clock.clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener("abort", stop, { once: true });
    });
  }

  /** The lane as it is now, with live code that has been brought up to it: at once, where no store has to be asked. */
  protected open(key: string): LaneCopy | undefined | Promise<LaneCopy | undefined> {
    if (this.options.solo === true) {
      const copy = this.copies.get(key);
      if (copy !== undefined) return this.use(copy);
      if (this.lanes?.has(key) === false) return undefined;
    }
    return this.#read(key);
  }

  async #read(key: string): Promise<LaneCopy | undefined> {
    if (this.options.solo === true && !(this.lanes ?? (await this.knownLanes())).has(key)) return undefined;
    const copy = this.copies.get(key);
    const lane = await this.load(
      key,
      copy?.head.rows ?? (this.options.solo === true ? 0 : -TAIL),
      copy?.head,
    );
    if (lane === undefined) {
      this.copies.delete(key);
      this.lanes?.delete(key);
      return undefined;
    }
    const { version, head, base, log } = lane;
    if (copy === undefined) {
      const rows = lane.isWhole ? log : undefined;
      return this.use({ key, version, head, base, rows, live: new Map(), usedAt: 0 });
    }
    if (copy.version !== version) {
      await this.catchUp(copy, head, log.slice(Math.max(copy.head.rows - lane.first, 0)));
      copy.version = version;
      copy.head = head;
      copy.base = base;
      copy.rows = undefined;
    }
    return this.use(copy);
  }

  /** The lane as it is now, in a copy that nobody else is given. */
  protected async openAside(key: string): Promise<LaneCopy | undefined> {
    const lane = await this.load(key, -TAIL);
    if (lane === undefined) return undefined;
    const { version, head, base } = lane;
    return { key, version, head, base, live: new Map(), usedAt: 0 };
  }

  protected use(copy: LaneCopy): LaneCopy {
    const { maxHot = 1_000 } = this.options;
    copy.usedAt = this.clock.now();
    // The order matters to whoever is evicted: with room for as many again nobody will be for long.
    if (this.copies.size > maxHot / 2 || !this.copies.has(copy.key)) {
      this.copies.delete(copy.key);
      this.copies.set(copy.key, copy);
    }
    if (this.copies.size > maxHot) {
      const [oldest] = this.copies.keys();
      if (oldest !== undefined) {
        this.copies.delete(oldest);
        this.event({ type: "evict", lane: oldest, why: "full" });
      }
    }
    return copy;
  }

  /** The head of a lane as it stands in the store. */
  async head(key: string): Promise<LaneHead | undefined> {
    return (await this.load(key, -TAIL))?.head;
  }

  /**
   * A lane as it is in the store: a store that hands out head and log of different commits is asked again.
   * @param known the head as it was when the log had as many rows as are not asked for
   */
  protected async load(key: string, from: number, known?: LaneHead): Promise<LoadedLane | undefined> {
    let since = from;
    for (let tries = 0; ; tries++) {
      const lane = await this.store.load(key, since);
      if (lane === undefined) return undefined;
      if (this.isTorn(lane, since)) {
        if (tries < 10) continue;
        throw new ConversationStateError(
          `Reading the lane ${JSON.stringify(key)}: it has ${lane.nextIndex} rows and its log ends at another. The store hands out head and log of different commits.`,
        );
      }
      const { version, head: written, firstIndex, nextIndex, log } = lane;
      if (written.format !== LANE_FORMAT) {
        throw new ConversationStateError(
          `Reading the lane ${JSON.stringify(key)}: it was written in format ${String(written.format)}, and this release reads ${String(LANE_FORMAT)}. Let the release that wrote it end its conversations, or delete the lane.`,
        );
      }
      const first = nextIndex - log.length;
      let head: LaneHead | undefined;
      if (written.rows >= first) head = written;
      else if (known?.writer === written.writer && known.rows === first) head = known;
      if (head === undefined) {
        since = written.rows;
        continue;
      }
      if (head.rows < nextIndex) head = applied(head, log, head.rows - first);
      return { version, head, base: written.rows, first, log, isWhole: first <= firstIndex };
    }
  }

  protected isTorn({ firstIndex, nextIndex, log }: StoredLane, from: number): boolean {
    const first = Math.max(from < 0 ? nextIndex + from : from, firstIndex);
    return log.length !== Math.max(nextIndex - first, 0);
  }

  protected knownLanes(): Promise<Set<string>> {
    this.listing ??= (async () => {
      const lanes = new Set<string>();
      for await (const key of this.store.keys(this.options.prefix)) lanes.add(key);
      this.lanes = lanes;
      return lanes;
    })().catch((error: unknown) => {
      // The next to ask finds the store at work again, perhaps.
      this.listing = undefined;
      throw error;
    });
    return this.listing;
  }

  /** Strikes off the lanes that have ended, so that a user who never comes back leaves nothing behind. */
  protected strikeOff(): void {
    const now = this.clock.now();
    for (const [key, endsAt] of this.endings) {
      if (endsAt > now) return;
      this.endings.delete(key);
      this.lanes?.delete(key);
    }
  }

  protected async catchUp(copy: LaneCopy, head: LaneHead, rows: readonly LaneRow[]): Promise<void> {
    if (head.cuts !== copy.head.cuts || head.rows < copy.head.rows) {
      copy.live.clear();
      return;
    }
    const histories = historiesOf(rows);
    for (const [id, coroutine] of [...copy.live]) {
      const instance = head.instances.find((one) => one.id === id);
      const records = histories.get(instance?.slot ?? -1) ?? [];
      const isBehind = coroutine.fresh.length > 0 || records.some(([type]) => type === "b" || type === "e");
      try {
        if (instance === undefined || isBehind) copy.live.delete(id);
        else await coroutine.catchUp(records);
        this.caughtUp.set(coroutine, (this.caughtUp.get(coroutine) ?? 0) + records.length);
      } catch {
        // It can't follow: it is brought back from the whole journal, which says what is wrong if anything is.
        copy.live.delete(id);
      }
    }
  }

  /** What an instance has been through, folded. `undefined`: the lane has changed meanwhile. */
  protected async historyOf(lane: LaneCopy, { slot }: InstanceHead): Promise<JournalRecord[] | undefined> {
    let { rows } = lane;
    lane.rows = undefined;
    if (rows === undefined) {
      const whole = await this.load(lane.key, 0);
      if (whole === undefined || whole.version !== lane.version) {
        this.drop(lane);
        return undefined;
      }
      rows = whole.log;
    }
    return folded(historiesOf(rows).get(slot) ?? []);
  }

  /** The code of an instance that is alive here, if it may be used. */
  protected hotIn(lane: LaneCopy, { id }: InstanceHead): Coroutine | undefined {
    return this.options.isAlwaysCold === true ? undefined : lane.live.get(id);
  }

  /** The code of an instance, brought to where its history ends. `undefined`: the lane has changed meanwhile. */
  protected async revive(
    lane: LaneCopy,
    instance: InstanceHead,
  ): Promise<{ coroutine: Coroutine; replayed: number } | undefined> {
    const hot = this.hotIn(lane, instance);
    if (hot !== undefined) return { coroutine: hot, replayed: 0 };
    const code = this.host.code(instance);
    if (code === undefined) {
      throw new UnknownDefinitionError(
        `The conversation "${instance.definition}" is not among the definitions of this process.`,
      );
    }
    const history = await this.historyOf(lane, instance);
    if (history === undefined) return undefined;
    const coroutine = new Coroutine(code);
    coroutine.lastId = instance.lastId;
    try {
      // Read for it, and read again by whoever needs it after that.
      await coroutine.replay(history, { isOwn: true });
    } catch (error) {
      if (error instanceof Error) this.faults.add(error);
      throw error;
    }
    // A replay only guesses; what was counted when the records were made is the truth.
    coroutine.bytes = Math.max(coroutine.bytes, instance.bytes ?? 0);
    this.host.checkReplay?.(instance, coroutine, history, lane.key);
    lane.live.set(instance.id, coroutine);
    return { coroutine, replayed: history.length };
  }

  protected drop(lane: LaneCopy): void {
    lane.live.clear();
    if (this.copies.get(lane.key) === lane) this.copies.delete(lane.key);
  }

  protected event(event: LaneEvent): void {
    this.host.event?.(event);
  }

  /** Whether somebody wants to be told of what happens often: else it is not even put together. */
  protected hears(type: LaneEvent["type"]): boolean {
    return this.host.event !== undefined && this.host.hears?.(type) !== false;
  }
}

/** What an event says of the instance it happened to. */
export function whose(
  { key }: LaneCopy,
  { id, definition }: InstanceHead,
): { readonly lane: string; readonly instance: string; readonly definition: string } {
  return { lane: key, instance: id, definition };
}
