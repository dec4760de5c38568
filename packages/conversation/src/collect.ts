import type { Context } from "balekit";
import { WaitExpiredError } from "./errors.js";
import { misuse, shown } from "./misuse.js";
import type { Term } from "./update-wait.js";
import type { WaitOptions } from "./wait-options.js";

const FOR_EVER = Number.POSITIVE_INFINITY;

/** What is collected, and when it is enough. */
export interface CollectOptions<Found extends Context = Context>
  extends Omit<WaitOptions<Found>, "otherwise"> {
  /** Enough when there are so many. */
  readonly max?: number | undefined;
  /** Enough when none has come for so many milliseconds after the last: how long the first takes does not count. */
  readonly idleMs?: number | undefined;
  /** Enough so many milliseconds after it began, however many there are then, and be it none. */
  readonly withinMs?: number | undefined;
  /** Enough when it says yes; asked after each. */
  readonly until?: ((found: readonly Found[]) => boolean) | undefined;
  /**
   * Throws `WaitExpiredError` when it is not enough so many milliseconds after it began: its `found` has what had come by
   * then. Beside `idleMs` it is for the first alone.
   */
  readonly timeoutMs?: number | undefined;
}

/** @throws TypeError when nothing says when it is enough, or something says it that can't be meant */
export function checkCollect({ max, idleMs, withinMs, until }: CollectOptions<never>): void {
  const refuse = (what: string): TypeError => misuse("ERR_BALE_CONVERSATION_WAIT", `c.collect: ${what}`);
  if ([max, idleMs, withinMs, until].every((one) => one === undefined)) {
    throw refuse("nothing says when it is enough. Give max, idleMs, withinMs or until.");
  }
  if (max !== undefined && !(max >= 1)) throw refuse(`max is ${shown(max)}. Give a number from 1 up.`);
  for (const [name, ms] of Object.entries({ idleMs, withinMs })) {
    if (ms !== undefined && !(ms >= 0)) {
      throw refuse(`${name} is ${shown(ms)}. Give milliseconds from 0 up.`);
    }
  }
  if (until !== undefined && typeof until !== "function") {
    throw refuse(`until is ${shown(until)}. Give a function.`);
  }
}

/** Collects what waits bring, one after another. Each is given a term, and says in it what its deadline is. */
export async function collected<Found extends Context>(
  options: CollectOptions<Found>,
  now: () => number,
  wait: (options: WaitOptions<Found>, term: Term) => Promise<Found>,
): Promise<readonly Found[]> {
  checkCollect(options as CollectOptions<never>);
  const { max = FOR_EVER, idleMs, withinMs, until, ...rest } = options;
  const wholeMs = Math.min(withinMs ?? FOR_EVER, rest.timeoutMs ?? FOR_EVER);
  // Which of the two comes first hangs on their lengths alone, never on a clock: a replay has to find the same.
  const isEnough = withinMs !== undefined && withinMs === wholeMs;
  const isBounded = Number.isFinite(wholeMs);
  const each: WaitOptions<Found> = isBounded ? { ...rest, timeoutMs: wholeMs } : rest;
  const found: Found[] = [];
  let endsAt = FOR_EVER;
  let deadline: number | undefined;
  while (found.length < max) {
    const isFirst = found.length === 0;
    const term: Term = { deadline };
    try {
      found.push(await wait(each, term));
    } catch (error) {
      if (!(error instanceof WaitExpiredError)) throw error;
      if (isEnough || (idleMs !== undefined && !isFirst)) break;
      throw new WaitExpiredError(error.waitedFor, found);
    }
    if (until?.(found) === true) break;
    if (idleMs === undefined) {
      if (isBounded) deadline = term.deadline;
      continue;
    }
    // When it began is reckoned from what stands in the journal: in a replay the clock is far ahead of that.
    if (isFirst && withinMs !== undefined) endsAt = (term.deadline ?? FOR_EVER) - wholeMs + withinMs;
    deadline = Math.min(now() + idleMs, endsAt);
  }
  return found;
}
