import type { Api, PromoteChatMemberParams } from "balekit";

/** What an administrator may be allowed to do. */
export type Rights = Omit<PromoteChatMemberParams, "chat_id" | "user_id">;

const RIGHTS: readonly (keyof Rights)[] = [
  "can_change_info",
  "can_post_messages",
  "can_edit_messages",
  "can_delete_messages",
  "can_manage_video_chats",
  "can_invite_users",
  "can_restrict_members",
];

/**
 * Gives a member rights, or takes some, and leaves the others as they are. Bale counts every right that is left out of
 * `promoteChatMember` as taken, so the current ones are read first; two changes at the same time can undo one another.
 */
export async function promote(api: Api, chatId: number, userId: number, rights: Rights): Promise<true> {
  const member = await api.getChatMember({ chat_id: chatId, user_id: userId });
  const merged: { [Right in keyof Rights]?: boolean | undefined } = {};
  for (const right of RIGHTS) {
    const current = member.status === "administrator" ? member[right as keyof typeof member] : undefined;
    const wanted = rights[right] ?? current;
    if (typeof wanted === "boolean") merged[right] = wanted;
  }
  return api.promoteChatMember({ chat_id: chatId, user_id: userId, ...merged });
}

/** Takes all rights of an administrator, who stays a member. */
export async function demote(api: Api, chatId: number, userId: number): Promise<true> {
  const none = Object.fromEntries(RIGHTS.map((right) => [right, false])) as Rights;
  return api.promoteChatMember({ chat_id: chatId, user_id: userId, ...none });
}
