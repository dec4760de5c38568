import type { ChatLane } from "./chat-lane.js";
import { PRIORITIES } from "./priority.js";

/**
 * How often a rank may be passed over before it has a turn all the same: every fifth turn for notifications, every
 * tenth for broadcasts. However many answers there are, nothing waits for ever.
 */
const PATIENCE: readonly number[] = [0, 4, 9];

/** The lanes whose next call may leave, and whose turn it is. */
export class Turns {
  readonly #ready: readonly Set<ChatLane>[] = PRIORITIES.map(() => new Set());
  readonly #passed: number[] = PRIORITIES.map(() => 0);
  readonly #rankOf: Map<ChatLane, number> = new Map();

  get size(): number {
    return this.#rankOf.size;
  }

  /** Lets a lane take part, at the rank it has now. */
  add(lane: ChatLane): void {
    const { rank } = lane;
    const before = this.#rankOf.get(lane);
    if (before === rank || rank < 0) return;
    if (before !== undefined) this.#ready[before]?.delete(lane);
    this.#ready[rank]?.add(lane);
    this.#rankOf.set(lane, rank);
  }

  remove(lane: ChatLane): void {
    const rank = this.#rankOf.get(lane);
    if (rank === undefined) return;
    this.#rankOf.delete(lane);
    this.#ready[rank]?.delete(lane);
  }

  /** Takes out the lane whose turn it is: of the most urgent the one that has waited longest. */
  take(): ChatLane | undefined {
    let chosen = -1;
    for (const [rank, lanes] of this.#ready.entries()) {
      if (lanes.size === 0) this.#passed[rank] = 0;
      else if (chosen < 0) chosen = rank;
      else {
        const passed = (this.#passed[rank] ?? 0) + 1;
        this.#passed[rank] = passed;
        if (passed > (PATIENCE[rank] ?? 0)) chosen = rank;
      }
    }
    if (chosen < 0) return undefined;
    this.#passed[chosen] = 0;
    const [lane] = this.#ready[chosen] ?? [];
    if (lane !== undefined) this.remove(lane);
    return lane;
  }
}
