import type { HandedOut } from "./handed-out.js";

/** The updates of one lane that this worker has been handed, in order. */
interface LaneQueue {
  isBusy: boolean;
  readonly waiting: HandedOut[];
}

/** What `LaneQueues` needs. */
export interface LaneQueuesInit {
  /** Whether it was finished meanwhile, by an earlier run. */
  readonly isFinished: (update: HandedOut) => boolean;
  /** Told of an update that is left out: somebody else has it, or it was finished. */
  readonly leftOut: (update: HandedOut) => void;
  /** Runs an update; resolves when it is over. Must not reject. */
  readonly run: (update: HandedOut) => Promise<void>;
}

/**
 * Gives the bot one update of a lane at a time, so that what has not been begun can still be left to another worker. An
 * update that is handed out again waits for the earlier run of itself: that may end well even if its claim was lost.
 */
export class LaneQueues {
  readonly #init: LaneQueuesInit;
  readonly #lanes = new Map<string, LaneQueue>();

  constructor(init: LaneQueuesInit) {
    this.#init = init;
  }

  add(update: HandedOut): void {
    let lane = this.#lanes.get(update.lane);
    if (lane === undefined) {
      lane = { isBusy: false, waiting: [] };
      this.#lanes.set(update.lane, lane);
    }
    lane.waiting.push(update);
    if (!lane.isBusy) this.#advance(update.lane, lane);
  }

  /** Looks at every lane again: partitions were given up, lost or kept after all. */
  advance(): void {
    for (const [key, lane] of this.#lanes) if (!lane.isBusy) this.#advance(key, lane);
  }

  #advance(key: string, lane: LaneQueue): void {
    for (let next = lane.waiting[0]; next !== undefined; next = lane.waiting[0]) {
      if (next.tenure.isOver) {
        next.tried?.();
      } else if (this.#init.isFinished(next)) {
        next.done();
        next.tried?.();
      } else {
        // Stays where it is: closing the channel gives it back, or it is begun when the partition is kept.
        if (next.tenure.isDraining) return;
        lane.waiting.shift();
        lane.isBusy = true;
        void this.#init.run(next).then(() => {
          lane.isBusy = false;
          this.#advance(key, lane);
        });
        return;
      }
      lane.waiting.shift();
      this.#init.leftOut(next);
    }
    this.#lanes.delete(key);
  }
}
