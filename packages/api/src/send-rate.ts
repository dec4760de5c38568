/** Between which figures a rate may move, in calls a second. */
export interface RateBounds {
  readonly start: number;
  readonly least: number;
  readonly most: number;
}

/** What is left of the rate after a limit, of what was really sent before it. */
const CUT = 0.7;
/** The most that one limit takes off: little traffic is weak evidence. */
const DEEPEST_CUT = 0.5;
/** What is left after a limit that is probably a chat's own. */
const EASE = 0.95;
/**
 * Seconds at full use in which the rate grows by what it was when the last limit came; in the same time without
 * another limit, its growth gets twice as fast: what Bale takes may have become much more.
 */
const SECONDS_TO_DOUBLE = 30;
const FASTEST_GROWTH = 2 ** 6;
/** The most calls that leave at once after a rest. */
const LARGEST_BURST = 5;
const WINDOW_MS = 1000;

/**
 * How many calls a second may leave, learned from what comes of them: grows slowly while it is used to the full and
 * nothing is refused, and shrinks at once when Bale says "too many".
 */
export class SendRate {
  readonly #bounds: RateBounds;
  #perSecond: number;
  /** The rate at the last limit: the step of growth is a share of it, so that it suits slow bots and fast ones. */
  #ceiling: number;
  #tokens: number;
  #filledAt: number;
  #cutAt: number;
  /** When calls left, of the last second. */
  readonly #left: number[] = [];

  constructor(bounds: RateBounds, now: number) {
    this.#bounds = bounds;
    this.#perSecond = bounds.start;
    this.#ceiling = bounds.start;
    this.#tokens = this.#burst;
    this.#filledAt = now;
    this.#cutAt = now - 1;
  }

  /** Calls a second, as learned so far. */
  get perSecond(): number {
    return this.#perSecond;
  }

  /** Milliseconds until a call may leave; 0 when one may now. */
  waitMs(now: number): number {
    this.#fill(now);
    // A shade below one, so that sums of fractions do not cost a call its turn.
    return this.#tokens >= 0.999 ? 0 : Math.max(1, Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000));
  }

  /** Counts a call that leaves. */
  leave(now: number): void {
    this.#fill(now);
    this.#tokens--;
    this.#forget(now);
    this.#left.push(now);
  }

  /** Learns that a call came through while others were waiting: a little more may be possible. */
  grow(now: number): void {
    const calm = 2 ** ((now - this.#cutAt) / 1000 / SECONDS_TO_DOUBLE);
    const step = (this.#ceiling / SECONDS_TO_DOUBLE / this.#perSecond) * Math.min(calm, FASTEST_GROWTH);
    this.#perSecond = Math.min(this.#bounds.most, this.#perSecond + step);
  }

  /** Learns that Bale refused a call which had left at `leftAt`. Calls that left before the last cut say nothing new. */
  cut(leftAt: number, now: number): void {
    if (leftAt <= this.#cutAt) return;
    // What really left counts: the permission to send twenty a second is no evidence while three are sent.
    const rate = Math.max(this.#perSecond * DEEPEST_CUT, this.#used(now) * CUT, this.#bounds.least);
    this.#ceiling = rate / CUT;
    this.#perSecond = rate;
    this.#tokens = Math.min(this.#tokens, 0);
    this.#cutAt = now;
  }

  /** Learns of a limit that may be a chat's own: the rate comes nearer to what is in use, and slows nothing down. */
  ease(now: number): void {
    const eased = Math.max(this.#perSecond * EASE, this.#used(now), this.#bounds.least);
    this.#perSecond = Math.min(this.#perSecond, eased);
  }

  /** Calls that left in the last second, as a rate. */
  #used(now: number): number {
    this.#forget(now);
    return Math.min(this.#perSecond, this.#left.length);
  }

  get #burst(): number {
    return Math.max(1, Math.min(LARGEST_BURST, this.#perSecond / 4));
  }

  #fill(now: number): void {
    const seconds = Math.max(0, now - this.#filledAt) / 1000;
    this.#tokens = Math.min(this.#burst, this.#tokens + seconds * this.#perSecond);
    this.#filledAt = now;
  }

  #forget(now: number): void {
    let old = 0;
    while (old < this.#left.length && (this.#left[old] as number) <= now - WINDOW_MS) old++;
    if (old > 0) this.#left.splice(0, old);
  }
}
