/** Values: one value a key, changed under compare-and-set. */
export type { DeleteOptions, SetOptions, SetResult, Storage, Stored } from "./storage.js";
export { memory, type MemoryOptions } from "./memory.js";
/** Logs: what inboxes, conversations and timers stand on. */
export type { Lane, LaneCommit, LaneStore } from "./lane-store.js";
export { memoryLanes, type MemoryLanesOptions } from "./memory-lanes.js";
/** Time: the real one, and one that can be moved. */
export type { Clock, Timer } from "./clock.js";
export { systemClock } from "./system-clock.js";
export { type ManualClock, manualClock, type ManualClockOptions } from "./manual-clock.js";
export { sleep } from "./sleep.js";
