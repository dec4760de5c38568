/** Remembering something between updates. */
export { session } from "./session.js";
export type {
  LazySession,
  Session,
  SessionAnswer,
  SessionData,
  SessionFlavor,
  SessionOptions,
  SessionProperty,
  SessionVerbs,
} from "./session.js";
export type { SessionKey } from "./session-key.js";
export type { SessionMigration, SessionMigrations } from "./session-record.js";
/** What can go wrong. */
export { SessionConflictError, SessionVersionError } from "./session-error.js";
