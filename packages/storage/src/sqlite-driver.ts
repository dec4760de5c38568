/** Values in a SQLite database. */
export { sqlite, type SqliteStorageOptions } from "./sqlite.js";
/** Logs in a SQLite database. */
export { sqliteLanes, type SqliteLanesOptions } from "./sqlite-lanes.js";
/** The databases that fit. */
export type { SqliteDatabase, SqliteOptions, SqliteStatement, SqliteValue } from "./sqlite-database.js";
