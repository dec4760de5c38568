import type { Clock } from "./clock.js";
import { checkKey, keyFromText, keyToText } from "./key.js";
import { withLostAnswers } from "./lost-answer.js";
import type { Migration } from "./migrations.js";
import { newVersion } from "./new-version.js";
import type { RedisClient } from "./redis-client.js";
import { redisKeys } from "./redis-keys.js";
import { openRedis, type RedisOptions, type RedisStep, redisScript } from "./redis-server.js";
import type { DeleteOptions, SetOptions, SetResult, Storage, Stored } from "./storage.js";
import { systemClock } from "./system-clock.js";
import { type ValueOptions, valueText } from "./value-text.js";

/** Options of `redis`. */
export interface RedisStorageOptions extends RedisOptions, ValueOptions {
  /** What `ttlMs` is measured with. @default systemClock */
  readonly clock?: Clock | undefined;
}

/**
 * A value is one string: its version, when it expires (`-`: never) and its text, with a space between. Reading takes one
 * GET and no script; a script looks at the head of the string only.
 */
const STEPS: readonly Migration<RedisStep>[] = [{ version: 1, run: "" }];

/** Longer than any head. */
const HEAD = 200;

const HEAD_OF = `
local version, expires = string.match(redis.call('GETRANGE', KEYS[1], 0, ${HEAD}), '^(%S+) (%S+) ')
`;

const LIVE = `
local isLive = version and (expires == '-' or tonumber(expires) > tonumber(now))
if expected == '-' then
  if isLive then return 0 end
elseif expected ~= '*' and not (isLive and '=' .. version == expected) then
  return 0
end
`;

/** A write whose first sending got through and whose answer did not is met again by its own version. */
const SET = redisScript(`
local expected, now, mine, px, kept = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
${HEAD_OF}
if version == mine then return 1 end
${LIVE}
if px == '-' then redis.call('SET', KEYS[1], kept) else redis.call('SET', KEYS[1], kept, 'PX', px) end
return 1
`);

const DELETE = redisScript(`
local expected, now = ARGV[1], ARGV[2]
${HEAD_OF}
${LIVE}
if not isLive then return 0 end
return redis.call('DEL', KEYS[1])
`);

/**
 * What has expired by our clock is not seen any more; Redis itself removes it this much later, because the clocks of
 * machines differ.
 */
const REMOVED_AFTER_MS = 60_000;
/** Redis refuses a time beyond its reach; then the value is removed when somebody writes over it. */
const LONGEST_PX = 2 ** 50;

/**
 * Keeps values in Redis, shared by any number of machines. The client is yours: one of ioredis, or of redis after
 * `connect()`; close it after the bot has stopped.
 * @example
 * const storage = redis(new Redis("redis://127.0.0.1:6379"));
 */
export function redis<Value = unknown>(
  client: RedisClient,
  options: RedisStorageOptions = {},
): Storage<Value> {
  const { clock = systemClock } = options;
  const values = valueText("Redis", options);
  const { name, ask, run } = openRedis(client, "values", STEPS, options);
  const nameOf = (key: string): string => name("value", keyToText(key));

  /** The version, and where the text begins, of a string that is still alive. */
  function parse(kept: unknown): { readonly version: string; readonly textAt: number } | undefined {
    if (typeof kept !== "string") return undefined;
    const first = kept.indexOf(" ");
    if (first === -1) return undefined; // GETRANGE gives "" for no key
    const second = kept.indexOf(" ", first + 1);
    const expires = kept.slice(first + 1, second);
    if (expires !== "-" && Number(expires) <= clock.now()) return undefined;
    return { version: kept.slice(0, first), textAt: second + 1 };
  }

  async function isLive(text: string): Promise<boolean> {
    const doing = (): string => `Looking at ${JSON.stringify(keyFromText(text))}`;
    const args = ["GETRANGE", name("value", text), "0", String(HEAD)] as const;
    return parse(await ask({ doing, args: [...args], isWrite: false })) !== undefined;
  }

  return {
    async get(key: string): Promise<Stored<Value> | undefined> {
      const doing = (): string => `Reading ${JSON.stringify(key)}`;
      const kept = await ask({ doing, args: ["GET", nameOf(key)], isWrite: false });
      const found = parse(kept);
      if (found === undefined) return undefined;
      return {
        value: values.read(doing, (kept as string).slice(found.textAt)) as Value,
        version: found.version,
      };
    },
    async set(key: string, value: Value, { ifVersion, ttlMs }: SetOptions = {}): Promise<SetResult> {
      checkKey("Storing a value", key);
      const doing = (): string => `Storing ${JSON.stringify(key)}`;
      const text = values.write(doing, value);
      const version = newVersion();
      const now = clock.now();
      const px = ttlMs === undefined ? "-" : lifetime(ttlMs);
      const kept = `${version} ${ttlMs === undefined ? "-" : now + ttlMs} ${text}`;
      const on = {
        doing,
        keys: [nameOf(key)],
        args: [expectation(ifVersion), String(now), version, px, kept],
        isWrite: true,
      };
      const written = await withLostAnswers({
        write: async () => (await run(SET, on)) === 1,
      });
      return written ? { ok: true, version } : { ok: false };
    },
    async delete(key: string, { ifVersion }: DeleteOptions = {}): Promise<boolean> {
      const doing = (): string => `Deleting ${JSON.stringify(key)}`;
      const args = [expectation(ifVersion), String(clock.now())];
      return (await run(DELETE, { doing, keys: [nameOf(key)], args, isWrite: true })) === 1;
    },
    keys: (prefix: string): AsyncIterable<string> =>
      redisKeys({
        ask,
        beginning: name("value", ""),
        prefix,
        live: (texts) => Promise.all(texts.map(isLive)),
      }),
  };
}

/** The `ifVersion` of a `set` or `delete` as the scripts take it, so that no version can be mistaken for a rule. */
function expectation(ifVersion: string | null | undefined): string {
  if (ifVersion === undefined) return "*";
  return ifVersion === null ? "-" : `=${ifVersion}`;
}

function lifetime(ttlMs: number): string {
  const px = Math.max(1, Math.ceil(ttlMs + REMOVED_AFTER_MS));
  return px <= LONGEST_PX ? String(px) : "-";
}
