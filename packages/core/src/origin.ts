import type { Update } from "@balekit/api";

/** What updates of one lane have in common; compared as the keys of a `Map` are. */
export type LaneKey = number | string | Update;

/** The chat an update belongs to; `undefined` when it has none, or came without it. */
export function chatIdOf(update: Update): number | undefined {
  return (
    update.message?.chat?.id ?? update.edited_message?.chat?.id ?? update.callback_query?.message?.chat?.id
  );
}

/** Who caused an update; `undefined` for some posts of channels. */
export function userIdOf(update: Update): number | undefined {
  return (
    update.message?.from?.id ??
    update.edited_message?.from?.id ??
    update.callback_query?.from?.id ??
    update.pre_checkout_query?.from?.id
  );
}

/** Whether Bale waits for the answer to this update: a payment fails after ten seconds. */
export function isUrgent(update: Update): boolean {
  return update.pre_checkout_query !== undefined && update.pre_checkout_query !== null;
}

/**
 * The lane an update goes through: its chat, or its user where there is no chat (the private chat with a user has the
 * user's id, so both spellings meet). Payments have lanes of their own, a user each. An update with neither chat nor
 * user shares its lane with nothing.
 */
export function laneKeyOf(update: Update): LaneKey {
  if (isUrgent(update)) return `pre_checkout_query:${userIdOf(update) ?? update.update_id}`;
  return chatIdOf(update) ?? userIdOf(update) ?? update;
}

/** An update in a few words for logs: its id, kind, chat and user, and nothing anybody wrote. */
export function labelOf(update: Update): string {
  const kind = Object.keys(update).find((key) => key !== "update_id") ?? "of no kind";
  const chatId = chatIdOf(update);
  const userId = userIdOf(update);
  const chat = chatId === undefined ? "" : `, chat ${chatId}`;
  const user = userId === undefined ? "" : `, user ${userId}`;
  return `update ${update.update_id} (${kind}${chat}${user})`;
}
