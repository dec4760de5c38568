import type { Delivery } from "./delivery.js";
import { isUrgent, type LaneKey, laneKeyOf } from "./origin.js";
import { keepShape } from "./shape.js";

/** The turn of one delivery in its lane, from the moment it may run until whoever works on it lets go. */
export interface Turn {
  readonly delivery: Delivery;
  /** What the turn's lane is known by; the same for all updates of a chat. */
  readonly laneKey: LaneKey;
  /** Since when its handlers have not been able to begin. */
  heldSince?: number | undefined;
}

/** Options of `Lanes`. */
export interface LanesOptions {
  /** The most turns at the same time. */
  readonly concurrency: number;
  /** How many more may run when they are payments. */
  readonly reserved: number;
  /** Whether updates of one chat run one after another. @default true */
  readonly isOrdered?: boolean | undefined;
  /**
   * Starts the work of a turn. Must not throw, and must let the turn go by `release` when the work is done, never
   * before it has returned.
   */
  readonly begin: (turn: Turn) => void;
  /** Called when all have released a turn. What it answers is waited for before the turn is over; must not reject. */
  readonly finish?: ((turn: Turn) => Promise<void> | undefined) | undefined;
}

/** One lane: whoever holds it, and those who wait behind, as a linked list. */
interface Lane {
  readonly key: LaneKey;
  readonly urgent: boolean;
  /** The turn that began last, while the lane is held. */
  current: Waiting | undefined;
  /** How many hold it: one, or more while handlers that stopped waiting run beside the one whose turn it is. */
  holders: number;
  first: Waiting | undefined;
  last: Waiting | undefined;
}

/** A turn with what `Lanes` needs to know about it. */
class Waiting implements Turn {
  readonly delivery: Delivery;
  readonly lane: Lane;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  next: Waiting | undefined = undefined;
  holders = 1;
  /** How many of them have left its lane, and hold the turn all the same. */
  away = 0;
  /** Its lane has gone on without it. */
  hasLeft = false;
  heldSince: number | undefined = undefined;

  constructor(delivery: Delivery, lane: Lane, resolve: () => void, reject: (reason: unknown) => void) {
    this.delivery = delivery;
    this.lane = lane;
    this.resolve = resolve;
    this.reject = reject;
  }

  get laneKey(): LaneKey {
    return this.lane.key;
  }
}

const nothing = (): void => undefined;

/** How many empty lanes of chats are kept for their next update: cheaper than making them anew each time. */
const mostResting = 1000;

/**
 * Lets updates of one chat run one after another, in order, and chats run side by side up to a bound. Lanes that wait
 * for a free place get it in the order they came.
 */
export class Lanes {
  readonly #concurrency: number;
  readonly #reserved: number;
  readonly #isOrdered: boolean;
  readonly #begin: (turn: Turn) => void;
  readonly #finish: LanesOptions["finish"];
  readonly #lanes = new Map<LaneKey, Lane>();
  /** Lanes whose first turn only waits for a free place. */
  readonly #ready: Lane[] = [];
  readonly #readyUrgent: Lane[] = [];
  /** Turns that hold their lane without a place: they are to begin anew later. */
  readonly #paused = new Set<Waiting>();
  /** Those of them whose time has come, and who wait for a place. */
  readonly #returning: Waiting[] = [];
  #active = 0;
  #waiting = 0;
  #resting = 0;
  #closedBy: Error | undefined;
  #onIdle: (() => void)[] = [];

  constructor(options: LanesOptions) {
    this.#concurrency = options.concurrency;
    this.#reserved = options.reserved;
    this.#isOrdered = options.isOrdered ?? true;
    this.#begin = options.begin;
    this.#finish = options.finish;
  }

  /** Turns being worked on. */
  get active(): number {
    return this.#active;
  }

  /** Deliveries that wait for their turn. */
  get waiting(): number {
    return this.#waiting + this.#paused.size;
  }

  /** The turns being worked on, one a lane: the one that began last. */
  *current(): Iterable<Turn> {
    for (const { current } of this.#lanes.values()) if (current !== undefined) yield current;
  }

  /** Resolves when the delivery's turn is over; rejects with the reason of `close` when it never had one, or of `refuse`. */
  enter(delivery: Delivery): Promise<void> {
    return new Promise((resolve, reject) => this.admit(delivery, resolve, reject));
  }

  /** The same for those who have a promise of their own: calls one of two functions instead of settling one more. */
  admit(delivery: Delivery, over: () => void, refused: (reason: unknown) => void): void {
    if (this.#closedBy !== undefined) {
      refused(this.#closedBy);
      return;
    }
    const { update } = delivery;
    const lane = this.#laneFor(this.#isOrdered ? laneKeyOf(update) : update, delivery);
    const turn = new Waiting(delivery, lane, over, refused);
    if (isEmpty(lane) && this.#hasRoomFor(lane)) this.#start(turn);
    else this.#queue(turn);
  }

  /**
   * Takes a lane for work that goes on without an update of its own: a handler whose wait has timed out. What runs in
   * the lane already goes on; what comes next waits for both.
   */
  hold(delivery: Delivery, key: LaneKey): Turn {
    const lane = this.#laneFor(key, undefined);
    lane.holders++;
    this.#active++;
    return new Waiting(delivery, lane, nothing, nothing);
  }

  /** Lets one more work on this turn; it is over when all have released it. */
  share(turn: Turn): void {
    (turn as Waiting).holders++;
  }

  /** Whether more than one works on this turn. */
  isShared(turn: Turn): boolean {
    return (turn as Waiting).holders > 1;
  }

  /**
   * Takes one of those who work on a turn out of its lane, while the turn itself lasts: it waits for what only a later
   * update can bring. When nobody is left in the lane it goes on, and its place is given to others: that is answered.
   */
  leave(turn: Turn): boolean {
    (turn as Waiting).away++;
    return this.#goOn(turn as Waiting);
  }

  /**
   * Lets a turn go. The next of its lane starts before this returns, unless `finish` has something left to do.
   * @param isAway whether it is let go by one who has left its lane
   * @returns whether the lane goes on although the turn is not over: all who work on it have left the lane
   */
  release(turn: Turn, isAway = false): boolean {
    const released = turn as Waiting;
    if (isAway) released.away--;
    if (--released.holders > 0) return this.#goOn(released);
    const finishing = this.#finish?.(turn);
    if (finishing === undefined) this.#end(released);
    else void finishing.then(() => this.#end(released));
    return false;
  }

  /** Ends a turn as one that was not finished: its delivery is refused with this reason. */
  refuse(turn: Turn, reason: Error): void {
    if (--(turn as Waiting).holders > 0) return;
    const refused = turn as Waiting;
    refused.reject(reason);
    if (!refused.hasLeft) this.#free(refused.lane);
  }

  /** Gives a turn's place to others, until `resume` begins it anew. Its lane stays held: nothing overtakes it. */
  pause(turn: Turn): void {
    this.#paused.add(turn as Waiting);
    (turn as Waiting).lane.current = undefined;
    this.#active--;
    this.#afterwards();
  }

  /** Begins a paused turn anew, as soon as there is a place. */
  resume(turn: Turn): void {
    const paused = turn as Waiting;
    if (!this.#paused.has(paused)) return;
    this.#returning.push(paused);
    this.#fill();
  }

  /** The deliveries that wait for their turn, lane by lane, in order within each. */
  *queued(): Iterable<Delivery> {
    for (const lane of this.#lanes.values()) {
      for (let turn = lane.first; turn !== undefined; turn = turn.next) yield turn.delivery;
    }
  }

  /** Takes nothing more in, and sends away what has not begun. What runs goes on. */
  close(reason: Error): void {
    if (this.#closedBy !== undefined) return;
    this.#closedBy = reason;
    this.#ready.length = 0;
    this.#readyUrgent.length = 0;
    this.#returning.length = 0;
    for (const turn of this.#paused) {
      turn.lane.holders--;
      turn.reject(reason);
    }
    this.#paused.clear();
    for (const lane of this.#lanes.values()) {
      for (let turn = lane.first; turn !== undefined; turn = turn.next) turn.reject(reason);
      lane.first = undefined;
      lane.last = undefined;
      if (lane.holders === 0) this.#lanes.delete(lane.key);
    }
    this.#waiting = 0;
    this.#resting = 0;
  }

  /** Takes deliveries in again after `close`. */
  open(): void {
    this.#closedBy = undefined;
  }

  /** Resolves when nothing runs. */
  idle(): Promise<void> {
    if (this.#active === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** The lane of this key, about to be used. */
  #laneFor(key: LaneKey, delivery: Delivery | undefined): Lane {
    const known = this.#lanes.get(key);
    if (known !== undefined) {
      if (isEmpty(known)) this.#resting--;
      return known;
    }
    const urgent = delivery !== undefined && isUrgent(delivery.update);
    const lane: Lane = {
      key,
      urgent,
      current: undefined,
      holders: 0,
      first: undefined,
      last: undefined,
    };
    this.#lanes.set(key, lane);
    return lane;
  }

  #rest(lane: Lane): void {
    if (typeof lane.key !== "number") {
      this.#lanes.delete(lane.key);
    } else if (++this.#resting > mostResting) {
      for (const each of this.#lanes.values()) if (isEmpty(each)) this.#lanes.delete(each.key);
      this.#resting = 0;
    }
  }

  /** Lets the lane of a turn go on, if nobody who works on it is left in it. Answers whether it has. */
  #goOn(turn: Waiting): boolean {
    if (turn.hasLeft || turn.away < turn.holders) return false;
    turn.hasLeft = true;
    this.#free(turn.lane);
    return true;
  }

  #end(turn: Waiting): void {
    turn.resolve();
    if (!turn.hasLeft) this.#free(turn.lane);
  }

  #free(lane: Lane): void {
    lane.holders--;
    this.#active--;
    if (lane.holders === 0) {
      lane.current = undefined;
      if (lane.first === undefined) this.#rest(lane);
      else (lane.urgent ? this.#readyUrgent : this.#ready).push(lane);
    }
    this.#afterwards();
  }

  /** A place has become free. */
  #afterwards(): void {
    if (this.#ready.length > 0 || this.#readyUrgent.length > 0 || this.#returning.length > 0) this.#fill();
    if (this.#active === 0 && this.#onIdle.length > 0) this.#tellIdle();
  }

  #tellIdle(): void {
    const waiting = this.#onIdle;
    this.#onIdle = [];
    for (const tell of waiting) tell();
  }

  #hasRoomFor(lane: Lane): boolean {
    return this.#active < (lane.urgent ? this.#concurrency + this.#reserved : this.#concurrency);
  }

  #queue(turn: Waiting): void {
    const { lane } = turn;
    this.#waiting++;
    if (lane.last === undefined) {
      lane.first = turn;
      if (lane.holders === 0) (lane.urgent ? this.#readyUrgent : this.#ready).push(lane);
    } else {
      lane.last.next = turn;
    }
    lane.last = turn;
  }

  #fill(): void {
    this.#fillFrom(this.#readyUrgent);
    for (let turn = this.#returning[0]; turn !== undefined && this.#hasRoomFor(turn.lane); ) {
      this.#returning.shift();
      this.#paused.delete(turn);
      turn.lane.current = turn;
      this.#active++;
      this.#begin(turn);
      turn = this.#returning[0];
    }
    this.#fillFrom(this.#ready);
  }

  #fillFrom(ready: Lane[]): void {
    let lane = ready[0];
    while (lane !== undefined && this.#hasRoomFor(lane)) {
      ready.shift();
      const turn = lane.first;
      // A handler that stopped waiting may have taken the lane meanwhile: its release makes the lane ready again.
      if (turn !== undefined && lane.holders === 0) {
        lane.first = turn.next;
        if (lane.first === undefined) lane.last = undefined;
        this.#waiting--;
        this.#start(turn);
      }
      lane = ready[0];
    }
  }

  #start(turn: Waiting): void {
    turn.lane.holders++;
    turn.lane.current = turn;
    this.#active++;
    this.#begin(turn);
  }
}

function isEmpty(lane: Lane): boolean {
  return lane.holders === 0 && lane.first === undefined;
}

keepShape(new Waiting({} as Delivery, {} as Lane, nothing, nothing));
