import type { ChatRoom, Right, StoredMessage } from "./chats.js";
import type { Fields } from "./fields.js";
import { badRequest, blockedByUser, noSuchPeer, permissionDenied, unsupportedPeer } from "./refusal.js";
import { GREATEST_ID, type Person } from "./users.js";
import type { World } from "./world.js";

/** The chat a parameter names: by id, as number or string, or by `@username`. The bot must know it. */
export function roomOf(world: World, fields: Fields, name = "chat_id"): ChatRoom {
  const raw = fields.raw(name);
  if (raw === undefined || raw === "") throw badRequest(`${name} is empty`);
  const room =
    typeof raw === "string" && raw.startsWith("@") ? world.chats.byUsername(raw) : byId(world, raw, name);
  if (room === undefined) throw noSuchPeer();
  if (room.kind === "private") {
    // A user who never wrote to the bot cannot be reached: the answer is as for nobody (notes.md 4: seen live by one
    // project).
    if (world.users.get(room.id)?.started !== true) throw noSuchPeer();
  } else if (!room.members.has(world.bot.id)) {
    throw noSuchPeer();
  }
  return room;
}

/** The chat, if the bot may write there. */
export function roomToWrite(world: World, fields: Fields, name = "chat_id"): ChatRoom {
  const room = roomOf(world, fields, name);
  if (room.kind === "private" && world.users.get(room.id)?.blocked === true) {
    throw blockedByUser();
  }
  if (room.kind === "channel" && !world.botMay(room, "can_post_messages")) throw permissionDenied();
  return room;
}

/** A group or channel in which the bot has a right. */
export function roomToRule(world: World, fields: Fields, right: Right): ChatRoom {
  const room = roomOf(world, fields);
  if (room.kind === "private") throw unsupportedPeer();
  if (!world.botMay(room, right)) throw permissionDenied();
  return room;
}

/** The person a parameter names, whether or not they know the bot. */
export function personOf(world: World, fields: Fields, name = "user_id"): Person {
  const person = world.users.get(fields.integer(name));
  if (person === undefined) throw noSuchPeer();
  return person;
}

/** The message a parameter names. */
export function messageOf(room: ChatRoom, fields: Fields, name = "message_id"): StoredMessage {
  const stored = room.messages.get(fields.integer(name));
  if (stored === undefined) throw badRequest("message not found");
  return stored;
}

function byId(world: World, raw: unknown, name: string): ChatRoom | undefined {
  const id =
    typeof raw === "number"
      ? raw
      : typeof raw === "string" && /^-?\d{1,16}$/.test(raw)
        ? Number(raw)
        : undefined;
  if (id === undefined || !Number.isInteger(id))
    throw badRequest(`${name} must be an integer or a @username`);
  return Math.abs(id) > GREATEST_ID ? undefined : world.chats.get(id);
}
