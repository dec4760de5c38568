import type { LaneStore } from "./lane-store.js";

/** Which of the lanes that are due are wanted. */
export interface DueLanesOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly isWanted: (key: string) => boolean;
  /** The most keys to answer with. @default 100 */
  readonly limit?: number | undefined;
}

/**
 * The keys of the lanes that are due, and are wanted, earliest first. A store may be shared: however many lanes of others
 * are due before them, and are looked after by nobody, yours are found.
 */
export async function dueLanes(
  lanes: Pick<LaneStore, "due">,
  { now, isWanted, limit = 100 }: DueLanesOptions,
): Promise<readonly string[]> {
  for (let asked = limit; ; asked *= 10) {
    const keys = await lanes.due(now, asked);
    const wanted = keys.filter(isWanted);
    if (wanted.length >= limit || keys.length < asked) return wanted.slice(0, limit);
  }
}
