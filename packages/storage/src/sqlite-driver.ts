/** Values in a SQLite database. */
export { sqlite, type SqliteStorageOptions } from "./sqlite.js";
/** Logs in a SQLite database. */
export { sqliteLanes, type SqliteLanesOptions } from "./sqlite-lanes.js";
/** The databases that fit. */
export type { SqliteDatabase, SqliteOptions, SqliteStatement, SqliteValue } from "./sqlite-database.js";
/** What further stores in a SQLite database are made with. */
export { openSqlite, type SqliteHandle, type SqliteStep } from "./sqlite-database.js";
export { type ProcessMark, processState, thisProcess } from "./process-mark.js";
