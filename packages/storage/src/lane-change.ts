import type { LaneCommit } from "./lane-store.js";
import { misuse } from "./storage-error.js";

/** Refuses a commit that leaves out the head where there is none to keep, or names tokens that would not be kept. */
export function checkChange(doing: () => string, expected: string | null, change: LaneCommit): void {
  if (change.head !== undefined) return;
  if (expected === null) {
    throw misuse("ERR_BALE_OPTION", `${doing()}: it is new and the change has no head. Give one.`);
  }
  if (change.index !== undefined) {
    throw misuse(
      "ERR_BALE_OPTION",
      `${doing()}: the change names tokens and has no head. Give the head as well: without one both stay as they are.`,
    );
  }
}
