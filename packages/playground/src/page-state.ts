import type { Chat, Message, User } from "@balekit/api";
import type { CallbackAnswer, PaymentEvent } from "@balekit/emulator";
import type { Fault } from "./fault.js";
import type { OutputLine, RunnerStatus } from "./runner.js";

/** Everything the page shows, as one value: what a page gets when it connects. */
export interface PageState {
  /** The bot's own user. */
  readonly bot: User;
  readonly people: readonly User[];
  /** Groups and channels; a private chat with the bot has its person's id and is not listed. */
  readonly groups: readonly Group[];
  readonly messages: readonly Message[];
  readonly calls: readonly CallEntry[];
  readonly output: readonly OutputLine[];
  readonly faults: readonly Fault[];
  /** Handlers that have not ended for seconds, the oldest first. */
  readonly pending: readonly PendingUpdate[];
  readonly process: BotProcess;
}

/** A chat of several people. */
export interface Group {
  readonly chat: Chat;
  readonly members: readonly number[];
}

/** The process that runs the bot. */
export interface BotProcess {
  readonly status: RunnerStatus | "none";
  /** The bot's file, as the person named it. */
  readonly file: string;
  readonly restarts: number;
  /** The bot's file is gone: renamed or deleted. What was saved before goes on. */
  readonly isFileGone?: boolean | undefined;
}

/** One call of the bot to Bale. */
export interface CallEntry {
  readonly id: number;
  /** When it came in, milliseconds since 1970. */
  readonly at: number;
  readonly durationMs: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly description: string } | undefined;
  /** What Bale would not have said: parameters it ignores, forms it does not document. */
  readonly warnings: readonly string[];
  /** The handler that was running for the same chat, when the bot could say. */
  readonly handler?: HandlerRun | undefined;
}

/** A handler of the bot at work. */
export interface HandlerRun {
  readonly id: number;
  readonly title: string;
  readonly updateId?: number | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** An update whose handlers have not ended for seconds, though none of them waits in `waitFor`. */
export interface PendingUpdate {
  readonly id: number;
  /** When they began, milliseconds since 1970. */
  readonly since: number;
  readonly chatId?: number | undefined;
  /** The next updates of the chat wait for it. */
  readonly isHolding: boolean;
  /** The handlers that the update came to, in this order; none when it came to middleware or a conversation only. */
  readonly handlers: readonly Pick<HandlerRun, "title" | "file" | "line">[];
}

/** What is sent to open pages, by event name. */
export interface PageEvents {
  readonly state: PageState;
  /** A new message, or a new version of one. */
  readonly message: Message;
  readonly deleted_message: { readonly chat_id: number; readonly message_id: number };
  readonly callback_answer: CallbackAnswer;
  readonly chat_action: { readonly chat_id: number; readonly action: string };
  readonly payment: PaymentEvent;
  readonly person: User;
  readonly group: Group;
  readonly call: CallEntry;
  readonly output: OutputLine;
  readonly fault: Fault;
  /** All of them: one began to be told of, or has ended. */
  readonly pending: readonly PendingUpdate[];
  readonly process: BotProcess;
}
