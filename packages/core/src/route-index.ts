import { type QueryInfo, type Update, UPDATE_KINDS, type UpdateKind } from "@balekit/api";
import { fits } from "./queries.js";
import type { Hit, RouteTest } from "./route-test.js";
import { type KnownCommands, Subject, type TypedCommand } from "./subject.js";

/** Positions of routes, ascending. */
type Positions = number[];

/** Routes that want the text to begin with something of one length. */
interface PrefixList {
  readonly length: number;
  /** The lowest position in it. */
  readonly first: number;
  readonly byPrefix: Map<string, Positions>;
}

/** Routes that want the same of an update. */
interface RowList {
  readonly row: QueryInfo;
  readonly positions: Positions;
}

const nowhere: number = Number.POSITIVE_INFINITY;

/** The routes one kind of update can reach, by what they ask for. */
class Table {
  /** Commands whose name decides. */
  readonly commands = new Map<string, Positions>();
  /** Commands whose arguments decide as well. */
  readonly fussyCommands = new Map<string, Positions>();
  /** Routes that also take a mistyped command. */
  readonly mistyped: Positions = [];
  readonly exact = new Map<string, Positions>();
  /** The lowest position among the exact ones. */
  firstExact = nowhere;
  readonly prefixes: PrefixList[] = [];
  /** Prefixes of RegExps, which see the raw text as well. */
  readonly rawPrefixes: PrefixList[] = [];
  /** The lowest position among both. */
  firstPrefix = nowhere;
  readonly rows: RowList[] = [];
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
  /** The commands of these routes, read from the text that names them and nothing else: for subjects to look at. */
  readonly known: KnownCommands;
  /** What the last `find` matched. */
  hit: Hit | undefined = undefined;

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
    this.known = readAll(this.#tables.get("message"), normalize);
  }

  /** The position of the first route at or behind `from` that matches, -1 without one. Leaves its hit in `hit`. */
  find(subject: Subject, from: number): number {
    const table = this.#tables.get(subject.kind);
    this.hit = undefined;
    if (table === undefined) return -1;
    // Every list gives its lowest position; what is sure to match bounds what must be tried.
    const sure = this.#findSure(table, subject, from);
    const position = this.#tryRest(table, subject, from, sure);
    if (position === nowhere) return -1;
    if (this.hit === undefined) this.hit = this.#tests[position]?.match(subject);
    return position;
  }

  #findSure(table: Table, subject: Subject, from: number): number {
    let position = nowhere;
    for (const { row, positions } of table.rows) {
      const candidate = atOrBehind(positions, from);
      if (candidate < position && fits(row, subject.update, subject.kind)) position = candidate;
    }
    if (table.commands.size > 0 && subject.command !== undefined && subject.isForUs) {
      position = Math.min(position, atOrBehind(table.commands.get(subject.command.name), from));
    }
    if (table.firstExact < position) {
      const text = subject.kind === "callback_query" ? subject.data : subject.normalContent;
      if (text !== undefined) position = Math.min(position, atOrBehind(table.exact.get(text), from));
    }
    return position;
  }

  #tryRest(table: Table, subject: Subject, from: number, sure: number): number {
    let position = sure;
    if (table.fussyCommands.size > 0 && subject.command !== undefined) {
      position = this.#try(table.fussyCommands.get(subject.command.name), subject, from, position);
    }
    if (table.mistyped.length > 0 && subject.command !== undefined) {
      position = this.#try(table.mistyped, subject, from, position);
    }
    const isCallback = subject.kind === "callback_query";
    const raw = isCallback ? subject.data : subject.content;
    if (raw !== undefined && table.firstPrefix < position) {
      const normal = isCallback ? raw : (subject.normalContent ?? raw);
      for (const { length, first, byPrefix } of table.prefixes) {
        if (length > normal.length || first >= position) continue;
        position = this.#try(byPrefix.get(normal.slice(0, length)), subject, from, position);
      }
      for (const { length, first, byPrefix } of table.rawPrefixes) {
        if (first >= position) continue;
        if (length <= raw.length) {
          position = this.#try(byPrefix.get(raw.slice(0, length)), subject, from, position);
        }
        if (raw !== normal && length <= normal.length) {
          position = this.#try(byPrefix.get(normal.slice(0, length)), subject, from, position);
        }
      }
    }
    return table.scanned.length === 0 ? position : this.#try(table.scanned, subject, from, position);
  }

  /** Tries routes in order until one matches or lies behind what has been found already. */
  #try(positions: Positions | undefined, subject: Subject, from: number, found: number): number {
    if (positions === undefined) return found;
    for (let at = firstAt(positions, from); at < positions.length; at++) {
      const position = positions[at] as number;
      if (position >= found) return found;
      const hit = this.#tests[position]?.match(subject);
      if (hit === undefined) continue;
      this.hit = hit;
      return position;
    }
    return found;
  }
}

function readAll(table: Table | undefined, normalizeText: (text: string) => string): KnownCommands {
  const known = new Map<string, TypedCommand>();
  for (const names of [table?.commands, table?.fussyCommands]) {
    for (const name of names?.keys() ?? []) {
      const text = `/${name}`;
      const update = { update_id: 0, message: { text } } as Update;
      const { command } = new Subject(update, { me: {}, normalizeText });
      if (command !== undefined) known.set(text, command);
    }
  }
  return known;
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
      table.firstExact = Math.min(table.firstExact, position);
      add(listOf(table.exact, key.text), position);
    } else if (key.by === "prefix") {
      table.firstPrefix = Math.min(table.firstPrefix, position);
      const lengths = key.raw ? table.rawPrefixes : table.prefixes;
      let list = lengths.find(({ length }) => length === key.text.length);
      if (list === undefined) {
        list = { length: key.text.length, first: position, byPrefix: new Map() };
        lengths.push(list);
      }
      add(listOf(list.byPrefix, key.text), position);
    } else if (key.by === "row") {
      const { kinds } = key.row;
      const isPossible = kinds === undefined || (kind !== undefined && kinds.includes(kind));
      if (!isPossible) continue;
      let list = table.rows.find(({ row }) => row === key.row);
      if (list === undefined) {
        list = { row: key.row, positions: [] };
        table.rows.push(list);
      }
      add(list.positions, position);
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
  if ((positions[0] ?? nowhere) >= from) return 0;
  let low = 1;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function atOrBehind(positions: Positions | undefined, from: number): number {
  return positions?.[firstAt(positions, from)] ?? nowhere;
}
