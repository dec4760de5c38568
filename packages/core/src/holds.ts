import type { Lanes, Turn } from "./lanes.js";
import { Run, type RunKeeper } from "./run.js";

/** What `Holds` is made of. */
export interface HoldsInit {
  readonly lanes: Lanes;
  /** Told once when a run has let the turn of its own update go without having ended: all its handlers wait. */
  readonly onParked: (run: Run) => void;
}

/**
 * Which turns the runs hold. A lane goes on when everybody who works on its turn is done or waits: the handlers of an
 * update and each fork of them, for themselves.
 */
export class Holds implements RunKeeper {
  readonly #lanes: Lanes;
  readonly #onParked: (run: Run) => void;

  constructor({ lanes, onParked }: HoldsInit) {
    this.#lanes = lanes;
    this.#onParked = onParked;
  }

  /** Lets go of the turns of a run that waits now. */
  park(run: Run): void {
    const { away } = run;
    run.away = undefined;
    // Not from inside the handler's own call: the next update's handler must not run on its stack.
    for (const turn of run.turns.splice(0)) queueMicrotask(() => this.#letGo(run, turn));
    if (away !== undefined) queueMicrotask(() => this.#giveBack(away));
  }

  /** Gives a run its lane again: it stopped waiting without an answer. */
  resume(run: Run): void {
    run.turns.push(this.#lanes.hold(run, run.laneKey));
  }

  /** Lets a run that is answered hold the turn of the answer. */
  ride(run: Run, turn: Turn): void {
    this.#lanes.share(turn);
    if (!run.isWaiting) {
      run.turns.push(turn);
      return;
    }
    // It waits for something else as well: what that needs must be able to come.
    run.away ??= [];
    run.away.push(turn);
    if (this.#lanes.leave(turn)) turn.delivery.accept();
  }

  /** Lets one go who has worked on a turn. */
  release(turn: Turn): void {
    if (this.#lanes.release(turn)) turn.delivery.accept();
  }

  /** Ends a run and its forks: nobody hears any more of what they wait for. The turns of the run itself it still holds. */
  close(run: Run): void {
    run.ended = true;
    if (run.waits !== undefined) for (const wait of [...run.waits]) wait.abandon();
    if (run.forks === undefined) return;
    // They have been left behind: nobody waits for a fork whose run has ended.
    for (const fork of run.forks) {
      this.close(fork);
      this.releaseAll(fork);
    }
  }

  /** Lets go of all turns of a run that has ended. */
  releaseAll(run: Run): void {
    const { turns } = run;
    // Nearly always one, for which no second list is made.
    if (turns.length === 1) this.release(turns.shift() as Turn);
    else for (const turn of turns.splice(0)) this.release(turn);
    if (run.away !== undefined) this.#giveBack(run.away.splice(0));
  }

  fork(parent: Run): Run {
    const fork = new Run(parent.own, parent.began, this, parent);
    fork.ended = parent.ended;
    for (const turn of parent.turns) {
      this.#lanes.share(turn);
      fork.turns.push(turn);
    }
    parent.forks ??= new Set();
    parent.forks.add(fork);
    return fork;
  }

  join(fork: Run): void {
    const { parent } = fork;
    if (parent === undefined || fork.ended || parent.ended) return;
    fork.isJoined = true;
    parent.joins++;
    for (const turn of parent.turns.splice(0)) this.#letGo(parent, turn);
  }

  endFork(fork: Run): void {
    const { parent } = fork;
    if (parent === undefined || fork.ended) return;
    parent.forks?.delete(fork);
    this.close(fork);
    if (fork.isJoined) parent.joins--;
    if (fork.isJoined && !parent.isWaiting) {
      // It goes on where the fork has been.
      parent.turns.push(...fork.turns.splice(0));
      if (parent.turns.length === 0) this.resume(parent);
    }
    for (const turn of fork.turns.splice(0)) {
      if (turn === parent.own) this.#letGo(parent, turn);
      else this.release(turn);
    }
    if (fork.away !== undefined) this.#giveBack(fork.away);
  }

  /** Lets a turn go on behalf of a run whose update is not done with: somebody of it waits. */
  #letGo(run: Run, turn: Turn): void {
    const { root } = run;
    if (!this.#lanes.isShared(turn)) {
      if (turn === root.own) {
        root.parked = true;
        this.#onParked(root);
      }
      turn.delivery.accept();
    }
    this.release(turn);
    if (turn === root.own) root.acceptIfSafe();
  }

  #giveBack(away: readonly Turn[]): void {
    for (const turn of away) if (this.#lanes.release(turn, true)) turn.delivery.accept();
  }
}
