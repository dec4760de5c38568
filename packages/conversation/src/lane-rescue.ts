import { Coroutine } from "./coroutine.js";
import { ReplayMismatchError, UnknownDefinitionError } from "./errors.js";
import type { Claim, InstanceHead } from "./lane-head.js";
import type { Item } from "./lane-host.js";
import type { LaneCopy } from "./lane-log.js";
import { busyIn, replaced } from "./lane-rows.js";
import { AGAIN, LaneStep } from "./lane-step.js";
import { NOBODY } from "./toll.js";
import type { Json } from "./value.js";

/** A coroutine at the place where its history ends. */
export interface Revived {
  readonly coroutine: Coroutine;
  readonly replayed: number;
}

/** How long an update is kept for another release after the last step of a conversation: no deploy takes longer. */
const DEPLOY_MS = 86_400_000;

/** What is done about instances whose code can't be brought back to where it was. */
export abstract class LaneRescue extends LaneStep {
  /** Whether only another process can go on with an instance. Where there is no other, nobody can. */
  protected isElsewhere(instance: InstanceHead): boolean {
    return this.options.solo !== true && this.host.lacks?.(instance) === true;
  }

  /** Keeps an update, by failing it, for the release that has the code; not for ever, for there may be none any more. */
  protected keepForOthers(instance: InstanceHead): void {
    if (this.mayDeploy(instance)) throw elsewhere(instance);
  }

  /** Whether the release that has last been at an instance may still be on its way to all machines. */
  protected mayDeploy({ touched }: InstanceHead): boolean {
    return touched + DEPLOY_MS > this.clock.now();
  }

  /** Whether others are to look after a lane whose time has come. */
  protected isLeft({ head }: LaneCopy): boolean {
    if (head.claim !== undefined) {
      const busy = busyIn(head);
      return busy !== undefined && this.isElsewhere(busy) && this.mayDeploy(busy);
    }
    const now = this.clock.now();
    return head.instances.some((one) => this.isElsewhere(one) && this.dueAt(one) <= now);
  }

  /** What was parked for want of code and has it here. */
  protected missed({ head }: LaneCopy): InstanceHead | undefined {
    return head.instances.find((one) => one.parked?.reason === "unknown" && this.host.lacks?.(one) === false);
  }

  /** Lets a parked instance go on. False: the lane has changed meanwhile. */
  protected free(lane: LaneCopy, instance: InstanceHead): Promise<boolean> {
    // What was under way when it was parked is taken up by the next to look.
    const claim: Claim | undefined = instance.isBusy ? { owner: NOBODY, until: 0 } : undefined;
    return this.commitHead(lane, replaced(lane.head, { ...instance, parked: undefined }), claim);
  }

  /** The living code of an instance, or why there is none. `"gone"`: the lane has changed meanwhile. */
  protected async tryRevive(lane: LaneCopy, instance: InstanceHead): Promise<Revived | "gone" | Error> {
    try {
      return (await this.revive(lane, instance)) ?? "gone";
    } catch (error) {
      if (error instanceof ReplayMismatchError || error instanceof UnknownDefinitionError) return error;
      throw error;
    }
  }

  /**
   * The living code of an instance, or what has become of it: parked or taken out, or begun anew, for which the item
   * that brought it up is taken.
   */
  protected async reviveOrPark(
    lane: LaneCopy,
    instance: InstanceHead,
    item?: Item,
  ): Promise<Revived | "gone" | "parked" | "begun"> {
    const revived = await this.tryRevive(lane, instance);
    if (!(revived instanceof Error)) return revived;
    const history = await this.historyOf(lane, instance);
    if (history === undefined) return "gone";
    const verdict = (await this.host.stuck?.(instance, revived, history, lane.key)) ?? "park";
    if (verdict === "park") {
      const isUnknown = revived instanceof UnknownDefinitionError || this.host.lacks?.(instance) === true;
      const reason = isUnknown ? "unknown" : "mismatch";
      return (await this.park(lane, instance, reason, revived.message)) ? "parked" : "gone";
    }
    if (verdict === "remove") {
      return (await this.remove(lane, instance, { reason: "mismatch" })) ? "parked" : "gone";
    }
    const { begin, isRestart } = verdict;
    if (!(await this.beginAnew(lane, instance, begin, isRestart ? item : undefined))) return "gone";
    return isRestart ? "begun" : "parked";
  }

  /**
   * Writes down that a deadline is tried, before it is: bringing code back, and what that does first, may end the process
   * before anything else of it is written. `undefined`: it was parked instead, or the lane has changed meanwhile.
   */
  protected async countTry(lane: LaneCopy, instance: InstanceHead): Promise<InstanceHead | undefined> {
    const tries = instance.setback?.tries ?? 0;
    if (tries >= this.maxAttempts) {
      const message = `Its time has come, and ${tries} times nothing came of it: processes have ended over it before it did anything, or it could not be brought back. Look into what it does then, then retry it.`;
      await this.park(lane, instance, "poison", message);
      return undefined;
    }
    return this.#setBack(lane, instance, tries + 1, this.leaseMs);
  }

  /**
   * Lets an instance be that could not be brought back for its deadline, each time for longer, and parks it in the end.
   * @throws the error, as long as it is to be tried again, and when the code is not to blame for it
   */
  protected async failedToWake(
    lane: LaneCopy,
    instance: InstanceHead,
    error: unknown,
  ): Promise<"parked" | "gone"> {
    const tries = instance.setback?.tries ?? 1;
    if (!(error instanceof Error && this.faults.has(error))) {
      const isCounted = instance.setback !== undefined && lane.head.instances.includes(instance);
      // It counts for nothing. If that can't be written down either, it is only waited for a little longer.
      if (isCounted) await this.#setBack(lane, instance, tries - 1, 0).catch(() => undefined);
      throw error;
    }
    if (tries < this.maxAttempts) {
      await this.#setBack(lane, instance, tries, this.leaseMs * 2 ** (tries - 1));
      throw error;
    }
    const message = `Its time has come, and ${tries} times it could not be brought back: ${error.message} Look into what it needs, then retry it.`;
    return (await this.park(lane, instance, "poison", message)) ? "parked" : "gone";
  }

  async #setBack(
    lane: LaneCopy,
    instance: InstanceHead,
    tries: number,
    ms: number,
  ): Promise<InstanceHead | undefined> {
    const setback = { owner: this.options.owner, tries, until: this.clock.now() + ms };
    const set: InstanceHead = { ...instance, setback: tries === 0 ? undefined : setback };
    return (await this.commitHead(lane, replaced(lane.head, set), undefined)) ? set : undefined;
  }

  protected get maxAttempts(): number {
    return this.options.maxAttempts ?? 5;
  }

  /** Ends an instance whose code can't be brought back: it says its last words, if it has any. */
  protected async bury(
    lane: LaneCopy,
    instance: InstanceHead,
    reason: string,
    item?: Item,
  ): Promise<boolean> {
    const history = await this.historyOf(lane, instance);
    if (history === undefined) return false;
    const words = this.host.lastWords?.(instance, reason, history);
    return words === undefined
      ? this.remove(lane, instance, { reason, item })
      : this.beginAnew(lane, instance, words, item);
  }

  /** Makes the history of an instance void, and begins it with another input on the code there is now. */
  protected async beginAnew(
    lane: LaneCopy,
    instance: InstanceHead,
    input: Json,
    item: Item | undefined,
  ): Promise<boolean> {
    const bare: InstanceHead = { ...instance, version: 0, source: "", waits: [], setback: undefined };
    const start = { ...bare, ...this.host.stamp(bare), parked: undefined, isBusy: undefined };
    const code = this.host.code(start);
    if (code === undefined) return this.remove(lane, instance, { reason: "mismatch", item });
    // Kept with the first commit of the step, or dropped with the lane.
    lane.head = replaced(lane.head, start);
    lane.base = -1;
    const coroutine = new Coroutine(code);
    coroutine.lastId = instance.lastId;
    const size = Buffer.byteLength(JSON.stringify(input));
    return (await this.drive(lane, start, coroutine, () => coroutine.begin(input, size), { item })) !== AGAIN;
  }
}

/** What is thrown for an instance that only another process can go on with. */
function elsewhere({ id, definition, version }: InstanceHead): UnknownDefinitionError {
  return new UnknownDefinitionError(
    `Going on with the conversation "${definition}" (instance ${id}): it is on version ${version}, which is not among the definitions of this process. It is left as it is for the release that has it: with an inbox its updates are tried again. If none has it any more, end it with bot.conversations.kill("${id}").`,
  );
}
