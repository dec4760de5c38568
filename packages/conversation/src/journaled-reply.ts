import type { Reply } from "balekit";

/** A reply as the journal keeps it: that it is a good one goes without saying, since most are. */
export function keptReply(reply: Reply): unknown {
  const isPlain = reply.ok && reply.result !== undefined && Object.keys(reply).length === 2;
  return isPlain ? { result: reply.result } : reply;
}

/** The reply that was kept. */
export function openReply(kept: unknown): unknown {
  const isPlain = typeof kept === "object" && kept !== null && "result" in kept && !("ok" in kept);
  return isPlain ? { ok: true, result: kept.result } : kept;
}
