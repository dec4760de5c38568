import type { Call, Reply, Transformer } from "./call.js";
import { misuse, shown } from "./misuse.js";
import { SendQueue, type ThrottleClock, type ThrottleStats } from "./send-queue.js";

/** How calls are spread over time. Bale publishes no limits, so the rates are where learning begins and ends. */
export interface ThrottleOptions {
  /** Calls a second to begin with. @default 20 */
  readonly perSecond?: number | undefined;
  /** The rate never falls below this. @default 0.5 */
  readonly minPerSecond?: number | undefined;
  /** The rate never grows beyond this. @default 100 */
  readonly maxPerSecond?: number | undefined;
  /**
   * The longest pause a call is kept waiting for. When Bale asks for a longer one, calls fail with the 429 at once
   * instead, until the rest of the pause is short enough. @default 60_000
   */
  readonly maxWaitMs?: number | undefined;
  /** The first pause after a 429 that names none; each further one of a call is twice as long, up to 60 s. @default 5_000 */
  readonly rateLimitMs?: number | undefined;
  /** Times a call is made before its 429 is handed on, the first one included. @default 5 */
  readonly attempts?: number | undefined;
  /** The most calls that wait at each priority; one more is refused with `QueueFullError`. @default 10_000 */
  readonly maxQueued?: number | undefined;
  /** @default the process's own timers */
  readonly clock?: ThrottleClock | undefined;
}

/** A transformer with a queue in it. */
export interface Throttle extends Transformer {
  /** How the queue is doing. */
  stats(): ThrottleStats;
  /**
   * Refuses broadcasts from now on, and resolves when nothing waits and nothing is on its way. When the signal aborts,
   * what still waits is refused with `QueueClosedError`, and what is on its way is left.
   */
  drain(signal?: AbortSignal): Promise<void>;
  /** Takes broadcasts again after `drain`. */
  open(): void;
}

/** Never kept waiting: polls are not sends, and a payment has ten seconds. */
const AT_ONCE: ReadonlySet<string> = new Set(["getUpdates", "answerPreCheckoutQuery"]);

/**
 * Lets calls leave no faster than Bale takes them: `api.use(throttle(), retry())`. For a bot: `bot.extend(throttling())`,
 * which also drains the queue when it stops.
 *
 * Urgent calls go first (`{ priority: "broadcast" }` as an option of the call makes it wait for all others), the calls
 * to one chat keep their order, and one chat that Bale wants to rest does not hold up the others. The rate is learned
 * from Bale's 429s, which are waited out here, not by `retry()`.
 * @example
 * const paced = createApi({ token: process.env.BALE_TOKEN });
 * paced.use(throttle());
 */
export function throttle(options: ThrottleOptions = {}): Throttle {
  const { perSecond = 20, minPerSecond = 0.5, maxPerSecond = 100 } = options;
  const { maxWaitMs = 60_000, rateLimitMs = 5_000, attempts = 5, maxQueued = 10_000 } = options;
  const { clock = PROCESS_CLOCK } = options;
  if (!(minPerSecond > 0 && minPerSecond <= perSecond && perSecond <= maxPerSecond)) {
    const given = `minPerSecond ${shown(minPerSecond)}, perSecond ${shown(perSecond)}, maxPerSecond ${shown(maxPerSecond)}`;
    throw misuse(
      "ERR_BALE_OPTION",
      `throttle: the rates are ${given}. Give numbers above 0 that do not fall.`,
    );
  }
  for (const [name, value] of Object.entries({ maxWaitMs, rateLimitMs })) {
    if (value >= 0) continue;
    const wrong = `throttle: ${name} is ${shown(value)}. Give a number of milliseconds from 0 on.`;
    throw misuse("ERR_BALE_OPTION", wrong);
  }
  for (const [name, value] of Object.entries({ attempts, maxQueued })) {
    if (value >= 1) continue;
    throw misuse("ERR_BALE_OPTION", `throttle: ${name} is ${shown(value)}. Give a number from 1 up.`);
  }
  const rates = { start: perSecond, least: minPerSecond, most: maxPerSecond };
  const queue = new SendQueue({ rates, maxWaitMs, rateLimitMs, attempts, maxQueued, clock });
  const throttle = (call: Call, next: (call: Call) => Promise<Reply>): Promise<Reply> =>
    AT_ONCE.has(call.method) ? next(call) : queue.enter(call, next);
  return Object.assign(throttle, {
    stats: () => queue.stats(),
    drain: (signal?: AbortSignal) => queue.drain(signal),
    open: () => queue.open(),
  });
}

const PROCESS_CLOCK: ThrottleClock = { now: () => performance.now(), setTimeout, clearTimeout };
