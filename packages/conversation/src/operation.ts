import type { Block } from "./scope.js";

/** What became of something: a value, or what was thrown. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown };

/** An operation as the code calls it. */
export interface Operation {
  /** An effect is carried out by us, a wait is ended by somebody else. */
  readonly kind: "effect" | "wait";
  /** Its name in the journal: has to be the same in every replay. */
  readonly key: string;
  readonly hash?: string | undefined;
  /** When a wait is over by itself, in ms since 1970. Read from the record in a replay. */
  readonly deadline?: number | undefined;
  /** Whatever those who carry out effects, or end waits, have to know of it. Not kept in the journal. */
  readonly host?: unknown;
  /** Makes of the value in the journal, unpacked, what the code gets: that itself where this is left out. */
  open?(value: unknown): unknown;
  /** The same of an error, for the code to be thrown. */
  openError?(value: unknown): unknown;
}

/** An operation that is not over. */
export class Pending {
  readonly id: number;
  readonly operation: Operation;
  readonly deadline: number | undefined;
  readonly blocks: readonly Block[];
  /** Whether somebody has been told to carry it out: never for an effect that comes from a replay. */
  isStarted = false;
  /** What the code that called it awaits. */
  readonly result: Promise<unknown>;
  resolve!: (value: unknown) => void;
  #reject!: (reason: unknown) => void;

  constructor(id: number, operation: Operation, deadline: number | undefined, blocks: readonly Block[]) {
    this.id = id;
    this.operation = operation;
    this.deadline = deadline;
    this.blocks = blocks;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Throws into the code. Nobody has to hear it: the operation may have lost a race. */
  reject(reason: unknown): void {
    this.result.catch(nothing);
    this.#reject(reason);
  }
}

const nothing = (): void => undefined;

/**
 * Operations that are not over, oldest first. Not a Map: V8 links each table that a Map has outgrown to the next one, so
 * that a Map which is added to and taken from all the time keeps what was in it until the next full collection.
 */
export class PendingList {
  readonly #list: Pending[] = [];

  get size(): number {
    return this.#list.length;
  }

  add(pending: Pending): void {
    this.#list.push(pending);
  }

  get(id: number): Pending | undefined {
    for (const pending of this.#list) if (pending.id === id) return pending;
    return undefined;
  }

  has(id: number): boolean {
    return this.get(id) !== undefined;
  }

  delete({ id }: Pending): void {
    const list = this.#list;
    let at = 0;
    while (at < list.length && list[at]?.id !== id) at++;
    if (at === list.length) return;
    for (; at + 1 < list.length; at++) list[at] = list[at + 1] as Pending;
    list.pop();
  }

  /** What is waited for, in words of an error. */
  get words(): string {
    const keys = this.#list.map(({ operation }) => `'${operation.key}'`);
    return keys.length === 0 ? "something that is not in the journal" : keys.join(", ");
  }

  /** Those there are; to be copied by whoever deletes from it meanwhile. */
  values(): readonly Pending[] {
    return this.#list;
  }
}

/** Bounds of one journal. */
export interface JournalLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly maxValueBytes: number;
  /** From when on `limit` is told, and a warning is written. @default 1,000 records, 256 KB */
  readonly warnRecords?: number | undefined;
  readonly warnBytes?: number | undefined;
}
