import { createRequire } from "node:module";
import type { SqliteDatabase } from "@balekit/storage/sqlite";

/** A kind of SQLite this Node can load. */
export interface SqliteKind {
  readonly name: string;
  open(path: string): SqliteDatabase & { close(): void };
}

interface DatabaseClass {
  new (path: string): SqliteDatabase & { close(): void };
}

const require = createRequire(import.meta.url);

/** libsql everywhere, and node:sqlite where Node brings it (from 22.13 on). */
export function sqliteKinds(): readonly SqliteKind[] {
  const Libsql = require("libsql") as DatabaseClass;
  const kinds: SqliteKind[] = [{ name: "libsql", open: (path) => new Libsql(path) }];
  const builtIn = process.getBuiltinModule("node:sqlite") as { DatabaseSync: DatabaseClass } | undefined;
  if (builtIn !== undefined) {
    kinds.push({ name: "node:sqlite", open: (path) => new builtIn.DatabaseSync(path) });
  }
  return kinds;
}

/** The kind of this name. */
export function sqliteKind(name: string): SqliteKind {
  const kind = sqliteKinds().find((other) => other.name === name);
  if (kind === undefined) throw new Error(`This Node has no ${name}.`);
  return kind;
}
