import type { Update } from "balekit";

/** Whom a conversation is with, outside of any update. */
export interface Whom {
  readonly chatId: number;
  /** @default the chat's id: in a private chat they are the same */
  readonly userId?: number | undefined;
}

/** An update in place of the one that none has caused: a message without content, of that person in that chat. */
export function updateOf({ chatId, userId = chatId }: Whom, nowMs: number): Update {
  return {
    update_id: 0,
    message: {
      message_id: 0,
      date: Math.floor(nowMs / 1_000),
      chat: { id: chatId, type: chatId === userId ? "private" : "group" },
      from: { id: userId, is_bot: false, first_name: "" },
    },
  } as unknown as Update;
}
