import { JournalLimitError } from "./errors.js";
import type { JournalLimits, Outcome } from "./operation.js";
import { type Json, type Packed, pack } from "./value.js";

/** How something ended, as the journal keeps it. */
export interface PackedOutcome {
  readonly ok: 1 | 0;
  readonly json: Json;
  readonly bytes: number;
}

/** Packs a value. @throws JournalLimitError when it takes more than a journal keeps */
export function packWithin(value: unknown, what: string, maxBytes: number): Packed {
  const packed = pack(value, what);
  if (packed.bytes <= maxBytes) return packed;
  throw new JournalLimitError(
    `${what}: the value takes about ${Math.round(packed.bytes / 1024)} KB, and a journal keeps ${Math.round(maxBytes / 1024)} KB. Keep only what the conversation needs of it.`,
  );
}

/** Packs how an operation ended; what is larger than a journal takes becomes the error that says so. */
export function packOutcome(key: string, outcome: Outcome, maxValueBytes: number): PackedOutcome {
  const packed = pack(outcome.ok ? outcome.value : outcome.error, key);
  if (packed.bytes <= maxValueBytes) return { ok: outcome.ok ? 1 : 0, ...packed };
  const tooLarge = new JournalLimitError(
    `${key}: the result takes about ${Math.round(packed.bytes / 1024)} KB, and a journal keeps ${Math.round(maxValueBytes / 1024)} KB. Return only what the conversation needs of it.`,
  );
  return { ok: 0, ...pack(tooLarge, key) };
}

/** @throws JournalLimitError when a journal has grown too long */
export function checkSize({ maxRecords, maxBytes }: JournalLimits, length: number, bytes: number): void {
  if (length <= maxRecords && bytes <= maxBytes) return;
  throw new JournalLimitError(
    `A conversation's journal has ${length} records and about ${Math.round(bytes / 1024)} KB; the limit is ${maxRecords} and ${Math.round(maxBytes / 1024)} KB. Put what repeats into c.loop, and what is finished into c.step.`,
  );
}
