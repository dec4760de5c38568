import type { Message } from "@balekit/api";

import type { ChatRoom, StoredMessage } from "./chats.js";
import type { UpdateContent } from "./update-queue.js";
import type { World } from "./world.js";

/** Tells the bot of a message, if it may know of it. Resolves when an attached bot is done. */
export function tellBot(
  world: World,
  room: ChatRoom,
  stored: StoredMessage,
  content: UpdateContent,
): Promise<void> {
  return botSees(world, room, stored) ? push(world, content) : Promise.resolve();
}

/**
 * Sends the bot an update. Resolves when an attached bot is done; its failure is for whoever waits for it, and
 * no fault of the process when nobody does.
 */
export function push(world: World, content: UpdateContent): Promise<void> {
  const { update, done } = world.updates.push(content);
  done.catch(() => undefined);
  world.events.emit("update", update);
  return done;
}

/** Whether the bot is told of a message. */
function botSees(world: World, room: ChatRoom, { message, service: isService }: StoredMessage): boolean {
  if (room.kind === "private") return true;
  const membership = room.members.get(world.bot.id);
  if (membership === undefined) return false;
  if (membership.status === "administrator" || isService || room.kind === "channel") return true;
  return memberSees(world, message);
}

/**
 * Whether a bot that is no administrator is told of what somebody writes in a group. Low confidence: that it does not see
 * all is claimed by one guide (notes.md 3); that it sees commands, what names it and replies to it is how Telegram does it.
 */
function memberSees(world: World, message: Message): boolean {
  const text = message.text ?? message.caption ?? "";
  const named = text.toLowerCase().includes(`@${(world.bot.username ?? "").toLowerCase()}`);
  return text.startsWith("/") || named || message.reply_to_message?.from?.id === world.bot.id;
}
