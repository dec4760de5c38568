import type { Message } from "@balekit/api";

import { type ChatRoom, chatOf, type StoredMessage } from "../chats.js";
import type { Fields } from "../fields.js";
import { readInlineMarkup } from "../keyboards.js";
import type { MethodTable } from "../method.js";
import { messageOf, roomToWrite } from "../peers.js";
import { badRequest, permissionDenied } from "../refusal.js";
import type { World } from "../world.js";

/** A message can be deleted for 48 hours (notes.md 8: documented). */
const DELETABLE_SECONDS = 48 * 3600;

function editable(world: World, fields: Fields): { readonly room: ChatRoom; readonly stored: StoredMessage } {
  const room = roomToWrite(world, fields);
  const stored = messageOf(room, fields);
  if (stored.authorId !== world.bot.id || stored.service) throw badRequest("message can't be edited");
  return { room, stored };
}

/**
 * What an edit answers: message_id 0, no text, and `photo: null` in the chat (notes.md 8: seen live by one project
 * for editMessageText). Low confidence: the other two edits are taken to be alike, which nobody has verified.
 */
function stub(room: ChatRoom, message: Message): unknown {
  return {
    message_id: 0,
    date: message.date,
    chat: { ...chatOf(room), photo: null },
    edit_date: message.edit_date,
  };
}

/** Changing and deleting messages. */
export const editMethods: MethodTable = {
  editMessageText: (world, fields) => {
    const text = fields.text("text", { min: 1, max: 4096 });
    const reply_markup = readInlineMarkup(fields);
    const { room, stored } = editable(world, fields);
    if (stored.message.text === undefined) throw badRequest("there is no text in the message to edit");
    return stub(room, world.change(room, stored, { text, reply_markup }));
  },

  editMessageCaption: (world, fields) => {
    const caption = fields.optionalText("caption", { max: 4096 });
    const reply_markup = readInlineMarkup(fields);
    const { room, stored } = editable(world, fields);
    const { photo, video, audio, document, voice, animation } = stored.message;
    if ([photo, video, audio, document, voice, animation].every((media) => media === undefined)) {
      throw badRequest("there is no caption in the message to edit");
    }
    const empty = caption === undefined || caption === "";
    const change = empty ? { caption: undefined, caption_entities: undefined } : { caption };
    return stub(room, world.change(room, stored, { ...change, reply_markup }));
  },

  editMessageReplyMarkup: (world, fields) => {
    const reply_markup = readInlineMarkup(fields);
    const { room, stored } = editable(world, fields);
    return stub(room, world.change(room, stored, { reply_markup }));
  },

  deleteMessage: (world, fields) => {
    const room = roomToWrite(world, fields);
    const stored = messageOf(room, fields);
    if (world.unixTime - stored.message.date >= DELETABLE_SECONDS)
      throw badRequest("message can't be deleted");
    // Own messages and, in private, incoming ones; anybody's with the admin right (notes.md 8: documented).
    const allowed =
      stored.authorId === world.bot.id ||
      room.kind === "private" ||
      world.botMay(room, "can_delete_messages");
    if (!allowed) throw permissionDenied();
    world.remove(room, stored.message.message_id);
    return true;
  },
};
