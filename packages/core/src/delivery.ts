import type { Update } from "@balekit/api";

/**
 * One update on its way in, with the power to say that it is safe. Sources (polling, webhook, an inbox, the emulator)
 * make deliveries; the bot's sink takes them.
 */
export interface Delivery {
  readonly update: Update;
  /** Aborts when the work is no longer wanted: the bot stops hard, or this process lost its claim on the update. */
  readonly signal: AbortSignal;
  /**
   * Says "durably taken": the offset may pass this update, the webhook may answer 200. Idempotent.
   * Without an early call it happens when the sink resolves.
   */
  accept(): void;
  /** Which attempt this is, counted from 1; after `failed`, the one that comes next. Absent: the first. */
  readonly attempt?: number | undefined;
  /**
   * How long an update may be held that `deliverAgain` was said of; then the sink rejects with what was thrown. Absent: as
   * long as the bot runs. Without meaning where there is `failed`.
   */
  readonly holdMs?: number | undefined;
  /**
   * Told that the handlers threw. Resolves to how many milliseconds to wait before they run again, with the lane held
   * and the place among the running ones let go; `undefined` gives up on the update. Absent: there is one
   * attempt, and more only for what `deliverAgain` was said of.
   */
  readonly failed?: ((error: unknown, attempt: number) => Promise<number | undefined>) | undefined;
}

/** Where deliveries go. Resolves when the update is done with; rejects only if it must be delivered again. */
export type Sink = (delivery: Delivery) => Promise<void>;
