import { AssertionError } from "node:assert";
import type { JournalRecord } from "../journal.js";
import type { LaneHead } from "../lane-head.js";

/** Somebody who writes into lanes. */
export interface LaneWriter {
  readonly name: string;
  readonly isDead: boolean;
}

/** What was written into a lane. */
export interface Written {
  readonly head: LaneHead;
  /** Whose records these are. */
  readonly instance: string | undefined;
  readonly records: readonly JournalRecord[];
}

/** What is known of an effect from the outside. */
interface Deed {
  readonly begunBy: LaneWriter[];
  isKept: boolean;
}

/**
 * Watches what processes write into the lanes they share: who holds which, when each is to be looked at again, and which
 * effects are known to be done.
 */
export class LaneWatch {
  /** How many events from outside, by name, have been taken. */
  readonly events: Map<string, number> = new Map();
  readonly #onOver: (instance: string) => void;
  readonly #holders = new Map<string, LaneWriter>();
  readonly #wakes = new Map<string, number>();
  readonly #deeds = new Map<string, Deed>();
  /** Which lane an instance is in. */
  readonly #homes = new Map<string, string>();

  constructor(onOver: (instance: string) => void) {
    this.#onOver = onOver;
  }

  /** A process begins an effect. Answers whether a dead one may have carried it out. */
  begin(operation: string, key: string, writer: LaneWriter, onError: (error: unknown) => void): boolean {
    const deed = this.#deeds.get(operation) ?? { begunBy: [], isKept: false };
    this.#deeds.set(operation, deed);
    const isRepeat = deed.begunBy.length > 0;
    if (deed.isKept || deed.begunBy.some((one) => !one.isDead)) {
      onError(
        new AssertionError({
          message: `${key} (operation ${operation}) is carried out again by ${writer.name}, though ${deed.isKept ? "its outcome is kept" : `${deed.begunBy.at(-1)?.name} is at it`}.`,
        }),
      );
    }
    deed.begunBy.push(writer);
    return isRepeat;
  }

  /** Something was kept. */
  kept(
    key: string,
    { head, instance, records }: Written,
    wakeAt: number | null | undefined,
    writer: LaneWriter,
  ): void {
    const isTried = head.instances.some(({ setback }) => setback !== undefined);
    if (head.claim === undefined && !isTried) this.#holders.delete(key);
    else this.#holders.set(key, writer);
    if (head.claim !== undefined || typeof wakeAt !== "number") this.#wakes.delete(key);
    else this.#wakes.set(key, wakeAt);
    for (const record of records) {
      if (instance !== undefined && record[0] === "r") this.#result(instance, record);
    }
    const open = new Set(head.instances.map(({ id }) => id));
    for (const id of open) this.#homes.set(id, key);
    for (const [id, home] of this.#homes) {
      if (home !== key || open.has(id)) continue;
      // It is over: nothing of it may ever be done again.
      this.#homes.delete(id);
      for (const [operation, deed] of this.#deeds) {
        if (operation.startsWith(`${id}:`)) deed.isKept = true;
      }
      this.#onOver(id);
    }
  }

  /** The lanes of a prefix that are to be looked at: those the store names, and those the dead have left. */
  due(prefix: string, keys: readonly string[]): readonly string[] {
    return [...new Set([...this.left.filter((key) => key.startsWith(prefix)), ...keys])];
  }

  /** The lanes whose holder has died. */
  get left(): readonly string[] {
    return [...this.#holders].filter(([, { isDead }]) => isDead).map(([key]) => key);
  }

  /** The first moment after `now` at which a lane wants to be looked at. */
  next(now: number): number | undefined {
    const later = [...this.#wakes.values()].filter((at) => at > now);
    return later.length === 0 ? undefined : Math.min(...later);
  }

  /** Lanes that want to be looked at by now. */
  overdue(now: number): string {
    return [...this.#wakes]
      .filter(([, at]) => at <= now)
      .map(String)
      .join();
  }

  #result(instance: string, [, id, , value]: JournalRecord & readonly ["r", ...unknown[]]): void {
    const deed = this.#deeds.get(`${instance}:${id}`);
    if (deed !== undefined) deed.isKept = true;
    const name = (value as { readonly event?: unknown } | null)?.event;
    if (typeof name === "string") this.events.set(name, (this.events.get(name) ?? 0) + 1);
  }
}
