import { checkPrefix } from "./due-search.js";
import { checkKey } from "./key.js";
import { checkChange } from "./lane-change.js";
import type { Lane, LaneCommit, LaneStore } from "./lane-store.js";
import type { Storage } from "./storage.js";
import { nodeWarning, type OnStorageWarning } from "./warning.js";

/** Options of `lanesOf`. */
export interface LanesOfOptions {
  /** What the keys of the lanes begin with inside the storage. @default "lane:" */
  readonly prefix?: string | undefined;
  /** Hears what is to be known at the start. @default process.emitWarning */
  readonly onWarning?: OnStorageWarning | undefined;
}

/** A whole lane as one value of the storage. */
interface KeptLane {
  readonly head: unknown;
  readonly firstIndex: number;
  readonly log: readonly unknown[];
  readonly wakeAt?: number | undefined;
  readonly tokens?: readonly string[] | undefined;
}

/**
 * Keeps logs in a plain Storage, for ONE process, and says so at the start: a lane is one value that every commit
 * writes whole, and deadlines and tokens are found by reading all lanes once. Lanes never overwrite each other unseen
 * even so; two processes would only not hear of each other's deadlines.
 */
export function lanesOf<Head = unknown, Entry = unknown>(
  storage: Storage,
  options: LanesOfOptions = {},
): LaneStore<Head, Entry> {
  const { prefix = "lane:", onWarning = nodeWarning } = options;
  const kept = storage as Storage<KeptLane>;
  const wakes = new Map<string, number>();
  const byToken = new Map<string, string>();
  const tokensOf = new Map<string, readonly string[]>();
  let scanned: Promise<void> | undefined;
  onWarning(
    "Logs are kept in a plain storage: for one process, and each commit writes its whole lane. " +
      "Take sqliteLanes() for more.",
  );

  function forget(key: string): void {
    for (const token of tokensOf.get(key) ?? []) if (byToken.get(token) === key) byToken.delete(token);
    tokensOf.delete(key);
    wakes.delete(key);
  }

  function note(key: string, { wakeAt, tokens = [] }: KeptLane): void {
    forget(key);
    if (wakeAt !== undefined) wakes.set(key, wakeAt);
    if (tokens.length === 0) return;
    tokensOf.set(key, tokens);
    for (const token of tokens) byToken.set(token, key);
  }

  /** Reads every lane, once; a scan that failed is begun anew by whoever needs it next. */
  function scan(): Promise<void> {
    scanned ??= (async () => {
      for await (const name of kept.keys(prefix)) {
        const found = await kept.get(name);
        if (found !== undefined) note(name.slice(prefix.length), found.value);
      }
    })().catch((error: unknown) => {
      scanned = undefined;
      throw error;
    });
    return scanned;
  }

  return {
    async load(key: string, fromIndex = 0): Promise<Lane<Head, Entry> | undefined> {
      const found = await kept.get(prefix + key);
      if (found === undefined) return undefined;
      const { head, firstIndex, log, wakeAt } = found.value;
      return {
        version: found.version,
        head: head as Head,
        firstIndex,
        nextIndex: firstIndex + log.length,
        log: log.slice(fromIndex < 0 ? fromIndex : Math.max(0, fromIndex - firstIndex)) as Entry[],
        wakeAt,
      };
    },
    async commit(
      key: string,
      expected: string | null,
      change: LaneCommit<Head, Entry>,
    ): Promise<string | false> {
      checkKey("Committing a lane", key);
      checkChange(() => `Committing the lane ${JSON.stringify(key)}`, expected, change);
      await scan();
      const found = await kept.get(prefix + key);
      if ((found?.version ?? null) !== expected) return false;
      const before: KeptLane = found?.value ?? { head: undefined, firstIndex: 0, log: [] };
      const { head = before.head, index = change.head === undefined ? before.tokens : undefined } = change;
      const whole = [...before.log, ...(change.append ?? [])];
      const cut = Math.min(
        Math.max((change.cutTo ?? before.firstIndex) - before.firstIndex, 0),
        whole.length,
      );
      const lane: KeptLane = {
        head,
        firstIndex: before.firstIndex + cut,
        log: whole.slice(cut),
        wakeAt: change.wakeAt ?? undefined,
        tokens: index?.length ? index : undefined,
      };
      const written = await kept.set(prefix + key, lane, { ifVersion: expected, ttlMs: change.ttlMs });
      if (!written.ok) return false;
      note(key, lane);
      return written.version;
    },
    async delete(key: string, expected?: string): Promise<boolean> {
      await scan();
      const isGone = await kept.delete(prefix + key, { ifVersion: expected });
      if (isGone) forget(key);
      return isGone;
    },
    async due(wanted: string, now: number, limit: number): Promise<readonly string[]> {
      checkPrefix(wanted);
      await scan();
      const ready = [...wakes]
        .filter(([key, at]) => at <= now && key.startsWith(wanted))
        .sort(([, one], [, other]) => one - other);
      const keys: string[] = [];
      for (const [key] of ready) {
        if (keys.length >= limit) break;
        if ((await kept.get(prefix + key)) !== undefined) keys.push(key);
        else forget(key); // its ttlMs has passed
      }
      return keys;
    },
    async find(token: string): Promise<string | undefined> {
      await scan();
      const key = byToken.get(token);
      return key !== undefined && (await kept.get(prefix + key)) !== undefined ? key : undefined;
    },
    async *keys(wanted: string): AsyncIterable<string> {
      for await (const name of kept.keys(prefix + wanted)) yield name.slice(prefix.length);
    },
  };
}
