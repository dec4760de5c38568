import type { Coroutine } from "./coroutine.js";
import type { InstanceHead, WaitHead } from "./lane-head.js";
import type { Item } from "./lane-host.js";
import type { LaneCopy } from "./lane-log.js";
import { LaneRescue } from "./lane-rescue.js";
import { AGAIN, type Driven } from "./lane-step.js";
import type { Pending } from "./operation.js";

/** What became of an item. */
export type Verdict = "taken" | "pass" | "duplicate";

/** What becomes of an item that is offered. */
type Offered = Verdict | Promise<Verdict | typeof AGAIN>;

/** The living code that an item is given to. */
interface Receiver {
  readonly lane: LaneCopy;
  readonly instance: InstanceHead;
  readonly waits: readonly WaitHead[];
  readonly coroutine: Coroutine;
  readonly replayed: number;
  /** Goes on when it does not take the item. */
  readonly pass: () => Offered;
}

/** Takes items to the code of a lane that waits for them. */
export abstract class LaneOffer extends LaneRescue {
  /** Offers an item to the instances of a lane, the last begun first. @param from who is asked first, by place */
  protected offer(
    lane: LaneCopy,
    item: Item,
    instances: readonly InstanceHead[] = lane.head.instances,
    from: number = instances.length - 1,
  ): Offered {
    for (let at = from; at >= 0; at--) {
      const instance = instances[at] as InstanceHead;
      if (item.instance !== undefined && item.instance !== instance.id) continue;
      if (instance.parked !== undefined) continue;
      if (this.isElsewhere(instance)) {
        if (instance.waits.some(({ filter }) => this.host.fits(filter, item, instance)))
          this.keepForOthers(instance);
        continue;
      }
      const reason = this.host.leaves?.(instance, item);
      if (reason !== undefined) {
        return this.makeLeave(lane, instance, reason, item).then((hasLeft) => (hasLeft ? "taken" : AGAIN));
      }
      const waits = this.#fitting(instance, item);
      if (waits === undefined) continue;
      return this.give(lane, instance, waits, item, () => this.offer(lane, item, instances, at - 1));
    }
    const swallows = (instance: InstanceHead): boolean =>
      instance.parked === undefined && this.host.swallows?.(instance, item) === true;
    return lane.head.instances.some(swallows) ? "taken" : "pass";
  }

  /** The waits of an instance that an item may fit, the last called first; `undefined` where there is none. */
  #fitting(instance: InstanceHead, item: Item): WaitHead[] | undefined {
    let fitting: WaitHead[] | undefined;
    for (let at = instance.waits.length - 1; at >= 0; at--) {
      const wait = instance.waits[at] as WaitHead;
      if (this.host.fits(wait.filter, item, instance)) (fitting ??= []).push(wait);
    }
    return fitting;
  }

  /** Gives an item to the first of some waits that takes it. @param pass goes on when none does */
  protected give(
    lane: LaneCopy,
    instance: InstanceHead,
    waits: readonly WaitHead[],
    item: Item,
    pass: () => Offered,
  ): Offered {
    const coroutine = this.hotIn(lane, instance);
    if (coroutine === undefined) return this.#giveCold(lane, instance, waits, item, pass);
    return this.#giveTo({ lane, instance, waits, coroutine, replayed: 0, pass }, item);
  }

  async #giveCold(
    lane: LaneCopy,
    instance: InstanceHead,
    waits: readonly WaitHead[],
    item: Item,
    pass: () => Offered,
  ): Promise<Verdict | typeof AGAIN> {
    const revived = await this.reviveOrPark(lane, instance, item);
    if (revived === "gone") return AGAIN;
    if (revived === "parked") return pass();
    if (revived === "begun") return "taken";
    const { coroutine, replayed } = revived;
    return this.#giveTo({ lane, instance, waits, coroutine, replayed, pass }, item);
  }

  #giveTo(to: Receiver, item: Item): Offered {
    const kept = item.kept === undefined ? item.value : item.kept();
    if (kept instanceof Promise) return kept.then((value) => this.#giveKept(to, { ...item, value }, 0));
    return this.#giveKept(to, kept === item.value ? item : { ...item, value: kept }, 0);
  }

  /** @param from the place of the wait that is asked first */
  #giveKept(to: Receiver, item: Item, from: number): Offered {
    const { waits, coroutine } = to;
    for (let at = from; at < waits.length; at++) {
      const pending = coroutine.pending.get((waits[at] as WaitHead).id);
      if (pending === undefined) continue;
      const agrees = this.host.agrees?.(pending, item) ?? true;
      if (agrees === true) return this.#take(to, pending, item);
      if (agrees === false) continue;
      return agrees.then((does) => (does ? this.#take(to, pending, item) : this.#giveKept(to, item, at + 1)));
    }
    return to.pass();
  }

  #take({ lane, instance, coroutine, replayed }: Receiver, { id }: Pending, item: Item): Promise<Driven> {
    const run = (): Promise<void> | undefined => coroutine.give(id, { ok: true, value: item.value });
    return this.drive(lane, instance, coroutine, run, { item, replayed });
  }

  protected async makeLeave(
    lane: LaneCopy,
    instance: InstanceHead,
    reason: string,
    item?: Item,
  ): Promise<boolean> {
    const revived = instance.parked === undefined ? await this.tryRevive(lane, instance) : "stuck";
    if (revived === "gone") return false;
    if (revived === "stuck" || revived instanceof Error) return this.bury(lane, instance, reason, item);
    const { coroutine, replayed } = revived;
    const run = (): Promise<void> => coroutine.leave(reason);
    return (await this.drive(lane, instance, coroutine, run, { item, replayed })) !== AGAIN;
  }
}
