import type { Traces } from "./author-line.js";
import type { JournalLimits } from "./operation.js";
import type { Json } from "./value.js";

/** How calls are recorded. */
export interface RecorderInit {
  readonly limits: JournalLimits;
  /** Of which operations the author's line is noted. @default of all */
  readonly traces?: Traces | undefined;
  /** Whether a replay does not look for arguments that are others than the journal has. @default false */
  readonly ignoresArguments?: boolean | undefined;
  /** Told of an operation that was called when nothing had been given to the code: it awaited something else. */
  readonly onStray?: ((line: string | undefined) => void) | undefined;
}

/** How a coroutine of some kind is made. */
export interface InitOf<Coroutine> extends RecorderInit {
  readonly program: (coroutine: Coroutine, input: Json, prepared: unknown) => Promise<unknown>;
  /** Makes what the program needs besides, before it begins; not in the journal. */
  readonly prepare?: ((input: Json) => unknown) | undefined;
  /** How long code may be busy with something that is not in the journal, in real milliseconds. */
  readonly stallMs?: number | undefined;
}

/** How a history is gone through. */
export interface ReplayOptions {
  /** Whether the code may go on by itself from where it ends: it was made to go back. @default false */
  readonly goesOn?: boolean | undefined;
  /** Whether nobody else has these records: then the code is given what is in them in place of copies. @default false */
  readonly isOwn?: boolean | undefined;
}

/** Begins a program; where it stands nothing holds on to its input for as long as it runs. */
export function begun<Coroutine>(
  program: InitOf<Coroutine>["program"],
  coroutine: Coroutine,
  input: Json,
  prepared: unknown,
): Promise<unknown> {
  try {
    return program(coroutine, input, prepared);
  } catch (error) {
    return Promise.reject(error as Error);
  }
}
