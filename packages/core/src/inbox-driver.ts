/** An inbox in a SQLite database. */
export { sqliteInbox, type SqliteInboxOptions } from "./sqlite-inbox.js";
/** The databases that fit. */
export type { SqliteDatabase, SqliteOptions, SqliteStatement, SqliteValue } from "@balekit/storage/sqlite";
