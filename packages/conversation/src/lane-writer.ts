import type { LaneCommit } from "balekit";
import type { Coroutine } from "./coroutine.js";
import {
  type Claim,
  type EndedInstance,
  type InstanceHead,
  LANE_FORMAT,
  type LaneHead,
  type LaneRow,
  type Parked,
  RECENT,
  type WaitHead,
} from "./lane-head.js";
import { type JournalRecord, withoutVoid } from "./journal.js";
import type { Item } from "./lane-host.js";
import { endingsWith } from "./lane-endings.js";
import { type LaneCopy, LaneLog, type LoadedLane, whose } from "./lane-log.js";
import { busyIn, compacted, hasDeadline, recordsIn, replaced, rowOf } from "./lane-rows.js";
import type { Outcome } from "./operation.js";
import { HASTY, type Toll } from "./toll.js";
import type { Json } from "./value.js";

/** What a commit of a step says beside its records. */
export interface Commit {
  readonly claim?: Claim | undefined;
  readonly item?: Item | undefined;
  readonly once?: string | undefined;
  readonly isOver?: boolean | undefined;
  readonly owed?: Json | undefined;
}

/** What a write adds to a head. Of a step, whose records it has, the head says already how many rows there are with it. */
interface Addition {
  readonly claim: Claim | undefined;
  /** Whose records these are; the only instance that has changed. Absent: the head is written. */
  readonly slot?: number | undefined;
  readonly records?: readonly JournalRecord[] | undefined;
  /** The one that has ended with it. */
  readonly ended?: EndedInstance | undefined;
  readonly mayCompact: boolean;
  /** Whether nothing may be left of instances that are taken out: the log is written anew. */
  readonly isErasing?: boolean | undefined;
  /** How long the lane is kept if it holds nothing any more. */
  readonly leftMs?: number | undefined;
}

/** One commit: what is asked of the store, and what the lane is then. */
interface Writing {
  readonly change: LaneCommit<LaneHead, LaneRow>;
  readonly head: LaneHead;
  /** How many rows there were when the head was written that the store has then. */
  readonly base: number;
  /** Absent: the head itself is written. */
  readonly row?: LaneRow | undefined;
}

const NONE: readonly JournalRecord[] = [];

const EMPTY: LaneHead = {
  format: LANE_FORMAT,
  writer: "",
  slots: 0,
  instances: [],
  recent: [],
  rows: 0,
  records: 0,
  cuts: 0,
};
/** Later deadlines are left to the sweeper. */
const LOCAL_TIMER_MS = 3_600_000;
/** After how many rows the head is written anew: whoever does not know the lane reads these. */
const MAX_ROWS = 160;
/**
 * What a block that is over has to weigh to be left out of the row in which it ends. Machines that have the code alive up
 * to the row before can't follow without it, and bring the code back.
 */
const HEAVY_BYTES = 2_048;
/** How exactly a head knows when somebody was last at an instance. */
const TOUCH_MS = 60_000;
/** How exactly it knows the size of its journal. */
const BYTES_STEP = 4_096;

/** Writes lanes by compare-and-set, and looks after their deadlines. */
export abstract class LaneWriter extends LaneLog {
  protected get leaseMs(): number {
    return this.options.leaseMs ?? 45_000;
  }

  /** The claim of this process: the one it has, as long as that lasts for whatever an effect may take. */
  protected claim(toll: Toll | undefined, known: Claim | undefined): Claim {
    const isFresh =
      known?.owner === this.options.owner &&
      known.toll === toll &&
      known.until - this.clock.now() > (this.leaseMs * 2) / 3;
    if (isFresh) return known;
    return { owner: this.options.owner, until: this.clock.now() + this.leaseMs, toll };
  }

  /**
   * Writes what a step has come to. False: somebody else has the lane.
   * @param done told before whoever waits for the commit
   */
  protected commit(
    lane: LaneCopy,
    start: InstanceHead,
    coroutine: Coroutine,
    failure: Error | undefined,
    { claim, item, once, isOver, owed }: Commit,
    done: (kept: boolean) => void,
  ): Promise<boolean> {
    const isEnded = isOver === true && (failure !== undefined || coroutine.ended !== undefined);
    const before = lane.head;
    const at = placeOf(before.instances, start.id);
    if (at < 0 && start.slot < before.slots) {
      // It was there, and has been taken out: what its code does now is nobody's.
      this.drop(lane);
      done(false);
      return Promise.resolve(false);
    }
    const known = before.instances[at] ?? start;
    const now = this.clock.now();
    const isLong = Math.abs(coroutine.bytes - (known.bytes ?? 0)) >= BYTES_STEP;
    const { version, source } = this.host.stamp(known);
    // Field by field, as the head below: to spread one of so many fields and set half of them anew costs several times as much.
    const own: InstanceHead = {
      id: known.id,
      slot: known.slot,
      definition: known.definition,
      version,
      source,
      born: known.born,
      touched: now - known.touched < TOUCH_MS ? known.touched : now,
      lastId: coroutine.lastId,
      length: coroutine.length,
      bytes: isLong ? coroutine.bytes : known.bytes,
      // While effects are under way nobody asks what it waits for: whoever takes it over finds out anew.
      waits: claim === undefined ? this.waitsOf(coroutine) : known.waits,
      isBusy: isEnded || claim === undefined ? undefined : true,
      parked: known.parked,
      setback: undefined,
      by: known.by,
    };
    const instances = [...before.instances];
    if (isEnded) instances.splice(at, at < 0 ? 0 : 1);
    else if (at < 0) instances.push(own);
    else instances[at] = own;
    const added = coroutine.fresh.length;
    const records = isEnded ? NONE : this.freshOf(coroutine);
    const head: LaneHead = {
      format: before.format,
      writer: before.writer,
      slots: Math.max(before.slots, start.slot + 1),
      instances,
      claim,
      recent: this.remember(before.recent, item?.id, once),
      rows: before.rows + 1,
      records: before.records + records.length,
      cuts: before.cuts,
      owed,
      endings: before.endings,
    };
    const how: Outcome | undefined = failure === undefined ? coroutine.ended : { ok: false, error: failure };
    const ended = isEnded && how !== undefined ? this.endedOf(known, how) : undefined;
    const addition = { claim, slot: start.slot, records, ended, mayCompact: isOver === true };
    return this.write(lane, head, addition, (kept) => {
      if (kept) {
        // Code that awaits something un-journaled may have called more meanwhile.
        coroutine.fresh.splice(0, added);
        if (isEnded) lane.live.delete(start.id);
        else if (lane.live.get(start.id) !== coroutine) lane.live.set(start.id, coroutine);
      }
      done(kept);
    });
  }

  /** The records of a coroutine that are not kept yet, as they are going to be. */
  protected freshOf({ fresh }: Coroutine): readonly JournalRecord[] {
    return withoutVoid(fresh, this.options.solo === true ? 0 : HEAVY_BYTES);
  }

  protected remember(
    recent: readonly string[],
    id: string | undefined,
    once?: string | undefined,
  ): readonly string[] {
    // Later commits of a step find it at the end.
    const isNew = id !== undefined && recent.at(-1) !== id && !recent.includes(id);
    const isNewOnce = once !== undefined && once !== id && !recent.includes(once);
    if (!isNew && !isNewOnce) return recent;
    const room = RECENT - (isNew ? 1 : 0) - (isNewOnce ? 1 : 0);
    const after = recent.slice(Math.max(recent.length - room, 0));
    if (isNew) after.push(id);
    if (isNewOnce) after.push(once);
    return after;
  }

  protected waitsOf(coroutine: Coroutine): readonly WaitHead[] {
    const waits: WaitHead[] = [];
    for (const pending of coroutine.pending.values()) {
      if (pending.operation.kind !== "wait") continue;
      const filter = this.host.filterOf(pending);
      waits.push({ id: pending.id, filter, deadline: pending.deadline });
    }
    return waits;
  }

  protected commitHead(lane: LaneCopy, head: LaneHead, claim: Claim | undefined): Promise<boolean> {
    return this.write(lane, head, { claim, mayCompact: false });
  }

  /** The compare-and-set everything hangs on. A row where a row says all there is to say, else the head with it. */
  protected write(
    lane: LaneCopy,
    next: LaneHead,
    addition: Addition,
    done?: (kept: boolean) => void,
  ): Promise<boolean> {
    const writing = this.#asRow(lane, next, addition);
    if (writing !== undefined) return this.#send(lane, writing, done);
    return this.#asHead(lane, next, addition).then((made) => {
      if (made !== undefined) return this.#send(lane, made, done);
      done?.(false);
      return false;
    });
  }

  #send(lane: LaneCopy, writing: Writing, done: ((kept: boolean) => void) | undefined): Promise<boolean> {
    const written = (version: string | false): boolean => {
      const kept = this.hasWritten(lane, writing, version);
      done?.(kept);
      return kept;
    };
    return this.#ask(lane, writing).then(written, (error: unknown) =>
      this.#despite(error, lane, writing).then(written),
    );
  }

  #ask(lane: LaneCopy, { change }: Writing): Promise<string | false> {
    try {
      return this.store.commit(lane.key, lane.version, change);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  #asRow(
    lane: LaneCopy,
    next: LaneHead,
    { claim, slot, records = NONE, mayCompact }: Addition,
  ): Writing | undefined {
    const before = lane.head;
    this.host.writing?.(lane.key, slot === undefined ? { ...next, claim } : next, slot, records);
    const isSlim =
      slot !== undefined &&
      lane.version !== null &&
      lane.base >= 0 &&
      next.instances.length > 0 &&
      !(mayCompact && (next.rows - lane.base > MAX_ROWS || this.isSpread(next)));
    if (!isSlim) return undefined;
    const row = rowOf(before, next, slot, records, this.#mark());
    if (row === undefined) return undefined;
    return { head: next, base: lane.base, row, change: { append: [row], wakeAt: this.wakeAt(next) } };
  }

  /** `undefined`: somebody else has the lane. */
  async #asHead(
    lane: LaneCopy,
    next: LaneHead,
    { claim, slot, records = NONE, ended, mayCompact, isErasing = false, leftMs }: Addition,
  ): Promise<Writing | undefined> {
    const { rows, records: kept, cuts } = lane.head;
    const isEmpty = next.instances.length === 0;
    const isSpread = mayCompact && this.isSpread({ ...next, records: kept + records.length });
    const isAnew = !isEmpty && (isErasing || isSpread);
    let append: readonly LaneRow[] =
      isEmpty || slot === undefined || records.length === 0 ? [] : [[slot, ...records]];
    if (isAnew) {
      const whole = await this.load(lane.key, 0);
      if (whole === undefined || whole.version !== lane.version) {
        this.drop(lane);
        return undefined;
      }
      append = compacted([...whole.log, ...append], next.instances);
    }
    const isCut = isEmpty || isAnew;
    const endings = endingsWith(next, ended, this.clock.now() - this.endingMs());
    const head: LaneHead = {
      ...next,
      endings,
      claim,
      writer: this.#mark(),
      rows: rows + append.length,
      records: isCut ? append.reduce((sum, each) => sum + recordsIn(each), 0) : kept + records.length,
      cuts: isCut ? cuts + 1 : cuts,
    };
    const change: LaneCommit<LaneHead, LaneRow> = {
      head,
      append,
      cutTo: isCut ? rows : undefined,
      wakeAt: this.wakeAt(head),
      ttlMs: isEmpty && claim === undefined ? (leftMs ?? this.leftMs(head)) : undefined,
      index: [...head.instances, ...(endings ?? [])].flatMap(({ id }) => this.host.tokens?.(id) ?? []),
    };
    return { head, base: head.rows, change };
  }

  /** Names a commit: no two are alike. */
  #mark(): string {
    return `${this.options.owner}.${++this.writes}`;
  }

  protected hasWritten(lane: LaneCopy, { head, base }: Writing, version: string | false): boolean {
    if (version === false) {
      // Where none was known there is one after all.
      this.lanes?.add(lane.key);
      this.drop(lane);
      return false;
    }
    lane.version = version;
    lane.head = head;
    lane.base = base;
    lane.rows = undefined;
    this.#note(lane.key, head);
    if (head.claim === undefined) this.arm(lane);
    return true;
  }

  /** Where no other process makes lanes: that this one is there, and until when if it holds nothing any more. */
  #note(key: string, head: LaneHead): void {
    if (this.lanes === undefined) return;
    this.lanes.add(key);
    if (this.endings.size > 0) this.endings.delete(key);
    if (head.instances.length === 0 && head.claim === undefined) {
      this.endings.set(key, this.clock.now() + this.leftMs(head));
    }
  }

  /** Whether most of a log is void. */
  protected isSpread({ records, instances }: LaneHead): boolean {
    return records > 4 * instances.reduce((sum, { length }) => sum + length, 0) + 32;
  }

  /** How long a lane is kept that holds nothing any more: for the ids it has taken, and for those who ask. */
  protected leftMs({ endings }: LaneHead): number {
    const last = endings?.at(-1);
    const tombstoneMs = this.options.tombstoneMs ?? 86_400_000;
    return last === undefined
      ? tombstoneMs
      : Math.max(tombstoneMs, last.at + this.endingMs() - this.clock.now());
  }

  /** How long a lane is kept of which everything was erased: whoever was at it finds that what it had taken is taken. */
  protected graceMs(): number {
    return this.leaseMs * 4;
  }

  /** How long it is kept how an instance has ended. */
  protected endingMs(): number {
    return this.options.endingMs ?? 86_400_000;
  }

  /** What is to be remembered of an instance that ends. */
  protected endedOf(instance: InstanceHead, how: Outcome | string): EndedInstance | undefined {
    const kept = this.endingMs() > 0 ? this.host.ending?.(instance, how) : undefined;
    return kept === undefined ? undefined : { id: instance.id, at: this.clock.now(), by: instance.by, kept };
  }

  /** What has become of a commit to which the store has given no answer; commits again when it has not come through. */
  async #despite(failure: unknown, lane: LaneCopy, writing: Writing): Promise<string | false> {
    const { claim } = lane.head;
    // With effects behind it, a step does not give up while nobody else may take the lane.
    const until = claim?.owner === this.options.owner ? claim.until : 0;
    const found = async (): Promise<string | false> => {
      const now = await this.load(lane.key, Math.max(writing.head.rows - 1, 0));
      return now !== undefined && isThere(writing, now) && now.version;
    };
    for (let error = failure; ; ) {
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
      try {
        const version = await this.store.commit(lane.key, lane.version, writing.change);
        // An earlier try, of which nothing was heard, may have come through late.
        return version === false ? await found() : version;
      } catch (again) {
        error = again;
      }
    }
  }

  protected wakeAt(head: LaneHead): number | null {
    if (head.claim !== undefined) return head.claim.until;
    let wakeAt = Number.POSITIVE_INFINITY;
    for (const instance of head.instances) wakeAt = Math.min(wakeAt, this.dueAt(instance));
    return Number.isFinite(wakeAt) ? wakeAt : null;
  }

  /** When an instance has to be looked at, though nothing comes for it. */
  protected dueAt(instance: InstanceHead): number {
    const { parked, touched, waits } = instance;
    if (parked !== undefined) return parked.at + this.parkedMs;
    const due = hasDeadline(instance)
      ? Math.min(...waits.map(({ deadline = Number.POSITIVE_INFINITY }) => deadline))
      : touched + this.laneTtlMs;
    return Math.max(due, this.heldUntil(instance));
  }

  /** Until when an instance is left alone whose deadline has been tried to no avail. */
  protected heldUntil({ setback }: InstanceHead): number {
    if (setback === undefined) return 0;
    const { owner, tries, until } = setback;
    const isOver = this.host.isGone?.(owner) === true;
    // With one process whoever tried has ended: it is tried at once, as a claim is taken, until that looks like the cause.
    const isHasty = this.options.solo === true && owner !== this.options.owner && tries < HASTY;
    return isOver || isHasty ? 0 : until;
  }

  protected get parkedMs(): number {
    return this.options.parkedMs ?? 14 * 86_400_000;
  }

  protected get laneTtlMs(): number {
    return this.options.laneTtlMs ?? 30 * 86_400_000;
  }

  protected async park(
    lane: LaneCopy,
    instance: InstanceHead,
    reason: Parked["reason"],
    message: string,
  ): Promise<boolean> {
    const parked: Parked = { reason, message, at: this.clock.now() };
    const aside = { ...instance, parked, setback: undefined };
    const kept = await this.commitHead(lane, replaced(lane.head, aside), undefined);
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
    const ended = this.endedOf(instance, why.reason);
    const claim = claimBeside(lane.head, ({ id }) => id === instance.id);
    if (!(await this.write(lane, head, { claim, ended, mayCompact: true }))) return false;
    why.item?.accept?.();
    lane.live.delete(instance.id);
    this.event({ type: "exit", ...whose(lane, instance), reason: why.reason });
    return true;
  }

  /** Takes instances out with everything that is left of them. Resolves to those that were under way. */
  protected async takeOut(
    lane: LaneCopy,
    isTheirs: (one: InstanceHead | EndedInstance) => boolean,
    leftMs: number | undefined,
  ): Promise<readonly InstanceHead[] | false> {
    const { head } = lane;
    const gone = head.instances.filter(isTheirs);
    const endings = head.endings?.filter((one) => !isTheirs(one));
    if (gone.length === 0 && endings?.length === head.endings?.length) return [];
    const instances = head.instances.filter((one) => !isTheirs(one));
    const claim = claimBeside(head, isTheirs);
    const owed = claim === undefined ? undefined : head.owed;
    const next: LaneHead = { ...head, instances, endings, owed };
    const kept = await this.write(lane, next, { claim, mayCompact: true, isErasing: true, leftMs });
    return kept && gone;
  }

  protected newLane(key: string): LaneCopy {
    return this.use({ key, version: null, head: EMPTY, base: 0, live: new Map(), usedAt: 0 });
  }

  protected arm(lane: LaneCopy): void {
    if (this.timers.size > 0) {
      this.clock.clearTimeout(this.timers.get(lane.key));
      this.timers.delete(lane.key);
    }
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
}

/** The claim that is left when some are taken out: that of a step of another, who is fenced, and goes on with it. */
function claimBeside(head: LaneHead, isGone: (one: InstanceHead) => boolean): Claim | undefined {
  const busy = busyIn(head);
  return busy === undefined || isGone(busy) ? undefined : head.claim;
}

function placeOf(instances: readonly InstanceHead[], id: string): number {
  for (let at = 0; at < instances.length; at++) if (instances[at]?.id === id) return at;
  return -1;
}

/** Whether what was written last is what is there now. */
function isThere({ head, row }: Writing, now: LoadedLane): boolean {
  if (now.head.rows !== head.rows) return false;
  if (row === undefined) return now.head.writer === head.writer;
  // Rows of one index differ in who wrote them: in the claim, or in a mark where there is none.
  return JSON.stringify(now.log.at(-1)) === JSON.stringify(row);
}
