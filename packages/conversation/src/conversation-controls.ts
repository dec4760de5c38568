import type { Context } from "balekit";
import type { ConversationDefinition } from "./definition.js";
import type { ConversationId } from "./ending.js";
import type { OpenConversation } from "./open-conversation.js";

/** What a handler does with conversations: `ctx.conversation`. */
export interface ConversationControls {
  /**
   * Begins a conversation with whoever sent this update. Resolves, with its id, when it waits or is over. What it returns
   * is asked for with `bot.conversations.ending(id)`.
   */
  enter<C extends Context, Args, Result>(
    definition: ConversationDefinition<C, Args, Result>,
    ...args: Args extends void ? [] : [args: Args]
  ): Promise<ConversationId<Result>>;
  /** Makes a conversation leave, or every one of this user here. Resolves to how many did. */
  exit(definition?: { readonly name: string } | undefined): Promise<number>;
  /** The conversations that are open here, oldest first. */
  active(): Promise<readonly OpenConversation[]>;
}

/** What `conversations` adds to contexts. */
export interface ConversationFlavor {
  readonly conversation: ConversationControls;
}
