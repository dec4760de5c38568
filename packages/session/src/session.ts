import {
  botHost,
  type Composer,
  type Context,
  deliverAgain,
  type Logger,
  type Plugin,
  plugin,
  type Storage,
  type Stored,
  sessionAccess,
  StorageUnavailableError,
} from "balekit";
import { plainCopy } from "./plain-copy.js";
import { type SessionChange, SessionEntry } from "./session-entry.js";
import { kindShown, sessionMisuse } from "./session-error.js";
import type { SessionKey } from "./session-key.js";
import { SessionPart } from "./session-part.js";
import { type SessionMigrations, migrationSteps } from "./session-record.js";

/** What a session can hold: an object of plain data. `update` is the name of its method. */
export type SessionData = object & { readonly update?: never };

/** What is done to the session beside reading and changing its fields. */
export interface SessionVerbs<Data> {
  /**
   * Changes the session and writes it at once, on what is stored at that moment: no other update's change is lost. First
   * writes what was changed here before. `change` may run several times, so it only computes; it alters the data it is
   * given or answers other data, and `null` deletes. Resolves to what is stored then. What was read from the session
   * before is out of date afterwards: read it anew.
   * @throws SessionConflictError when what was changed here before cannot be written
   */
  update(change: (data: Data) => SessionAnswer<Data> | Promise<SessionAnswer<Data>>): Promise<Data>;
}

/** What a change may answer: nothing, other data, or `null` to delete. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing fits only void
export type SessionAnswer<Data> = Data | null | undefined | void;

/** The session as handlers see it: its data, and `update`. Changed fields are written when the handlers are done. */
export type Session<Data> = Data & SessionVerbs<Data>;

/** A session that is read when somebody asks for it. */
export interface LazySession<Data> extends SessionVerbs<Data> {
  /** Reads the session, once an update, and gives the data to change: the same object each time. */
  load(): Promise<Session<Data>>;
}

/** What a session adds to contexts. Under the default name it can be assigned: other data, or `null` to delete. */
export type SessionFlavor<
  Data,
  Name extends string = "session",
  Lazy extends boolean = false,
> = Name extends "session"
  ? SessionProperty<Data, Lazy extends true ? LazySession<Data> : Session<Data>>
  : { readonly [Key in Name]: Lazy extends true ? LazySession<Data> : Session<Data> };

/** `ctx.session`: read as what it is, assigned as data or `null`. */
export interface SessionProperty<Data, Value> {
  get session(): Value;
  set session(data: Data | null);
}

/** Options of `session`. `initial` says what the data is; nothing else does. */
export interface SessionOptions<Data, Name extends string = "session", Lazy extends boolean = false> {
  /** What a session begins with. It is stored once it has been changed. */
  readonly initial: () => Data;
  /**
   * Where sessions are kept. While it is away before a session is read, updates are held and delivered again: see
   * `deliverAgain`. @default in memory, which a line at the start says: gone with the process */
  readonly storage?: Storage | undefined;
  /** Whose a session is. @default "user-in-chat" */
  readonly key?: SessionKey | undefined;
  /** Which keys of yours belong to a user, for `bot.forget` and `bot.exportUser`; for keys that a function names. */
  readonly keysOf?: ((userId: number) => readonly (string | number)[]) | undefined;
  /** Forgets a session this long after it was last changed. Absent: keeps it. */
  readonly ttlMs?: number | undefined;
  /**
   * Brings stored data up to date, by number: `{ 1: (data) => …, 2: (data) => … }`. A session that a newer release has
   * written is never overwritten: touching it throws a `SessionVersionError`.
   */
  readonly migrations?: SessionMigrations | undefined;
  /** Reads the session only when a handler calls `await ctx.session.load()`. @default false */
  readonly lazy?: Lazy | undefined;
  /** The property of the context: give each of several sessions one. @default "session" */
  readonly name?: Name | undefined;
}

/**
 * Remembers something between updates: `ctx.session` is the data of this user in this chat. Changes are written when
 * the handlers are done, by compare-and-set, and not at all when one throws.
 * @throws TypeError for options that cannot work
 * @example
 * const counting = bot.extend(session({ initial: () => ({ count: 0 }) }));
 * counting.command("count", (ctx) => ctx.reply(`${++ctx.session.count}`));
 */
export function session<
  Data extends SessionData,
  const Name extends string = "session",
  const Lazy extends boolean = false,
>(options: SessionOptions<Data, Name, Lazy>): Plugin<SessionFlavor<Data, Name, Lazy>> {
  const name: string = options.name ?? "session";
  const part = partOf(name, options as SessionOptions<object, string, boolean>);
  const install = (composer: Composer): Composer =>
    options.lazy === true ? installOn(composer, part, lazily) : installOn(composer, part, eagerly);
  const isForgetful = options.storage === undefined;
  const made = plugin(`session:${name}`, (composer) => {
    if (isForgetful) composer.onStart(() => warn(name, composer.find(botHost)?.logger));
    return install(composer as unknown as Composer) as unknown as typeof composer;
  });
  return made as unknown as Plugin<SessionFlavor<Data, Name, Lazy>>;
}

/** How the session of an update is begun and what its property gives. */
interface Way {
  readonly begin: (entry: SessionEntry) => Promise<Stored<unknown> | undefined> | undefined;
  readonly value: (entry: SessionEntry) => unknown;
}

const eagerly: Way = {
  begin: (entry) => entry.ask(),
  value: (entry) => entry.view(),
};

const lazily: Way = {
  begin: () => undefined,
  value: (entry): LazySession<object> => ({
    load: async () => {
      await entry.load();
      return entry.view() as Session<object>;
    },
    update: (change) => entry.update(change as SessionChange),
  }),
};

function installOn(composer: Composer, part: SessionPart, way: Way): Composer {
  const { name } = part;
  const slot = Symbol(name);
  const entryOf = (ctx: Context): SessionEntry | undefined =>
    (ctx as unknown as Record<symbol, SessionEntry | undefined>)[slot];
  const here = (ctx: Context): SessionEntry => entryOf(ctx) ?? new SessionEntry(part, ctx);

  /** The session of an update, unless this composer is in the way twice: the outer one has it already then. */
  const begun = (ctx: Context): SessionEntry | undefined => {
    if (entryOf(ctx)?.ended === false) return undefined;
    const entry = new SessionEntry(part, ctx);
    (ctx as unknown as Record<symbol, SessionEntry>)[slot] = entry;
    return entry;
  };

  // Written so that core sees from its text that `next` is called once and awaited, and does not watch it.
  const session = async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    const entry = begun(ctx);
    try {
      const asked = entry && way.begin(entry);
      if (asked !== undefined) {
        const late = entry?.take(await asked);
        if (late !== undefined) await late;
      }
    } catch (error) {
      // Nothing has happened yet: the update is as good later.
      throw error instanceof StorageUnavailableError ? deliverAgain(ctx, error) : error;
    }
    try {
      await next();
    } catch (error) {
      entry?.abandon();
      throw error;
    }
    const ending = entry?.end();
    if (ending !== undefined) await ending;
  };

  return composer
    .provide(sessionAccess(name), {
      read: async (ctx) => {
        const entry = here(ctx);
        await entry.load();
        return plainCopy(entry.view());
      },
      update: (ctx, change) => here(ctx).update(change as SessionChange),
    })
    .onForget((userId, { me, clock }) => part.forget(userId, me.id, clock))
    .onExport(name, (userId, { me, clock }) => part.export(userId, me.id, clock))
    .onWait({
      before: (ctx) => entryOf(ctx)?.pause(),
      after: (ctx) => entryOf(ctx)?.resume(),
    })
    .use(session)
    .define(name, {
      get: (ctx) => way.value(here(ctx)),
      set: (ctx, value) => here(ctx).replace(value),
    }) as unknown as Composer;
}

function partOf(name: string, options: SessionOptions<object, string, boolean>): SessionPart {
  const { initial, storage, key = "user-in-chat", keysOf, ttlMs, migrations = {} } = options;
  const what = `session(${JSON.stringify(name)})`;
  const refuse = (why: string): TypeError => sessionMisuse("ERR_BALE_OPTION", `${what}: ${why}`);
  if (typeof initial !== "function") {
    throw refuse(
      `initial is ${kindShown(initial)}. Give a function that makes the data: () => ({ count: 0 }).`,
    );
  }
  if (typeof key !== "function" && !["user-in-chat", "user", "chat"].includes(key)) {
    throw refuse(`key is ${JSON.stringify(key)}. Give "user-in-chat", "user", "chat" or a function.`);
  }
  if (ttlMs !== undefined && !(ttlMs > 0)) throw refuse(`ttlMs is ${ttlMs}. Give milliseconds above 0.`);
  if (storage !== undefined && typeof (storage as Partial<Storage>).get !== "function") {
    throw refuse("storage is no store. Give one such as memory() or sqlite(db).");
  }
  return new SessionPart({
    name,
    initial,
    storage,
    key,
    keysOf,
    ttlMs,
    steps: migrationSteps(name, migrations),
  });
}

const warned = new Set<string>();

/** Once a process for a name. */
function warn(name: string, logger: Logger | undefined): void {
  if (warned.has(name)) return;
  warned.add(name);
  logger?.warn(
    `ctx.${name} is kept in memory and gone when the process ends. Give session() a storage, such as sqlite(db); ` +
      "storage: memory() says that this is meant.",
  );
}
