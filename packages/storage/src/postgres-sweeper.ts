import type { Clock } from "./clock.js";
import type { PostgresHandle } from "./postgres-database.js";
import { type Sweeper, sweeper } from "./sweeper.js";

/** How expired rows are removed. */
export interface PostgresSweep {
  readonly clock: Clock;
  readonly ask: PostgresHandle["ask"];
  /** Removes at most `$2` rows that expired by `$1`, a row of the answer for each. */
  readonly sweep: string;
  /** Gives the next time of expiry as `next`. */
  readonly next: string;
}

/** Rows removed by one statement, so that none holds its locks for long. */
const AT_ONCE = 500;
const AGAIN_MS = 60_000;

/** Removes expired rows now and then; reads do not see them in between. Any number of processes may do so. */
export function postgresSweeper({ clock, ask, sweep: remove, next }: PostgresSweep): Sweeper {
  const doing = (): string => "Removing what has expired";
  const sweep = sweeper(clock, () => {
    void sweepNow();
    return Number.POSITIVE_INFINITY;
  });
  async function sweepNow(): Promise<void> {
    try {
      let removed: number;
      do {
        const values = [clock.now(), AT_ONCE];
        removed = (await ask({ doing, text: remove, values, isWrite: true })).length;
      } while (removed === AT_ONCE);
      const [row] = await ask<{ readonly next: string | null }>({
        doing,
        text: next,
        values: [],
        isWrite: false,
      });
      sweep.by(row?.next ? Number(row.next) : Number.POSITIVE_INFINITY);
    } catch {
      sweep.by(clock.now() + AGAIN_MS); // away, or ended
    }
  }
  sweep.by(clock.now() + AGAIN_MS); // what expired while nobody was there
  return sweep;
}
