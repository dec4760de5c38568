import type { ConversationEnding } from "./ending.js";
import type { EndedInstance } from "./lane-head.js";
import { packWithin } from "./packed-outcome.js";
import { type Json, pack, unpack } from "./value.js";

/** How code came to its end, or that it was ended. */
export interface Ending {
  readonly reason: string;
  readonly result?: unknown;
  readonly error?: Error | undefined;
}

/** An ending as it stands in a head: name of the definition, reason, and what there is beside it. */
interface KeptEnding {
  readonly d: string;
  readonly r: string;
  /** The result, unless it is `undefined`. */
  readonly v?: Json;
  /** Why the result could not be kept. */
  readonly x?: Json;
  /** What the code threw. */
  readonly e?: Json;
}

/**
 * Makes an ending ready for the store. A result that can't be kept fails nothing, for hardly anybody asks: the error goes
 * to whoever does.
 */
export function keptEnding(name: string, { reason, result, error }: Ending, maxBytes: number): Json {
  const kept: Record<string, Json> = { d: name, r: reason };
  if (error !== undefined) kept["e"] = packedError(error, maxBytes);
  if (result !== undefined) {
    try {
      kept["v"] = packWithin(result, `The result of the conversation "${name}"`, maxBytes).json;
    } catch (fault) {
      kept["x"] = packedError(fault as Error, maxBytes);
    }
  }
  return kept;
}

/** The ending that was kept. @throws the error that says why its result could not be kept */
export function openEnding({ id, at, kept }: EndedInstance): ConversationEnding {
  const { d: name, r: reason, v, x, e } = kept as unknown as KeptEnding;
  if (x !== undefined) throw unpack(x);
  const result = v === undefined ? undefined : unpack(v);
  const ended = { id, name, endedAt: at };
  if (reason === "done") return { ...ended, isDone: true, reason, result };
  const error = e === undefined ? undefined : (unpack(e) as Error);
  return { ...ended, isDone: false, reason, result, error };
}

function packedError(error: Error, maxBytes: number): Json {
  const packed = pack(error, "An error");
  if (packed.bytes <= maxBytes) return packed.json;
  const short = new Error(error.message.slice(0, 1_000));
  short.name = error.name.slice(0, 100);
  return pack(short, "An error").json;
}
