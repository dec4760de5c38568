/** An inbox in a SQLite database. */
export { sqliteInbox } from "./sqlite-inbox.js";
export type { SqliteInboxOptions } from "./sqlite-inbox-options.js";
/** The databases that fit. */
export type { SqliteDatabase, SqliteOptions, SqliteStatement, SqliteValue } from "@balekit/storage/sqlite";
