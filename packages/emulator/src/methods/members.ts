import type { ChatMember } from "@balekit/api";

import { type ChatRoom, type Membership, RIGHTS } from "../chats.js";
import type { Fields } from "../fields.js";
import type { MethodTable } from "../method.js";
import { personOf, roomOf, roomToRule } from "../peers.js";
import { noSuchPeer, permissionDenied, unsupportedPeer } from "../refusal.js";
import type { World } from "../world.js";

function memberOf(membership: Membership): ChatMember {
  const { user, status, rights } = membership;
  switch (status) {
    case "creator":
    case "member":
      return { status, user };
    case "administrator":
      return {
        status,
        user,
        can_delete_messages: rights.has("can_delete_messages"),
        can_manage_video_chats: rights.has("can_manage_video_chats"),
        can_restrict_members: rights.has("can_restrict_members"),
        can_promote_members: false,
        can_change_info: rights.has("can_change_info"),
        can_invite_users: rights.has("can_invite_users"),
        can_post_stories: false,
        can_post_messages: rights.has("can_post_messages"),
        can_edit_messages: rights.has("can_edit_messages"),
      };
    case "restricted":
      return {
        status,
        user,
        is_member: true,
        can_send_messages: false,
        can_send_audios: false,
        can_send_documents: false,
        can_send_photos: false,
        can_send_videos: false,
        can_change_info: false,
        can_invite_users: false,
        can_pin_messages: false,
      };
  }
}

/** Somebody the bot may rule over: a member who is not the creator. */
function subject(room: ChatRoom, userId: number): Membership | undefined {
  const membership = room.members.get(userId);
  if (membership?.status === "creator") throw permissionDenied();
  return membership;
}

/** Takes somebody out, with the service message people see. */
function expel(world: World, room: ChatRoom, membership: Membership): void {
  room.members.delete(membership.user.id);
  world.post(room, { content: { left_chat_member: membership.user }, author: world.bot, service: true });
}

/** Counts everybody in the chat; documented under this name only. */
function countMembers(world: World, fields: Fields): number {
  const room = roomOf(world, fields);
  return room.kind === "private" ? 2 : room.members.size;
}

/** Who is in a chat, and what they may do. */
export const memberMethods: MethodTable = {
  getChatMembersCount: countMembers,
  // Not documented; the original client and one other call it (notes.md 8).
  getChatMemberCount: countMembers,

  getChatAdministrators: (world, fields) => {
    const room = roomOf(world, fields);
    if (room.kind === "private") throw unsupportedPeer();
    const ruling = [...room.members.values()].filter(
      ({ status }) => status === "creator" || status === "administrator",
    );
    return ruling.map(memberOf);
  },

  getChatMember: (world, fields) => {
    const room = roomOf(world, fields);
    const userId = fields.integer("user_id");
    if (room.kind === "private") throw unsupportedPeer();
    // The bot has to be an administrator (notes.md 4: documented).
    if (room.members.get(world.bot.id)?.status !== "administrator") throw permissionDenied();
    const membership = room.members.get(userId);
    // Who is no member is an error, not a status "left" (notes.md 8: seen live by one project).
    if (membership === undefined) throw noSuchPeer();
    return memberOf(membership);
  },

  banChatMember: (world, fields) => {
    const room = roomToRule(world, fields, "can_restrict_members");
    const { user } = personOf(world, fields);
    const membership = subject(room, user.id);
    room.banned.add(user.id);
    if (membership !== undefined) expel(world, room, membership);
    return true;
  },

  unbanChatMember: (world, fields) => {
    const room = roomToRule(world, fields, "can_restrict_members");
    const { user } = personOf(world, fields);
    const onlyIfBanned = fields.optionalBoolean("only_if_banned") ?? false;
    const membership = subject(room, user.id);
    const wasBanned = room.banned.delete(user.id);
    // Without only_if_banned a member who is there is removed (notes.md 8: documented).
    if (!wasBanned && !onlyIfBanned && membership !== undefined) expel(world, room, membership);
    return true;
  },

  promoteChatMember: (world, fields) => {
    const room = roomOf(world, fields);
    if (room.kind === "private") throw unsupportedPeer();
    if (room.members.get(world.bot.id)?.status !== "administrator") throw permissionDenied();
    const membership = subject(room, fields.integer("user_id"));
    if (membership === undefined) throw noSuchPeer();
    // A flag that is left out counts as false; with none the member is an administrator no more (notes.md 8:
    // documented).
    const rights = new Set(RIGHTS.filter((right) => fields.optionalBoolean(right) === true));
    membership.rights = rights;
    membership.status = rights.size > 0 ? "administrator" : "member";
    return true;
  },

  // Not documented; three clients have it (notes.md 8): adds somebody to a chat at once.
  inviteUser: (world, fields) => {
    const room = roomToRule(world, fields, "can_invite_users");
    const { user } = personOf(world, fields);
    if (room.banned.has(user.id)) throw permissionDenied();
    if (room.members.has(user.id)) return true;
    room.members.set(user.id, { user, status: "member", rights: new Set() });
    world.post(room, { content: { new_chat_members: [user] }, author: world.bot, service: true });
    return true;
  },
};
