import { Coroutine } from "./coroutine.js";
import { ReplayMismatchError, UnknownDefinitionError } from "./errors.js";
import type { InstanceHead } from "./lane-head.js";
import type { Item } from "./lane-host.js";
import type { LaneCopy } from "./lane-log.js";
import { replaced } from "./lane-rows.js";
import { LaneStep } from "./lane-step.js";
import type { Json } from "./value.js";

/** A coroutine at the place where its history ends. */
export interface Revived {
  readonly coroutine: Coroutine;
  readonly replayed: number;
}

/** What is done about instances whose code can't be brought back to where it was. */
export abstract class LaneRescue extends LaneStep {
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
      const reason = revived instanceof ReplayMismatchError ? "mismatch" : "unknown";
      return (await this.park(lane, instance, reason, revived.message)) ? "parked" : "gone";
    }
    if (verdict === "remove") {
      return (await this.remove(lane, instance, { reason: "mismatch" })) ? "parked" : "gone";
    }
    const { begin, isRestart } = verdict;
    if (!(await this.beginAnew(lane, instance, begin, isRestart ? item : undefined))) return "gone";
    return isRestart ? "begun" : "parked";
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
    const bare: InstanceHead = { ...instance, version: 0, source: "", waits: [] };
    const start = { ...bare, ...this.host.stamp(bare), parked: undefined, isBusy: undefined };
    const code = this.host.code(start);
    if (code === undefined) return this.remove(lane, instance, { reason: "mismatch", item });
    // Kept with the first commit of the step, or dropped with the lane.
    lane.head = replaced(lane.head, start);
    lane.base = -1;
    const coroutine = new Coroutine(code);
    coroutine.lastId = instance.lastId;
    const size = Buffer.byteLength(JSON.stringify(input));
    return this.drive(lane, start, coroutine, () => coroutine.begin(input, size), { item });
  }
}
