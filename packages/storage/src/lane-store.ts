/** A lane as it stood at one instant: its head and the tail of its log, read together. */
export interface Lane<Head = unknown, Entry = unknown> {
  /** Unique for this key across delete and re-create; compare for equality only. */
  readonly version: string;
  readonly head: Head;
  /** Sequence number of the first log entry that is still kept. */
  readonly firstIndex: number;
  /** Sequence number the next entry gets: how many were ever appended. Read together with the version. */
  readonly nextIndex: number;
  /** Entries from the index asked for (or from `firstIndex`, whichever is later) to the end. */
  readonly log: readonly Entry[];
  /** When the lane wants to be looked at again, in ms since 1970; absent: never by itself. */
  readonly wakeAt?: number | undefined;
}

/** One change of a lane, applied whole or not at all. */
export interface LaneCommit<Head = unknown, Entry = unknown> {
  /** Replaces the head. Absent: head and tokens stay as they are; a new lane needs one. */
  readonly head?: Head | undefined;
  /** Appended to the log in this order. */
  readonly append?: readonly Entry[] | undefined;
  /** Drops log entries below this index. */
  readonly cutTo?: number | undefined;
  /** Sets the deadline; `null` or absent clears it. Milliseconds since 1970. */
  readonly wakeAt?: number | null | undefined;
  /** Forgets the whole lane after this many milliseconds. Absent: keeps it. */
  readonly ttlMs?: number | undefined;
  /** Tokens that lead to this lane through `find`. A commit with a head replaces those of the last one that had any. */
  readonly index?: readonly string[] | undefined;
}

/**
 * Keeps logs: an ordered list of entries behind one small head, changed only by compare-and-set.
 * Inboxes, conversations, timers and orders all stand on it, so one store per deployment is enough.
 */
export interface LaneStore<Head = unknown, Entry = unknown> {
  /**
   * Head and log from `fromIndex` on in ONE snapshot, as copies that are the caller's own; `undefined` when there is no
   * such lane. Below 0 it counts from the end: -3 loads the last three entries.
   */
  load(key: string, fromIndex?: number): Promise<Lane<Head, Entry> | undefined>;
  /**
   * Applies a change if the lane is still at `expected` (`null`: it must not exist).
   * Resolves to the new version, or `false` when somebody else was first; nothing was changed then.
   */
  commit(key: string, expected: string | null, change: LaneCommit<Head, Entry>): Promise<string | false>;
  /** Removes a lane with its log, deadline and tokens. */
  delete(key: string, expected?: string): Promise<boolean>;
  /**
   * Keys that start with `prefix` and whose deadline is at or before `now`, earliest first, at most `limit`. A prefix that
   * goes beyond the key's second colon (`keyOf("timer", botId) + ":"`) is found without reading what others have due.
   */
  due(prefix: string, now: number, limit: number): Promise<readonly string[]>;
  /** The key of the lane whose last commit named `token`. */
  find(token: string): Promise<string | undefined>;
  /** Every lane's key that starts with `prefix`. */
  keys(prefix: string): AsyncIterable<string>;
}
