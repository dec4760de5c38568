import type { CallbackQuery, ChannelChat, Chat, GroupChat, Message, PrivateChat, User } from "@balekit/api";
import type { ArgProblem, ArgShape, ArgValues } from "./command-args.js";

/** What a context has behind `command`. */
export interface CommandQuery {
  readonly message: Message & { readonly text: string };
  readonly msg: Message & { readonly text: string };
  readonly chat: Chat;
  readonly chatId: number;
  readonly text: string;
  readonly content: string;
  /** What follows the command, as typed; empty when nothing does. Of a deep link: its payload. */
  readonly match: string;
}

/** What a context has behind a command with typed arguments. */
export interface TypedCommandQuery<Shape extends ArgShape> extends CommandQuery {
  readonly args: ArgValues<Shape>;
}

/** What a context has behind `hears`. */
export interface HearsQuery<Match = string | RegExpExecArray, Params = object> {
  readonly message: Message;
  readonly msg: Message;
  readonly chat: Chat;
  readonly chatId: number;
  readonly content: string;
  readonly match: Match;
  readonly params: Params;
}

/** What a context has behind `callback`. */
export interface CallbackMatchQuery<Match = string | RegExpExecArray, Params = object> {
  readonly callbackQuery: CallbackQuery & { readonly data: string };
  readonly from: User;
  readonly match: Match;
  readonly params: Params;
}

/** What a context has behind each type of chat. */
export interface ChatTypeQueries {
  readonly private: { readonly chat: PrivateChat; readonly chatId: number };
  readonly group: { readonly chat: GroupChat; readonly chatId: number };
  readonly channel: { readonly chat: ChannelChat; readonly chatId: number };
}

/** How a command is read. */
export interface CommandOptions<C, Shape extends ArgShape> {
  /**
   * The arguments in the order they are typed; a handler finds them in `ctx.args`. Without `invalid`, a command whose
   * arguments are not acceptable does not match at all.
   */
  readonly args?: Shape | undefined;
  /** Runs instead of the handlers when the arguments are not acceptable; `problem` says what is wrong. */
  readonly invalid?: ((ctx: C & CommandQuery, problem: ArgProblem) => unknown) | undefined;
  /**
   * Answers a mistyped command that is nearest to this one: with a question in Persian, or with a function of yours.
   * Only names no command of the whole bot has count as mistyped. @default false
   */
  readonly suggest?: boolean | ((ctx: C & CommandQuery, meant: string) => unknown) | undefined;
}
