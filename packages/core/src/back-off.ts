import {
  ConflictError,
  DecodeError,
  NetworkError,
  RateLimitedError,
  ServerError,
  TimeoutError,
} from "@balekit/api";
import { type Clock, sleep } from "@balekit/storage";

const FIRST_DELAY_MS = 500;
/** Short on purpose: after hours offline the bot must answer within seconds of the network's return. */
const LONGEST_DELAY_MS = 3_000;
const UNSAID_RETRY_AFTER_SECONDS = 5;

/** Whether trying the same call again later can help: the network, Bale's health or its rate limit is at fault. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof NetworkError ||
    error instanceof TimeoutError ||
    error instanceof ServerError ||
    error instanceof RateLimitedError ||
    error instanceof DecodeError ||
    error instanceof ConflictError
  );
}

/**
 * How long to wait before attempt number `failures + 1`: doubling from half a second up to three, each somewhere
 * between half and all of it, so that many bots do not come back in step. What Bale asks for after a 429 is honoured.
 */
export function backOffMs(failures: number, error: unknown): number {
  if (error instanceof RateLimitedError) {
    return (error.retryAfterSeconds ?? UNSAID_RETRY_AFTER_SECONDS) * 1_000;
  }
  const ceiling = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS);
  return jitter(ceiling);
}

/** A wait cut by chance to between half and all of it. */
export function jitter(ms: number): number {
  return Math.round(ms * (0.5 + Math.random() / 2));
}

/** What `persist` needs. */
export interface Persistence {
  readonly clock: Clock;
  /** Ends the trying; its reason is what `persist` rejects with. */
  readonly signal: AbortSignal;
  /** Told of each failure that will be tried again. */
  readonly onFailure: (error: unknown, failures: number) => void;
}

/** Tries until it works, or fails for a reason that trying again cannot mend. */
export async function persist<Result>(
  { clock, signal, onFailure }: Persistence,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!isTransient(error)) throw error;
      onFailure(error, failures);
      await sleep(clock, backOffMs(failures, error), signal);
    }
  }
}
