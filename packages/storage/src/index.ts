/** Values: one value a key, changed under compare-and-set. */
export type { DeleteOptions, SetOptions, SetResult, Storage, Stored } from "./storage.js";
/** Logs: what inboxes, conversations and timers stand on. */
export type { Lane, LaneCommit, LaneStore } from "./lane-store.js";
/** Time. */
export type { Clock, Timer } from "./clock.js";
