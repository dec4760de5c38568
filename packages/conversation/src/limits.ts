import { misuse, shown } from "./misuse.js";
import type { JournalLimits } from "./operation.js";

/** Bounds of everything that grows, and of everything that could last for ever. */
export interface ConversationLimits extends JournalLimits {
  /** How many conversations may be open in one lane: with one user in one chat. @default 16 */
  readonly maxInstances?: number | undefined;
  /** How many processes in a row may end at the same step before it is parked as poison. @default 5 */
  readonly maxAttempts?: number | undefined;
  /** How long code may await something that is not in its journal. @default 60,000 */
  readonly stepMs?: number | undefined;
  /** How long living code is kept when nothing comes for it. @default 900,000 */
  readonly idleMs?: number | undefined;
  /** How long a conversation without a deadline is kept after its last step; then it leaves, as `"expired"`. @default 30 days */
  readonly laneTtlMs?: number | undefined;
  /** How long the ids of what was taken are remembered after the last conversation of a lane. @default 24 hours */
  readonly tombstoneMs?: number | undefined;
  /** How long it is kept how a conversation has ended, and its result, for `bot.conversations.ending`; 0: not at all. @default 24 hours */
  readonly endingMs?: number | undefined;
  /** How long a parked conversation is kept; then it ends, as `"expired"`. @default 14 days */
  readonly parkedMs?: number | undefined;
}

/** Limits that somebody wants other than they are. */
export type WantedLimits = { readonly [Name in keyof ConversationLimits]?: number | undefined };

const DEFAULTS: JournalLimits = { maxRecords: 10_000, maxBytes: 1_048_576, maxValueBytes: 65_536 };

/** The limits that hold, given those somebody wants otherwise. @throws TypeError when one is no number from 0 up */
export function limitsOf(wanted: WantedLimits = {}): ConversationLimits {
  for (const [name, value] of Object.entries(wanted) as [string, unknown][]) {
    if (value === undefined || (typeof value === "number" && value >= 0)) continue;
    throw misuse(
      "ERR_BALE_CONVERSATION_DEFINITION",
      `conversations: limits.${name} is ${shown(value)}. Give a number from 0 up.`,
    );
  }
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  return { ...DEFAULTS, ...given };
}
