import { Coroutine } from "./coroutine.js";
import { ConversationStateError, UnknownDefinitionError } from "./errors.js";
import type { JournalRecord } from "./journal.js";
import type { Claim, EndedInstance, InstanceHead, LaneHead } from "./lane-head.js";
import type { Item } from "./lane-host.js";
import { type LaneCopy, whose } from "./lane-log.js";
import { LaneOffer, type Verdict } from "./lane-offer.js";
import { AGAIN } from "./lane-step.js";
import { busyIn, hasDeadline, historiesOf } from "./lane-rows.js";
import { scopes } from "./scope.js";
import { Slices } from "./slices.js";
import { attemptsOf, isSuspect, type Toll, tollOf } from "./toll.js";
import type { Json } from "./value.js";

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
  /** Who begins it: the id of a user. */
  readonly by?: number | undefined;
}

/**
 * One process's part in the protocol of lanes: takes items to the code that waits for them, one step of a lane at a
 * time over all processes that share the store. Every decision is a compare-and-set on the lane, made before anything
 * leaves the process. Knows nothing of bots.
 */
export class LaneMachine extends LaneOffer {
  readonly #slices = new Slices();
  /** Lanes that the sweeper looks after right now. */
  readonly #waking = new Set<string>();
  /** Until when the sweeper leaves those alone that this process can't go on with: they must not hide others. */
  readonly #left = new Map<string, number>();
  /** Settles when no step is tried alone. */
  #suspects: Promise<void> = Promise.resolve();

  /** How many lanes have code kept alive here. */
  get hot(): number {
    return this.copies.size;
  }

  /** Whether nothing is under way here. */
  get isIdle(): boolean {
    return this.queues.size === 0;
  }

  /** Begins to look for deadlines, and for what dead processes have left. */
  start(): void {
    if (!this.isStopped) return;
    this.isStopped = false;
    // What another life of the only process was at is taken up at once: its claims are due within a lease.
    if (this.options.solo === true) this.sweepBeside(this.leaseMs);
    this.armSweep();
  }

  /** Ends that, and waits for what is under way: until the signal aborts, then it is given up. */
  async stop(signal?: AbortSignal): Promise<void> {
    this.isStopped = true;
    this.clock.clearTimeout(this.sweeping);
    for (const timer of this.timers.values()) this.clock.clearTimeout(timer);
    this.timers.clear();
    const isOver = new AbortController();
    const aborted = new Promise<void>((resolve) => {
      if (signal?.aborted) resolve();
      signal?.addEventListener("abort", () => resolve(), { once: true, signal: isOver.signal });
    });
    await Promise.race([Promise.allSettled([...this.queues.values()]), aborted]);
    isOver.abort();
    if (signal?.aborted) this.abandon();
    this.heartbeats.stop();
    this.copies.clear();
  }

  /** Forgets the code kept alive: of one lane, or of all. It is brought back from the journal when it is needed. */
  evict(key?: string): void {
    if (key === undefined) this.copies.clear();
    else this.copies.delete(key);
  }

  /** Gives an item to whoever waits for it in a lane. */
  deliver(key: string, item: Item): Promise<Verdict> {
    return this.inTurn(key, (before) =>
      this.work<Verdict>(before, key, item, (lane) => {
        if (lane === undefined) return "pass";
        return this.hasTaken(lane.head, item) ? "duplicate" : this.offer(lane, item);
      }),
    );
  }

  /** Begins an instance in a lane; the one that is there already when the request was made before. */
  enter(key: string, entry: Entry): Promise<{ readonly id: string; readonly isNew: boolean }> {
    return this.inTurn(key, (before) =>
      this.work(before, key, { value: null, signal: entry.signal }, async (found) => {
        const lane = found ?? this.newLane(key);
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
            await this.makeLeave(lane, active, "replaced");
            return AGAIN;
          }
        }
        if (instances.length >= (this.options.maxInstances ?? 16)) {
          throw new ConversationStateError(
            `Entering "${entry.definition}": ${instances.length} conversations are under way in this lane, which is the limit. Leave some, or take onActive "replace".`,
          );
        }
        const began = await this.begin(lane, entry);
        return began ? { id: entry.id, isNew: true } : AGAIN;
      }),
    );
  }

  /** Looks after a lane whose deadline has come. */
  wake(key: string): Promise<void> {
    return this.inTurn(key, async (before) => {
      await before;
      for (;;) {
        const opened = this.open(key);
        const lane = opened instanceof Promise ? await opened : opened;
        if (lane === undefined) return;
        const { claim } = lane.head;
        if (claim !== undefined) {
          if (!this.isFree(claim)) return;
          if (this.isLeft(lane)) {
            this.#leave(key);
            return;
          }
          await this.takeOver(lane, claim);
          continue;
        }
        const missed = this.missed(lane);
        if (missed !== undefined) {
          await this.free(lane, missed);
          continue;
        }
        if (await this.wakeOne(lane)) continue;
        // What is left to others is due already: its time would come at once, again and again.
        if (this.isLeft(lane)) this.#leave(key);
        else this.arm(lane);
        return;
      }
    });
  }

  #leave(key: string): void {
    this.#left.set(key, this.clock.now() + this.leaseMs);
  }

  /** Makes an instance leave: its waits throw, its `finally` blocks run. Resolves to whether there was one. */
  leave(key: string, instance: string, reason: string): Promise<boolean> {
    return this.inTurn(key, (before) =>
      this.work<boolean>(before, key, { value: null }, async (lane) => {
        const head = lane?.head.instances.find(({ id }) => id === instance);
        if (lane === undefined || head === undefined) return false;
        return (await this.makeLeave(lane, head, reason)) ? true : AGAIN;
      }),
    );
  }

  /** Ends an instance without running any of its code; a step of it that runs elsewhere is fenced. */
  async kill(key: string, instance: string): Promise<boolean> {
    for (;;) {
      // Out of turn, for a step that hangs must not keep it from being killed: so no step may share its copy.
      const lane = await this.openAside(key);
      const head = lane?.head.instances.find(({ id }) => id === instance);
      if (lane === undefined || head === undefined) return false;
      if (!(await this.remove(lane, head, { reason: "killed" }))) continue;
      this.#forgetCopies(key);
      return true;
    }
  }

  /**
   * Erases instances with all that is kept of them: journals, endings, tokens, deadlines. None of their code runs, and a
   * step of theirs is fenced, wherever it runs. Of a lane that is theirs as a whole nothing stays; where a step is under
   * way, the numbers of what it had taken stay known for a few minutes, so that nobody takes it again.
   */
  async erase(
    key: string,
    isTheirs: (one: InstanceHead | EndedInstance) => boolean,
    isWhole: boolean,
  ): Promise<void> {
    for (;;) {
      const lane = await this.openAside(key);
      if (lane === undefined) return;
      const { instances, claim } = lane.head;
      if (claim === undefined && isWhole) {
        if (!(await this.store.delete(key, lane.version ?? undefined))) continue;
        this.lanes?.delete(key);
        this.#tellForgotten(lane, instances);
        return;
      }
      const gone = await this.takeOut(lane, isTheirs, isWhole ? this.graceMs() : undefined);
      if (gone === false) continue;
      if (gone.length > 0) this.#tellForgotten(lane, gone);
      return;
    }
  }

  #tellForgotten(lane: LaneCopy, gone: readonly InstanceHead[]): void {
    this.#forgetCopies(lane.key);
    for (const instance of gone) {
      this.event({ type: "exit", ...whose(lane, instance), reason: "forgotten" });
    }
  }

  /** What is at a lane right now still has it as it was before; whoever comes next reads it anew. */
  #forgetCopies(key: string): void {
    this.copies.delete(key);
    void this.inTurn(key, async (before) => {
      await before;
      this.copies.delete(key);
    });
  }

  /** Lets an instance that was parked go on. Resolves to whether there was one. */
  retry(key: string, instance: string): Promise<boolean> {
    return this.inTurn(key, (before) =>
      this.work<boolean>(before, key, { value: null }, async (lane) => {
        const head = lane?.head.instances.find(({ id }) => id === instance);
        if (lane === undefined || head?.parked === undefined) return false;
        return (await this.free(lane, head)) ? true : AGAIN;
      }),
    );
  }

  /** Wakes the lanes that are due, side by side, or will be within some time. */
  async sweep(aheadMs = 0): Promise<void> {
    const now = this.clock.now();
    for (const [key, until] of this.#left) if (until <= now) this.#left.delete(key);
    const limit = aheadMs > 0 ? 1_000 : 100;
    // What is being woken, or left to others, is due as well.
    const asked = limit + this.#waking.size + this.#left.size;
    const due = await this.store.due(this.options.prefix, now + aheadMs, asked);
    const wanted = due.filter((key) => !this.#waking.has(key) && !this.#left.has(key)).slice(0, limit);
    const wakes = wanted.map(async (key) => {
      if (this.#waking.has(key)) return;
      this.#waking.add(key);
      try {
        await this.wake(key);
      } catch (error) {
        this.options.onError?.(error, key);
      } finally {
        this.#waking.delete(key);
      }
    });
    await Promise.all(wakes);
    this.strikeOff();
    const idle = this.clock.now() - (this.options.idleMs ?? 900_000);
    for (const [key, copy] of this.copies) {
      if (copy.usedAt >= idle || this.queues.has(key)) continue;
      this.copies.delete(key);
      this.event({ type: "evict", lane: key, why: "idle" });
    }
  }

  /** What stands in a lane: its head, and the history of each instance. */
  async read(
    key: string,
  ): Promise<
    { readonly head: LaneHead; readonly histories: ReadonlyMap<string, readonly JournalRecord[]> } | undefined
  > {
    const lane = await this.load(key, 0);
    if (lane === undefined) return undefined;
    const rows = historiesOf(lane.log);
    const histories = new Map(lane.head.instances.map(({ id, slot }) => [id, rows.get(slot) ?? []]));
    return { head: lane.head, histories };
  }

  /** @param run awaits the promise it is given before it does anything */
  protected inTurn<Result>(key: string, run: (before: Promise<unknown>) => Promise<Result>): Promise<Result> {
    const before = this.queues.get(key) ?? this.#slices.begin(this.queues.size);
    const mine = scopes.run(undefined, run, before);
    const over = (): void => {
      if (this.queues.get(key) === settled) this.queues.delete(key);
      const copy = this.copies.get(key);
      if (copy !== undefined) copy.rows = undefined;
    };
    const settled: Promise<void> = mine.then(over, over);
    this.queues.set(key, settled);
    return mine;
  }

  /** Does something with a lane that nobody else works on; again whenever somebody was first. */
  protected async work<Result>(
    before: Promise<unknown>,
    key: string,
    item: Item,
    attempt: (lane: LaneCopy | undefined) => Result | typeof AGAIN | Promise<Result | typeof AGAIN>,
  ): Promise<Result> {
    await before;
    for (let round = 0; ; round++) {
      const opened = this.open(key);
      const lane = opened instanceof Promise ? await opened : opened;
      const claim = lane?.head.claim;
      if (lane !== undefined && claim !== undefined) {
        if (this.isFree(claim)) {
          await this.takeOver(lane, claim);
          continue;
        }
        if (this.hasTaken(lane.head, item)) return "duplicate" as Result;
        if (this.hears("busy")) this.event({ type: "busy", lane: key, owner: claim.owner });
        await this.pause(Math.min(20 * 2 ** Math.min(round, 5), 400), item.signal);
        continue;
      }
      const missed = lane && this.missed(lane);
      if (lane !== undefined && missed !== undefined) {
        await this.free(lane, missed);
        continue;
      }
      const attempted = attempt(lane);
      const result = attempted instanceof Promise ? await attempted : attempted;
      if (result !== AGAIN) return result;
      this.event({ type: "conflict", lane: key });
    }
  }

  protected async begin(lane: LaneCopy, entry: Entry): Promise<boolean> {
    const now = this.clock.now();
    const bare: InstanceHead = {
      id: entry.id,
      slot: lane.head.slots,
      definition: entry.definition,
      version: 0,
      source: "",
      born: now,
      touched: now,
      lastId: 0,
      length: 0,
      waits: [],
      ...(entry.by === undefined ? undefined : { by: entry.by }),
    };
    const instance = { ...bare, ...this.host.stamp(bare) };
    const code = this.host.code(instance);
    if (code === undefined) {
      throw new UnknownDefinitionError(
        `Entering "${entry.definition}": it is not among the definitions of this process. Put it into conversations({ definitions }).`,
      );
    }
    const coroutine = new Coroutine(code);
    if (this.hears("enter")) {
      const { version, source } = instance;
      this.event({ type: "enter", ...whose(lane, instance), version, source });
    }
    const once = entry.once === undefined ? undefined : `${entry.once}=${entry.id}`;
    const run = (): Promise<void> => coroutine.begin(entry.input, entry.bytes);
    return (await this.drive(lane, instance, coroutine, run, { once })) !== AGAIN;
  }

  /** Ends the first wait that is due, or what has lain too long. Answers whether there was one. */
  protected async wakeOne(lane: LaneCopy): Promise<boolean> {
    const now = this.clock.now();
    for (const one of lane.head.instances) {
      let instance = one;
      if (instance.parked === undefined && this.isElsewhere(instance)) {
        if (this.dueAt(instance) + this.parkedMs > now) continue;
        await this.bury(lane, instance, "expired");
        return true;
      }
      if (instance.parked !== undefined) {
        if (this.dueAt(instance) > now) continue;
        await this.bury(lane, instance, "expired");
        return true;
      }
      if (this.dueAt(instance) > now) continue;
      if (this.options.isAlwaysCold === true || !lane.live.has(instance.id)) {
        const tried = await this.countTry(lane, instance);
        if (tried === undefined) return true;
        instance = tried;
      }
      if (!hasDeadline(instance)) {
        await this.makeLeave(lane, instance, "expired").catch((error) =>
          this.failedToWake(lane, instance, error),
        );
        return true;
      }
      const due = instance.waits
        .filter(({ deadline }) => deadline !== undefined && deadline <= now)
        .sort((one, other) => (one.deadline as number) - (other.deadline as number))[0];
      if (due === undefined) continue;
      const revived = await this.reviveOrPark(lane, instance).catch((error) =>
        this.failedToWake(lane, instance, error),
      );
      if (typeof revived === "string") return true;
      const { coroutine, replayed } = revived;
      const pending = coroutine.pending.get(due.id);
      if (pending === undefined) {
        lane.live.delete(instance.id);
        continue;
      }
      if (this.hears("timeout")) {
        this.event({ type: "timeout", ...whose(lane, instance), key: pending.operation.key });
      }
      const run = (): Promise<void> | undefined => coroutine.give(due.id, this.host.expiry(pending));
      await this.drive(lane, instance, coroutine, run, { replayed });
      return true;
    }
    return false;
  }

  /** Goes on with what a process that has ended, or has lost its lane, was doing. */
  protected async takeOver(lane: LaneCopy, claim: Claim): Promise<void> {
    const toll = tollOf(claim, this.options.owner);
    const busy = busyIn(lane.head);
    if (busy !== undefined && this.isElsewhere(busy)) {
      this.keepForOthers(busy);
      await this.park(
        lane,
        busy,
        "unknown",
        "The release that was at its step has gone, and its code with it.",
      );
      return;
    }
    const about = { instance: busy?.id, definition: busy?.definition };
    this.event({
      type: "takeover",
      lane: lane.key,
      ...about,
      owner: claim.owner,
      attempt: attemptsOf(toll),
    });
    if (busy !== undefined && attemptsOf(toll) >= this.maxAttempts) {
      const message = `${toll.ended.length} processes have ended while they were at its step, and ${toll.failed} times it was given up. Look into what it does there, then retry it.`;
      await this.park(lane, busy, "poison", message);
      return;
    }
    if (!isSuspect(toll)) return this.goOn(lane, busy, toll);
    const alone = this.#suspects.then(() => this.goOn(lane, busy, toll));
    this.#suspects = alone.catch(() => undefined);
    return alone;
  }

  /** Takes the claim, and goes on with what was under way in the lane, if anything was. */
  protected async goOn(lane: LaneCopy, busy: InstanceHead | undefined, toll: Toll): Promise<void> {
    const mine = this.claim(toll, undefined);
    if (
      !(await this.commitHead(
        lane,
        lane.head,
        busy === undefined && lane.head.owed === undefined ? undefined : mine,
      ))
    )
      return;
    if (busy === undefined) {
      if (lane.head.owed !== undefined) {
        await this.pay(lane.head.owed);
        await this.commitHead(lane, { ...lane.head, owed: undefined }, undefined);
      }
      return;
    }
    const revived = await this.reviveOrPark(lane, busy).catch(async (error) => {
      if (this.faults.has(error as Error)) await this.giveUp(lane, toll);
      this.drop(lane);
      throw error;
    });
    if (typeof revived === "string") return;
    const { coroutine, replayed } = revived;
    // Of code that was hot here, effects may be marked as begun by a step that was given up.
    for (const pending of coroutine.pending.values()) pending.isStarted = false;
    await this.drive(lane, busy, coroutine, async () => undefined, { replayed, toll, isTakeover: true });
  }

  protected armSweep(): void {
    const sweepMs = this.options.sweepMs ?? 5_000;
    this.sweeping = this.clock.setTimeout(
      () => {
        // Not waited for: a lane whose step takes long does not keep the others from being looked at.
        this.sweepBeside(0);
        if (!this.isStopped) this.armSweep();
      },
      sweepMs * (0.8 + 0.4 * Math.random()),
    );
  }

  protected sweepBeside(aheadMs: number): void {
    this.sweep(aheadMs).catch((error: unknown) => this.options.onError?.(error, ""));
  }
}
