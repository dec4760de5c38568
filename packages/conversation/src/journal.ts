import type { Json } from "./value.js";

/**
 * What a record of a call says beside its name: a short hash of the arguments, for diagnosis only, and the absolute
 * deadline of a wait, in ms since 1970. Hardly any has both.
 */
export type CallMeta = string | number | readonly [hash: string, deadline: number];

/** What a call has to say beside its name, if anything. */
export function metaOf(hash: string | undefined, deadline: number | undefined): CallMeta | undefined {
  return hash === undefined || deadline === undefined ? (hash ?? deadline) : [hash, deadline];
}

/** The hash of the arguments in it. */
export function hashIn(meta: CallMeta | undefined): string | undefined {
  return typeof meta === "object" ? meta[0] : typeof meta === "string" ? meta : undefined;
}

/** The deadline in it. */
export function deadlineIn(meta: CallMeta | undefined): number | undefined {
  return typeof meta === "object" ? meta[1] : typeof meta === "number" ? meta : undefined;
}

/**
 * One line of a conversation's history:
 * - `["e", input]` it was entered with this; a later one begins it anew, and makes everything before it void;
 * - `["c", id, key, meta?]` an operation was called. Of an effect this record, once kept, is the intent;
 * - `["p", id, key, value]` an operation that is over at once: the time, a random number;
 * - `["r", id, 1 | 0, value]` an operation was over, with a result or an error;
 * - `["s", id, state]` a loop begins anew with this state: what its block holds so far is void;
 * - `["f", id, value]` a block is over with this value: what it holds is void;
 * - `["x", reason]` it was told to leave: its waits were rejected;
 * - `["b", id]` it went back to a block: everything from there on is void.
 */
export type JournalRecord =
  | readonly ["e", Json]
  | readonly ["c", number, string]
  | readonly ["c", number, string, CallMeta]
  | readonly ["p", number, string, Json]
  | readonly ["r", number, 1 | 0, Json]
  | readonly ["s", number, Json]
  | readonly ["f", number, Json]
  | readonly ["x", string]
  | readonly ["b", number];

/** A history without what later records have made void: what a replay goes through. */
export function folded(records: readonly JournalRecord[]): JournalRecord[] {
  const kept: JournalRecord[] = [];
  for (const record of records) {
    if (record[0] === "e") kept.length = 0;
    else if (record[0] === "s" || record[0] === "f") cutAfter(kept, record[1], 1);
    else if (record[0] === "b") {
      cutAfter(kept, record[1], 0);
      continue;
    }
    kept.push(record);
  }
  return kept;
}

/**
 * New records without those that later ones among them have made void: a block that is over in the same commit keeps
 * nothing of its inside.
 * @param minBytes what it has to save, a block; with less they stay
 */
export function withoutVoid(records: readonly JournalRecord[], minBytes: number): readonly JournalRecord[] {
  if (!records.some(isFold)) return records;
  const kept: JournalRecord[] = [];
  for (const record of records) {
    if (isFold(record)) {
      // A call that is not among them stands before them all.
      const from = kept.findLastIndex(([type, id]) => type === "c" && id === record[1]) + 1;
      if (minBytes === 0 || JSON.stringify(kept.slice(from)).length >= minBytes) kept.length = from;
    }
    kept.push(record);
  }
  return kept;
}

function isFold(record: JournalRecord): record is JournalRecord & readonly ["s" | "f", ...unknown[]] {
  return record[0] === "s" || record[0] === "f";
}

/** Drops what follows the call of a block, or the call as well. */
function cutAfter(kept: JournalRecord[], id: number, extra: 0 | 1): void {
  for (let at = kept.length - 1; at >= 0; at--) {
    const record = kept[at] as JournalRecord;
    if (record[0] === "c" && record[1] === id) {
      kept.length = at + extra;
      return;
    }
  }
}

/** A record in a few words, for errors and for people who look into a conversation. */
export function describe(record: JournalRecord | undefined): string {
  if (record === undefined) return "nothing";
  switch (record[0]) {
    case "e":
      return "the entry";
    case "c":
    case "p":
      return `'${record[2]}'`;
    case "r":
      return `${record[2] === 1 ? "the result" : "the failure"} of operation ${record[1]}`;
    case "s":
      return `a new round of loop ${record[1]}`;
    case "f":
      return `the end of block ${record[1]}`;
    case "x":
      return `the order to leave (${record[1]})`;
    case "b":
      return `the way back to block ${record[1]}`;
  }
}
