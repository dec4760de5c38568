import { folded, type JournalRecord } from "./journal.js";
import {
  type Claim,
  type InstanceHead,
  type LaneChange,
  type LaneHead,
  type LaneRow,
  RECENT,
  type WaitHead,
  type WaitRow,
} from "./lane-head.js";
import type { Toll } from "./toll.js";
import type { Json } from "./value.js";

/**
 * The row that brings a lane from one head to another; `undefined` when a row can't say it, and the head has to be
 * written. Only the instance of the slot may have changed. @param writer names the commit
 */
export function rowOf(
  before: LaneHead,
  after: LaneHead,
  slot: number,
  records: readonly JournalRecord[],
  writer: string,
): LaneRow | undefined {
  if (before.instances.length !== after.instances.length) return undefined;
  let own: InstanceHead | undefined;
  let known: InstanceHead | undefined;
  for (let at = 0; at < after.instances.length; at++) {
    const one = before.instances[at] as InstanceHead;
    const other = after.instances[at] as InstanceHead;
    if (one === other) continue;
    if (one.id !== other.id || other.slot !== slot || one.parked !== other.parked) return undefined;
    known = one;
    own = other;
  }
  if (known === undefined || own === undefined) return undefined;
  const change: { -readonly [Key in keyof LaneChange]: LaneChange[Key] } = {};
  if (after.recent !== before.recent) {
    let at = after.recent.length;
    while (at > 0 && !before.recent.includes(after.recent[at - 1] as string)) at--;
    const added = after.recent.slice(at);
    if (added.length > 0) change.a = added.length === 1 ? added[0] : added;
  }
  const { claim } = after;
  if (claim === undefined) {
    if (before.claim === undefined) change.b = writer;
  } else if (!isSame(claim, before.claim)) {
    const since = claim.until - own.born;
    change.c = claim.toll === undefined ? [claim.owner, since] : [claim.owner, since, claim.toll];
  }
  // That waits are said also says that nothing is under way.
  if (claim === undefined || own.waits !== known.waits) {
    if (claim !== undefined) return undefined;
    change.w = own.waits.map((wait) => waitRow(wait, records));
  }
  if (own.length !== known.length + records.length) change.n = own.length;
  if (own.lastId !== lastOf(known.lastId, records)) change.l = own.lastId;
  if (own.bytes !== known.bytes && own.bytes !== undefined) change.y = own.bytes;
  if (own.touched !== known.touched) change.t = own.touched;
  if (own.version !== known.version || own.source !== known.source) change.v = [own.version, own.source];
  if (after.owed !== before.owed) change.o = after.owed === undefined ? [] : [after.owed];
  for (const _ in change) return [slot, change, ...records];
  return [slot, ...records];
}

/** The head that rows leave behind. @param from the place of the first one to be applied */
export function applied(head: LaneHead, rows: readonly LaneRow[], from: number = 0): LaneHead {
  const after: { -readonly [Key in keyof LaneHead]: LaneHead[Key] } = { ...head };
  const instances = head.instances.map((one): Changing => ({ ...one }));
  const recent = [...head.recent];
  let own: Changing | undefined;
  for (let at = from; at < rows.length; at++) {
    const row = rows[at] as LaneRow;
    const change = changeIn(row);
    if (own?.slot !== row[0]) own = instances.find(({ slot }) => slot === row[0]);
    if (change.w !== undefined) after.claim = undefined;
    else if (change.c !== undefined) after.claim = claimOf(change.c, own?.born ?? 0);
    if (own !== undefined) apply(own, change, row, after.claim !== undefined);
    if (typeof change.a === "string") recent.push(change.a);
    else if (change.a !== undefined) recent.push(...change.a);
    if (change.o !== undefined) after.owed = change.o[0];
    after.rows++;
    after.records += recordsIn(row);
  }
  return { ...after, instances, recent: recent.slice(-RECENT) };
}

type Changing = { -readonly [Key in keyof InstanceHead]: InstanceHead[Key] };

function apply(one: Changing, change: LaneChange, row: LaneRow, isClaimed: boolean): void {
  const first = firstRecordIn(row);
  if (change.v !== undefined) [one.version, one.source] = change.v;
  if (change.t !== undefined) one.touched = change.t;
  one.lastId = change.l ?? lastOf(one.lastId, row as unknown as readonly JournalRecord[], first);
  one.length = change.n ?? one.length + row.length - first;
  if (change.y !== undefined) one.bytes = change.y;
  if (change.w !== undefined) one.waits = change.w.map((wait) => waitOf(wait, row));
  // Only a step writes rows: it has got something done.
  one.setback = undefined;
  one.isBusy = isClaimed ? true : undefined;
}

/** The records of each slot, in order. */
export function historiesOf(rows: readonly LaneRow[]): Map<number, JournalRecord[]> {
  const histories = new Map<number, JournalRecord[]>();
  let last = -1;
  let records: JournalRecord[] = [];
  for (const row of rows) {
    const [slot] = row;
    if (slot !== last) {
      records = histories.get(slot) ?? [];
      histories.set(slot, records);
      last = slot;
    }
    for (let at = firstRecordIn(row); at < row.length; at++) records.push(row[at] as JournalRecord);
  }
  return histories;
}

/** Rows with all that is still needed of others. */
export function compacted(rows: readonly LaneRow[], instances: readonly InstanceHead[]): LaneRow[] {
  const histories = historiesOf(rows);
  return instances.map(({ slot }): LaneRow => [slot, ...folded(histories.get(slot) ?? [])]);
}

/** A head with another state of one instance. */
export function replaced(head: LaneHead, instance: InstanceHead): LaneHead {
  return { ...head, instances: head.instances.map((one) => (one.id === instance.id ? instance : one)) };
}

/** The instance whose step has been begun, and is not over. */
export function busyIn({ instances }: LaneHead): InstanceHead | undefined {
  return instances.find(({ isBusy, parked }) => isBusy === true && parked === undefined);
}

/** Whether an instance is looked at again by itself. */
export function hasDeadline({ waits }: InstanceHead): boolean {
  return waits.some(({ deadline }) => deadline !== undefined);
}

/** Of a row: a record is a list, what has changed is none. */
function changeIn(row: LaneRow): LaneChange {
  const said = row[1] as LaneChange | JournalRecord | undefined;
  return said === undefined || Array.isArray(said) ? UNCHANGED : (said as LaneChange);
}

const UNCHANGED: LaneChange = {};

/** How many records a row has. */
export function recordsIn(row: LaneRow): number {
  return row.length - firstRecordIn(row);
}

function firstRecordIn(row: LaneRow): 1 | 2 {
  const said = row[1] as LaneChange | JournalRecord | undefined;
  return said === undefined || Array.isArray(said) ? 1 : 2;
}

function lastOf(before: number, records: readonly JournalRecord[], from: number = 0): number {
  let last = before;
  for (let at = from; at < records.length; at++) {
    const record = records[at] as JournalRecord;
    if ((record[0] === "c" || record[0] === "p") && record[1] > last) last = record[1];
  }
  return last;
}

function isSame(one: Claim, other: Claim | undefined): boolean {
  return one.owner === other?.owner && one.until === other.until && one.toll === other.toll;
}

function claimOf([owner, since, toll]: readonly [string, number, Toll?], born: number): Claim {
  const until = since + born;
  return toll === undefined ? { owner, until } : { owner, until, toll };
}

/** A wait as short as it can be said: without a filter that the call beside it tells, or that is empty and none tells. */
function waitRow({ id, filter = null, deadline }: WaitHead, records: readonly unknown[]): WaitRow {
  const said = wordsIn(filter) === wordsBeside(id, records) ? 0 : filter;
  if (deadline !== undefined) return [id, said, deadline];
  return said === 0 ? [id] : [id, said];
}

function waitOf([id, said = 0, deadline]: readonly [number, Json?, number?], row: LaneRow): WaitHead {
  const words = said === 0 ? wordsBeside(id, row) : undefined;
  const filter = words === undefined ? said : words === "" ? {} : { q: words };
  return {
    id,
    ...(filter === null ? undefined : { filter }),
    ...(deadline === undefined ? undefined : { deadline }),
  };
}

/** The words of a filter that is nothing but words, `""` of one that is empty. */
function wordsIn(filter: Json): string | undefined {
  if (typeof filter !== "object" || filter === null || Array.isArray(filter)) return undefined;
  const { q: words, ...rest } = filter as { readonly q?: Json };
  for (const _ in rest) return undefined;
  return words === undefined ? "" : typeof words === "string" ? words : undefined;
}

/** What a wait whose call stands in the same row most likely waits for: what its key says between `wait:` and a name. */
function wordsBeside(id: number, records: readonly unknown[]): string {
  for (const record of records) {
    if (!Array.isArray(record) || record[0] !== "c" || record[1] !== id) continue;
    const key = String(record[2]);
    if (!key.startsWith("wait:")) return "";
    const end = key.indexOf("#");
    return key.slice("wait:".length, end < 0 ? undefined : end);
  }
  return "";
}
