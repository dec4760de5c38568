import type { Clock, LaneStore, Timer } from "balekit";
import { Coroutine, type Outcome, type Pending } from "./coroutine.js";
import {
  AmbiguousEffectError,
  ConversationStateError,
  JournalLimitError,
  ReplayMismatchError,
  UnjournaledAwaitError,
} from "./errors.js";
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
import type { Item, LaneEvent, LaneHost } from "./lane-host.js";
import { scopes } from "./scope.js";
import { breath } from "./turn.js";
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
  /** Whether no other process uses the store: then it is not asked who has changed what. @default false */
  readonly solo?: boolean | undefined;
  readonly leaseMs?: number | undefined;
  readonly effectMs?: number | undefined;
  readonly stepMs?: number | undefined;
  readonly sweepMs?: number | undefined;
  readonly maxHot?: number | undefined;
  readonly idleMs?: number | undefined;
  readonly maxInstances?: number | undefined;
  readonly maxAttempts?: number | undefined;
  readonly laneTtlMs?: number | undefined;
  readonly tombstoneMs?: number | undefined;
  readonly parkedMs?: number | undefined;
  /** Told of what the sweeper could not do. */
  readonly onError?: ((error: unknown, lane: string) => void) | undefined;
}

/** What became of an item. */
export type Verdict = "taken" | "pass" | "duplicate";

/** Somebody who wants in. */
export interface Entry {
  readonly id: string;
  readonly definition: string;
  readonly input: Json;
  readonly bytes: number;
  /** So that the same request, made again after a crash, finds what it has begun. */
  readonly once?: string | undefined;
  /** What to do about an instance of the same definition. */
  readonly onActive: "replace" | "reject" | "stack" | "ignore";
  readonly signal?: AbortSignal | undefined;
}

/** A lane as this process last saw it, with the code it keeps alive. */
interface LaneCopy {
  readonly key: string;
  version: string | null;
  head: LaneHead;
  readonly live: Map<string, Coroutine>;
  usedAt: number;
}

interface Commit {
  readonly claim?: Claim | undefined;
  readonly item?: Item | undefined;
  readonly once?: string | undefined;
  readonly isOver?: boolean | undefined;
  readonly owed?: Json | undefined;
}

const AGAIN: unique symbol = Symbol("again");
/** An index beyond every log: loads the head alone. */
const HEAD_ONLY = 2 ** 31 - 1;
const EMPTY: LaneHead = { format: 1, writer: "", instances: [], recent: [], rows: 0, records: 0, cuts: 0 };
const LOCAL_TIMER_MS = 3_600_000;

/**
 * One process's part in the protocol of lanes: takes items to the code that waits for them, one step of a lane at a
 * time over all processes that share the store. Every decision is a compare-and-set on the lane, made before anything
 * leaves the process. Knows nothing of bots.
 */
export class LaneMachine {
  readonly #options: LaneMachineOptions;
  readonly #host: LaneHost;
  readonly #store: LaneStore<LaneHead, LaneRow>;
  readonly #clock: Clock;
  readonly #copies = new Map<string, LaneCopy>();
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #timers = new Map<string, Timer>();
  #known: Promise<Set<string>> | undefined;
  #sweeping: Timer | undefined;
  #isStopped = true;
  #writes = 0;

  constructor(options: LaneMachineOptions) {
    this.#options = options;
    this.#host = options.host;
    this.#store = options.store as LaneStore<LaneHead, LaneRow>;
    this.#clock = options.clock;
  }

  /** How many lanes have code kept alive here. */
  get hot(): number {
    return this.#copies.size;
  }

  /** Begins to look for deadlines, and for what dead processes have left. */
  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#armSweep();
  }

  /** Ends that, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#clock.clearTimeout(this.#sweeping);
    for (const timer of this.#timers.values()) this.#clock.clearTimeout(timer);
    this.#timers.clear();
    await Promise.allSettled([...this.#queues.values()]);
    this.#copies.clear();
  }

  /** Forgets the code kept alive: of one lane, or of all. It is brought back from the journal when it is needed. */
  evict(key?: string): void {
    if (key === undefined) this.#copies.clear();
    else this.#copies.delete(key);
  }

  /** Gives an item to whoever waits for it in a lane. */
  deliver(key: string, item: Item): Promise<Verdict> {
    return this.#inTurn(key, () =>
      this.#work<Verdict>(key, item, async (lane) => {
        if (lane === undefined) return "pass";
        if (this.#hasTaken(lane, item)) return "duplicate";
        return this.#offer(lane, item);
      }),
    );
  }

  /** Begins an instance in a lane; the one that is there already when the request was made before. */
  enter(key: string, entry: Entry): Promise<{ readonly id: string; readonly isNew: boolean }> {
    return this.#inTurn(key, () =>
      this.#work(key, { value: null, signal: entry.signal }, async (found) => {
        const lane = found ?? this.#newLane(key);
        const { instances, recent } = lane.head;
        const active = instances.findLast(({ definition }) => definition === entry.definition);
        if (entry.once !== undefined && recent.some((id) => id.startsWith(`${entry.once}=`))) {
          const before = recent.find((id) => id.startsWith(`${entry.once}=`)) as string;
          return { id: before.slice(before.indexOf("=", (entry.once as string).length) + 1), isNew: false };
        }
        if (active !== undefined) {
          if (entry.onActive === "ignore") return { id: active.id, isNew: false };
          if (entry.onActive === "reject") {
            throw new ConversationStateError(
              `Entering "${entry.definition}": it is under way already in this lane. Leave it first, or take another onActive.`,
            );
          }
          if (entry.onActive === "replace") {
            if (active.parked !== undefined) await this.#remove(lane, active, { reason: "replaced" });
            else await this.#makeLeave(lane, active, "replaced");
            return AGAIN;
          }
        }
        if (instances.length >= (this.#options.maxInstances ?? 16)) {
          throw new ConversationStateError(
            `Entering "${entry.definition}": ${instances.length} conversations are under way in this lane, which is the limit. Leave some, or take onActive "replace".`,
          );
        }
        const began = await this.#begin(lane, entry);
        return began ? { id: entry.id, isNew: true } : AGAIN;
      }),
    );
  }

  /** Looks after a lane whose deadline has come. */
  wake(key: string): Promise<void> {
    return this.#inTurn(key, async () => {
      for (;;) {
        const lane = await this.#open(key);
        if (lane === undefined) return;
        const { claim } = lane.head;
        if (claim !== undefined) {
          if (!this.isFree(claim)) return;
          await this.#takeOver(lane, claim);
          continue;
        }
        if (!(await this.#wakeOne(lane))) {
          this.#arm(lane);
          return;
        }
      }
    });
  }

  /** Makes an instance leave: its waits throw, its `finally` blocks run. Resolves to whether there was one. */
  leave(key: string, instance: string, reason: string): Promise<boolean> {
    return this.#inTurn(key, () =>
      this.#work<boolean>(key, { value: null }, async (lane) => {
        const head = lane?.head.instances.find(({ id }) => id === instance);
        if (lane === undefined || head === undefined) return false;
        const done =
          head.parked === undefined
            ? await this.#makeLeave(lane, head, reason)
            : await this.#remove(lane, head, { reason });
        return done ? true : AGAIN;
      }),
    );
  }

  /** Ends an instance without running any of its code; a step of it that runs elsewhere is fenced. */
  async kill(key: string, instance: string): Promise<boolean> {
    for (;;) {
      this.#copies.delete(key);
      const lane = await this.#open(key);
      const head = lane?.head.instances.find(({ id }) => id === instance);
      if (lane === undefined || head === undefined) return false;
      if (await this.#remove(lane, head, { reason: "killed" })) return true;
    }
  }

  /** Lets an instance that was parked go on. Resolves to whether there was one. */
  retry(key: string, instance: string): Promise<boolean> {
    return this.#inTurn(key, () =>
      this.#work<boolean>(key, { value: null }, async (lane) => {
        const head = lane?.head.instances.find(({ id }) => id === instance);
        if (lane === undefined || head?.parked === undefined) return false;
        const free: InstanceHead = { ...head, parked: undefined };
        // What was under way when it was parked is taken up by the next to look.
        const claim: Claim | undefined = head.isBusy ? { owner: "nobody", until: 0, attempt: 0 } : undefined;
        return (await this.#commitHead(lane, replaced(lane.head, free), claim)) ? true : AGAIN;
      }),
    );
  }

  /** Wakes the lanes that are due. */
  async sweep(): Promise<void> {
    const due = await this.#store.due(this.#clock.now(), 100);
    for (const key of due) {
      if (!key.startsWith(this.#options.prefix)) continue;
      try {
        await this.wake(key);
      } catch (error) {
        this.#options.onError?.(error, key);
      }
    }
    const idle = this.#clock.now() - (this.#options.idleMs ?? 900_000);
    for (const [key, copy] of this.#copies) {
      if (copy.usedAt < idle && !this.#queues.has(key)) this.#copies.delete(key);
    }
  }

  /** What stands in a lane: its head, and the history of each instance. */
  async read(
    key: string,
  ): Promise<
    { readonly head: LaneHead; readonly histories: ReadonlyMap<string, readonly JournalRecord[]> } | undefined
  > {
    const lane = await this.#load(key, 0);
    if (lane === undefined) return undefined;
    return { head: lane.head, histories: historiesOf(lane.log) };
  }

  // ---- one lane, one at a time in this process

  async #inTurn<Result>(key: string, run: () => Promise<Result>): Promise<Result> {
    const before = this.#queues.get(key);
    const mine = (before ?? Promise.resolve()).then(() => scopes.run(undefined, run));
    const settled = mine.catch(() => undefined);
    this.#queues.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.#queues.get(key) === settled) this.#queues.delete(key);
    }
  }

  /** Does something with a lane that nobody else works on; again whenever somebody was first. */
  async #work<Result>(
    key: string,
    item: Item,
    attempt: (lane: LaneCopy | undefined) => Promise<Result | typeof AGAIN>,
  ): Promise<Result> {
    for (let round = 0; ; round++) {
      const lane = await this.#open(key);
      const claim = lane?.head.claim;
      if (lane !== undefined && claim !== undefined) {
        if (this.isFree(claim)) {
          await this.#takeOver(lane, claim);
          continue;
        }
        if (this.#hasTaken(lane, item)) return "duplicate" as Result;
        this.#event({ type: "busy", lane: key });
        await this.#pause(Math.min(20 * 2 ** Math.min(round, 5), 400), item.signal);
        continue;
      }
      const result = await attempt(lane);
      if (result !== AGAIN) return result;
      this.#event({ type: "conflict", lane: key });
    }
  }

  protected isFree(claim: Claim): boolean {
    // A claim of our own that nobody works on: the step it belongs to could not be kept.
    return claim.owner === this.#options.owner || claim.until <= this.#clock.now();
  }

  protected hasTaken(head: LaneHead, item: Item): boolean {
    return item.id !== undefined && head.recent.includes(item.id);
  }

  #hasTaken(lane: LaneCopy, item: Item): boolean {
    return this.hasTaken(lane.head, item);
  }

  #pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const timer = this.#clock.setTimeout(
        () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        },
        ms * (0.5 + Math.random()),
      );
      const stop = (): void => {
        this.#clock.clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener("abort", stop, { once: true });
    });
  }

  // ---- reading

  /** The lane as it is now, with live code that has been brought up to it. */
  async #open(key: string): Promise<LaneCopy | undefined> {
    const copy = this.#copies.get(key);
    if (this.#options.solo === true) {
      if (copy !== undefined) return this.#use(copy);
      if (!(await this.#knownLanes()).has(key)) return undefined;
    }
    const lane = await this.#load(key, copy === undefined ? HEAD_ONLY : copy.head.rows);
    if (lane === undefined) {
      this.#copies.delete(key);
      return undefined;
    }
    if (copy === undefined) {
      return this.#use({ key, version: lane.version, head: lane.head, live: new Map(), usedAt: 0 });
    }
    if (copy.version !== lane.version) await this.#catchUp(copy, lane.head, lane.log);
    copy.version = lane.version;
    copy.head = lane.head;
    return this.#use(copy);
  }

  #use(copy: LaneCopy): LaneCopy {
    copy.usedAt = this.#clock.now();
    this.#copies.delete(copy.key);
    this.#copies.set(copy.key, copy);
    if (this.#copies.size > (this.#options.maxHot ?? 1_000)) {
      const [oldest] = this.#copies.keys();
      if (oldest !== undefined) {
        this.#copies.delete(oldest);
        this.#event({ type: "evict", lane: oldest });
      }
    }
    return copy;
  }

  /** Head and log of one commit: a store that hands out two of different commits is asked again. */
  async #load(
    key: string,
    from: number,
  ): Promise<{ version: string; head: LaneHead; log: readonly LaneRow[] } | undefined> {
    for (let tries = 0; ; tries++) {
      const lane = await this.#store.load(key, from);
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

  #knownLanes(): Promise<Set<string>> {
    this.#known ??= (async () => {
      const known = new Set<string>();
      for await (const key of this.#store.keys(this.#options.prefix)) known.add(key);
      return known;
    })();
    return this.#known;
  }

  async #catchUp(copy: LaneCopy, head: LaneHead, rows: readonly LaneRow[]): Promise<void> {
    if (head.cuts !== copy.head.cuts || head.rows < copy.head.rows) {
      copy.live.clear();
      return;
    }
    const histories = historiesOf(rows);
    for (const [id, coroutine] of [...copy.live]) {
      const records = histories.get(id) ?? [];
      const isHere = head.instances.some((instance) => instance.id === id);
      const isBehind = coroutine.fresh.length > 0 || records.some(([type]) => type === "b");
      try {
        if (!isHere || isBehind) copy.live.delete(id);
        else await coroutine.catchUp(records);
      } catch {
        // It can't follow: it is brought back from the whole journal, which says what is wrong if anything is.
        copy.live.delete(id);
      }
    }
  }

  /** The code of an instance, brought to where its history ends. `undefined`: the lane has changed meanwhile. */
  async #revive(
    lane: LaneCopy,
    instance: InstanceHead,
  ): Promise<{ coroutine: Coroutine; replayed: number } | undefined> {
    const hot = lane.live.get(instance.id);
    if (hot !== undefined) return { coroutine: hot, replayed: 0 };
    const code = this.#host.code(instance);
    if (code === undefined) {
      throw new UnknownDefinitionError(
        `The conversation "${instance.definition}" is not among the definitions of this process.`,
      );
    }
    const whole = await this.#load(lane.key, 0);
    if (whole === undefined || whole.version !== lane.version) {
      this.#copies.delete(lane.key);
      return undefined;
    }
    const history = folded(historiesOf(whole.log).get(instance.id) ?? []);
    const coroutine = new Coroutine(code);
    coroutine.lastId = instance.lastId;
    await coroutine.replay(history);
    this.#host.checkReplay?.(instance, coroutine, history);
    lane.live.set(instance.id, coroutine);
    return { coroutine, replayed: history.length };
  }

  // ---- deciding

  async #offer(lane: LaneCopy, item: Item): Promise<Verdict | typeof AGAIN> {
    const { instances } = lane.head;
    for (const instance of [...instances].reverse()) {
      if (item.instance !== undefined && item.instance !== instance.id) continue;
      if (instance.parked !== undefined) continue;
      const reason = this.#host.leaves?.(instance, item);
      if (reason !== undefined) {
        return (await this.#makeLeave(lane, instance, reason, item)) ? "taken" : AGAIN;
      }
      const waits = instance.waits.filter(({ filter }) => this.#host.fits(filter, item, instance)).reverse();
      if (waits.length === 0) continue;
      const verdict = await this.#give(lane, instance, waits, item);
      if (verdict !== "pass") return verdict;
    }
    const swallows = (instance: InstanceHead): boolean =>
      instance.parked === undefined && this.#host.swallows?.(instance, item) === true;
    return lane.head.instances.some(swallows) ? "taken" : "pass";
  }

  async #give(
    lane: LaneCopy,
    instance: InstanceHead,
    waits: readonly WaitHead[],
    item: Item,
  ): Promise<Verdict | typeof AGAIN> {
    const revived = await this.#reviveOrPark(lane, instance);
    if (revived === "gone") return AGAIN;
    if (revived === "parked") return "pass";
    const { coroutine, replayed } = revived;
    for (const { id } of waits) {
      const pending = coroutine.pending.get(id);
      if (pending === undefined) continue;
      if (this.#host.agrees !== undefined && !(await this.#host.agrees(pending, item))) continue;
      const run = (): Promise<void> => coroutine.settle(id, { ok: true, value: item.value });
      const kept = await this.#drive(lane, instance, coroutine, run, { item, replayed });
      return kept ? "taken" : AGAIN;
    }
    return "pass";
  }

  async #reviveOrPark(
    lane: LaneCopy,
    instance: InstanceHead,
  ): Promise<{ coroutine: Coroutine; replayed: number } | "gone" | "parked"> {
    try {
      return (await this.#revive(lane, instance)) ?? "gone";
    } catch (error) {
      if (!(error instanceof ReplayMismatchError || error instanceof UnknownDefinitionError)) throw error;
      const reason = error instanceof ReplayMismatchError ? "mismatch" : "unknown";
      if (this.#host.stuck?.(instance, error) === "exit") {
        return (await this.#remove(lane, instance, { reason: "mismatch" })) ? "parked" : "gone";
      }
      return (await this.#park(lane, instance, reason, error.message)) ? "parked" : "gone";
    }
  }

  async #begin(lane: LaneCopy, entry: Entry): Promise<boolean> {
    const now = this.#clock.now();
    const bare: InstanceHead = {
      id: entry.id,
      definition: entry.definition,
      version: 0,
      source: "",
      born: now,
      touched: now,
      lastId: 0,
      length: 0,
      waits: [],
    };
    const instance = { ...bare, ...this.#host.stamp(bare) };
    const code = this.#host.code(instance);
    if (code === undefined) {
      throw new UnknownDefinitionError(
        `Entering "${entry.definition}": it is not among the definitions of this process. Put it into conversations({ definitions }).`,
      );
    }
    const coroutine = new Coroutine(code);
    this.#event({ type: "enter", lane: lane.key, instance: instance.id, definition: instance.definition });
    const once = entry.once === undefined ? undefined : `${entry.once}=${entry.id}`;
    return this.#drive(lane, instance, coroutine, () => coroutine.begin(entry.input, entry.bytes), { once });
  }

  async #makeLeave(lane: LaneCopy, instance: InstanceHead, reason: string, item?: Item): Promise<boolean> {
    const revived = await this.#reviveOrPark(lane, instance);
    if (revived === "gone") return false;
    if (revived === "parked") {
      const parked = lane.head.instances.find(({ id }) => id === instance.id);
      return parked === undefined ? true : this.#remove(lane, parked, { reason, item });
    }
    const { coroutine, replayed } = revived;
    return this.#drive(lane, instance, coroutine, () => coroutine.leave(reason), { item, replayed });
  }

  /** Ends the first wait that is due, or what has lain too long. Answers whether there was one. */
  async #wakeOne(lane: LaneCopy): Promise<boolean> {
    const now = this.#clock.now();
    for (const instance of lane.head.instances) {
      if (instance.parked !== undefined) {
        if (instance.parked.at + (this.#options.parkedMs ?? 14 * 86_400_000) > now) continue;
        await this.#remove(lane, instance, { reason: "expired" });
        return true;
      }
      if (instance.touched + (this.#options.laneTtlMs ?? 30 * 86_400_000) <= now && !hasDeadline(instance)) {
        await this.#makeLeave(lane, instance, "expired");
        return true;
      }
      const due = instance.waits
        .filter(({ deadline }) => deadline !== undefined && deadline <= now)
        .sort((one, other) => (one.deadline as number) - (other.deadline as number))[0];
      if (due === undefined) continue;
      const revived = await this.#reviveOrPark(lane, instance);
      if (revived === "gone" || revived === "parked") return true;
      const { coroutine, replayed } = revived;
      const pending = coroutine.pending.get(due.id);
      if (pending === undefined) {
        lane.live.delete(instance.id);
        continue;
      }
      const run = (): Promise<void> => coroutine.settle(due.id, this.#host.expiry(pending));
      await this.#drive(lane, instance, coroutine, run, { replayed });
      return true;
    }
    return false;
  }

  /** Goes on with what a process that has ended, or has lost its lane, was doing. */
  async #takeOver(lane: LaneCopy, claim: Claim): Promise<void> {
    const attempt = claim.attempt + 1;
    this.#event({ type: "takeover", lane: lane.key, detail: claim.owner });
    const busy = lane.head.instances.find(({ isBusy, parked }) => isBusy === true && parked === undefined);
    if (busy !== undefined && attempt > (this.#options.maxAttempts ?? 5)) {
      const message = `${attempt - 1} processes have ended while they were at its step. Look into what it does there, then retry it.`;
      await this.#park(lane, busy, "poison", message);
      return;
    }
    const mine = this.#claim(attempt);
    if (
      !(await this.#commitHead(
        lane,
        lane.head,
        busy === undefined && lane.head.owed === undefined ? undefined : mine,
      ))
    )
      return;
    if (busy === undefined) {
      if (lane.head.owed !== undefined) {
        await this.#pay(lane.head.owed);
        await this.#commitHead(lane, { ...lane.head, owed: undefined }, undefined);
      }
      return;
    }
    const revived = await this.#reviveOrPark(lane, busy);
    if (revived === "gone" || revived === "parked") return;
    const { coroutine, replayed } = revived;
    // Of code that was hot here, effects may be marked as begun by a step that was given up.
    for (const pending of coroutine.pending.values()) pending.isStarted = false;
    await this.#drive(lane, busy, coroutine, async () => undefined, { replayed, attempt, isTakeover: true });
  }

  // ---- acting

  /**
   * One step: lets the code run, carries out what it asks for, and gives it the results one a turn, until it waits or
   * is over. False: somebody else has the lane; nothing is lost, and whoever brought the item looks again.
   */
  async #drive(
    lane: LaneCopy,
    start: InstanceHead,
    first: Coroutine,
    run: () => Promise<void>,
    about: {
      item?: Item | undefined;
      once?: string | undefined;
      replayed?: number;
      attempt?: number;
      isTakeover?: boolean;
    },
  ): Promise<boolean> {
    let coroutine = first;
    const { item, once } = about;
    const flight = new Flight();
    const lost = new AbortController();
    const owed = item?.owed ?? lane.head.owed;
    let isClaimed = about.isTakeover === true;
    let attempt = about.attempt ?? 0;
    let failure: Error | undefined;
    let writes = 0;
    const keep = async (commit: Commit): Promise<boolean> => {
      if (coroutine.fresh.some(([type]) => type === "r")) attempt = 0;
      writes++;
      const claim = commit.isOver === true ? undefined : this.#claim(attempt);
      const kept = await this.#commit(lane, start, coroutine, failure, {
        ...commit,
        claim,
        item,
        once,
        owed: claim === undefined ? undefined : owed,
      });
      if (!kept) {
        lost.abort(new ConversationStateError("The lane was taken over by another process."));
        if (isClaimed) this.#event({ type: "fenced", lane: lane.key, instance: start.id });
        return false;
      }
      if (commit.isOver !== true) isClaimed = true;
      item?.accept?.();
      return true;
    };
    coroutine.isDriven = true;
    try {
      await run();
      if (about.isTakeover === true) this.#resolveAmbiguous(lane, start, coroutine, flight);
      for (;;) {
        const landed = flight.take();
        if (landed !== undefined) {
          await coroutine.settle(landed.id, landed.outcome);
          continue;
        }
        if (coroutine.wayBack !== undefined && flight.size === 0) {
          const anew = await this.#goBack(lane, start, coroutine);
          if (anew === undefined) return false;
          coroutine.isDriven = false;
          coroutine = anew;
          coroutine.isDriven = true;
          continue;
        }
        const wanted = coroutine.takeEffects();
        if (wanted.length > 0) {
          if (!(await this.beforeEffects(() => keep({})))) return false;
          for (const pending of wanted) {
            const isRepeat = about.isTakeover === true && pending.id <= start.lastId;
            flight.begin(
              pending.id,
              this.#perform(pending, { instance: start, isRepeat, signal: lost.signal }),
            );
          }
          continue;
        }
        if (flight.size > 0) {
          if (!(await this.#heartbeat(flight, keep))) return false;
          continue;
        }
        if (coroutine.ended !== undefined || coroutine.hasWaits) break;
        await this.#stalled(coroutine);
      }
    } catch (error) {
      if (!(error instanceof JournalLimitError || error instanceof UnjournaledAwaitError)) {
        // Of no use any more: what is not kept is forgotten, and the journal says what was.
        this.#drop(lane);
        throw error;
      }
      failure = error;
    } finally {
      coroutine.isDriven = false;
    }
    if (owed !== undefined && this.#host.owes?.(owed) === true) {
      if (!isClaimed && !(await keep({}))) return false;
      await this.#pay(owed);
    }
    if (!(await keep({ isOver: true }))) return false;
    this.#event({
      type: "step",
      lane: lane.key,
      instance: start.id,
      definition: start.definition,
      mode: about.replayed === undefined ? "new" : about.replayed === 0 ? "hot" : "cold",
      replayed: about.replayed ?? 0,
      writes,
    });
    const outcome: Outcome | undefined =
      failure === undefined ? coroutine.ended : { ok: false, error: failure };
    if (outcome !== undefined) this.#end(lane, start, outcome);
    return true;
  }

  /** For tests that put the order of things wrong. */
  protected beforeEffects(keep: () => Promise<boolean>): Promise<boolean> {
    return keep();
  }

  #end(lane: LaneCopy, instance: InstanceHead, outcome: Outcome): void {
    lane.live.delete(instance.id);
    this.#event({ type: "exit", lane: lane.key, instance: instance.id, definition: instance.definition });
    this.#host.ended(instance, outcome, lane.key);
  }

  /** Waits for a result; meanwhile tells the others that this process lives. */
  async #heartbeat(flight: Flight, keep: (commit: Commit) => Promise<boolean>): Promise<boolean> {
    let timer: Timer;
    const beat = new Promise<"beat">((resolve) => {
      timer = this.#clock.setTimeout(() => resolve("beat"), this.#leaseMs / 3);
    });
    const what = await Promise.race([flight.next().then(() => "landed" as const), beat]);
    this.#clock.clearTimeout(timer);
    return what === "landed" || keep({});
  }

  #perform(
    pending: Pending,
    about: { instance: InstanceHead; isRepeat: boolean; signal: AbortSignal },
  ): Promise<Outcome> {
    return scopes
      .run(undefined, async () => this.#host.perform(pending, about))
      .then(
        (value): Outcome => ({ ok: true, value }),
        (error: unknown): Outcome => ({ ok: false, error }),
      );
  }

  #resolveAmbiguous(lane: LaneCopy, instance: InstanceHead, coroutine: Coroutine, flight: Flight): void {
    for (const pending of coroutine.pending.values()) {
      if (pending.operation.kind !== "effect") continue;
      const verdict = this.#host.ambiguity(pending, instance);
      const detail = `${pending.operation.key}: ${typeof verdict === "string" ? verdict : "assume"}`;
      this.#event({ type: "ambiguous", lane: lane.key, instance: instance.id, detail });
      if (verdict === "retry") continue;
      pending.isStarted = true;
      const outcome: Outcome =
        verdict === "throw"
          ? { ok: false, error: new AmbiguousEffectError(pending.operation.key) }
          : { ok: true, value: verdict.assume };
      flight.begin(pending.id, Promise.resolve(outcome));
    }
  }

  /** Code that neither waits nor is over is busy with something that is in no journal. */
  async #stalled(coroutine: Coroutine): Promise<void> {
    for (let turns = 0; turns < 3; turns++) {
      await breath();
      if (coroutine.ended !== undefined || coroutine.pending.size > 0) return;
    }
    const limitMs = coroutine.isLeaving ? 10_000 : (this.#options.stepMs ?? 60_000);
    let timer: Timer;
    const over = new Promise<"over">((resolve) => {
      timer = this.#clock.setTimeout(() => resolve("over"), limitMs);
    });
    const what = await Promise.race([coroutine.activity(), over]);
    this.#clock.clearTimeout(timer);
    if (what === "over") {
      throw new UnjournaledAwaitError(
        `A conversation has awaited something that is not in its journal for ${limitMs / 1000} s, after the operation called at`,
        coroutine.lastLine,
      );
    }
    await coroutine.rest();
  }

  /** Brings new code to the block it is to go back to. */
  async #goBack(lane: LaneCopy, instance: InstanceHead, from: Coroutine): Promise<Coroutine | undefined> {
    const code = this.#host.code(instance);
    const whole = await this.#load(lane.key, 0);
    if (code === undefined || from.wayBack === undefined) return undefined;
    const kept = whole === undefined ? [] : (historiesOf(whole.log).get(instance.id) ?? []);
    if (whole !== undefined && lane.version !== null && whole.version !== lane.version) return undefined;
    const added: JournalRecord[] = [...from.fresh, ["b", from.wayBack]];
    const anew = new Coroutine(code);
    anew.lastId = from.lastId;
    const history = folded([...kept, ...added]);
    lane.live.delete(instance.id);
    await anew.replay(history, true);
    anew.fresh.unshift(...added);
    return anew;
  }

  async #pay(owed: Json): Promise<void> {
    try {
      await this.#host.pay?.(owed);
    } catch (error) {
      this.#options.onError?.(error, "");
    }
  }

  // ---- writing

  get #leaseMs(): number {
    return this.#options.leaseMs ?? 45_000;
  }

  #claim(attempt: number): Claim {
    return { owner: this.#options.owner, until: this.#clock.now() + this.#leaseMs, attempt };
  }

  async #commit(
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
      ...this.#host.stamp(known),
      touched: this.#clock.now(),
      lastId: coroutine.lastId,
      length: coroutine.length,
      waits: this.#waitsOf(coroutine),
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
    const rows: LaneRow[] = isEnded || coroutine.fresh.length === 0 ? [] : [[start.id, ...coroutine.fresh]];
    const kept = await this.#write(lane, head, claim, rows, isOver === true);
    if (!kept) return false;
    coroutine.fresh.length = 0;
    if (isEnded) lane.live.delete(start.id);
    else lane.live.set(start.id, coroutine);
    return true;
  }

  protected remember(recent: readonly string[], ...ids: readonly (string | undefined)[]): readonly string[] {
    const added = ids.filter((id): id is string => id !== undefined && !recent.includes(id));
    return added.length === 0 ? recent : [...recent, ...added].slice(-RECENT);
  }

  #waitsOf(coroutine: Coroutine): readonly WaitHead[] {
    const waits: WaitHead[] = [];
    for (const pending of coroutine.pending.values()) {
      if (pending.operation.kind !== "wait") continue;
      const filter = this.#host.filterOf(pending);
      const { id, deadline } = pending;
      waits.push({
        id,
        ...(filter === undefined ? undefined : { filter }),
        ...(deadline === undefined ? undefined : { deadline }),
      });
    }
    return waits;
  }

  #commitHead(lane: LaneCopy, head: LaneHead, claim: Claim | undefined): Promise<boolean> {
    return this.#write(lane, head, claim, [], false);
  }

  /** The compare-and-set everything hangs on. */
  async #write(
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
      const whole = await this.#load(lane.key, 0);
      if (whole === undefined || whole.version !== lane.version) {
        this.#drop(lane);
        return false;
      }
      append = compacted([...whole.log, ...rows], next.instances);
      cutTo = lane.head.rows;
      records = append.reduce((sum, row) => sum + row.length - 1, 0);
      cuts++;
    }
    const head: LaneHead = {
      ...next,
      writer: `${this.#options.owner}.${++this.#writes}`,
      claim,
      rows: lane.head.rows + append.length,
      records,
      cuts,
    };
    const version = await this.#put(lane, head, {
      head,
      append,
      cutTo,
      wakeAt: this.#wakeAt(head),
      ttlMs: isEmpty && claim === undefined ? this.tombstoneMs() : undefined,
      index: head.instances.flatMap((instance) => this.#host.tokens?.(instance, lane.key) ?? []),
    });
    if (version === false) {
      this.#drop(lane);
      return false;
    }
    lane.version = version;
    lane.head = head;
    if (this.#options.solo === true) (await this.#knownLanes()).add(lane.key);
    if (claim === undefined) this.#arm(lane);
    return true;
  }

  protected tombstoneMs(): number {
    return this.#options.tombstoneMs ?? 86_400_000;
  }

  /** Commits; when the store gives no answer, finds out whether it did. */
  async #put(
    lane: LaneCopy,
    head: LaneHead,
    change: Parameters<LaneStore<LaneHead, LaneRow>["commit"]>[2],
  ): Promise<string | false> {
    const { claim } = lane.head;
    // With effects behind it, a step does not give up while nobody else may take the lane.
    const until = claim?.owner === this.#options.owner ? claim.until : 0;
    for (;;) {
      try {
        return await this.#store.commit(lane.key, lane.version, change);
      } catch (error) {
        try {
          const now = await this.#load(lane.key, HEAD_ONLY);
          if (now?.head.writer === head.writer) return now.version;
        } catch {
          // The first failure is the one to tell.
        }
        if (this.#clock.now() >= until) {
          this.#drop(lane);
          throw error;
        }
        await this.#pause(500, undefined);
      }
    }
  }

  #wakeAt(head: LaneHead): number | null {
    if (head.claim !== undefined) return head.claim.until;
    let wakeAt = Number.POSITIVE_INFINITY;
    for (const instance of head.instances) {
      const { parked, touched, waits } = instance;
      if (parked !== undefined) {
        wakeAt = Math.min(wakeAt, parked.at + (this.#options.parkedMs ?? 14 * 86_400_000));
        continue;
      }
      if (!hasDeadline(instance))
        wakeAt = Math.min(wakeAt, touched + (this.#options.laneTtlMs ?? 30 * 86_400_000));
      for (const { deadline } of waits) if (deadline !== undefined) wakeAt = Math.min(wakeAt, deadline);
    }
    return Number.isFinite(wakeAt) ? wakeAt : null;
  }

  async #park(
    lane: LaneCopy,
    instance: InstanceHead,
    reason: Parked["reason"],
    message: string,
  ): Promise<boolean> {
    const parked: Parked = { reason, message, at: this.#clock.now() };
    const kept = await this.#commitHead(lane, replaced(lane.head, { ...instance, parked }), undefined);
    if (!kept) return false;
    lane.live.delete(instance.id);
    this.#event({
      type: "parked",
      lane: lane.key,
      instance: instance.id,
      definition: instance.definition,
      detail: message,
    });
    this.#host.parked?.(instance, parked, lane.key);
    return true;
  }

  /** Takes an instance out without running it. */
  async #remove(
    lane: LaneCopy,
    instance: InstanceHead,
    why: { reason: string; item?: Item | undefined },
  ): Promise<boolean> {
    const head: LaneHead = {
      ...lane.head,
      instances: lane.head.instances.filter(({ id }) => id !== instance.id),
      recent: this.remember(lane.head.recent, why.item?.id),
    };
    if (!(await this.#write(lane, head, undefined, [], true))) return false;
    why.item?.accept?.();
    lane.live.delete(instance.id);
    this.#event({
      type: "exit",
      lane: lane.key,
      instance: instance.id,
      definition: instance.definition,
      detail: why.reason,
    });
    return true;
  }

  #newLane(key: string): LaneCopy {
    return this.#use({ key, version: null, head: EMPTY, live: new Map(), usedAt: 0 });
  }

  #drop(lane: LaneCopy): void {
    lane.live.clear();
    if (this.#copies.get(lane.key) === lane) this.#copies.delete(lane.key);
  }

  // ---- time

  #arm(lane: LaneCopy): void {
    this.#clock.clearTimeout(this.#timers.get(lane.key));
    this.#timers.delete(lane.key);
    const wakeAt = this.#wakeAt(lane.head);
    if (wakeAt === null || this.#isStopped) return;
    const delayMs = wakeAt - this.#clock.now();
    // Later ones are found by the sweeper.
    if (delayMs > LOCAL_TIMER_MS) return;
    const { key } = lane;
    const ring = (): void => {
      this.#timers.delete(key);
      this.wake(key).catch((error: unknown) => this.#options.onError?.(error, key));
    };
    this.#timers.set(key, this.#clock.setTimeout(ring, Math.max(delayMs, 0)));
  }

  #armSweep(): void {
    const sweepMs = this.#options.sweepMs ?? 5_000;
    this.#sweeping = this.#clock.setTimeout(
      () => {
        this.sweep()
          .catch((error: unknown) => this.#options.onError?.(error, ""))
          .finally(() => {
            if (!this.#isStopped) this.#armSweep();
          });
      },
      sweepMs * (0.8 + 0.4 * Math.random()),
    );
  }

  #event(event: LaneEvent): void {
    this.#host.event?.(event);
  }
}

/** A conversation of which this process does not know the code. */
export class UnknownDefinitionError extends ConversationStateError {
  override readonly name: string = "UnknownDefinitionError";
}

/** Effects under way, and results that have come. */
class Flight {
  readonly #landed: { readonly id: number; readonly outcome: Outcome }[] = [];
  #wake: (() => void) | undefined;
  #flying = 0;

  get size(): number {
    return this.#flying + this.#landed.length;
  }

  begin(id: number, result: Promise<Outcome>): void {
    this.#flying++;
    void result.then((outcome) => {
      this.#flying--;
      this.#landed.push({ id, outcome });
      this.#wake?.();
    });
  }

  take(): { readonly id: number; readonly outcome: Outcome } | undefined {
    return this.#landed.shift();
  }

  next(): Promise<void> {
    if (this.#landed.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

function historiesOf(rows: readonly LaneRow[]): Map<string, JournalRecord[]> {
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

function replaced(head: LaneHead, instance: InstanceHead): LaneHead {
  return { ...head, instances: head.instances.map((one) => (one.id === instance.id ? instance : one)) };
}

function hasDeadline({ waits }: InstanceHead): boolean {
  return waits.some(({ deadline }) => deadline !== undefined);
}
