import { authorLine, tracedError } from "./author-line.js";
import type { RecorderInit } from "./coroutine-init.js";
import { ReplayMismatchError, UnjournaledAwaitError } from "./errors.js";
import { describe, hashIn, type JournalRecord, metaOf } from "./journal.js";
import { Ledger } from "./ledger.js";
import { misuse } from "./misuse.js";
import type { Operation } from "./operation.js";
import { packWithin } from "./packed-outcome.js";
import { type Block, type Scope, scopes } from "./scope.js";
import { type Json, type Packed, unpack } from "./value.js";

const nothing = (): void => undefined;
const NONE: readonly JournalRecord[] = [];

/**
 * Records what code calls, or holds it against the record there is: the same call does the one or the other, so that code
 * can't tell a replay from the first time. Knows where calls may come from, and nothing of how they end.
 */
export abstract class Recorder extends Ledger {
  /** Operations whose arguments are others than the journal has, by key. */
  readonly changes: string[] = [];
  /** The last id that was given out; set before a replay to where the history ends. */
  lastId = 0;
  /** The key of the operation that was called last. */
  lastKey: string | undefined;
  protected readonly init: RecorderInit;
  /** Why code and history do not fit, if they do not: from then on nothing is recorded. */
  protected fault: Error | undefined;
  /** Whether the code has been given something, and has not come to rest since. */
  protected isTurning = false;
  protected isReplaying = false;
  /** Whether the code goes on by itself from where its history ends. */
  protected goesOn = false;
  /** How many operations were called. */
  protected calls = 0;
  /** Called when code that awaited something un-journaled has done something. */
  protected wake: () => void = nothing;
  #isDriven = false;
  #history: readonly JournalRecord[] = NONE;
  #at = 0;
  #lastCall: Error | undefined;

  constructor(init: RecorderInit) {
    super();
    this.init = init;
  }

  /** The author's line of the operation that was called last. */
  get lastLine(): string | undefined {
    return authorLine(this.#lastCall);
  }

  /** Resolves when code that awaits something un-journaled does anything at all. */
  activity(): Promise<void> {
    this.init.traces?.renew();
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  /** Says that a step is being driven: operations that are called otherwise come from something un-journaled. */
  drive(isDriven: boolean): void {
    this.#isDriven = isDriven;
    if (!isDriven) this.#lastCall = undefined;
  }

  /** An operation that is over at once: its value is made when it is called first, and read from the journal later. */
  pure(key: string, make: () => unknown): unknown {
    const { blocks } = this.enter(key);
    const record = this.next(blocks, key, "p", undefined, make);
    // Code and history do not fit: it is not to run on, and can't be made to wait here.
    if (record === undefined) throw this.fault ?? new Error("unreachable");
    return unpack(record[3] as Json);
  }

  /** Whether code behind a change may run: true for whoever comes here first, false for who had passed before it. */
  patched(key: string): boolean {
    this.enter(key);
    const next = this.expected;
    if (this.isReplaying && !(next?.[0] === "p" && next[2] === key)) return false;
    return this.pure(key, () => true) as boolean;
  }

  /** Whether whatever the code does here and now, it does at the same place of every replay; if not, that is told. */
  canBeFollowed(): boolean {
    const scope = scopes.getStore();
    const isOwn = scope?.owner === this && scope.closed === undefined;
    if (isOwn && (this.isTurning || this.isReplaying)) return true;
    this.init.onStray?.(authorLine(tracedError()));
    return false;
  }

  /** Begins to hold what is called against records. @param from the place of the first one */
  protected expect(records: readonly JournalRecord[], from: number): void {
    this.isReplaying = true;
    this.#history = records;
    this.#at = from;
  }

  /** The record that a replay comes to next. */
  protected get expected(): JournalRecord | undefined {
    return this.#history[this.#at];
  }

  /** Says that the expected record has come. */
  protected advance(): void {
    this.#at++;
  }

  /** Ends a replay: what is called from now on is new. */
  protected expectNothing(): void {
    this.isReplaying = false;
    this.#history = NONE;
    this.#at = 0;
  }

  /** Checks that an operation may be called here and now, and answers where it stands. */
  protected enter(key: string, scope: Scope | undefined = scopes.getStore()): Scope {
    if (scope?.closed !== undefined) {
      throw misuse(
        "ERR_BALE_CONVERSATION_SCOPE",
        `${key}: nothing can be asked of a conversation inside ${scope.closed}. Do it before or after.`,
      );
    }
    if (scope === undefined || scope.owner !== this) {
      throw misuse(
        "ERR_BALE_CONVERSATION_SCOPE",
        `${key}: this conversation is called from outside of its function. Use c and ctx only in the code that was given them.`,
      );
    }
    if (this.isTurning || this.isReplaying) return scope;
    const line = authorLine(tracedError());
    if (!this.#isDriven) {
      throw new UnjournaledAwaitError(
        `${key}: it was called long after its turn, by code that awaited something else`,
        line,
      );
    }
    this.init.onStray?.(line);
    queueMicrotask(() => this.wake());
    return scope;
  }

  /** The record of an operation that is called now: the one expected, or a new one. `undefined`: they do not fit. */
  protected next(
    blocks: readonly Block[],
    key: string,
    type: "c" | "p",
    operation?: Operation,
    make?: () => unknown,
  ): (JournalRecord & readonly ["c" | "p", number, ...unknown[]]) | undefined {
    if (this.fault !== undefined) return undefined;
    this.calls++;
    this.lastKey = key;
    if (this.goesOn && this.#at >= this.#history.length) this.isReplaying = false;
    if (this.isReplaying) {
      const record = this.expected;
      if (record === undefined || record[0] !== type || record[2] !== key) {
        this.fault = new ReplayMismatchError(this.length + 1, describe(record), `'${key}'`);
        return undefined;
      }
      this.advance();
      const hash = record[0] === "c" && this.init.ignoresArguments !== true ? hashIn(record[3]) : undefined;
      const now = hash === undefined ? undefined : operation?.hash;
      if (now !== undefined && now !== hash) this.changes.push(key);
      this.lastId = Math.max(this.lastId, record[1]);
      this.count(record, blocks);
      return record;
    }
    this.#lastCall = this.init.traces === undefined ? tracedError() : this.init.traces.note();
    const id = this.lastId + 1;
    let bytes = key.length + 12;
    let record: JournalRecord & readonly ["c" | "p", number, ...unknown[]];
    if (type === "p") {
      const packed: Packed = packWithin(make?.(), key, this.init.limits.maxValueBytes);
      bytes += packed.bytes;
      record = ["p", id, key, packed.json];
    } else {
      const meta = metaOf(operation?.hash, operation?.deadline);
      record = meta === undefined ? ["c", id, key] : ["c", id, key, meta];
    }
    this.lastId = id;
    this.write(record, blocks, bytes);
    return record;
  }
}
