import type { Message } from "@balekit/api";

import { type ChatRoom, chatOf, type StoredMessage } from "../chats.js";
import type { Fields } from "../fields.js";
import { readMarkup } from "../keyboards.js";
import type { CallContext, MethodTable } from "../method.js";
import { messageOf, personOf, roomOf, roomToWrite } from "../peers.js";
import { badRequest, unsupportedPeer } from "../refusal.js";
import type { Content, World } from "../world.js";

const TEXT_LENGTH = 4096;
/** Of a location (notes.md 8: documented). */
const LARGEST_ACCURACY = 1500;
/** Documented; there is no upload_document and no find_location. An action is shown for six seconds at most. */
const ACTIONS = [
  "typing",
  "upload_photo",
  "record_video",
  "upload_video",
  "record_voice",
  "upload_voice",
  "choose_sticker",
];
const ACTION_MS = 6000;

/** Posts what the bot sends, with the parameters every sending method has. */
export function send(
  world: World,
  fields: Fields,
  context: CallContext,
  content: Content,
  invoiceId?: string,
): StoredMessage {
  const room = roomToWrite(world, fields);
  if (context.business && room.kind !== "private") throw unsupportedPeer();
  const reply = replied(room, fields);
  return world.post(room, {
    content: reply === undefined ? content : { ...content, reply_to_message: reply },
    author: world.bot,
    markup: readMarkup(fields),
    invoiceId,
  });
}

/**
 * The message that is replied to, without what it replied to itself. `reply_parameters` does not exist (notes.md 8:
 * documented).
 */
function replied(room: ChatRoom, fields: Fields): Message | undefined {
  const id = fields.optionalInteger("reply_to_message_id");
  if (id === undefined) return undefined;
  const stored = room.messages.get(id);
  if (stored === undefined) throw badRequest("reply message not found");
  return quoted(stored.message);
}

/** A message as it stands inside a reply to it. */
export function quoted(message: Message): Message {
  if (message.reply_to_message === undefined) return message;
  const { reply_to_message: _, ...rest } = message;
  return rest;
}

/** What a message says, without who said it, when, and where. */
function contentOf(message: Message): Content {
  const {
    message_id: _id,
    from: _from,
    sender_chat: _sender,
    date: _date,
    chat: _chat,
    reply_markup: _markup,
    reply_to_message: _reply,
    edit_date: _edited,
    media_group_id: _group,
    forward_from: _forwardFrom,
    forward_from_chat: _forwardChat,
    forward_from_message_id: _forwardId,
    forward_date: _forwardDate,
    ...content
  } = message;
  return content;
}

/** Where a forwarded message came from. */
function origin(room: ChatRoom, message: Message): Content {
  if (message.forward_date !== undefined) {
    const { forward_from, forward_from_chat, forward_from_message_id, forward_date } = message;
    return {
      ...(forward_from === undefined ? {} : { forward_from }),
      ...(forward_from_chat === undefined ? {} : { forward_from_chat }),
      ...(forward_from_message_id === undefined ? {} : { forward_from_message_id }),
      forward_date,
    };
  }
  const forward_date = message.date;
  if (room.kind === "channel") {
    return { forward_from_chat: chatOf(room), forward_from_message_id: message.message_id, forward_date };
  }
  return { ...(message.from === undefined ? {} : { forward_from: message.from }), forward_date };
}

/** What a copy answers. Low confidence: documented as a MessageId, and two clients read a Message (notes.md 8). */
function copied({ message_id }: Message): unknown {
  return { message_id };
}

/** Sending, forwarding and copying everything but files. */
export const messageMethods: MethodTable = {
  sendMessage: (world, fields, context) => {
    // Text is always Bale's markdown and is kept as written: parse_mode and entities do not exist (notes.md 6:
    // documented).
    const text = fields.text("text", { min: 1, max: TEXT_LENGTH });
    return send(world, fields, context, { text }).message;
  },

  sendLocation: (world, fields, context) => {
    const latitude = fields.number("latitude");
    const longitude = fields.number("longitude");
    const accuracy = fields.optionalNumber("horizontal_accuracy");
    if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) throw badRequest("location is out of range");
    if (accuracy !== undefined && (accuracy < 0 || accuracy > LARGEST_ACCURACY)) {
      throw badRequest("horizontal_accuracy must be between 0 and 1500");
    }
    return send(world, fields, context, { location: { latitude, longitude } }).message;
  },

  sendContact: (world, fields, context) => {
    const phone_number = fields.text("phone_number");
    const first_name = fields.text("first_name");
    const last_name = fields.optionalText("last_name");
    const contact = { phone_number, first_name, ...(last_name === undefined ? {} : { last_name }) };
    return send(world, fields, context, { contact }).message;
  },

  forwardMessage: (world, fields, context) => {
    const from = roomOf(world, fields, "from_chat_id");
    const stored = messageOf(from, fields);
    if (stored.service) throw badRequest("message can't be forwarded");
    const to = roomToWrite(world, fields);
    if (context.business && to.kind !== "private") throw unsupportedPeer();
    const content = { ...contentOf(stored.message), ...origin(from, stored.message) };
    return world.post(to, { content, author: world.bot }).message;
  },

  copyMessage: (world, fields) => {
    const stored = messageOf(roomOf(world, fields, "from_chat_id"), fields);
    // Service messages and payment receipts cannot be copied (notes.md 8: documented).
    if (stored.service) throw badRequest("message can't be copied");
    const to = roomToWrite(world, fields);
    const copy = world.post(to, { content: contentOf(stored.message), author: world.bot });
    return copied(copy.message);
  },

  sendChatAction: (world, fields) => {
    const room = roomToWrite(world, fields);
    const action = fields.text("action");
    if (!ACTIONS.includes(action)) throw badRequest(`wrong parameter action in request: "${action}"`);
    room.action = { action, until: world.clock.now() + ACTION_MS };
    world.events.emit("chat_action", { chat_id: room.id, action });
    return true;
  },

  answerCallbackQuery: (world, fields) => {
    const id = fields.text("callback_query_id");
    const text = fields.optionalText("text", { max: 200 });
    world.callbacks.answer(id, text, fields.optionalBoolean("show_alert") ?? false);
    return true;
  },

  askReview: (world, fields) => {
    const person = personOf(world, fields);
    if (fields.integer("delay_seconds") < 0) throw badRequest("delay_seconds must not be negative");
    // Bale may keep the form from the user without saying so (notes.md 8: documented); so nothing is shown here
    // either.
    if (!person.started) throw badRequest("no such group or user");
    return true;
  },
};
