import type { Timer } from "balekit";
import { Coroutine } from "./coroutine.js";
import {
  AmbiguousEffectError,
  ConversationStateError,
  JournalLimitError,
  ReplayMismatchError,
  UnjournaledAwaitError,
  UnknownDefinitionError,
} from "./errors.js";
import { Flight } from "./flight.js";
import { folded, type JournalRecord } from "./journal.js";
import type { InstanceHead } from "./lane-head.js";
import type { Item } from "./lane-host.js";
import { type Commit, historiesOf, type LaneCopy, LaneLog } from "./lane-log.js";
import type { Outcome, Pending } from "./operation.js";
import { scopes } from "./scope.js";
import { breath } from "./turn.js";
import type { Json } from "./value.js";

/** One step of a lane: brings its code to life, lets it run, and carries out what it asks for. */
export abstract class LaneStep extends LaneLog {
  protected async reviveOrPark(
    lane: LaneCopy,
    instance: InstanceHead,
  ): Promise<{ coroutine: Coroutine; replayed: number } | "gone" | "parked"> {
    try {
      return (await this.revive(lane, instance)) ?? "gone";
    } catch (error) {
      if (!(error instanceof ReplayMismatchError || error instanceof UnknownDefinitionError)) throw error;
      const reason = error instanceof ReplayMismatchError ? "mismatch" : "unknown";
      if (this.host.stuck?.(instance, error) === "exit") {
        return (await this.remove(lane, instance, { reason: "mismatch" })) ? "parked" : "gone";
      }
      return (await this.park(lane, instance, reason, error.message)) ? "parked" : "gone";
    }
  }

  /**
   * One step: lets the code run, carries out what it asks for, and gives it the results one a turn, until it waits or
   * is over. False: somebody else has the lane; nothing is lost, and whoever brought the item looks again.
   */
  protected async drive(
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
      const claim = commit.isOver === true ? undefined : this.claim(attempt);
      const kept = await this.commit(lane, start, coroutine, failure, {
        ...commit,
        claim,
        item,
        once,
        owed: claim === undefined ? undefined : owed,
      });
      if (!kept) {
        lost.abort(new ConversationStateError("The lane was taken over by another process."));
        if (isClaimed) this.event({ type: "fenced", lane: lane.key, instance: start.id });
        return false;
      }
      if (commit.isOver !== true) isClaimed = true;
      item?.accept?.();
      return true;
    };
    coroutine.isDriven = true;
    try {
      await run();
      if (about.isTakeover === true) this.resolveAmbiguous(lane, start, coroutine, flight);
      for (;;) {
        const landed = flight.take();
        if (landed !== undefined) {
          await coroutine.settle(landed.id, landed.outcome);
          continue;
        }
        if (coroutine.wayBack !== undefined && flight.size === 0) {
          const anew = await this.goBack(lane, start, coroutine);
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
              this.perform(pending, { instance: start, isRepeat, signal: lost.signal }),
            );
          }
          continue;
        }
        if (flight.size > 0) {
          if (!(await this.heartbeat(flight, keep))) return false;
          continue;
        }
        if (coroutine.ended !== undefined || coroutine.hasWaits) break;
        await this.stalled(coroutine);
      }
    } catch (error) {
      if (!(error instanceof JournalLimitError || error instanceof UnjournaledAwaitError)) {
        // Of no use any more: what is not kept is forgotten, and the journal says what was.
        this.drop(lane);
        throw error;
      }
      failure = error;
    } finally {
      coroutine.isDriven = false;
    }
    if (owed !== undefined && this.host.owes?.(owed) === true) {
      if (!isClaimed && !(await keep({}))) return false;
      await this.pay(owed);
    }
    if (!(await keep({ isOver: true }))) return false;
    this.event({
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
    if (outcome !== undefined) this.end(lane, start, outcome);
    return true;
  }

  /** For tests that put the order of things wrong. */
  protected beforeEffects(keep: () => Promise<boolean>): Promise<boolean> {
    return keep();
  }

  protected end(lane: LaneCopy, instance: InstanceHead, outcome: Outcome): void {
    lane.live.delete(instance.id);
    this.event({ type: "exit", lane: lane.key, instance: instance.id, definition: instance.definition });
    this.host.ended(instance, outcome, lane.key);
  }

  /** Waits for a result; meanwhile tells the others that this process lives. */
  protected async heartbeat(flight: Flight, keep: (commit: Commit) => Promise<boolean>): Promise<boolean> {
    let timer: Timer;
    const beat = new Promise<"beat">((resolve) => {
      timer = this.clock.setTimeout(() => resolve("beat"), this.leaseMs / 3);
    });
    const what = await Promise.race([flight.next().then(() => "landed" as const), beat]);
    this.clock.clearTimeout(timer);
    return what === "landed" || keep({});
  }

  protected perform(
    pending: Pending,
    about: { instance: InstanceHead; isRepeat: boolean; signal: AbortSignal },
  ): Promise<Outcome> {
    return scopes
      .run(undefined, async () => this.host.perform(pending, about))
      .then(
        (value): Outcome => ({ ok: true, value }),
        (error: unknown): Outcome => ({ ok: false, error }),
      );
  }

  protected resolveAmbiguous(
    lane: LaneCopy,
    instance: InstanceHead,
    coroutine: Coroutine,
    flight: Flight,
  ): void {
    for (const pending of coroutine.pending.values()) {
      if (pending.operation.kind !== "effect") continue;
      const verdict = this.host.ambiguity(pending, instance);
      const detail = `${pending.operation.key}: ${typeof verdict === "string" ? verdict : "assume"}`;
      this.event({ type: "ambiguous", lane: lane.key, instance: instance.id, detail });
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
  protected async stalled(coroutine: Coroutine): Promise<void> {
    for (let turns = 0; turns < 3; turns++) {
      await breath();
      if (coroutine.ended !== undefined || coroutine.pending.size > 0) return;
    }
    const limitMs = coroutine.isLeaving ? 10_000 : (this.options.stepMs ?? 60_000);
    let timer: Timer;
    const over = new Promise<"over">((resolve) => {
      timer = this.clock.setTimeout(() => resolve("over"), limitMs);
    });
    const what = await Promise.race([coroutine.activity(), over]);
    this.clock.clearTimeout(timer);
    if (what === "over") {
      throw new UnjournaledAwaitError(
        `A conversation has awaited something that is not in its journal for ${limitMs / 1000} s, after the operation called at`,
        coroutine.lastLine,
      );
    }
    await coroutine.rest();
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

  protected async pay(owed: Json): Promise<void> {
    try {
      await this.host.pay?.(owed);
    } catch (error) {
      this.options.onError?.(error, "");
    }
  }
}
