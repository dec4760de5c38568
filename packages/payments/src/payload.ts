import { createHash, randomBytes } from "node:crypto";

/** What an invoice of ours is for. */
export interface InvoiceMark {
  /** `order`: one sale to one person. `offer`: whoever pays gets an order of their own. */
  readonly kind: "order" | "offer";
  readonly id: string;
}

const LETTER = { order: "o", offer: "f" } as const;
/** Found wherever it stands: others may write beside it in the payload. */
const MARK = /(?<![\w-])pay:([of]):([\w-]{16})(?![\w-])/;

/** An id nobody can guess. */
export function newId(): string {
  return randomBytes(12).toString("base64url");
}

/** The id of the order that one buyer has made under one key. */
export function idOf(key: string, userId: number): string {
  return createHash("sha256").update(`${userId}:${key}`).digest("base64url").slice(0, 16);
}

/** What goes into the payload of an invoice: 22 of its 128 bytes. */
export function payloadOf({ kind, id }: InvoiceMark): string {
  return `pay:${LETTER[kind]}:${id}`;
}

/** Reads a payload; `undefined` when it is none of ours. */
export function markIn(payload: string | undefined): InvoiceMark | undefined {
  const match = MARK.exec(payload ?? "");
  if (match === null) return undefined;
  return { kind: match[1] === "o" ? "order" : "offer", id: match[2] as string };
}
