import { type ChatMember, type ChatType, type Context, ForbiddenError, NotFoundError } from "balekit";
import { type Guard, guard, guardMisuse } from "./guard.js";

/** Why somebody is not let through for who they are. */
export type StandingRefusal =
  /** The update comes from a private chat, or from none. */
  | { readonly is: "no-group" }
  /** Nobody is known to have caused the update. */
  | { readonly is: "no-user" }
  /** They are not in the chat. */
  | { readonly is: "not-member" }
  /** They are in the chat, with too few rights. */
  | { readonly is: "not-admin" | "not-owner"; readonly status: ChatMember["status"] }
  /** Bale does not tell the bot: it has to be an administrator itself. */
  | { readonly is: "bot-not-admin"; readonly cause: unknown };

/** Lets administrators of the group or channel through, the owner among them. Asks Bale for each update. */
export function isAdmin(): Guard<StandingRefusal> {
  return guard("isAdmin", (ctx) => standing(ctx, ["creator", "administrator"], "not-admin"));
}

/** Lets the owner of the group or channel through. Asks Bale for each update. */
export function isOwner(): Guard<StandingRefusal> {
  return guard("isOwner", (ctx) => standing(ctx, ["creator"], "not-owner"));
}

/** Why a chat is of the wrong type. */
export interface ChatTypeRefusal {
  readonly is: "wrong-chat";
  /** What it is; absent when the update has no chat. */
  readonly type: ChatType | undefined;
}

/** Lets updates of some types of chat through. `bot.chatType` does the same without a reason, and narrows the types. */
export function isChatType(...types: readonly ChatType[]): Guard<ChatTypeRefusal> {
  const known: readonly string[] = ["private", "group", "channel"];
  for (const type of types) {
    if (known.includes(type)) continue;
    throw guardMisuse(
      `isChatType: ${JSON.stringify(type)} is no type of chat. Take one of: ${known.join(", ")}.`,
    );
  }
  if (types.length === 0) throw guardMisuse(`isChatType: name at least one of: ${known.join(", ")}.`);
  return guard("isChatType", (ctx) => {
    const type = ctx.chat?.type;
    return type !== undefined && types.includes(type) ? undefined : { is: "wrong-chat", type };
  });
}

async function standing(
  ctx: Context,
  wanted: readonly ChatMember["status"][],
  lacking: "not-admin" | "not-owner",
): Promise<StandingRefusal | undefined> {
  const { chat, from, api } = ctx;
  if (chat === undefined || chat.type === "private") return { is: "no-group" };
  // Only administrators write in the name of the chat itself; which of them, nobody can tell.
  const isInItsName = ctx.callbackQuery === undefined && ctx.msg?.sender_chat?.id === chat.id;
  if (isInItsName && lacking === "not-admin") return undefined;
  if (isInItsName || from === undefined) return { is: "no-user" };
  try {
    const { status } = await api.getChatMember({ chat_id: chat.id, user_id: from.id });
    return wanted.includes(status) ? undefined : { is: lacking, status };
  } catch (error) {
    if (error instanceof NotFoundError) return { is: "not-member" };
    if (error instanceof ForbiddenError) return { is: "bot-not-admin", cause: error };
    throw error;
  }
}
