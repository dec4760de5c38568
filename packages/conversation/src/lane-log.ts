import type { Clock, LaneStore, Timer } from "balekit";
import { Coroutine } from "./coroutine.js";
import { ConversationStateError, UnknownDefinitionError } from "./errors.js";
import { folded, type JournalRecord } from "./journal.js";
import {
  type Claim,
  type InstanceHead,
  type LaneHead,
  type LaneRow,
  type Parked,
  RECENT,
  type WaitHead,
} from "./lane-head.js";
import type { LaneEvent } from "./lane-event.js";
import type { Item, LaneHost } from "./lane-host.js";
import { isSuspect, type Toll, tollOf } from "./toll.js";
import type { Json } from "./value.js";

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
  readonly effectMs?: number | undefined;
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
  readonly parkedMs?: number | undefined;
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
}

/** What a commit of a step says beside its records. */
export interface Commit {
  readonly claim?: Claim | undefined;
  readonly item?: Item | undefined;
  readonly once?: string | undefined;
  readonly isOver?: boolean | undefined;
  readonly owed?: Json | undefined;
}

/** An index beyond every log: loads the head alone. */
const HEAD_ONLY = 2 ** 31 - 1;
const EMPTY: LaneHead = { format: 1, writer: "", instances: [], recent: [], rows: 0, records: 0, cuts: 0 };
/** Later deadlines are left to the sweeper. */
const LOCAL_TIMER_MS = 3_600_000;

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
  protected known: Promise<Set<string>> | undefined;
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
    // The owner has ended. What is suspected of having done that is not tried again at once.
    return this.options.solo === true && !isSuspect(tollOf({ owner, toll }, this.options.owner));
  }

  protected hasTaken(head: LaneHead, item: Item): boolean {
    return item.id !== undefined && head.recent.includes(item.id);
  }

  protected pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
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

  /** The lane as it is now, with live code that has been brought up to it. */
  protected async open(key: string): Promise<LaneCopy | undefined> {
    const copy = this.copies.get(key);
    if (this.options.solo === true) {
      if (copy !== undefined) return this.use(copy);
      if (!(await this.knownLanes()).has(key)) return undefined;
    }
    const lane = await this.load(key, copy === undefined ? HEAD_ONLY : copy.head.rows);
    if (lane === undefined) {
      this.copies.delete(key);
      return undefined;
    }
    if (copy === undefined) {
      return this.use({ key, version: lane.version, head: lane.head, live: new Map(), usedAt: 0 });
    }
    if (copy.version !== lane.version) await this.catchUp(copy, lane.head, lane.log);
    copy.version = lane.version;
    copy.head = lane.head;
    return this.use(copy);
  }

  protected use(copy: LaneCopy): LaneCopy {
    copy.usedAt = this.clock.now();
    this.copies.delete(copy.key);
    this.copies.set(copy.key, copy);
    if (this.copies.size > (this.options.maxHot ?? 1_000)) {
      const [oldest] = this.copies.keys();
      if (oldest !== undefined) {
        this.copies.delete(oldest);
        this.event({ type: "evict", lane: oldest, why: "full" });
      }
    }
    return copy;
  }

  /** Head and log of one commit: a store that hands out two of different commits is asked again. */
  protected async load(
    key: string,
    from: number,
  ): Promise<{ version: string; head: LaneHead; log: readonly LaneRow[] } | undefined> {
    for (let tries = 0; ; tries++) {
      const lane = await this.store.load(key, from);
      if (lane === undefined) return undefined;
      const { version, head, firstIndex, log } = lane;
      if (from === HEAD_ONLY || !this.isTorn(head, Math.max(from, firstIndex), log))
        return { version, head, log };
      if (tries >= 10) {
        throw new ConversationStateError(
          `Reading the lane ${JSON.stringify(key)}: its head speaks of ${head.rows} rows and its log ends at another. The store hands out head and log of different commits.`,
        );
      }
    }
  }

  protected isTorn(head: LaneHead, from: number, log: readonly LaneRow[]): boolean {
    return from + log.length !== head.rows && !(log.length === 0 && from >= head.rows);
  }

  protected knownLanes(): Promise<Set<string>> {
    this.known ??= (async () => {
      const known = new Set<string>();
      for await (const key of this.store.keys(this.options.prefix)) known.add(key);
      return known;
    })();
    return this.known;
  }

  protected async catchUp(copy: LaneCopy, head: LaneHead, rows: readonly LaneRow[]): Promise<void> {
    if (head.cuts !== copy.head.cuts || head.rows < copy.head.rows) {
      copy.live.clear();
      return;
    }
    const histories = historiesOf(rows);
    for (const [id, coroutine] of [...copy.live]) {
      const records = histories.get(id) ?? [];
      const isHere = head.instances.some((instance) => instance.id === id);
      const isBehind = coroutine.fresh.length > 0 || records.some(([type]) => type === "b" || type === "e");
      try {
        if (!isHere || isBehind) copy.live.delete(id);
        else await coroutine.catchUp(records);
        this.caughtUp.set(coroutine, (this.caughtUp.get(coroutine) ?? 0) + records.length);
      } catch {
        // It can't follow: it is brought back from the whole journal, which says what is wrong if anything is.
        copy.live.delete(id);
      }
    }
  }

  /** The code of an instance, brought to where its history ends. `undefined`: the lane has changed meanwhile. */
  protected async revive(
    lane: LaneCopy,
    instance: InstanceHead,
  ): Promise<{ coroutine: Coroutine; replayed: number } | undefined> {
    const hot = lane.live.get(instance.id);
    if (hot !== undefined) return { coroutine: hot, replayed: 0 };
    const code = this.host.code(instance);
    if (code === undefined) {
      throw new UnknownDefinitionError(
        `The conversation "${instance.definition}" is not among the definitions of this process.`,
      );
    }
    const whole = await this.load(lane.key, 0);
    if (whole === undefined || whole.version !== lane.version) {
      this.copies.delete(lane.key);
      return undefined;
    }
    const history = folded(historiesOf(whole.log).get(instance.id) ?? []);
    const coroutine = new Coroutine(code);
    coroutine.lastId = instance.lastId;
    await coroutine.replay(history);
    // A replay only guesses; what was counted when the records were made is the truth.
    coroutine.bytes = Math.max(coroutine.bytes, instance.bytes ?? 0);
    this.host.checkReplay?.(instance, coroutine, history, lane.key);
    lane.live.set(instance.id, coroutine);
    return { coroutine, replayed: history.length };
  }

  protected get leaseMs(): number {
    return this.options.leaseMs ?? 45_000;
  }

  protected claim(toll: Toll | undefined): Claim {
    return { owner: this.options.owner, until: this.clock.now() + this.leaseMs, toll };
  }

  protected async commit(
    lane: LaneCopy,
    start: InstanceHead,
    coroutine: Coroutine,
    failure: Error | undefined,
    { claim, item, once, isOver, owed }: Commit,
  ): Promise<boolean> {
    const isEnded = isOver === true && (failure !== undefined || coroutine.ended !== undefined);
    const others = lane.head.instances.filter(({ id }) => id !== start.id);
    const known = lane.head.instances.find(({ id }) => id === start.id) ?? start;
    const own: InstanceHead = {
      ...known,
      ...this.host.stamp(known),
      touched: this.clock.now(),
      lastId: coroutine.lastId,
      length: coroutine.length,
      bytes: coroutine.bytes,
      waits: this.waitsOf(coroutine),
      isBusy: isEnded || claim === undefined ? undefined : true,
    };
    const at = lane.head.instances.findIndex(({ id }) => id === start.id);
    const instances = isEnded
      ? others
      : at < 0
        ? [...others, own]
        : lane.head.instances.map((one) => (one.id === start.id ? own : one));
    const head: LaneHead = {
      ...lane.head,
      instances,
      recent: this.remember(lane.head.recent, item?.id, once),
      owed,
    };
    const added = coroutine.fresh.length;
    const rows: LaneRow[] = isEnded || added === 0 ? [] : [[start.id, ...coroutine.fresh]];
    const kept = await this.write(lane, head, claim, rows, isOver === true);
    if (!kept) return false;
    // Code that awaits something un-journaled may have called more meanwhile.
    coroutine.fresh.splice(0, added);
    if (isEnded) lane.live.delete(start.id);
    else lane.live.set(start.id, coroutine);
    return true;
  }

  protected remember(recent: readonly string[], ...ids: readonly (string | undefined)[]): readonly string[] {
    const added = ids.filter((id): id is string => id !== undefined && !recent.includes(id));
    return added.length === 0 ? recent : [...recent, ...added].slice(-RECENT);
  }

  protected waitsOf(coroutine: Coroutine): readonly WaitHead[] {
    const waits: WaitHead[] = [];
    for (const pending of coroutine.pending.values()) {
      if (pending.operation.kind !== "wait") continue;
      const filter = this.host.filterOf(pending);
      const { id, deadline } = pending;
      waits.push({
        id,
        ...(filter === undefined ? undefined : { filter }),
        ...(deadline === undefined ? undefined : { deadline }),
      });
    }
    return waits;
  }

  protected commitHead(lane: LaneCopy, head: LaneHead, claim: Claim | undefined): Promise<boolean> {
    return this.write(lane, head, claim, [], false);
  }

  /** The compare-and-set everything hangs on. */
  protected async write(
    lane: LaneCopy,
    next: LaneHead,
    claim: Claim | undefined,
    rows: readonly LaneRow[],
    mayCompact: boolean,
  ): Promise<boolean> {
    let append = rows;
    let { cuts } = lane.head;
    let records = lane.head.records + rows.reduce((sum, row) => sum + row.length - 1, 0);
    let cutTo: number | undefined;
    const isEmpty = next.instances.length === 0;
    if (isEmpty) {
      append = [];
      cutTo = lane.head.rows;
      records = 0;
      cuts++;
    } else if (mayCompact && records > 4 * next.instances.reduce((sum, { length }) => sum + length, 0) + 32) {
      const whole = await this.load(lane.key, 0);
      if (whole === undefined || whole.version !== lane.version) {
        this.drop(lane);
        return false;
      }
      append = compacted([...whole.log, ...rows], next.instances);
      cutTo = lane.head.rows;
      records = append.reduce((sum, row) => sum + row.length - 1, 0);
      cuts++;
    }
    const head: LaneHead = {
      ...next,
      writer: `${this.options.owner}.${++this.writes}`,
      claim,
      rows: lane.head.rows + append.length,
      records,
      cuts,
    };
    const version = await this.put(lane, head, {
      head,
      append,
      cutTo,
      wakeAt: this.wakeAt(head),
      ttlMs: isEmpty && claim === undefined ? this.tombstoneMs() : undefined,
      index: head.instances.flatMap((instance) => this.host.tokens?.(instance, lane.key) ?? []),
    });
    if (version === false) {
      this.drop(lane);
      return false;
    }
    lane.version = version;
    lane.head = head;
    if (this.options.solo === true) (await this.knownLanes()).add(lane.key);
    if (claim === undefined) this.arm(lane);
    return true;
  }

  protected tombstoneMs(): number {
    return this.options.tombstoneMs ?? 86_400_000;
  }

  /** Commits; when the store gives no answer, finds out whether it did. */
  protected async put(
    lane: LaneCopy,
    head: LaneHead,
    change: Parameters<LaneStore<LaneHead, LaneRow>["commit"]>[2],
  ): Promise<string | false> {
    const { claim } = lane.head;
    // With effects behind it, a step does not give up while nobody else may take the lane.
    const until = claim?.owner === this.options.owner ? claim.until : 0;
    const found = async (): Promise<string | false> => {
      const now = await this.load(lane.key, HEAD_ONLY);
      return now?.head.writer === head.writer && now.version;
    };
    for (let tries = 0; ; tries++) {
      try {
        const version = await this.store.commit(lane.key, lane.version, change);
        // An earlier try, of which nothing was heard, may have come through late.
        return version === false && tries > 0 ? await found() : version;
      } catch (error) {
        try {
          const version = await found();
          if (version !== false) return version;
        } catch {
          // The first failure is the one to tell.
        }
        if (this.clock.now() >= until) {
          this.drop(lane);
          throw error;
        }
        await this.pause(500, undefined);
      }
    }
  }

  protected wakeAt(head: LaneHead): number | null {
    if (head.claim !== undefined) return head.claim.until;
    let wakeAt = Number.POSITIVE_INFINITY;
    for (const instance of head.instances) {
      const { parked, touched, waits } = instance;
      if (parked !== undefined) {
        wakeAt = Math.min(wakeAt, parked.at + (this.options.parkedMs ?? 14 * 86_400_000));
        continue;
      }
      if (!hasDeadline(instance))
        wakeAt = Math.min(wakeAt, touched + (this.options.laneTtlMs ?? 30 * 86_400_000));
      for (const { deadline } of waits) if (deadline !== undefined) wakeAt = Math.min(wakeAt, deadline);
    }
    return Number.isFinite(wakeAt) ? wakeAt : null;
  }

  protected async park(
    lane: LaneCopy,
    instance: InstanceHead,
    reason: Parked["reason"],
    message: string,
  ): Promise<boolean> {
    const parked: Parked = { reason, message, at: this.clock.now() };
    const kept = await this.commitHead(lane, replaced(lane.head, { ...instance, parked }), undefined);
    if (!kept) return false;
    lane.live.delete(instance.id);
    this.event({ type: "parked", ...whose(lane, instance), reason, message });
    this.host.parked?.(instance, parked, lane.key);
    return true;
  }

  /** Takes an instance out without running it. */
  protected async remove(
    lane: LaneCopy,
    instance: InstanceHead,
    why: { reason: string; item?: Item | undefined },
  ): Promise<boolean> {
    const head: LaneHead = {
      ...lane.head,
      instances: lane.head.instances.filter(({ id }) => id !== instance.id),
      recent: this.remember(lane.head.recent, why.item?.id),
    };
    if (!(await this.write(lane, head, undefined, [], true))) return false;
    why.item?.accept?.();
    lane.live.delete(instance.id);
    this.event({ type: "exit", ...whose(lane, instance), reason: why.reason });
    return true;
  }

  protected newLane(key: string): LaneCopy {
    return this.use({ key, version: null, head: EMPTY, live: new Map(), usedAt: 0 });
  }

  protected drop(lane: LaneCopy): void {
    lane.live.clear();
    if (this.copies.get(lane.key) === lane) this.copies.delete(lane.key);
  }

  protected arm(lane: LaneCopy): void {
    this.clock.clearTimeout(this.timers.get(lane.key));
    this.timers.delete(lane.key);
    const wakeAt = this.wakeAt(lane.head);
    if (wakeAt === null || this.isStopped) return;
    const delayMs = wakeAt - this.clock.now();
    // Later ones are found by the sweeper.
    if (delayMs > LOCAL_TIMER_MS) return;
    const { key } = lane;
    const ring = (): void => {
      this.timers.delete(key);
      this.wake(key).catch((error: unknown) => this.options.onError?.(error, key));
    };
    this.timers.set(key, this.clock.setTimeout(ring, Math.max(delayMs, 0)));
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

/** The records of each instance, in order. */
export function historiesOf(rows: readonly LaneRow[]): Map<string, JournalRecord[]> {
  const histories = new Map<string, JournalRecord[]>();
  for (const [id, ...records] of rows) {
    const before = histories.get(id);
    if (before === undefined) histories.set(id, records);
    else before.push(...records);
  }
  return histories;
}

function compacted(rows: readonly LaneRow[], instances: readonly InstanceHead[]): LaneRow[] {
  const histories = historiesOf(rows);
  return instances.map(({ id }): LaneRow => [id, ...folded(histories.get(id) ?? [])]);
}

/** A head with another state of one instance. */
export function replaced(head: LaneHead, instance: InstanceHead): LaneHead {
  return { ...head, instances: head.instances.map((one) => (one.id === instance.id ? instance : one)) };
}

/** Whether an instance is looked at again by itself. */
export function hasDeadline({ waits }: InstanceHead): boolean {
  return waits.some(({ deadline }) => deadline !== undefined);
}
