/** Values: one value a key, changed under compare-and-set. */
export type { DeleteOptions, SetOptions, SetResult, Storage, Stored } from "./storage.js";
export { memory, type MemoryOptions } from "./memory.js";
export { update, type Updated, type UpdateOptions } from "./update.js";
export { keyOf, MAX_KEY_LENGTH } from "./key.js";
/** How values are written. */
export { type Codec, json } from "./codec.js";
export { richJson } from "./rich-json.js";
export type { ValueOptions } from "./value-text.js";
/** Stores of others, for one process. */
export { fromGrammy, type GrammyAdapter } from "./from-grammy.js";
export { fromKeyv, type KeyvLike } from "./from-keyv.js";
export type { BridgeOptions } from "./carried.js";
export type { OnStorageWarning } from "./warning.js";
/** Logs: what inboxes, conversations and timers stand on. */
export type { Lane, LaneCommit, LaneStore } from "./lane-store.js";
export { memoryLanes, type MemoryLanesOptions } from "./memory-lanes.js";
export { lanesOf, type LanesOfOptions } from "./lanes-of.js";
/** What drivers are made with. */
export { type Migration, type MigrationPlan, planMigrations, type SchemaState } from "./migrations.js";
/** What can go wrong. */
export {
  StorageConflictError,
  StorageError,
  type StorageErrorCode,
  StorageUnavailableError,
  type UnavailableInit,
} from "./storage-error.js";
/** Time: the real one, and one that can be moved. */
export type { Clock, Timer } from "./clock.js";
export { systemClock } from "./system-clock.js";
export { type ManualClock, manualClock, type ManualClockOptions } from "./manual-clock.js";
export { sleep } from "./sleep.js";
