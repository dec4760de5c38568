import type { ConversationDefinition } from "./definition.js";

declare const resultOf: unique symbol;

/**
 * The id of a conversation: a text, of which the types remember what the conversation returns. Write it down like any
 * text; of one that was read from somewhere, `ending(id, { of: definition })` says it anew.
 */
export type ConversationId<Result = unknown> = string & { readonly [resultOf]?: () => Result };

interface Ended {
  readonly id: string;
  /** The name of its definition. */
  readonly name: string;
  /** In ms since 1970. */
  readonly endedAt: number;
}

/** A conversation that has come to the end of its code. */
export interface DoneConversation<Result> extends Ended {
  readonly isDone: true;
  readonly reason: "done";
  /** What the code returned: a copy, as the journal keeps values. */
  readonly result: Result;
}

/** A conversation that has left before the end of its code. */
export interface LeftConversation extends Ended {
  readonly isDone: false;
  /** `"exit"`, `"cancel"`, `"timeout"`, `"replaced"`, `"expired"`, `"blocked"`, `"killed"`, `"mismatch"`, `"error"`, or what the caller said. */
  readonly reason: string;
  /** What `c.exit` was given. */
  readonly result: unknown;
  /** What its code threw, where the reason is `"error"`. */
  readonly error: Error | undefined;
}

/** How a conversation has ended. */
export type ConversationEnding<Result = unknown> = DoneConversation<Result> | LeftConversation;

/** Options of `bot.conversations.ending`. */
export interface EndingOptions<Result = unknown> {
  /** Its definition: says what it returns, for an id that is a plain text. Another's id is an error then. */
  readonly of?: ConversationDefinition<never, never, Result> | undefined;
  /** How long to wait for the end, in ms. @default 0: answers what is known now */
  readonly timeoutMs?: number | undefined;
  /** Gives up waiting. */
  readonly signal?: AbortSignal | undefined;
}
