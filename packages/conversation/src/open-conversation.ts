import type { InstanceHead } from "./lane-head.js";

/** A conversation that is open. */
export interface OpenConversation {
  readonly id: string;
  readonly name: string;
  readonly lane: string;
  readonly version: number;
  /** When it was entered, in ms since 1970. */
  readonly bornAt: number;
  readonly touchedAt: number;
  readonly records: number;
  /** A hash of the source it runs on. */
  readonly source: string;
  readonly parked?: { readonly reason: string; readonly message: string; readonly at: number } | undefined;
}

/** What is told of an instance in a lane. */
export function openOf(instance: InstanceHead, lane: string): OpenConversation {
  const { id, definition, version, source, born, touched, length, parked } = instance;
  const at = { bornAt: born, touchedAt: touched };
  return { id, name: definition, lane, version, source, ...at, records: length, parked };
}
