import type { QueryInfo, UpdateKind } from "@balekit/api";
import { fits, type QueryName, queryRow } from "./queries.js";
import { type Hit, plainHit, type RouteKey, type RouteTest } from "./route-test.js";
import type { Subject } from "./subject.js";

/** Behind `on`: any one of some queries. */
export class QueryTest implements RouteTest {
  readonly label: string;
  readonly kinds: readonly UpdateKind[] | undefined;
  readonly #rows: readonly QueryInfo[];

  /** @throws TypeError for a name that is not a query */
  constructor(queries: QueryName | readonly QueryName[]) {
    const names = typeof queries === "string" ? [queries] : queries;
    this.#rows = names.map(queryRow);
    const shownNames = names.map((name) => JSON.stringify(name)).join(", ");
    this.label = typeof queries === "string" ? `on(${shownNames})` : `on([${shownNames}])`;
    this.kinds = kindsOf(this.#rows);
  }

  match(subject: Subject): Hit | undefined {
    for (const row of this.#rows) {
      if (!fits(row, subject.update, subject.kind)) continue;
      return row.each === undefined ? plainHit : { members: subject.update.message?.[row.each] ?? [] };
    }
    return undefined;
  }

  whyNot(subject: Subject): string {
    if (this.kinds !== undefined && (subject.kind === undefined || !this.kinds.includes(subject.kind))) {
      return `the update is ${subject.kind ?? "of an undocumented kind"}, not ${this.kinds.join(" or ")}`;
    }
    const fields = new Set(this.#rows.flatMap((row) => row.fields ?? []));
    return `it has no ${[...fields].join(", ")}`;
  }

  keys(): readonly RouteKey[] {
    return this.#rows.map((row) => ({ by: "row", row }));
  }
}

function kindsOf(rows: readonly QueryInfo[]): readonly UpdateKind[] | undefined {
  const kinds = new Set<UpdateKind>();
  for (const row of rows) {
    if (row.kinds === undefined) return undefined;
    for (const kind of row.kinds) kinds.add(kind);
  }
  return [...kinds];
}
