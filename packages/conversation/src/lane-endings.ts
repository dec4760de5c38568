import type { EndedInstance, LaneHead } from "./lane-head.js";

/** How many endings a lane keeps, and how many bytes they may take in all: every head that is written holds them. */
const MOST = 16;
const MOST_BYTES = 131_072;

/** The endings of a lane with one more, if there is one: without those that are too old, too many or too large. */
export function endingsWith(
  { endings = [] }: LaneHead,
  added: EndedInstance | undefined,
  since: number,
): readonly EndedInstance[] | undefined {
  if (endings.length === 0 && added === undefined) return undefined;
  const all = added === undefined ? endings : [...endings, added];
  const kept: EndedInstance[] = [];
  let bytes = 0;
  for (const ended of all.slice(-MOST).reverse()) {
    bytes += JSON.stringify(ended.kept).length;
    // The newest is kept whatever it takes: it is bounded as every value is.
    if (ended.at <= since || (kept.length > 0 && bytes > MOST_BYTES)) break;
    kept.unshift(ended);
  }
  return kept.length === 0 ? undefined : kept;
}
