import type { Clock } from "./clock.js";
import { dueSearch, groupOf } from "./due-search.js";
import { checkKey, keyFromText, keyToText } from "./key.js";
import { checkChange } from "./lane-change.js";
import type { Lane, LaneCommit, LaneStore } from "./lane-store.js";
import { withLostAnswers } from "./lost-answer.js";
import type { Migration } from "./migrations.js";
import { newVersion } from "./new-version.js";
import type { RedisClient } from "./redis-client.js";
import { redisKeys } from "./redis-keys.js";
import {
  COMMIT_LANE,
  DELETE_LANE,
  DUE_LANES,
  DUE_LANES_OF_GROUP,
  FIND_LANE,
  GROUP_DUE_LANES,
  LIVE_LANES,
  LOAD_LANE,
  SWEEP_LANES,
} from "./redis-lane-scripts.js";
import { openRedis, type RedisOptions, type RedisStep } from "./redis-server.js";
import { sweeper } from "./sweeper.js";
import { systemClock } from "./system-clock.js";
import { type ValueOptions, valueText } from "./value-text.js";

/** Options of `redisLanes`. `maxBytes` bounds a head, and each entry. */
export interface RedisLanesOptions extends RedisOptions, ValueOptions {
  /** What `ttlMs` is measured with. @default systemClock */
  readonly clock?: Clock | undefined;
}

/**
 * A lane is a hash with its head and a list with its log. What belongs to all lanes lies in three keys: `due` and
 * `expiry`, sorted by time, and `tokens`, from token to lane. Since step 2 what is due is sorted a second time, by the
 * groups of keys: `due-of`.
 */
const STEPS: readonly Migration<RedisStep>[] = [
  { version: 1, run: "" },
  { version: 2, run: GROUP_DUE_LANES },
];

/** When the sweeper could not reach Redis it looks again after this time. */
const RETRY_SWEEP_MS = 60_000;

/**
 * Keeps logs in Redis, shared by any number of machines. A token named by two lanes leads to the one that named it last.
 * The client is yours: one of ioredis, or of redis after `connect()`.
 */
export function redisLanes<Head = unknown, Entry = unknown>(
  client: RedisClient,
  options: RedisLanesOptions = {},
): LaneStore<Head, Entry> {
  const { clock = systemClock } = options;
  const values = valueText("Redis", options);
  const { name, ask, run } = openRedis(client, "lanes", STEPS, options);
  const beginnings = [name("lane", ""), name("log", "")] as const;
  const ofAll = [name("due"), name("expiry"), name("tokens")] as const;
  const keysOf = (text: string): readonly string[] => {
    const group = groupOf(text);
    const ofGroup = group === undefined ? [] : [name("due-of", group)];
    return [name("lane", text), name("log", text), ...ofAll, ...ofGroup];
  };
  const now = (): string => String(clock.now());

  const sweep = sweeper(clock, () => {
    void sweepNow();
    return Number.POSITIVE_INFINITY;
  });
  async function sweepNow(): Promise<void> {
    try {
      const doing = (): string => "Removing expired lanes";
      let next: number;
      do {
        const args = [now(), ...beginnings, name("due-of", "")];
        const on = { doing, keys: [...ofAll], args, isWrite: true };
        next = Number((await run(SWEEP_LANES, on)) ?? Number.POSITIVE_INFINITY);
      } while (next <= clock.now()); // a script removes a bounded number, so that nobody waits for long
      sweep.by(next);
    } catch {
      sweep.by(clock.now() + RETRY_SWEEP_MS); // reads do not see what has expired
    }
  }
  sweep.by(clock.now() + RETRY_SWEEP_MS); // what expired while nobody was there

  return {
    async load(key: string, fromIndex = 0): Promise<Lane<Head, Entry> | undefined> {
      const doing = (): string => `Loading the lane ${JSON.stringify(key)}`;
      const keys = keysOf(keyToText(key)).slice(0, 2);
      const found = await run(LOAD_LANE, {
        doing,
        keys,
        args: [now(), fromIndex < 0 ? `-${index(-fromIndex)}` : index(fromIndex)],
        isWrite: false,
      });
      if (!Array.isArray(found)) return undefined;
      const [version, head, first, wakeAt, log, next] = found as [
        string,
        string,
        string,
        string,
        string[],
        string,
      ];
      return {
        version,
        head: values.read(doing, head) as Head,
        firstIndex: Number(first),
        nextIndex: Number(next),
        log: log.map((entry) => values.read(doing, entry) as Entry),
        wakeAt: wakeAt === "-" ? undefined : Number(wakeAt),
      };
    },
    async commit(
      key: string,
      expected: string | null,
      change: LaneCommit<Head, Entry>,
    ): Promise<string | false> {
      checkKey("Committing a lane", key);
      const doing = (): string => `Committing the lane ${JSON.stringify(key)}`;
      const text = keyToText(key);
      checkChange(doing, expected, change);
      const head = change.head === undefined ? undefined : values.write(doing, change.head);
      const appended = (change.append ?? []).map((entry) => values.write(doing, entry));
      const version = newVersion();
      const time = clock.now();
      const expiresAt = change.ttlMs === undefined ? "-" : String(time + change.ttlMs);
      const args = [
        text,
        expected === null ? "-" : `=${expected}`,
        String(time),
        version,
        head ?? "",
        change.cutTo === undefined ? "-" : index(change.cutTo),
        String(change.wakeAt ?? "-"),
        expiresAt,
        head === undefined ? "-" : JSON.stringify((change.index ?? []).map(keyToText)),
        ...appended,
      ];
      const isDone = await withLostAnswers({
        write: async () => (await run(COMMIT_LANE, { doing, keys: keysOf(text), args, isWrite: true })) === 1,
      });
      if (isDone && expiresAt !== "-") sweep.by(Number(expiresAt));
      return isDone && version;
    },
    async delete(key: string, expected?: string): Promise<boolean> {
      const doing = (): string => `Deleting the lane ${JSON.stringify(key)}`;
      const text = keyToText(key);
      const args = [text, expected === undefined ? "*" : `=${expected}`, now()];
      return (await run(DELETE_LANE, { doing, keys: keysOf(text), args, isWrite: true })) === 1;
    },
    async due(prefix: string, time: number, limit: number): Promise<readonly string[]> {
      const doing = (): string => "Looking for the lanes that are due";
      const search = dueSearch(prefix, limit);
      const { group } = search;
      const keys = ofAll.slice(0, 2);
      const args = [String(time), now(), index(search.limit), search.text];
      const found =
        group === undefined
          ? await run(DUE_LANES, { doing, keys, args, isWrite: false })
          : await run(DUE_LANES_OF_GROUP, {
              doing,
              keys: [...keys, name("due-of", group), name("due-looked")],
              args: [...args, name("due-of", "")],
              isWrite: false,
            });
      return search.keysOf(found as string[]);
    },
    async find(token: string): Promise<string | undefined> {
      const doing = (): string => `Looking for the lane of ${JSON.stringify(token)}`;
      const args = [now(), keyToText(token)];
      const found = await run(FIND_LANE, { doing, keys: ofAll.slice(1), args, isWrite: false });
      return typeof found === "string" ? keyFromText(found) : undefined;
    },
    keys: (prefix: string): AsyncIterable<string> =>
      redisKeys({
        ask,
        beginning: beginnings[0],
        prefix,
        async live(texts) {
          const doing = (): string => "Listing lanes";
          const args = [now(), ...texts];
          const found = await run(LIVE_LANES, { doing, keys: [ofAll[1]], args, isWrite: false });
          return (found as number[]).map((one) => one === 1);
        },
      }),
  };
}

/** A whole number, as Redis takes it. */
function index(value: number): string {
  return String(Math.min(Math.max(Math.ceil(value), 0), Number.MAX_SAFE_INTEGER));
}
