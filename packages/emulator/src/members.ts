import type { Message, User } from "@balekit/api";

import type { ChatRoom } from "./chats.js";
import { EmulatorError } from "./emulator-error.js";
import { tellBot } from "./hearing.js";
import type { Deed } from "./people.js";
import type { Person } from "./users.js";
import type { Content, World } from "./world.js";

/** Somebody comes in, by themselves or brought by `by`. */
export function join(world: World, person: Person, room: ChatRoom, by: Person = person): Deed<Message> {
  if (room.kind === "private")
    throw new EmulatorError("Joining: a private chat has no members. Give a group or channel.");
  const { user } = person;
  if (room.members.has(user.id))
    throw new EmulatorError(`Joining "${room.title}": ${user.first_name} is in it already.`);
  if (room.banned.has(user.id))
    throw new EmulatorError(`Joining "${room.title}": ${user.first_name} is banned from it.`);
  room.members.set(user.id, { user, status: "member", rights: new Set() });
  return service(world, room, by.user, { new_chat_members: [user] });
}

/** Somebody goes, by themselves or put out by `by`. */
export function leave(world: World, person: Person, room: ChatRoom, by: Person = person): Deed<Message> {
  const { user } = person;
  if (!room.members.delete(user.id))
    throw new EmulatorError(`Leaving "${room.title}": ${user.first_name} is not in it.`);
  return service(world, room, by.user, { left_chat_member: user });
}

/** Somebody puts the bot in a group, or takes it out. The bot hears of both. */
export function moveBot(world: World, person: Person, room: ChatRoom, move: "in" | "out"): Deed<Message> {
  if (!room.members.has(person.user.id)) {
    throw new EmulatorError(`${person.user.first_name} is not in "${room.title}". Let them join first.`);
  }
  if (move === "in") world.seatBot(room, "member");
  const content = move === "in" ? { new_chat_members: [world.bot] } : { left_chat_member: world.bot };
  const deed = service(world, room, person.user, content);
  if (move === "out") room.members.delete(world.bot.id);
  return deed;
}

function service(world: World, room: ChatRoom, author: User, content: Content): Deed<Message> {
  const stored = world.post(room, { content, author, service: true });
  // Membership is told of only in these messages (notes.md 3: documented).
  return { made: stored.message, done: tellBot(world, room, stored, { message: stored.message }) };
}
