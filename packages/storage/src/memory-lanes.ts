import type { Clock } from "./clock.js";
import { checkPrefix } from "./due-search.js";
import { checkKey } from "./key.js";
import { checkChange } from "./lane-change.js";
import type { Lane, LaneCommit, LaneStore } from "./lane-store.js";
import { sweeper } from "./sweeper.js";
import { systemClock } from "./system-clock.js";
import { type ValueOptions, valueText } from "./value-text.js";

/** Options of `memoryLanes`. */
export interface MemoryLanesOptions extends ValueOptions {
  /** What `ttlMs` is measured with. @default systemClock */
  readonly clock?: Clock | undefined;
}

interface StoredLane {
  version: string;
  head: string;
  firstIndex: number;
  /** Grows and is cut in place: a commit costs what it appends, not what is kept. */
  readonly log: string[];
  wakeAt: number | undefined;
  tokens: readonly string[];
  expiresAt: number;
}

const NEW = {
  version: "",
  head: "",
  firstIndex: 0,
  wakeAt: undefined,
  tokens: [],
  expiresAt: Number.POSITIVE_INFINITY,
} as const;

/**
 * Keeps logs in this process: gone at its end. Heads and entries are kept as text, as the durable stores keep
 * them. A token named by two lanes leads to the one that named it last.
 */
export function memoryLanes<Head = unknown, Entry = unknown>(
  options: MemoryLanesOptions = {},
): LaneStore<Head, Entry> {
  const { clock = systemClock } = options;
  const values = valueText("memory", options);
  const lanes = new Map<string, StoredLane>();
  const byToken = new Map<string, string>();
  /** Only the lanes that have a deadline: `due` looks at no others. */
  const wakes = new Map<string, number>();
  let commits = 0;
  const sweep = sweeper(clock, () => {
    let next = Number.POSITIVE_INFINITY;
    for (const [key, lane] of lanes) {
      if (lane.expiresAt <= clock.now()) remove(key, lane);
      else if (lane.expiresAt < next) next = lane.expiresAt;
    }
    return next;
  });

  function live(key: string): StoredLane | undefined {
    const lane = lanes.get(key);
    if (lane === undefined || lane.expiresAt > clock.now()) return lane;
    remove(key, lane);
    return undefined;
  }

  function remove(key: string, lane: StoredLane): void {
    lanes.delete(key);
    wakes.delete(key);
    forgetTokens(key, lane.tokens);
  }

  function forgetTokens(key: string, tokens: readonly string[]): void {
    for (const token of tokens) {
      if (byToken.get(token) === key) byToken.delete(token);
    }
  }

  /** Apart from the async function around it: what that holds is made anew for each call. */
  function commit(key: string, expected: string | null, change: LaneCommit<Head, Entry>): string | false {
    checkKey("Committing a lane", key);
    const doing = (): string => `Committing the lane ${JSON.stringify(key)}`;
    checkChange(doing, expected, change);
    const head = change.head === undefined ? undefined : values.write(doing, change.head);
    const appended = change.append?.map((entry) => values.write(doing, entry)) ?? [];
    const before = live(key);
    if ((before?.version ?? null) !== expected) return false;

    const version = String(++commits);
    const lane = before ?? { ...NEW, log: [] };
    if (before === undefined) lanes.set(key, lane);
    for (const entry of appended) lane.log.push(flat(entry));
    const cut = Math.min(Math.max((change.cutTo ?? lane.firstIndex) - lane.firstIndex, 0), lane.log.length);
    if (cut > 0) lane.log.splice(0, cut);
    lane.firstIndex += cut;
    lane.version = version;
    lane.expiresAt = change.ttlMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + change.ttlMs;
    lane.wakeAt = change.wakeAt ?? undefined;
    if (lane.wakeAt === undefined) wakes.delete(key);
    else wakes.set(key, lane.wakeAt);
    if (head !== undefined) {
      lane.head = flat(head);
      forgetTokens(key, lane.tokens);
      lane.tokens = change.index ?? [];
      for (const token of lane.tokens) byToken.set(token, key);
    }
    sweep.by(lane.expiresAt);
    return version;
  }

  return {
    async load(key: string, fromIndex = 0): Promise<Lane<Head, Entry> | undefined> {
      const lane = live(key);
      if (lane === undefined) return undefined;
      const doing = (): string => `Loading the lane ${JSON.stringify(key)}`;
      return {
        version: lane.version,
        head: values.read(doing, lane.head) as Head,
        firstIndex: lane.firstIndex,
        nextIndex: lane.firstIndex + lane.log.length,
        log: lane.log
          .slice(fromIndex < 0 ? fromIndex : Math.max(0, fromIndex - lane.firstIndex))
          .map((entry) => values.read(doing, entry) as Entry),
        wakeAt: lane.wakeAt,
      };
    },
    async commit(
      key: string,
      expected: string | null,
      change: LaneCommit<Head, Entry>,
    ): Promise<string | false> {
      return commit(key, expected, change);
    },
    async delete(key: string, expected?: string): Promise<boolean> {
      const lane = live(key);
      if (lane === undefined || (expected !== undefined && lane.version !== expected)) return false;
      remove(key, lane);
      return true;
    },
    async due(prefix: string, now: number, limit: number): Promise<readonly string[]> {
      checkPrefix(prefix);
      return [...wakes]
        .filter(([key, wakeAt]) => wakeAt <= now && key.startsWith(prefix) && live(key) !== undefined)
        .sort(([, one], [, other]) => one - other)
        .slice(0, limit)
        .map(([key]) => key);
    },
    async find(token: string): Promise<string | undefined> {
      const key = byToken.get(token);
      return key !== undefined && live(key) !== undefined ? key : undefined;
    },
    async *keys(prefix: string): AsyncIterable<string> {
      for (const key of [...lanes.keys()]) {
        if (key.startsWith(prefix) && live(key) !== undefined) yield key;
      }
    },
  };
}

/**
 * The same text in one piece. What JSON.stringify has made stands in V8 as a tree of small pieces, which takes half as
 * much again for as long as it is kept; reading it as a number puts them together.
 */
function flat(text: string): string {
  void Number(text);
  return text;
}
