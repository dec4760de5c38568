import { createHash } from "node:crypto";
import { type Migration, planMigrations, type SchemaState } from "./migrations.js";
import { opening } from "./opening.js";
import { answerCode, type RedisClient, type RedisWire, redisWire } from "./redis-client.js";
import { serverFault } from "./server-fault.js";
import { misuse, StorageError } from "./storage-error.js";
import { nodeWarning, type OnStorageWarning } from "./warning.js";

/** Options of every store in Redis. */
export interface RedisOptions {
  /** What the names of all keys in Redis begin with: letters, digits and `_-.:{}`. @default "balekit" */
  readonly prefix?: string | undefined;
  /** How long a call waits for Redis before a `StorageUnavailableError`. @default 5_000 */
  readonly timeoutMs?: number | undefined;
  /** Hears what is to be known at the first use. @default process.emitWarning */
  readonly onWarning?: OnStorageWarning | undefined;
}

/** A step of a schema, in Lua; `PREFIX` is what names begin with. Runs in one script with noting that it ran. */
export type RedisStep = string;

/** A script that Redis runs whole, with nothing in between. */
export interface RedisScript {
  readonly text: string;
  readonly sha: string;
}

/** What a script is run on. */
export interface RedisRun {
  readonly doing: () => string;
  readonly keys: readonly string[];
  readonly args: readonly string[];
  readonly isWrite: boolean;
}

/** A Redis made ready: checked, migrated. */
export interface RedisHandle {
  /** The name of a key of the store in Redis. */
  readonly name: (...parts: readonly string[]) => string;
  readonly ask: RedisWire["ask"];
  /** Runs a script; one that writes answers 0 when it has refused, and changed nothing. */
  readonly run: (script: RedisScript, on: RedisRun) => Promise<unknown>;
}

/** Makes a script of this text. */
export function redisScript(text: string): RedisScript {
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}

const MIGRATE = `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
local PREFIX = ARGV[4]
STEPS
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`;

/** How often a migration that another process got ahead of is planned anew. */
const MIGRATION_TRIES = 20;

/**
 * Prepares the store `store`; Redis is asked at the first use, because a client may be made before its server is there.
 * @throws {TypeError} ERR_BALE_OPTION
 */
export function openRedis(
  client: RedisClient,
  store: string,
  steps: readonly Migration<RedisStep>[],
  { prefix = "balekit", timeoutMs = 5_000, onWarning = nodeWarning }: RedisOptions,
): RedisHandle {
  const doing = `Opening the Redis store ${store}`;
  if (!/^[\w.:{}-]{1,100}$/.test(prefix)) {
    throw misuse(
      "ERR_BALE_OPTION",
      `${doing}: prefix is ${JSON.stringify(prefix)}. Give 1 to 100 letters, digits, and _ - . : { }.`,
    );
  }
  const wire = redisWire(doing, client, timeoutMs);
  const name = (...parts: readonly string[]): string => [prefix, ...parts].join("/");

  const ready = opening(async () => {
    await inspect(wire, doing, onWarning);
    await migrate();
  });

  async function migrate(): Promise<void> {
    for (let tries = 0; tries < MIGRATION_TRIES; tries++) {
      const args = ["HGET", name("schema"), store] as const;
      const kept = await wire.ask({ doing: () => doing, args, isWrite: false });
      const found = typeof kept === "string" ? kept : "";
      const plan = planMigrations(`the Redis store ${name(store)}`, steps, stateFrom(found));
      if (plan.steps.length === 0) return;
      const lua = plan.steps.map(({ run }) => `do ${run} end`).join("\n");
      const script = redisScript(MIGRATE.replace("STEPS", () => lua));
      const done = await evaluate(script, {
        doing: () => doing,
        keys: [name("schema")],
        args: [store, found, stateText(plan.state), name("")],
        isWrite: true,
      });
      if (done === 1) return;
    }
    throw new StorageError(
      "ERR_BALE_STORAGE_SCHEMA",
      `${doing}: its schema changed ${MIGRATION_TRIES} times while it was read. Start one release after the other.`,
    );
  }

  async function evaluate(script: RedisScript, { doing, keys, args, isWrite }: RedisRun): Promise<unknown> {
    const operands = [String(keys.length), ...keys, ...args];
    try {
      return await wire.ask({ doing, args: ["EVALSHA", script.sha, ...operands], isWrite });
    } catch (error) {
      if (answerCode(error) !== "NOSCRIPT") throw error;
    }
    return wire.ask({ doing, args: ["EVAL", script.text, ...operands], isWrite });
  }

  return {
    name,
    async ask(call): Promise<unknown> {
      await ready();
      return wire.ask(call);
    },
    async run(script, on): Promise<unknown> {
      await ready();
      const before = wire.losses();
      const answer = await evaluate(script, on);
      if (!on.isWrite || answer !== 0 || wire.losses() === before) return answer;
      // ioredis sends again what had no answer when the connection broke: the refusal may be of our own success.
      throw serverFault({
        server: "Redis",
        doing: on.doing(),
        cause: new Error("the connection broke before the answer came"),
        isRefusal: false,
        maybeDone: true,
      });
    },
  };
}

function stateText({ version, oldestReader }: SchemaState): string {
  return `${version} ${oldestReader}`;
}

function stateFrom(text: string): SchemaState | undefined {
  const [version, oldestReader] = text.split(" ").map(Number);
  return version === undefined || oldestReader === undefined ? undefined : { version, oldestReader };
}

/** Refuses a Redis that forgets keys to make room, and says when one keeps nothing on its disk. */
async function inspect(wire: RedisWire, doing: string, onWarning: OnStorageWarning): Promise<void> {
  const info = async (section: string): Promise<Map<string, string>> => {
    const text = await wire.ask({ doing: () => doing, args: ["INFO", section], isWrite: false });
    const lines = String(text)
      .split(/\r?\n/)
      .map((line) => line.split(":"));
    return new Map(lines.map(([name = "", value = ""]) => [name, value]));
  };
  let facts: Map<string, string>;
  try {
    facts = new Map([...(await info("memory")), ...(await info("persistence"))]);
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== "ERR_BALE_STORAGE_SERVER") throw error;
    facts = new Map();
  }
  const policy = facts.get("maxmemory_policy");
  if (policy === undefined) {
    onWarning(
      `${doing}: Redis does not tell its maxmemory-policy. See to it that it is noeviction: under any other, Redis ` +
        "forgets keys when its memory is full.",
    );
  } else if (policy !== "noeviction") {
    throw new StorageError(
      "ERR_BALE_STORAGE_EVICTION",
      `${doing}: maxmemory-policy is ${policy}, so Redis forgets keys when its memory is full. ` +
        "Set it to noeviction, or take a Redis that is no cache.",
    );
  }
  if (facts.get("aof_enabled") === "0") {
    onWarning(
      `${doing}: Redis writes no append-only file, so what it has acknowledged since its last snapshot is lost when it ` +
        "ends suddenly. Set appendonly yes.",
    );
  }
}
