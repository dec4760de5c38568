import { serverFault } from "./server-fault.js";
import { misuse, StorageUnavailableError } from "./storage-error.js";
import { checkTimeout, withinTime } from "./time-limit.js";

/** A client of ioredis. */
export interface IoredisLike {
  call(command: string, args: string[]): Promise<unknown>;
}

/** A client of node-redis, connected by you. */
export interface NodeRedisLike {
  sendCommand(args: readonly string[]): Promise<unknown>;
}

/** The clients that fit, by what they can do. */
export type RedisClient = IoredisLike | NodeRedisLike;

/** What is asked of Redis, and for what. */
export interface RedisCall {
  readonly doing: () => string;
  readonly args: readonly [string, ...string[]];
  /** Whether a call without an answer may have changed something. */
  readonly isWrite: boolean;
}

/** One way to talk to either client. */
export interface RedisWire {
  /** @throws {StorageError} ERR_BALE_STORAGE_UNAVAILABLE, ERR_BALE_STORAGE_SERVER, never what the client throws. */
  ask(call: RedisCall): Promise<unknown>;
  /** How often the client has lost its connection: a call that met such a moment may have been sent twice. */
  readonly losses: () => number;
}

interface Watched {
  losses: number;
}

/** One set of listeners a client, however many stores stand on it. */
const watched = new WeakMap<object, Watched>();

/** What only a client that has not been sent anything says. */
const NEVER_SENT = /^Client(Closed|Offline)Error$|^Stream isn't writeable/;
/** Redis says no: a code in capitals begins what it says. */
const ANSWER = /^[A-Z][A-Z0-9_]+ /;
/** Redis says: not now. */
const NOT_NOW = /^(LOADING|MASTERDOWN|READONLY|TRYAGAIN|CLUSTERDOWN|MISCONF|BUSY|NOREPLICAS|UNKILLABLE) /;

/**
 * Speaks through this client.
 * @throws {TypeError} when it is none that fits.
 */
export function redisWire(doing: string, client: RedisClient, timeoutMs: number): RedisWire {
  checkTimeout(doing, timeoutMs);
  const send = sender(doing, client);
  const watch = watchOf(client);
  return {
    losses: () => watch.losses,
    async ask(call: RedisCall): Promise<unknown> {
      try {
        return await once(call);
      } catch (error) {
        // A connection may have died unseen; what changes nothing may be asked twice.
        if (call.isWrite || !(error instanceof StorageUnavailableError) || error.timedOut) throw error;
        return once(call);
      }
    },
  };

  async function once({ doing, args, isWrite }: RedisCall): Promise<unknown> {
    try {
      return await withinTime(timeoutMs, send(args));
    } catch (cause) {
      const { name, text } = said(cause);
      const hasAnswered = ANSWER.test(text);
      throw serverFault({
        server: "Redis",
        doing: doing(),
        cause,
        isRefusal: hasAnswered && !NOT_NOW.test(text),
        maybeDone: isWrite && !hasAnswered && !NEVER_SENT.test(name) && !NEVER_SENT.test(text),
      });
    }
  }
}

/** The start of what Redis answered, such as NOSCRIPT, when that is what the error is about. */
export function answerCode(error: unknown): string | undefined {
  return /^[A-Z][A-Z0-9_]+(?= )/.exec(said((error as { cause?: unknown } | undefined)?.cause).text)?.[0];
}

function said(cause: unknown): { readonly name: string; readonly text: string } {
  return cause instanceof Error
    ? { name: cause.constructor.name, text: cause.message }
    : { name: "", text: String(cause) };
}

function sender(doing: string, client: RedisClient): (args: readonly string[]) => Promise<unknown> {
  const { call, sendCommand, isCluster, slots, options } = (client ?? {}) as Partial<
    IoredisLike & NodeRedisLike
  > & {
    readonly isCluster?: unknown;
    readonly slots?: unknown;
    readonly options?: { readonly keyPrefix?: unknown };
  };
  if (isCluster === true || slots !== undefined) {
    throw misuse(
      "ERR_BALE_OPTION",
      `${doing}: that is a client of a Redis Cluster, and a store lies on one server. Give a client of one server.`,
    );
  }
  if (typeof options?.keyPrefix === "string" && options.keyPrefix !== "") {
    throw misuse(
      "ERR_BALE_OPTION",
      `${doing}: the client puts ${JSON.stringify(options.keyPrefix)} before keys by itself, though not where keys are ` +
        "listed. Make the client without keyPrefix and give the store the option prefix.",
    );
  }
  // Both have a sendCommand, and only ioredis, whose own takes something else, has a call.
  if (typeof call === "function") {
    return ([command = "", ...args]) => (client as IoredisLike).call(command, args);
  }
  if (typeof sendCommand === "function") return (args) => (client as NodeRedisLike).sendCommand(args);
  throw misuse(
    "ERR_BALE_OPTION",
    `${doing}: that is no Redis client. Give \`new Redis(url)\` of ioredis, or \`await createClient({ url }).connect()\` of redis.`,
  );
}

/**
 * Counts lost connections, and hears the errors a client emits: without a listener the process would end because a
 * server is away, and each call says so anyway.
 */
function watchOf(client: object): Watched {
  const found = watched.get(client);
  if (found !== undefined) return found;
  const watch: Watched = { losses: 0 };
  watched.set(client, watch);
  const { on } = client as { readonly on?: (event: string, listener: () => void) => unknown };
  if (typeof on === "function") {
    on.call(client, "error", () => undefined);
    on.call(client, "reconnecting", () => {
      watch.losses++;
    });
  }
  return watch;
}
