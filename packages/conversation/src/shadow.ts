import { authorLine, tracedError } from "./author-line.js";
import { Coroutine, type CoroutineInit } from "./coroutine.js";
import { ReplayMismatchError } from "./errors.js";
import type { JournalRecord } from "./journal.js";
import type { Operation, Outcome, Pending } from "./operation.js";
import type { Scope } from "./scope.js";
import { breath } from "./turn.js";
import { type Json, pack } from "./value.js";

/** Where a replay has gone another way than the live code. */
export interface Divergence {
  /** What differs, and in which operation. */
  readonly what: string;
  /** The author's line of that operation, as far as it is known: `file:line:column`. */
  readonly line: string | undefined;
}

/** How long a shadow may be busy with something that is not in the journal, in real milliseconds. */
const STALL_MS = 1_000;

/**
 * Replays a history beside the live code that has written it, with no effect carried out, and answers where the two are
 * not alike: in what is waited for, in the arguments of calls, or in how it ended.
 */
export async function shadowReplay(
  code: CoroutineInit,
  history: readonly JournalRecord[],
  live: Coroutine,
  filterOf: (pending: Pending) => Json | undefined,
): Promise<Divergence | undefined> {
  const shadow = new Shadow({ ...code, ignoresArguments: false, onStray: undefined, stallMs: STALL_MS });
  shadow.lastId = live.lastId;
  try {
    await shadow.replay(history);
  } catch (error) {
    if (!(error instanceof ReplayMismatchError)) throw error;
    return { what: error.message, line: authorLine(error) ?? shadow.line };
  }
  const [changed] = shadow.changed;
  if (changed !== undefined) {
    const what = `${changed.key} is called with other arguments than the journal has`;
    return { what, line: changed.line };
  }
  const isLike = (): boolean =>
    endOf(shadow.ended) === endOf(live.ended) && waitsOf(shadow, filterOf) === waitsOf(live, filterOf);
  for (const until = Date.now() + STALL_MS; !isLike() && shadow.pending.size === 0 && Date.now() < until; ) {
    await breath();
  }
  if (isLike()) return undefined;
  return { what: difference(live, shadow, filterOf), line: shadow.line };
}

/** Code that is replayed for the sake of comparing, with the author's lines. */
class Shadow extends Coroutine {
  readonly changed: { readonly key: string; readonly line: string | undefined }[] = [];
  /** The author's line of the last operation. */
  line: string | undefined;

  override call(operation: Operation, scope?: Scope): Promise<unknown> {
    this.#note();
    const before = this.changes.length;
    const result = super.call(operation, scope);
    if (this.changes.length > before) this.changed.push({ key: operation.key, line: this.line });
    return result;
  }

  override pure(key: string, make: () => unknown): unknown {
    this.#note();
    return super.pure(key, make);
  }

  #note(): void {
    this.line = authorLine(tracedError()) ?? this.line;
  }
}

function waitsOf(coroutine: Coroutine, filterOf: (pending: Pending) => Json | undefined): string {
  const pending = [...coroutine.pending.values()].sort((one, other) => one.id - other.id);
  return pending
    .map(
      (one) =>
        `${one.id} ${one.operation.key} ${one.deadline ?? ""} ${JSON.stringify(filterOf(one) ?? null)}`,
    )
    .join("\n");
}

function endOf(outcome: Outcome | undefined): string {
  if (outcome === undefined) return "goes on";
  if (!outcome.ok) return `throws ${String(outcome.error)}`;
  try {
    return `ends with ${JSON.stringify(pack(outcome.value, "The end of a conversation").json)}`;
  } catch {
    // What it returns is kept nowhere, so it need not be data.
    return "ends";
  }
}

function difference(
  live: Coroutine,
  shadow: Coroutine,
  filterOf: (pending: Pending) => Json | undefined,
): string {
  if (endOf(live.ended) !== endOf(shadow.ended)) {
    return `live it ${endOf(live.ended)}, replayed it ${endOf(shadow.ended)}`;
  }
  const lines = (coroutine: Coroutine): string => {
    const keys = [...coroutine.pending.values()].map(({ operation }) => operation.key);
    return keys.length === 0 ? "nothing" : keys.join(", ");
  };
  if (lines(live) !== lines(shadow)) return `live it waits for ${lines(live)}, replayed for ${lines(shadow)}`;
  return `live it waits for ${waitsOf(live, filterOf)}, replayed for ${waitsOf(shadow, filterOf)}`;
}
