import type { Call, Reply, Send, Transformer } from "./call.js";
import { type BaleError, DecodeError, NetworkError, TimeoutError } from "./errors.js";
import { METHODS } from "./generated/method-table.js";
import { misuse, shown } from "./misuse.js";
import { isPaced } from "./pacing.js";
import { causeOf, type Refusal } from "./refusal.js";

/** What `retry` reads the time from; the `Clock` of `@balekit/storage` fits. */
export interface RetryTimer {
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(timer: never): void;
}

/** A repeat that is about to happen. */
export interface RetryNotice {
  readonly method: string;
  /** 1 for the first repeat. */
  readonly attempt: number;
  readonly delayMs: number;
  /** What went wrong: a refusal of Bale's, or an error of the connection. */
  readonly refusal?: Refusal | undefined;
  readonly error?: BaleError | undefined;
}

/** How calls are repeated. */
export interface RetryOptions {
  /** Times a call is made in all, the first one included. @default 4 */
  readonly attempts?: number | undefined;
  /**
   * Milliseconds a call may wait in all. A wait that would go beyond is not begun: the call fails with what it has.
   * @default 60_000
   */
  readonly maxWaitMs?: number | undefined;
  /** The first pause after a fault; each further one is twice as long, up to 30 s. @default 500 */
  readonly backOffMs?: number | undefined;
  /** The first pause after 429 when Bale names none. @default 5_000 */
  readonly rateLimitMs?: number | undefined;
  /**
   * Repeats sends too when nobody knows whether they arrived, so that a user may get a message twice instead of not
   * at all. Invoices are never repeated so. @default false
   */
  readonly resend?: boolean | undefined;
  /** Told before each wait. */
  readonly onRetry?: ((notice: RetryNotice) => void) | undefined;
  /** @default the process's own timers */
  readonly timer?: RetryTimer | undefined;
  /** A number from 0 to 1, spreading the pauses of many bots. @default Math.random */
  readonly random?: (() => number) | undefined;
}

const LONGEST_PAUSE_MS = 30_000;
/** Bale has no way to recognise the second copy of an invoice. */
const NEVER_TWICE = new Set(["sendInvoice", "createInvoiceLink"]);

/**
 * Repeats calls that failed for a passing reason: `api.use(retry())`.
 *
 * A rate limit is waited out (`retry_after`, or a growing pause). A call that certainly did not reach Bale is made
 * again. When its fate is unknown (5xx, a connection lost on the way, a garbled answer), only what is safe to do
 * twice is repeated: getters, sets, deletes, but not sends, unless `resend` says so.
 * Files are read again for each attempt. With `throttle()` on the same api, rate limits are left to that.
 */
export function retry(options: RetryOptions = {}): Transformer {
  const policy = policyOf(options);
  return async function retry(call, next) {
    let waitedMs = 0;
    for (let attempt = 1; ; attempt++) {
      const outcome = await attempted(call, next);
      const pauseMs = outcome.ok ? undefined : pauseAfter(outcome, call, attempt, policy);
      if (pauseMs === undefined || attempt >= policy.attempts || waitedMs + pauseMs > policy.maxWaitMs) {
        if (outcome.error !== undefined) throw outcome.error as Error;
        return outcome.reply as Reply;
      }
      const { refusal, error } = outcome;
      policy.onRetry?.({
        method: call.method,
        attempt,
        delayMs: pauseMs,
        refusal,
        error: error as BaleError,
      });
      await pause(pauseMs, call.options.signal, policy.timer);
      waitedMs += pauseMs;
    }
  };
}

type Policy = Required<{ [Key in keyof Omit<RetryOptions, "onRetry">]: NonNullable<RetryOptions[Key]> }> &
  Pick<RetryOptions, "onRetry">;

function policyOf(options: RetryOptions): Policy {
  const { attempts = 4, maxWaitMs = 60_000, backOffMs = 500, rateLimitMs = 5_000 } = options;
  if (!Number.isSafeInteger(attempts) || attempts < 1) {
    throw misuse(
      "ERR_BALE_OPTION",
      `retry: attempts is ${shown(attempts)}. Give a whole number from 1 on; 1 never repeats.`,
    );
  }
  for (const [name, value] of Object.entries({ maxWaitMs, backOffMs, rateLimitMs })) {
    if (!(value >= 0)) {
      throw misuse(
        "ERR_BALE_OPTION",
        `retry: ${name} is ${shown(value)}. Give a number of milliseconds from 0 on.`,
      );
    }
  }
  const { resend = false, timer = PROCESS_TIMER, random = Math.random, onRetry } = options;
  return { attempts, maxWaitMs, backOffMs, rateLimitMs, resend, timer, random, onRetry };
}

const PROCESS_TIMER: RetryTimer = { setTimeout, clearTimeout };

interface Outcome {
  readonly ok: boolean;
  readonly reply?: Reply;
  readonly refusal?: Refusal;
  readonly error?: unknown;
}

async function attempted(call: Call, next: Send): Promise<Outcome> {
  try {
    const reply = await next(call);
    return reply.ok ? { ok: true, reply } : { ok: false, reply, refusal: reply };
  } catch (error) {
    return { ok: false, error };
  }
}

/** How long to wait before the next attempt; `undefined` when there must be none. */
function pauseAfter(outcome: Outcome, call: Call, attempt: number, policy: Policy): number | undefined {
  const { refusal, error } = outcome;
  if (refusal !== undefined) {
    const cause = causeOf(refusal);
    if (cause === "rateLimited") {
      // A throttle around this one waits, in its queue and for all; one inside has done so already.
      if (isPaced(call, refusal)) return undefined;
      const seconds = refusal.parameters?.retry_after;
      if (seconds === undefined) return growing(policy.rateLimitMs, attempt, policy);
      // Never earlier than asked (a timer of 24 days is as long as they get), and not all bots at once.
      return Math.min(seconds * 1000 + policy.random() * 250, LONGEST_TIMER_MS);
    }
    // Not implemented stays not implemented.
    if (cause !== "server" || refusal.error_code === 501) return undefined;
    return mayRepeat(call, policy) ? growing(policy.backOffMs, attempt, policy) : undefined;
  }
  if (call.options.signal?.aborted === true) return undefined;
  const isLost = error instanceof NetworkError || error instanceof TimeoutError;
  if (!isLost && !(error instanceof DecodeError)) return undefined;
  const isSafe = isLost && !error.maybeSent;
  return isSafe || mayRepeat(call, policy) ? growing(policy.backOffMs, attempt, policy) : undefined;
}

/** Whether a call of unknown fate may be made again. */
function mayRepeat(call: Call, policy: Policy): boolean {
  const { method } = call;
  const isIdempotent = Object.hasOwn(METHODS, method) && METHODS[method].idempotent;
  return isIdempotent || (policy.resend && !NEVER_TWICE.has(method));
}

/** Twice as long each time, the upper half of it by chance. */
function growing(firstMs: number, attempt: number, policy: Policy): number {
  const wholeMs = Math.min(firstMs * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  return wholeMs / 2 + (wholeMs / 2) * policy.random();
}

/** The longest delay a timer takes before it overflows to 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function pause(delayMs: number, signal: AbortSignal | undefined, timer: RetryTimer): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      timer.clearTimeout(running as never);
      reject(signal?.reason as Error);
    };
    const running = timer.setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
