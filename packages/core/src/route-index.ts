import { type QueryInfo, UPDATE_KINDS, type UpdateKind } from "@balekit/api";
import { fits } from "./queries.js";
import type { Hit, RouteTest } from "./route-test.js";
import type { Subject } from "./subject.js";

/** The first route that matches, and what it matched. */
export interface IndexHit {
  readonly position: number;
  readonly hit: Hit;
}

/** Positions of routes, ascending. */
type Positions = number[];

/** The routes one kind of update can reach, by what they ask for. */
class Table {
  /** Commands whose name decides. */
  readonly commands = new Map<string, Positions>();
  /** Commands whose arguments decide as well. */
  readonly fussyCommands = new Map<string, Positions>();
  /** Routes that also take a mistyped command. */
  readonly mistyped: Positions = [];
  readonly exact = new Map<string, Positions>();
  /** By length of the prefix, then by prefix. */
  readonly prefixes = new Map<number, Map<string, Positions>>();
  /** Prefixes of RegExps, which see the raw text as well. */
  readonly rawPrefixes = new Map<number, Map<string, Positions>>();
  readonly rows = new Map<QueryInfo, Positions>();
  /** What can only be tried. */
  readonly scanned: Positions = [];
}

/**
 * Finds the first of some routes that matches an update, without trying them all: by command, by exact text, by the
 * beginning of the text, by what the message holds. Finds exactly what trying them in order would find.
 */
export class RouteIndex {
  readonly #tests: readonly RouteTest[];
  readonly #tables = new Map<UpdateKind | undefined, Table>();

  constructor(tests: readonly RouteTest[], normalize: (text: string) => string) {
    this.#tests = tests;
    for (const kind of [...UPDATE_KINDS, undefined]) {
      const table = new Table();
      let isEmpty = true;
      tests.forEach((test, position) => {
        if (test.kinds !== undefined && (kind === undefined || !test.kinds.includes(kind))) return;
        isEmpty = false;
        enter(table, kind, test, position, normalize);
      });
      if (!isEmpty) this.#tables.set(kind, table);
    }
  }

  /** The first route at or behind `from` that matches. */
  find(subject: Subject, from: number): IndexHit | undefined {
    const table = this.#tables.get(subject.kind);
    if (table === undefined) return undefined;
    // Every source gives its lowest position; what is sure to match bounds what must be tried.
    let position = Number.POSITIVE_INFINITY;
    let hit: Hit | undefined;
    for (const [row, positions] of table.rows) {
      const candidate = atOrBehind(positions, from);
      if (candidate < position && fits(row, subject.update, subject.kind)) position = candidate;
    }
    const isCallback = subject.kind === "callback_query";
    const raw = isCallback ? subject.data : subject.content;
    const normal = isCallback ? raw : subject.normalContent;
    if (normal !== undefined && table.exact.size > 0) {
      position = Math.min(position, atOrBehind(table.exact.get(normal), from));
    }
    const command = subject.kind === "message" && subject.isForUs ? subject.command?.name : undefined;
    if (command !== undefined) position = Math.min(position, atOrBehind(table.commands.get(command), from));

    const attempt = (positions: Positions | undefined): void => {
      if (positions === undefined) return;
      for (let at = firstAt(positions, from); at < positions.length; at++) {
        const candidate = positions[at] as number;
        if (candidate >= position) return;
        const found = this.#tests[candidate]?.match(subject);
        if (found === undefined) continue;
        position = candidate;
        hit = found;
        return;
      }
    };
    if (command !== undefined) {
      attempt(table.fussyCommands.get(command));
      attempt(table.mistyped);
    }
    if (raw !== undefined && normal !== undefined) {
      for (const [length, prefixes] of table.prefixes) {
        if (length <= normal.length) attempt(prefixes.get(normal.slice(0, length)));
      }
      for (const [length, prefixes] of table.rawPrefixes) {
        if (length <= raw.length) attempt(prefixes.get(raw.slice(0, length)));
        if (raw !== normal && length <= normal.length) attempt(prefixes.get(normal.slice(0, length)));
      }
    }
    attempt(table.scanned);

    if (position === Number.POSITIVE_INFINITY) return undefined;
    hit ??= this.#tests[position]?.match(subject);
    return hit === undefined ? undefined : { position, hit };
  }
}

function enter(
  table: Table,
  kind: UpdateKind | undefined,
  test: RouteTest,
  position: number,
  normalize: (text: string) => string,
): void {
  for (const key of test.keys(normalize)) {
    if (key.by === "command") {
      add(listOf(key.sure ? table.commands : table.fussyCommands, key.name), position);
    } else if (key.by === "exact") {
      add(listOf(table.exact, key.text), position);
    } else if (key.by === "prefix") {
      const lengths = key.raw ? table.rawPrefixes : table.prefixes;
      let prefixes = lengths.get(key.text.length);
      if (prefixes === undefined) lengths.set(key.text.length, (prefixes = new Map()));
      add(listOf(prefixes, key.text), position);
    } else if (key.by === "row") {
      const { kinds } = key.row;
      const isPossible = kinds === undefined || (kind !== undefined && kinds.includes(kind));
      if (isPossible) add(listOf(table.rows, key.row), position);
    } else {
      add(key.by === "mistyped" ? table.mistyped : table.scanned, position);
    }
  }
}

function listOf<Key>(map: Map<Key, Positions>, key: Key): Positions {
  let positions = map.get(key);
  if (positions === undefined) map.set(key, (positions = []));
  return positions;
}

function add(positions: Positions, position: number): void {
  if (positions.at(-1) !== position) positions.push(position);
}

/** The index of the first position at or behind `from`; the length when there is none. */
function firstAt(positions: Positions, from: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function atOrBehind(positions: Positions | undefined, from: number): number {
  return positions?.[firstAt(positions, from)] ?? Number.POSITIVE_INFINITY;
}
