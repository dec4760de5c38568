import { QUERIES, type Queries, type QueryInfo, type Update, type UpdateKind } from "@balekit/api";
import { closest } from "./closest.js";
import { shown, wrongType } from "./misuse.js";
import { isThere } from "./update-kind.js";

/** The name of a query: a kind of update, or a kind and a content (`message:photo`). */
export type QueryName = keyof Queries;

/** The row of a query. @throws TypeError with the nearest name when there is no such query */
export function queryRow(name: string): QueryInfo {
  if (typeof name === "string" && Object.hasOwn(QUERIES, name)) return QUERIES[name as QueryName];
  const near = typeof name === "string" ? closest(name, Object.keys(QUERIES)) : undefined;
  const hint =
    near === undefined ? `Take one of: ${Object.keys(QUERIES).join(", ")}.` : `Did you mean "${near}"?`;
  throw wrongType("ERR_BALE_QUERY", `Unknown query ${shown(name)}. ${hint}`, queryRow);
}

/** Whether an update of this kind fits the row of a query. */
export function fits(row: QueryInfo, update: Update, kind: UpdateKind | undefined): boolean {
  if (row.kinds === undefined) return true;
  if (kind === undefined || !row.kinds.includes(kind)) return false;
  const payload = update[kind];
  if (payload === undefined || !hasAny(row.fields, payload)) return false;
  return row.each === undefined || Array.isArray(update.message?.[row.each]);
}

/** Whether a payload has at least one of the fields; `undefined` asks for none. */
export function hasAny(fields: readonly string[] | undefined, payload: object): boolean {
  if (fields === undefined) return true;
  for (const field of fields) {
    if (isThere((payload as Readonly<Record<string, unknown>>)[field])) return true;
  }
  return false;
}
