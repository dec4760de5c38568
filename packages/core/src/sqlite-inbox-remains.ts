import { systemClock } from "@balekit/storage";
import type { Takeover } from "./sqlite-inbox-owner.js";
import type { InboxRows, PendingRow } from "./sqlite-inbox-rows.js";

/**
 * What an earlier process has left to be handed out, less what has killed too many. Runs inside the transaction that takes
 * over, and notes there who is to blame when this process dies as well.
 */
export function remainsOf(rows: InboxRows, how: Takeover, maxStarts: number): readonly PendingRow[] {
  const left = rows.pending();
  if (how !== "after a crash") return left;
  const lanes = new Set<string>();
  return left.flatMap((row) => {
    // Only the first of a lane can have been running.
    if (lanes.has(row.lane)) return [row];
    if (row.starts >= maxStarts) {
      const error = `The process has ended ${row.starts} times while this update was being handled.`;
      rows.bury(row.id, error, systemClock.now());
      return [];
    }
    lanes.add(row.lane);
    // From the second on each is counted when it begins, alone among its kind: then it is known who is to blame.
    if (row.starts < 2) rows.countStart(row.id);
    return [{ ...row, starts: Math.max(row.starts, 1) }];
  });
}
