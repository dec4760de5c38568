/** A stored value with the version it was read at. */
export interface Stored<Value> {
  readonly value: Value;
  /** Unique for this key across delete and re-create; compare for equality only. */
  readonly version: string;
}

/** How a `set` is to be carried out. */
export interface SetOptions {
  /**
   * Write only if the key is still at this version; `null` means only if it does not exist.
   * Absent: write whatever is there.
   */
  readonly ifVersion?: string | null | undefined;
  /** Forget the value after this many milliseconds. Absent: keep it. */
  readonly ttlMs?: number | undefined;
}

/** How a `delete` is to be carried out. */
export interface DeleteOptions {
  /** Delete only if the key is still at this version. */
  readonly ifVersion?: string | undefined;
}

/** What a `set` did: the new version, or `ok: false` when `ifVersion` no longer held. */
export type SetResult = { readonly ok: true; readonly version: string } | { readonly ok: false };

/**
 * Keeps one value a key. Every driver behaves alike: a write is durable once its promise resolves, versions are never
 * reused, and a refused write changes nothing.
 */
export interface Storage<Value = unknown> {
  get(key: string): Promise<Stored<Value> | undefined>;
  set(key: string, value: Value, options?: SetOptions): Promise<SetResult>;
  /** Resolves to whether something was deleted. */
  delete(key: string, options?: DeleteOptions): Promise<boolean>;
  /** Every live key that starts with `prefix`, in no particular order. */
  keys(prefix: string): AsyncIterable<string>;
}
