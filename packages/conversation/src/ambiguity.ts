import type { AmbiguityVerdict } from "./lane-host.js";

/** What is done, after a crash, with calls that may have been carried out, by method. */
export type AmbiguityTable = Readonly<Record<string, "retry" | "throw">>;

/** Money is never moved twice by guess. Everything else is repeated: a doubled question is better than a lost one. */
const MONEY = /invoice|refund|transfer|withdraw|payout/i;

/** The verdict on a call of a method. */
export function ambiguityOf(method: string, table: AmbiguityTable): AmbiguityVerdict {
  return table[method] ?? (MONEY.test(method) ? "throw" : "retry");
}

/** Answers with which Bale says that a repeated call had been carried out already. */
export function isDoneAlready(method: string, description: string): boolean {
  if (method.startsWith("edit")) return /not modified/i.test(description);
  if (method.startsWith("delete")) return /not found/i.test(description);
  return false;
}
