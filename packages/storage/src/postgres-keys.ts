import type { Clock } from "./clock.js";
import { keyFromText, prefixToText } from "./key.js";
import type { PostgresHandle } from "./postgres-database.js";

/** What is to be listed: a table of ours with the columns key and expires_at. */
export interface PostgresListing {
  readonly ask: PostgresHandle["ask"];
  readonly table: string;
  readonly prefix: string;
  readonly clock: Clock;
}

/** Keys are listed in pages of this many, so that a long list is never held whole. */
const PAGE = 500;

/** Every live key that starts with the prefix, read off the index of keys. */
export async function* postgresKeys({ ask, table, prefix, clock }: PostgresListing): AsyncIterable<string> {
  const doing = (): string => `Listing the keys that begin with ${JSON.stringify(prefix)}`;
  const begin = prefixToText(prefix);
  let after = begin;
  for (let isFirst = true; ; isFirst = false) {
    const rows = await ask<{ readonly key: string; readonly live: string }>({
      doing,
      text: `
        SELECT key, (expires_at IS NULL OR expires_at > $2)::text AS live FROM ${table}
        WHERE key ${isFirst ? ">=" : ">"} $1 ORDER BY key LIMIT ${PAGE}`,
      values: [after, clock.now()],
      isWrite: false,
    });
    for (const row of rows) {
      if (!row.key.startsWith(begin)) return;
      const key = keyFromText(row.key);
      if (row.live === "true" && key.startsWith(prefix)) yield key;
      after = row.key;
    }
    if (rows.length < PAGE) return;
  }
}
