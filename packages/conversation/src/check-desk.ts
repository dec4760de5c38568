import type { Composer } from "balekit";
import type { ExportedConversation, JournalVerdict } from "./journal-check.js";

/** The conversations of a bot, as a check sees them. */
export interface Checkable {
  /** The names of their definitions. */
  readonly names: readonly string[];
  check(exported: ExportedConversation): Promise<JournalVerdict>;
}

/** Where a check in this process asks to be told of every `conversations(…)`, of whichever copy of this package. */
const COLLECTOR: unique symbol = Symbol.for("balekit.conversations.check") as never;

interface Collecting {
  [COLLECTOR]?: ((checkable: Checkable) => void) | undefined;
}

/**
 * From now on every bot that is extended with conversations in this process is told to `collect`, and sends nothing.
 * Answers what ends that.
 */
export function collectConversations(collect: (checkable: Checkable) => void): () => void {
  (globalThis as Collecting)[COLLECTOR] = collect;
  return () => {
    delete (globalThis as Collecting)[COLLECTOR];
  };
}

/** Tells a check, if there is one, of the conversations of a bot. Answers whether there is. */
export function announce(checkable: Checkable, composer: Composer): boolean {
  const collect = (globalThis as Collecting)[COLLECTOR];
  if (collect === undefined) return false;
  composer.transform(({ method }) =>
    Promise.reject(new Error(`Calling ${method}: nothing is sent while journals are checked.`)),
  );
  collect(checkable);
  return true;
}
