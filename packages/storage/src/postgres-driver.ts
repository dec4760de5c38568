/** Values in a PostgreSQL database. */
export { postgres, type PostgresStorageOptions } from "./postgres.js";
/** Logs in a PostgreSQL database. */
export { postgresLanes, type PostgresLanesOptions } from "./postgres-lanes.js";
/** The pools that fit. */
export type { PostgresClient, PostgresOptions, PostgresPool } from "./postgres-database.js";
