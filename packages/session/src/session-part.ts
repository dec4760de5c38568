import { type Clock, type Context, keyOf, memory, type Storage } from "balekit";
import { Forgotten } from "./forgotten.js";
import { plainCopy } from "./plain-copy.js";
import { sessionMisuse } from "./session-error.js";
import {
  ownPlace,
  ownerOf,
  placeOf,
  placesOfUser,
  type SessionKey,
  type SessionOwner,
} from "./session-key.js";
import { checkedData, dataOf, type SessionMigration, type SessionRecord } from "./session-record.js";

/** What all sessions of one name have in common. */
export interface SessionPartInit {
  readonly name: string;
  readonly initial: () => object;
  /** Absent: in memory, in a store of its own. */
  readonly storage: Storage | undefined;
  readonly key: SessionKey;
  readonly keysOf: ((userId: number) => readonly (string | number)[]) | undefined;
  readonly ttlMs: number | undefined;
  readonly steps: readonly SessionMigration["run"][];
}

/** Sessions forgotten in memory beyond this many: a million small ones take about half a gigabyte. */
const MOST_IN_MEMORY = 1_000_000;

/** Keys remembered at most for the next update of the same person. */
const MOST_KEYS = 1_000;

interface OwnedKey {
  readonly owner: SessionOwner;
  readonly key: string;
}

/** All sessions of one name: where each lies, what it begins with, and what is kept of a user. */
export class SessionPart {
  readonly name: string;
  readonly ttlMs: number | undefined;
  /** The number that what this release writes is marked with. */
  readonly version: number;
  readonly forgotten: Forgotten = new Forgotten();
  readonly #init: SessionPartInit;
  #storage: Storage | undefined;
  #botId: number | undefined;
  #base = "";
  /**
   * Keys by whose they are. To find one here costs less than to make it: a text that has just been joined has yet to be put
   * in one piece and hashed by whoever looks something up by it.
   */
  readonly #keys = new Map<number, OwnedKey>();

  constructor(init: SessionPartInit) {
    this.#init = init;
    this.name = init.name;
    this.ttlMs = init.ttlMs;
    this.version = init.steps.length;
    this.#storage = init.storage;
  }

  /** The store; one in memory is made when it is first asked for, on the clock of the bot that asks. */
  storage(clock: Clock): Storage {
    this.#storage ??= memory({ maxEntries: MOST_IN_MEMORY, clock });
    return this.#storage;
  }

  /** The key of the session of an update; `undefined` when it has none. */
  keyOf(ctx: Context): string | undefined {
    const { key: kind } = this.#init;
    if (typeof kind === "function") {
      const own = ownPlace(this.name, kind(ctx));
      return own === undefined ? undefined : this.#baseOf(ctx.me.id) + own;
    }
    const owner = ownerOf(ctx);
    const { userId, chatId } = owner;
    const id = userId ?? chatId;
    if (id === undefined) return undefined;
    const base = this.#baseOf(ctx.me.id);
    const known = this.#keys.get(id);
    if (known !== undefined && known.owner.userId === userId && known.owner.chatId === chatId) {
      return known.key;
    }
    const place = placeOf(kind, owner);
    if (place === undefined) return undefined;
    if (this.#keys.size >= MOST_KEYS) this.#keys.clear();
    const key = base + place;
    this.#keys.set(id, { owner, key });
    return key;
  }

  /** A session that nobody has stored yet: always data of its own, even if `initial` gives out the same twice. */
  initial(): object {
    return plainCopy(checkedData(this.name, this.#init.initial()));
  }

  /** The data in what the store gave, brought to this release's version. */
  dataOf(found: unknown): object | Promise<object> {
    return dataOf(this.name, this.#init.steps, found);
  }

  /** What is stored for this data. */
  recordOf(data: object): SessionRecord {
    return { v: this.version, data };
  }

  /** Whether the user, or what else the session of this update is known by, was forgotten after `since`. */
  wasForgotten(ctx: Context, key: string, since: number): boolean {
    if (this.forgotten.count === since) return false;
    const { userId, chatId } = ownerOf(ctx);
    const { key: kind } = this.#init;
    const owner = typeof kind === "function" ? key : kind === "chat" ? chatId : (userId ?? chatId);
    return owner !== undefined && this.forgotten.isSince(owner, since);
  }

  /** Deletes the sessions of a user. */
  async forget(userId: number, botId: number, clock: Clock): Promise<void> {
    const storage = this.storage(clock);
    // Noted first: what runs now and ends later does not bring it back.
    this.forgotten.note(userId);
    for await (const key of this.#keysOfUser(userId, botId, storage)) {
      this.forgotten.note(key);
      await storage.delete(key);
    }
  }

  /** The sessions of a user, by where each lies; `undefined` when there are none. */
  async export(userId: number, botId: number, clock: Clock): Promise<Record<string, unknown> | undefined> {
    const storage = this.storage(clock);
    const base = this.#baseOf(botId);
    const found: [string, unknown][] = [];
    for await (const key of this.#keysOfUser(userId, botId, storage)) {
      const stored = await storage.get(key);
      if (stored !== undefined) found.push([key.slice(base.length), await this.dataOf(stored.value)]);
    }
    return found.length === 0 ? undefined : Object.fromEntries(found);
  }

  async *#keysOfUser(userId: number, botId: number, storage: Storage): AsyncIterable<string> {
    const { key, keysOf, name } = this.#init;
    const base = this.#baseOf(botId);
    const { exact, prefix } = placesOfUser(key, userId);
    for (const place of exact) yield base + place;
    if (keysOf !== undefined) {
      for (const named of keysOf(userId)) {
        const place = ownPlace(name, named);
        if (place !== undefined) yield base + place;
      }
    }
    if (prefix !== undefined) yield* storage.keys(base + prefix);
  }

  /** What the keys of one bot's sessions of this name begin with. */
  #baseOf(botId: number): string {
    if (botId !== this.#botId) {
      if (!Number.isSafeInteger(botId)) {
        throw sessionMisuse("ERR_BALE_SESSION_KEY", `Finding ctx.${this.name}: the bot's id is not known.`);
      }
      this.#botId = botId;
      this.#keys.clear();
      this.#base = `${keyOf("session", botId, this.name)}:`;
    }
    return this.#base;
  }
}
