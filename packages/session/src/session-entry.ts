import { type Context, type SetResult, type Storage, type Stored, update } from "balekit";
import { plainCopy, sameData } from "./plain-copy.js";
import { kindShown, SessionConflictError, sessionMisuse } from "./session-error.js";
import type { SessionPart } from "./session-part.js";
import { checkedData } from "./session-record.js";

/** Alters the data it is given, or answers other data; `null` deletes. */
export type SessionChange = (data: object) => unknown;

/** Data that a handler holds, as it was when it was last known to be what is stored. */
interface Lent {
  readonly data: object;
  readonly before: object;
}

const nothing = (): void => undefined;
const done: Promise<void> = Promise.resolve();

/**
 * The session of one update: what is stored, what its handlers see of it, and whether the two still agree. Reads once,
 * lends the data out when it is touched, and writes under compare-and-set what has changed.
 */
export class SessionEntry {
  readonly #part: SessionPart;
  readonly #ctx: Context;
  readonly #key: string | undefined;
  readonly #since: number;
  #loading: Promise<void> | undefined;
  #loaded = false;
  /** The version of what is stored; `null` when nothing is. */
  #version: string | null = null;
  /** What is stored, until it is lent out. */
  #stored: object | undefined;
  /** Why the session cannot be used, told when it is touched. */
  #problem: unknown;
  #lent: Lent | undefined;
  /** Lent out earlier, and replaced since: changing it would reach nobody. */
  #outdated: Lent[] | undefined;
  #removed = false;
  #ended = false;
  /** Writes and reads of this entry wait for one another. */
  #busy: Promise<unknown> | undefined;
  #updating = 0;

  constructor(part: SessionPart, ctx: Context) {
    this.#part = part;
    this.#ctx = ctx;
    this.#key = part.keyOf(ctx);
    this.#since = part.forgotten.count;
  }

  /** Whether its handlers have ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Reads the session, once. Rejects when the store fails, and may then be asked again. */
  load(): Promise<void> {
    if (this.#loaded) return done;
    this.#loading ??= this.#read();
    return this.#loading;
  }

  /** Asks the store, for the one who hands the answer to `take`: what `load` does, with fewer promises. */
  ask(): Promise<Stored<unknown> | undefined> | undefined {
    if (this.#key !== undefined) return this.#storage.get(this.#key);
    this.#loaded = true;
    return undefined;
  }

  /** Takes the store's first answer; somebody who loads meanwhile may get one too. `undefined`: it is done. */
  take(found: Stored<unknown> | undefined): Promise<void> | undefined {
    return this.#adopt(found, true);
  }

  /** The data for the handlers, with `update` on it. After the end a copy that cannot be changed. */
  view(): object {
    this.#check();
    if (this.#ended) {
      const data = this.#lend(plainCopy(this.#lent?.data ?? this.#stored ?? this.#part.initial()));
      deepFreeze(data);
      return data;
    }
    if (this.#lent === undefined) {
      const data = this.#stored ?? this.#part.initial();
      this.#stored = undefined;
      this.#lent = { data: this.#lend(data), before: plainCopy(data) };
    }
    return this.#lent.data;
  }

  /** Puts other data in the place of the session, or deletes it. */
  replace(value: unknown): void {
    this.#check();
    if (this.#ended) {
      throw sessionMisuse(
        "ERR_BALE_SESSION_CLOSED",
        `Assigning ctx.${this.#part.name}: its handlers have ended. Await what changes it, or use await ctx.${this.#part.name}.update(fn).`,
      );
    }
    if (value === null || value === undefined) {
      this.#retire();
      this.#stored = undefined;
      this.#removed = true;
      return;
    }
    const data = this.#copyOf(checkedData(this.#part.name, value));
    const before = this.#lent?.before ?? this.#stored ?? this.#part.initial();
    this.#retire();
    this.#lent = { data: this.#lend(data), before };
    // Whoever goes on changing the object that was assigned changes nothing: that is found at the end.
    this.#outdate({ data: value as object, before: this.#copyOf(value as object) });
  }

  /** Writes what has changed so far, then changes and writes the session on what is stored by then. */
  async update(change: SessionChange): Promise<object> {
    if (typeof change !== "function") {
      const what = `Updating ctx.${this.#part.name}: it takes a function of the data, not ${kindShown(change)}.`;
      throw sessionMisuse("ERR_BALE_SESSION_DATA", what);
    }
    const key = this.#keyToUse();
    if (this.#loaded && !this.#ended) {
      this.#check();
      await this.#inTurn(() => this.#write());
    }
    this.#updating++;
    try {
      const { value, version } = await update(this.#storage, key, (found) => this.#changed(change, found), {
        ttlMs: this.#part.ttlMs,
        clock: this.#ctx.services.clock,
        signal: this.#ctx.signal,
      });
      const data = value === undefined ? undefined : (value as { readonly data: object }).data;
      if (this.#loaded && !this.#ended) await this.#inTurn(() => this.#follow(data, version));
      return data ?? this.#part.initial();
    } finally {
      this.#updating--;
    }
  }

  /** Before the handler waits for another update: what it has changed is written, so that others see it. */
  pause(): Promise<void> | undefined {
    if (!this.#loaded || this.#ended || (this.#lent === undefined && !this.#removed)) return undefined;
    return this.#inTurn(() => this.#write());
  }

  /** After the wait: what others have written meanwhile is seen from here on. */
  resume(): Promise<void> | undefined {
    return this.#loaded && !this.#ended ? this.#inTurn(() => this.#refresh()) : undefined;
  }

  /** The handlers are done: writes what has changed. `undefined`: there is nothing to wait for. */
  end(): Promise<void> | undefined {
    // What most updates do, without the detours of what few need.
    if (this.#busy === undefined && this.#outdated === undefined && !this.#mayDiffer()) {
      this.#ended = true;
      return undefined;
    }
    return this.#finish();
  }

  /** The handlers have thrown: nothing is written. */
  abandon(): void {
    this.#ended = true;
  }

  get #storage(): Storage {
    return this.#part.storage(this.#ctx.services.clock);
  }

  async #read(): Promise<void> {
    try {
      const asked = this.ask();
      if (asked !== undefined) await this.take(await asked);
    } catch (error) {
      // A store may throw at once instead of rejecting: by now `load` has not even kept the promise that is let go here.
      await done;
      this.#loading = undefined;
      throw error;
    }
  }

  /** Resolves when the data is brought up to date; `undefined` when it is already. */
  #adopt(found: Stored<unknown> | undefined, isFirst: boolean): Promise<void> | undefined {
    try {
      const data = found && this.#part.dataOf(found.value);
      if (data instanceof Promise) return this.#adoptLater(found, data, isFirst);
      this.#have(found, data, undefined, isFirst);
    } catch (problem) {
      this.#have(found, undefined, problem, isFirst);
    }
    return undefined;
  }

  async #adoptLater(
    found: Stored<unknown> | undefined,
    data: Promise<object>,
    isFirst: boolean,
  ): Promise<void> {
    try {
      this.#have(found, await data, undefined, isFirst);
    } catch (problem) {
      this.#have(found, undefined, problem, isFirst);
    }
  }

  #have(
    found: Stored<unknown> | undefined,
    data: object | undefined,
    problem: unknown,
    isFirst: boolean,
  ): void {
    if (isFirst && this.#loaded) return;
    this.#version = found?.version ?? null;
    this.#stored = data;
    this.#problem = problem;
    this.#loaded = true;
  }

  /** Whether what the handlers have may be other than what is stored. */
  #mayDiffer(): boolean {
    return this.#removed || (this.#lent !== undefined && !sameData(this.#lent.data, this.#lent.before));
  }

  async #finish(): Promise<void> {
    try {
      if (this.#busy !== undefined) await this.#busy;
      const changed = this.#toWrite();
      if (changed !== undefined) this.#wrote(await this.#put(changed.data));
      else if (this.#removed) await this.#delete();
      if (this.#outdated !== undefined) this.#checkOutdated();
    } finally {
      this.#ended = true;
    }
  }

  /** Writes the difference between what is stored and what the handlers have made of it, if there is one. */
  async #write(): Promise<void> {
    const changed = this.#toWrite();
    if (changed !== undefined) {
      const { data } = changed;
      // The handlers may go on changing it while it is written.
      const before = plainCopy(data);
      this.#wrote(await this.#put(before));
      if (this.#lent === changed) this.#lent = { data, before };
    } else if (this.#removed) await this.#delete();
  }

  /** What the handlers hold, when it is to be written. */
  #toWrite(): Lent | undefined {
    const lent = this.#lent;
    if (lent === undefined && !this.#removed) return undefined;
    if (this.#part.wasForgotten(this.#ctx, this.#keyToUse(), this.#since)) {
      this.#beginAnew();
      return undefined;
    }
    return lent !== undefined && !sameData(lent.data, lent.before) ? lent : undefined;
  }

  #put(data: object): Promise<SetResult> {
    const { name, ttlMs } = this.#part;
    const value = this.#part.recordOf(checkedData(name, data));
    return this.#storage.set(this.#keyToUse(), value, { ifVersion: this.#version, ttlMs });
  }

  #wrote(written: SetResult): void {
    if (!written.ok) throw this.#conflict("another update wrote it first.");
    this.#version = written.version;
    this.#removed = false;
  }

  async #delete(): Promise<void> {
    if (this.#version !== null) {
      const key = this.#keyToUse();
      const removed = await this.#storage.delete(key, { ifVersion: this.#version });
      if (!removed && (await this.#storage.get(key)) !== undefined) {
        throw this.#conflict("another update wrote it first.");
      }
      this.#version = null;
    }
    this.#removed = false;
  }

  /** Reads again what others may have written. */
  async #refresh(): Promise<void> {
    const found = await this.#storage.get(this.#keyToUse());
    if ((found?.version ?? null) === this.#version) return;
    this.#giveUpOld();
    await this.#adopt(found, false);
  }

  /** Takes over what an `update` of this same handler has written. */
  async #follow(data: object | undefined, version: string | undefined): Promise<void> {
    // With several updates at once nobody knows whose was the last.
    if (this.#updating > 1) return this.#refresh();
    this.#giveUpOld();
    this.#version = version ?? null;
    this.#stored = data && plainCopy(data);
    this.#problem = undefined;
  }

  /** The user was forgotten: what this update has changed, and will change, is not written. */
  #beginAnew(): void {
    this.#lent = undefined;
    this.#stored = undefined;
    this.#version = null;
    this.#removed = false;
  }

  #giveUpOld(): void {
    if (this.#mayDiffer()) {
      throw this.#conflict("it was changed here and elsewhere at the same time.");
    }
    this.#retire();
  }

  async #changed(change: SessionChange, found: unknown): Promise<unknown> {
    const { name } = this.#part;
    const data = found === undefined ? this.#part.initial() : await this.#part.dataOf(found);
    const answer: unknown = await change(data);
    if (answer === null) return undefined;
    return this.#part.recordOf(checkedData(name, answer === undefined ? data : answer));
  }

  /** Puts `update` on data, out of sight of whoever lists or writes its fields. */
  #lend(data: object): object {
    const value = (change: SessionChange): Promise<object> => this.update(change);
    return Object.defineProperty(data, "update", { value, configurable: true });
  }

  #retire(): void {
    if (this.#lent !== undefined)
      this.#outdate({ data: this.#lent.data, before: plainCopy(this.#lent.data) });
    this.#lent = undefined;
  }

  #outdate(lent: Lent): void {
    this.#outdated ??= [];
    this.#outdated.push(lent);
  }

  #checkOutdated(): void {
    for (const { data, before } of this.#outdated ?? []) {
      if (sameData(data, before)) continue;
      throw this.#conflict(
        `an object that was read or assigned earlier was changed later, when it was no longer the session. ` +
          `Read ctx.${this.#part.name} anew after waitFor, update and assigning.`,
      );
    }
  }

  #copyOf(value: object): object {
    try {
      return plainCopy(value);
    } catch (cause) {
      const what = `Filling ctx.${this.#part.name}: its data cannot be copied. It may hold itself.`;
      throw sessionMisuse("ERR_BALE_SESSION_DATA", what, cause);
    }
  }

  #check(): void {
    this.#keyToUse();
    if (this.#problem !== undefined) throw this.#problem as Error;
  }

  #keyToUse(): string {
    if (this.#key !== undefined) return this.#key;
    throw sessionMisuse(
      "ERR_BALE_SESSION_KEY",
      `Using ctx.${this.#part.name}: this update (${this.#ctx.kind ?? "of an undocumented kind"}) has no session, ` +
        "because its key is undefined: it has neither chat nor user, or your function says so. " +
        "Use it only behind handlers whose updates have one.",
    );
  }

  #conflict(why: string): SessionConflictError {
    return new SessionConflictError({
      name: this.#part.name,
      updateId: this.#ctx.update.update_id,
      why,
    });
  }

  #inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
    const mine = this.#busy === undefined ? run() : this.#busy.then(run);
    const settled: Promise<unknown> = mine.then(nothing, nothing).then(() => {
      if (this.#busy === settled) this.#busy = undefined;
    });
    this.#busy = settled;
    return mine;
  }
}

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value))
    return;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
}
