import { type Context, type Plugin, plugin } from "balekit";
import type { ConversationFlavor } from "./conversation-controls.js";
import type { ConversationsOptions } from "./conversations-options.js";
import type { ConversationDefinition } from "./definition.js";
import { Desk } from "./desk.js";
import type { ConversationEnding, ConversationId, EndingOptions } from "./ending.js";
import type { JournalRecord } from "./journal.js";
import type { OpenConversation } from "./open-conversation.js";
import type { Whom } from "./whom.js";

/** The hand on all conversations of a bot: `bot.conversations`. */
export interface ConversationAdmin {
  /** Begins a conversation outside of any update. Its first context has a message without content. */
  enter<C extends Context, Args, Result>(
    definition: ConversationDefinition<C, Args, Result>,
    whom: Whom,
    ...args: Args extends void ? [] : [args: Args]
  ): Promise<ConversationId<Result>>;
  /**
   * How a conversation has ended, and what it returned; `undefined` while it is under way. Waits for the end if it is to,
   * whichever process it comes in. Kept for a day after the end (`limits.endingMs`), over restarts.
   * A handler does not wait for the conversation of its own user: the answers come behind it.
   * @throws ConversationStateError when nothing is known of it, TypeError when what it returned is no data
   */
  ending<Result = unknown>(
    id: ConversationId<Result>,
    options?: EndingOptions<Result>,
  ): Promise<ConversationEnding<Result> | undefined>;
  /** Ends the waits of an event: in every conversation with somebody, or in one. Resolves to whether any did. */
  emit(to: Whom | string, name: string, payload?: unknown): Promise<boolean>;
  /** Every open conversation. */
  list(): AsyncIterable<OpenConversation>;
  /** What a conversation has been through, a line a record. */
  inspect(id: string): Promise<readonly string[] | undefined>;
  /** The journal of a conversation as data. */
  export(
    id: string,
  ): Promise<
    { readonly conversation: OpenConversation; readonly records: readonly JournalRecord[] } | undefined
  >;
  /** Lets a parked conversation go on. */
  retry(id: string): Promise<boolean>;
  /** Makes a conversation leave: its `finally` blocks run. */
  exit(id: string, reason?: string): Promise<boolean>;
  /** Ends a conversation without running any of its code. */
  kill(id: string): Promise<boolean>;
}

/** What `conversations` adds to the bot. */
export interface BotConversations {
  readonly conversations: ConversationAdmin;
}

/** The plugin, which is the hand on all conversations of its bot as well. */
export interface Conversations
  extends Plugin<ConversationFlavor, object, BotConversations>,
    ConversationAdmin {}

/**
 * Conversations as plain async functions that survive restarts. Extend the bot with it before the handlers that are not
 * to see answers; commands reach their handlers wherever they are.
 * @example
 * const bot = new Bot(token).extend(conversations({ definitions: [signup], storage: sqliteLanes(database) }));
 * bot.command("start", (ctx) => ctx.conversation.enter(signup));
 * for await (const open of bot.conversations.list()) console.log(open.name);
 */
export function conversations(options: ConversationsOptions): Conversations {
  const desk = new Desk(options);
  const { enterOutside: enter, ending, emit, list, inspect, export: exported, retry, exit, kill } = desk;
  const admin = {
    enter,
    ending,
    emit,
    list,
    inspect,
    export: exported,
    retry,
    exit,
    kill,
  } as ConversationAdmin;
  const made = plugin<ConversationFlavor, object, BotConversations>(
    "conversations",
    (composer) => desk.install(composer),
    { bot: () => ({ conversations: admin }) },
  );
  return Object.assign(made, admin);
}
