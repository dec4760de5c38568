/**
 * How urgent a call is to `throttle()`: the answer to somebody who waits goes before a notification, and that before
 * one of many messages that nobody waits for.
 */
export type Priority = "answer" | "notify" | "broadcast";

/** The most urgent first. */
export const PRIORITIES: readonly Priority[] = ["answer", "notify", "broadcast"];
