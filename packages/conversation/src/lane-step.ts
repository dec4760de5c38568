import { isThenable, type Timer } from "balekit";
import { Coroutine } from "./coroutine.js";
import { AmbiguousEffectError, JournalLimitError, UnjournaledAwaitError } from "./errors.js";
import { Flight } from "./flight.js";
import { Heartbeats } from "./heartbeats.js";
import { Loss } from "./loss.js";
import { folded, type JournalRecord } from "./journal.js";
import type { InstanceHead } from "./lane-head.js";
import type { Attempt, Item } from "./lane-host.js";
import { type LaneCopy, whose } from "./lane-log.js";
import { historiesOf } from "./lane-rows.js";
import { LaneWriter } from "./lane-writer.js";
import type { Outcome, Pending } from "./operation.js";
import { Roster } from "./roster.js";
import { failedOnce, type Toll } from "./toll.js";
import { type Divergence, shadowReplay } from "./shadow.js";
import { breath } from "./turn.js";
import type { Json } from "./value.js";

/** Somebody else has the lane; nothing is lost, and whoever brought the item looks again. */
export const AGAIN: unique symbol = Symbol("again");

/** What has become of a step. */
export type Driven = "taken" | typeof AGAIN;

/** Begins the turn that a step begins with; resolves when it is over. */
export type FirstTurn = () => Promise<void> | undefined;

/** What a step begins with. */
export interface StepInit {
  readonly item?: Item | undefined;
  readonly once?: string | undefined;
  readonly replayed?: number | undefined;
  readonly isTakeover?: boolean | undefined;
  /** What it has cost before. */
  readonly toll?: Toll | undefined;
}

/** A step under way. */
class Step {
  readonly about: StepInit;
  readonly flight: Flight = new Flight();
  /** Of the lane, or the step was given up. */
  readonly lost: Loss = new Loss(this.flight);
  /** What it has cost so far. */
  toll: Toll | undefined;

  constructor(about: StepInit) {
    this.about = about;
    this.toll = about.toll;
  }
}

/** One step of a lane: brings its code to life, lets it run, and carries out what it asks for. */
export abstract class LaneStep extends LaneWriter {
  protected readonly heartbeats: Heartbeats = new Heartbeats(this.clock, this.leaseMs / 3);
  /** Those under way. */
  readonly #steps = new Roster<Loss>();

  /** Gives up the steps that are under way, as if this process had died over them. */
  protected abandon(): void {
    for (const step of this.#steps.all()) step.stop();
  }

  /**
   * One step: lets the code run, carries out what it asks for, and gives it the results one a turn, until it waits or
   * is over. False: somebody else has the lane; nothing is lost, and whoever brought the item looks again.
   */
  protected drive(
    lane: LaneCopy,
    start: InstanceHead,
    first: Coroutine,
    run: FirstTurn,
    about: StepInit,
  ): Promise<Driven> {
    const step = new Step(about);
    this.#steps.add(step.lost);
    return this.#carryOut(lane, start, first, run, step).then(
      (outcome) => {
        this.#steps.delete(step.lost);
        if (outcome === undefined) return AGAIN;
        if (outcome !== "waits") this.end(lane, start, outcome, first.leaving);
        return "taken";
      },
      (error: unknown) => this.#fail(lane, step, error),
    );
  }

  /** A step is of no use any more: what is not kept is forgotten, and the journal says what was. */
  async #fail(lane: LaneCopy, { lost, toll }: Step, error: unknown): Promise<never> {
    lost.happen();
    try {
      if (!lost.hasStopped) await this.giveUp(lane, toll);
      this.drop(lane);
    } finally {
      this.#steps.delete(lost);
    }
    throw error;
  }

  /** What has become of the code; `undefined`: somebody else has the lane. */
  async #carryOut(
    lane: LaneCopy,
    start: InstanceHead,
    first: Coroutine,
    run: FirstTurn,
    step: Step,
  ): Promise<Outcome | "waits" | undefined> {
    let coroutine = first;
    const { lost, flight } = step;
    const { item, once, replayed, isTakeover } = step.about;
    const owed = item?.owed ?? lane.head.owed;
    let isClaimed = isTakeover === true;
    let failure: Error | undefined;
    const tally = this.hears("step") ? { began: performance.now(), writes: 0, bytes: 0 } : undefined;
    const { length: lengthBefore, bytes: bytesBefore } = first;
    const keep = (isOver: boolean): Promise<boolean> => {
      lost.throwIfStopped();
      // Anything new in the journal is progress.
      const toll = coroutine.fresh.length > 0 ? undefined : step.toll;
      if (tally !== undefined) {
        tally.writes++;
        if (coroutine.fresh.length > 0)
          tally.bytes += Buffer.byteLength(JSON.stringify(this.freshOf(coroutine)));
      }
      const claim = isOver ? undefined : this.claim(toll, lane.head.claim);
      const commit = { isOver, claim, item, once, owed: claim === undefined ? undefined : owed };
      return this.commit(lane, start, coroutine, failure, commit, (kept) => {
        if (!kept) {
          lost.happen();
          if (isClaimed) this.event({ type: "fenced", ...whose(lane, start) });
          return;
        }
        step.toll = toll;
        if (!isOver) isClaimed = true;
        item?.accept?.();
      });
    };
    coroutine.drive(true);
    try {
      const turn = run();
      if (turn !== undefined) await turn;
      coroutine.endTurn();
      if (isTakeover === true) this.resolveAmbiguous(lane, start, coroutine, flight);
      for (;;) {
        const landed = flight.take();
        if (landed !== undefined) {
          const next = coroutine.give(landed.id, landed.outcome);
          if (next !== undefined) await next;
          coroutine.endTurn();
          continue;
        }
        if (coroutine.wayBack !== undefined && flight.size === 0) {
          const anew = await this.goBack(lane, start, coroutine);
          if (anew === undefined) return undefined;
          coroutine.drive(false);
          coroutine = anew;
          coroutine.drive(true);
          continue;
        }
        const wanted = coroutine.takeEffects();
        if (wanted.length > 0) {
          if (!(await this.beforeEffects(() => keep(false)))) return undefined;
          // A commit may take long: what is begun under its claim has to be renewed before that runs out.
          while (this.isShort(lane)) if (!(await keep(false))) return undefined;
          for (const pending of wanted) {
            const isRepeat = isTakeover === true && pending.id <= start.lastId;
            this.#begin(flight, pending, { instance: start, isRepeat, loss: lost });
          }
          continue;
        }
        if (flight.size > 0) {
          // What has landed begins the beat anew: many that land one by one would wear the claim out.
          if (this.isShort(lane) && !(await keep(false))) return undefined;
          this.heartbeats.begin(flight);
          await flight.next();
          this.heartbeats.end(flight);
          // Nothing has come for so long that the others have to be told that this process lives.
          if (!flight.hasLanded && !(await keep(false))) return undefined;
          continue;
        }
        if (coroutine.ended !== undefined || coroutine.hasWaits) break;
        if (!(await this.stalled(coroutine, async () => lane.head.claim === undefined || keep(false))))
          return undefined;
      }
    } catch (error) {
      if (!(error instanceof JournalLimitError || error instanceof UnjournaledAwaitError)) throw error;
      failure = error;
    } finally {
      coroutine.drive(false);
    }
    if (owed !== undefined && this.host.owes?.(owed) === true) {
      if (!isClaimed && !(await keep(false))) return undefined;
      await this.pay(owed);
    }
    const isCompared = failure === undefined && this.isCompared();
    const divergence = isCompared ? await this.compared(lane, start, coroutine) : undefined;
    if (!(await keep(true))) return undefined;
    if (divergence !== undefined) {
      const { what: detail, line } = divergence;
      this.event({ type: "shadowDivergence", ...whose(lane, start), detail, line });
      this.host.diverged?.(start, divergence);
    }
    const outcome: Outcome | undefined =
      failure === undefined ? coroutine.ended : { ok: false, error: failure };
    if (tally !== undefined) {
      const { began, writes, bytes } = tally;
      const added = this.caughtUp.get(first);
      this.event({
        type: "step",
        ...whose(lane, start),
        mode:
          replayed === undefined ? "new" : added !== undefined ? "catchup" : replayed > 0 ? "cold" : "hot",
        replayedOperations: added ?? replayed ?? 0,
        writes,
        bytes,
        ms: performance.now() - began,
        outcome: outcome === undefined ? "waits" : outcome.ok ? "ended" : "failed",
      });
    }
    this.caughtUp.delete(first);
    this.#tellGrowth(lane, start, { length: lengthBefore, bytes: bytesBefore }, coroutine, failure);
    if (outcome === undefined && this.hears("wait")) this.#tellWaits(lane, start, coroutine);
    return outcome ?? "waits";
  }

  #tellWaits(lane: LaneCopy, start: InstanceHead, coroutine: Coroutine): void {
    for (const { id, operation, deadline } of coroutine.pending.values()) {
      if (operation.kind !== "wait" || id <= start.lastId) continue;
      this.event({
        type: "wait",
        ...whose(lane, start),
        key: operation.key,
        ...(deadline === undefined ? undefined : { deadline }),
      });
    }
  }

  /** Tells when a journal has outgrown a bound in this step. */
  #tellGrowth(
    lane: LaneCopy,
    start: InstanceHead,
    before: { readonly length: number; readonly bytes: number },
    { length, bytes }: Coroutine,
    failure: Error | undefined,
  ): void {
    const { warnRecords = 1_000, warnBytes = 262_144 } = this.options;
    const isOver = (size: { readonly length: number; readonly bytes: number }): boolean =>
      size.length > warnRecords || size.bytes > warnBytes;
    const level =
      failure instanceof JournalLimitError
        ? "stop"
        : isOver({ length, bytes }) && !isOver(before)
          ? "warn"
          : undefined;
    if (level !== undefined) {
      this.event({ type: "limit", ...whose(lane, start), level, records: length, bytes });
    }
  }

  /** Whether a step is one of those that are to be compared. */
  protected isCompared(): boolean {
    const { shadowReplay: part = 0 } = this.options;
    return part > 0 && (part >= 1 || Math.random() < part);
  }

  /** Replays what the step has come to beside the live code. */
  protected async compared(
    lane: LaneCopy,
    instance: InstanceHead,
    live: Coroutine,
  ): Promise<Divergence | undefined> {
    const code = this.host.code(instance);
    const whole = lane.version === null ? undefined : await this.load(lane.key, 0);
    if (code === undefined || (whole?.version ?? null) !== lane.version) return undefined;
    const kept = whole === undefined ? [] : (historiesOf(whole.log).get(instance.slot) ?? []);
    const history = folded([...kept, ...live.fresh]);
    return shadowReplay(code, history, live, (pending) => this.host.filterOf(pending));
  }

  /** For tests that put the order of things wrong. */
  protected beforeEffects(keep: () => Promise<boolean>): Promise<boolean> {
    return keep();
  }

  protected end(lane: LaneCopy, instance: InstanceHead, outcome: Outcome, leaving: string | undefined): void {
    lane.live.delete(instance.id);
    const reason = this.host.reasonOf?.(outcome) ?? (outcome.ok ? "done" : "error");
    this.event({ type: "exit", ...whose(lane, instance), reason });
    this.host.ended(instance, outcome, lane.key, leaving);
  }

  /** Whether the claim of a lane may run out before a third of a lease has passed and it has been renewed. */
  protected isShort({ head: { claim } }: LaneCopy): boolean {
    return claim !== undefined && claim.until - this.clock.now() <= this.leaseMs / 2;
  }

  /** Notes that a step has led to nothing here, so that it is not tried for ever. */
  protected async giveUp(lane: LaneCopy, toll: Toll | undefined): Promise<void> {
    const { claim } = lane.head;
    if (claim?.owner !== this.options.owner) return;
    // If this fails as well, it is not counted; others wait for the claim to run out.
    await this.commitHead(lane, lane.head, { ...claim, toll: failedOnce(toll) }).catch(() => false);
  }

  /** Begins an effect; what is over at once has landed then. */
  #begin(flight: Flight, pending: Pending, about: Attempt): void {
    const { id } = pending;
    try {
      const result = this.host.perform(pending, about);
      if (isThenable(result)) flight.begin(id, Promise.resolve(result));
      else flight.land(id, { ok: true, value: result });
    } catch (error) {
      flight.land(id, { ok: false, error });
    }
  }

  protected resolveAmbiguous(
    lane: LaneCopy,
    instance: InstanceHead,
    coroutine: Coroutine,
    flight: Flight,
  ): void {
    for (const pending of coroutine.pending.values()) {
      if (pending.operation.kind !== "effect") continue;
      const policy = this.host.ambiguity(pending, instance);
      this.event({ type: "ambiguous", ...whose(lane, instance), key: pending.operation.key, policy });
      if (policy === "retry") continue;
      pending.isStarted = true;
      flight.land(pending.id, { ok: false, error: new AmbiguousEffectError(pending.operation.key) });
    }
  }

  /**
   * Code that neither waits nor is over is busy with something that is in no journal: waits for it, and meanwhile tells
   * the others that this process lives. False: they have not heard.
   */
  protected async stalled(coroutine: Coroutine, beat: () => Promise<boolean>): Promise<boolean> {
    for (let turns = 0; turns < 3; turns++) {
      await breath();
      if (coroutine.ended !== undefined || coroutine.pending.size > 0) return true;
    }
    const limitMs = coroutine.leaving !== undefined ? 10_000 : (this.options.stepMs ?? 60_000);
    const activity = coroutine.activity().then(() => "active" as const);
    for (const until = this.clock.now() + limitMs; ; ) {
      let timer: Timer;
      const leftMs = until - this.clock.now();
      const over = new Promise<"over">((resolve) => {
        timer = this.clock.setTimeout(() => resolve("over"), Math.min(leftMs, this.leaseMs / 3));
      });
      const what = await Promise.race([activity, over]);
      this.clock.clearTimeout(timer);
      if (what === "active") break;
      if (this.clock.now() >= until) {
        throw new UnjournaledAwaitError(
          `A conversation has awaited something that is not in its journal for ${limitMs / 1000} s, after the operation called at`,
          coroutine.lastLine,
        );
      }
      if (!(await beat())) return false;
    }
    await coroutine.rest();
    return true;
  }

  /** Brings new code to the block it is to go back to. */
  protected async goBack(
    lane: LaneCopy,
    instance: InstanceHead,
    from: Coroutine,
  ): Promise<Coroutine | undefined> {
    const code = this.host.code(instance);
    const whole = await this.load(lane.key, 0);
    if (code === undefined || from.wayBack === undefined) return undefined;
    const kept = whole === undefined ? [] : (historiesOf(whole.log).get(instance.slot) ?? []);
    if (whole !== undefined && lane.version !== null && whole.version !== lane.version) return undefined;
    const added: JournalRecord[] = [...from.fresh, ["b", from.wayBack]];
    const anew = new Coroutine(code);
    anew.lastId = from.lastId;
    const history = folded([...kept, ...added]);
    lane.live.delete(instance.id);
    await anew.replay(history, { goesOn: true });
    anew.fresh.unshift(...added);
    return anew;
  }

  protected async pay(owed: Json): Promise<void> {
    try {
      await this.host.pay?.(owed);
    } catch (error) {
      this.options.onError?.(error, "");
    }
  }
}
