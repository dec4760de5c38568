import type { Context } from "balekit";

/** A history and the code that is to go on with it do not fit together. Nothing has been sent. */
export class ReplayMismatchError extends Error {
  override readonly name: string = "ReplayMismatchError";
  readonly code: string = "ERR_BALE_CONVERSATION_MISMATCH";
  /** Which record of the history, counted from 1. */
  readonly record: number;
  /** What the history says there. */
  readonly recorded: string;
  /** What the code does there. */
  readonly found: string;

  constructor(record: number, recorded: string, found: string) {
    super(`record ${record} says ${recorded}, the code now does ${found}`);
    this.record = record;
    this.recorded = recorded;
    this.found = found;
  }
}

/** A conversation waited for something that is not in its journal. */
export class UnjournaledAwaitError extends Error {
  override readonly name: string = "UnjournaledAwaitError";
  readonly code: string = "ERR_BALE_CONVERSATION_AWAIT";
  /** The author's line, as far as it is known: `file:line:column`. */
  readonly line: string | undefined;

  constructor(what: string, line: string | undefined) {
    const where = line === undefined ? "" : ` (${line})`;
    super(
      `${what}${where}. In a conversation await only c and ctx; put everything else into c.external(name, fn), whose result is kept.`,
    );
    this.line = line;
  }
}

/** A replay of a conversation's journal has gone another way than its live code: it depends on something un-journaled. */
export class ShadowDivergenceError extends Error {
  override readonly name: string = "ShadowDivergenceError";
  readonly code: string = "ERR_BALE_CONVERSATION_DIVERGED";
  /** The author's line of the operation that differs, as far as it is known: `file:line:column`. */
  readonly line: string | undefined;

  constructor(definition: string, what: string, line: string | undefined) {
    const where = line === undefined ? "" : ` (${line})`;
    super(
      `The conversation "${definition}" does not do the same again${where}: ${what}. It depends on something that is not in its journal, such as Math.random, Date.now, a variable outside or a call of a service: take c.random(), c.now() or c.external(name, fn).`,
    );
    this.line = line;
  }
}

/** A wait, or a sleep, did not end before its deadline. */
export class WaitExpiredError extends Error {
  override readonly name: string = "WaitExpiredError";
  readonly code: string = "ERR_BALE_CONVERSATION_TIMEOUT";
  /** What was waited for. */
  readonly waitedFor: string;
  // Not a field: the journal would keep it beside the message, and logs would print what people have sent.
  readonly #found: readonly Context[];

  constructor(waitedFor: string, found: readonly Context[] = []) {
    const came = found.length === 0 ? "nothing that fits came" : `no more than ${found.length} came`;
    super(`Waiting for ${waitedFor}: ${came} in time. Catch this error, or give onTimeout.`);
    this.waitedFor = waitedFor;
    this.#found = found;
  }

  /** What had come by then for `c.collect`, oldest first; empty for every other wait. */
  get found(): readonly Context[] {
    return this.#found;
  }
}

/** Thrown into a conversation that is to end: let it pass, so that `finally` blocks run and it does. */
export class ExitError extends Error {
  override readonly name: string = "ExitError";
  readonly code: string = "ERR_BALE_CONVERSATION_EXIT";
  /** Why: `"exit"`, `"cancel"`, `"replaced"`, `"expired"`, or what the caller said. */
  readonly reason: string;
  /** What `c.exit(result)` was given. */
  readonly result: unknown;

  constructor(reason: string, result?: unknown) {
    super(
      `The conversation leaves (${reason}). Let this error pass: don't catch it without throwing it again.`,
    );
    this.reason = reason;
    this.result = result;
  }
}

/** A question of `c.ask` has had `maxAttempts` answers, and none of use. Uncaught it ends the conversation, for the reason `"attempts"`. */
export class AttemptsSpentError extends ExitError {
  override readonly name: string = "AttemptsSpentError";
  override readonly code: string = "ERR_BALE_CONVERSATION_ATTEMPTS";
  /** The name of the question. */
  readonly question: string;

  constructor(question: string, attempts: number) {
    super("attempts");
    this.message = `Asking ${JSON.stringify(question)}: ${attempts} answers have come, and none of use. Catch this error to go on without one.`;
    this.question = question;
  }
}

/** Whether an effect happened is not known: the process that was carrying it out ended before it could say. */
export class AmbiguousEffectError extends Error {
  override readonly name: string = "AmbiguousEffectError";
  readonly code: string = "ERR_BALE_CONVERSATION_AMBIGUOUS";
  readonly operation: string;

  constructor(operation: string) {
    super(
      `${operation}: whether it was carried out is not known, because the process ended meanwhile. Find out before you do it again.`,
    );
    this.operation = operation;
  }
}

/** A conversation's journal, or a value in it, has become too large. */
export class JournalLimitError extends RangeError {
  override readonly name: string = "JournalLimitError";
  readonly code: string = "ERR_BALE_CONVERSATION_LIMIT";
}

/** Something was asked of a conversation that it can't do now. */
export class ConversationStateError extends Error {
  override readonly name: string = "ConversationStateError";
  readonly code: string = "ERR_BALE_CONVERSATION_STATE";
}

/** A conversation has failed: its code threw, or it could not go on. It is over, or parked, and its lane is free. */
export class ConversationError extends Error {
  override readonly name: string = "ConversationError";
  readonly code: string = "ERR_BALE_CONVERSATION";
  readonly definition: string;
  readonly instance: string;
  /** The key of the operation that its code had called last: `ext:price`; absent where it is not its code that failed. */
  readonly operation: string | undefined;

  constructor(
    definition: string,
    instance: string,
    cause: unknown,
    { about, operation }: { readonly about?: string; readonly operation?: string | undefined } = {},
  ) {
    const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const told = about ?? (operation === undefined ? undefined : `after '${operation}'`);
    const more = told === undefined ? "" : ` (${told})`;
    super(`The conversation "${definition}" (instance ${instance}) failed: ${said}${more}`, { cause });
    this.definition = definition;
    this.instance = instance;
    this.operation = operation;
  }
}

/** A conversation of which this process does not know the code. */
export class UnknownDefinitionError extends ConversationStateError {
  override readonly name: string = "UnknownDefinitionError";
}
