import { keyFromText, prefixToText } from "./key.js";
import { misuse } from "./storage-error.js";

/** How a store looks for the lanes that are due and whose keys begin with a prefix. */
export interface DueSearch {
  /** What the keys begin with, as text. */
  readonly text: string;
  /** The group that all of them are in: what stands before a key's second colon. Absent: the prefix does not tell. */
  readonly group: string | undefined;
  /** The most keys to ask the store for. */
  readonly limit: number;
  /** The keys to answer with, of the texts the store has found. */
  keysOf(texts: readonly string[]): readonly string[];
}

/**
 * Prepares a search. Keys are made of parts between colons, and a store keeps the deadlines of each group of keys together:
 * so what others have due in the same store is not even read.
 * @throws {TypeError} ERR_BALE_STORAGE_KEY for a prefix that is no string
 */
export function dueSearch(prefix: string, limit: number): DueSearch {
  checkPrefix(prefix);
  const text = prefixToText(prefix);
  // Half a pair at the end is left out of the text: who begins with the rest may still be another.
  const isWhole = !/[\ud800-\udbff]$/.test(prefix);
  return {
    text,
    group: groupOf(text),
    limit: isWhole ? limit : Number.MAX_SAFE_INTEGER,
    keysOf(texts) {
      const keys = texts.map(keyFromText);
      return isWhole ? keys : keys.filter((key) => key.startsWith(prefix)).slice(0, Math.max(limit, 0));
    },
  };
}

/** Refuses what is no prefix, such as a time where the prefix was left out. */
export function checkPrefix(prefix: string): void {
  if (typeof prefix === "string") return;
  throw misuse(
    "ERR_BALE_STORAGE_KEY",
    `Looking for the lanes that are due: the prefix is ${String(prefix)}, not a string. ` +
      'Give what their keys begin with; "" finds all.',
  );
}

/** What stands before the second colon of a key as text; nothing for a key without one, which is in no group. */
export function groupOf(text: string): string | undefined {
  return /^[^:]*:[^:]*(?=:)/.exec(text)?.[0];
}
