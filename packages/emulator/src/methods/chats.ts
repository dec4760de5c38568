import type { ChatFullInfo } from "@balekit/api";

import { type ChatRoom, chatOf } from "../chats.js";
import type { Fields } from "../fields.js";
import { mediaField } from "../media.js";
import type { MethodTable } from "../method.js";
import { messageOf, roomOf, roomToRule, roomToWrite } from "../peers.js";
import { badRequest, notImplemented, permissionDenied, unsupportedPeer } from "../refusal.js";
import type { World } from "../world.js";

const DESCRIPTION_LENGTH = 255;

/** A chat in which the bot may pin: its own private ones, groups and channels in which it may change things. */
function roomToPin(world: World, fields: Fields): ChatRoom {
  const room = roomToWrite(world, fields);
  if (room.kind !== "private" && !world.botMay(room, "can_change_info")) throw permissionDenied();
  return room;
}

function newLink(world: World, room: ChatRoom): string {
  const link = `https://ble.ir/join/${room.id.toString(36)}${(room.inviteLinks.size + 1).toString(36)}x${world.bot.id.toString(36)}`;
  room.inviteLinks.add(link);
  return link;
}

/** An invite link. Low confidence: the docs name no result, and this is what clients decode (notes.md 8). */
function linkObject(world: World, link: string): unknown {
  return {
    invite_link: link,
    creator: world.bot,
    creates_join_request: false,
    is_primary: false,
    is_revoked: false,
  };
}

/** Chats themselves: what they are called, look like, and how one gets in. */
export const chatMethods: MethodTable = {
  getChat: (world, fields) => {
    const room = roomOf(world, fields);
    const full: ChatFullInfo = {
      ...chatOf(room),
      ...(room.photo === undefined ? {} : { photo: room.photo }),
      ...(room.description === undefined ? {} : { description: room.description }),
      ...(room.inviteLink === undefined ? {} : { invite_link: room.inviteLink }),
    };
    return full;
  },

  leaveChat: (world, fields) => {
    const room = roomOf(world, fields);
    if (room.kind === "private") throw unsupportedPeer();
    room.members.delete(world.bot.id);
    world.post(room, { content: { left_chat_member: world.bot }, author: world.bot, service: true });
    return true;
  },

  setChatTitle: (world, fields) => {
    const title = fields.text("title", { min: 1, max: 255 });
    const room = roomToRule(world, fields, "can_change_info");
    room.title = title;
    world.events.emit("chat", chatOf(room));
    return true;
  },

  setChatDescription: (world, fields) => {
    // Required, unlike Telegram's (notes.md 8: documented).
    const description = fields.text("description", { max: DESCRIPTION_LENGTH });
    roomToRule(world, fields, "can_change_info").description = description === "" ? undefined : description;
    return true;
  },

  setChatPhoto: async (world, fields) => {
    const room = roomToRule(world, fields, "can_change_info");
    if (fields.upload("photo") === undefined && !String(fields.raw("photo")).startsWith("attach://")) {
      throw badRequest("photo must be uploaded as multipart/form-data");
    }
    const file = await mediaField(world, fields, "photo", "chat_photo");
    room.photo = {
      small_file_id: file.id,
      small_file_unique_id: file.uniqueId,
      big_file_id: file.id,
      big_file_unique_id: file.uniqueId,
    };
    return true;
  },

  deleteChatPhoto: (world, fields) => {
    roomToRule(world, fields, "can_change_info").photo = undefined;
    return true;
  },

  setChatPermissions: () => {
    throw notImplemented();
  },

  pinChatMessage: (world, fields) => {
    const room = roomToPin(world, fields);
    const id = messageOf(room, fields).message.message_id;
    room.pinned = [...room.pinned.filter((pinned) => pinned !== id), id];
    return true;
  },

  // The capital P is in the docs; names count in any case. message_id is required, unlike Telegram's (notes.md 8:
  // documented).
  unPinChatMessage: (world, fields) => {
    const room = roomToPin(world, fields);
    const id = messageOf(room, fields).message.message_id;
    room.pinned = room.pinned.filter((pinned) => pinned !== id);
    return true;
  },

  unpinAllChatMessages: (world, fields) => {
    roomToPin(world, fields).pinned = [];
    return true;
  },

  createChatInviteLink: (world, fields) =>
    linkObject(world, newLink(world, roomToRule(world, fields, "can_invite_users"))),

  revokeChatInviteLink: (world, fields) => {
    const room = roomToRule(world, fields, "can_invite_users");
    const link = fields.text("invite_link");
    if (!room.inviteLinks.has(link)) throw badRequest("INVITE_HASH_INVALID");
    const next = newLink(world, room);
    room.inviteLinks.delete(link);
    if (room.inviteLink === link) room.inviteLink = next;
    return linkObject(world, next);
  },

  exportChatInviteLink: (world, fields) => {
    const room = roomToRule(world, fields, "can_invite_users");
    const next = newLink(world, room);
    if (room.inviteLink !== undefined) room.inviteLinks.delete(room.inviteLink);
    room.inviteLink = next;
    return next;
  },
};
