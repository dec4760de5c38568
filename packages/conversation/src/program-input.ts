import type { Update } from "balekit";
import type { KeptValues } from "./inner-context.js";
import { packWithin } from "./packed-outcome.js";
import type { Json } from "./value.js";

/** A way of `c.steps`, and the state to take it with. */
export interface WayAhead {
  readonly next: string;
  readonly state: unknown;
}

/** What a program is entered with, in the journal. */
export interface ProgramInput {
  readonly args: unknown;
  readonly update: Update;
  /** Where it goes on, when its code could not be brought back. */
  readonly goto?: WayAhead | undefined;
  /** The reason it ends for, when nothing but its last words is to run. */
  readonly last?: string | undefined;
  readonly kept?: KeptValues | undefined;
}

/** Makes the input of a program ready for the journal. */
export function packInput(
  input: ProgramInput,
  name: string,
  maxBytes: number = Number.POSITIVE_INFINITY,
): { readonly json: Json; readonly bytes: number } {
  return packWithin(input, `Entering "${name}"`, maxBytes);
}
