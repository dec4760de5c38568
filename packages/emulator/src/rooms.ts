import { type ChatRoom, chatOf, RIGHTS, type StoredMessage } from "./chats.js";
import { EmulatorError } from "./emulator-error.js";
import type { Person } from "./users.js";
import type { World } from "./world.js";

/** How a group or channel is made. */
export interface RoomProfile {
  readonly type: "group" | "channel";
  readonly title: string;
  readonly username?: string | undefined;
  /** Ids of people in it. */
  readonly members?: readonly number[] | undefined;
  /** Ids of its administrators, members or not; the first is the creator. The bot is one unless `bot` says otherwise. */
  readonly admins?: readonly number[] | undefined;
  /** How the bot stands in it. @default "administrator" */
  readonly bot?: "administrator" | "member" | "absent" | undefined;
}

/** Makes a group or channel. Nobody is told of its making. */
export function makeRoom(world: World, profile: RoomProfile): ChatRoom {
  if (profile.type !== "group" && profile.type !== "channel") {
    throw new EmulatorError(
      `Making a chat: type is "${String(profile.type)}". Give "group" or "channel"; private chats come with their user.`,
    );
  }
  if (typeof profile.title !== "string" || profile.title === "") {
    throw new EmulatorError('Making a chat: title is missing. Give one, such as { title: "Family" }.');
  }
  const admins = (profile.admins ?? []).filter((id) => id !== world.bot.id);
  const people = new Map(
    [...admins, ...(profile.members ?? [])]
      .filter((id) => id !== world.bot.id)
      .map((id) => [id, personBy(world, id)]),
  );
  const room = world.chats.add({ kind: profile.type, title: profile.title, username: profile.username });
  for (const [id, { user }] of people) {
    const rank = admins.indexOf(id);
    const status = rank === 0 ? "creator" : rank > 0 ? "administrator" : "member";
    room.members.set(id, { user, status, rights: new Set(status === "administrator" ? RIGHTS : []) });
  }
  if (profile.bot !== "absent") world.seatBot(room, profile.bot ?? "administrator");
  world.events.emit("chat", chatOf(room));
  return room;
}

/** The person with this id. @throws {EmulatorError} when there is none. */
export function personBy(world: World, id: unknown): Person {
  const person = typeof id === "number" ? world.users.get(id) : undefined;
  if (person === undefined)
    throw new EmulatorError(`Looking up a user: there is none with id ${String(id)}. Make one first.`);
  return person;
}

/** The chat with this id. @throws {EmulatorError} when there is none. */
export function roomBy(world: World, id: unknown): ChatRoom {
  const room = typeof id === "number" ? world.chats.get(id) : undefined;
  if (room === undefined)
    throw new EmulatorError(`Looking up a chat: there is none with id ${String(id)}. Make one first.`);
  return room;
}

/** The message a person means. @throws {EmulatorError} when the chat has none of this number. */
export function messageBy(room: ChatRoom, id: unknown): StoredMessage {
  const stored = typeof id === "number" ? room.messages.get(id) : undefined;
  if (stored === undefined)
    throw new EmulatorError(`Looking up a message: chat ${room.id} has none with id ${String(id)}.`);
  return stored;
}
