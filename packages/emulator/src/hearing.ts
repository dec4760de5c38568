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

/**
 * Whether the bot is told of a message. It has to be an administrator to see all of a group (notes.md 3: claimed by
 * one guide); as a member it is taken to see commands, what names it, replies to it, and service messages, as on
 * Telegram.
 */
function botSees(world: World, room: ChatRoom, { message, service: isService }: StoredMessage): boolean {
  if (room.kind === "private") return true;
  const membership = room.members.get(world.bot.id);
  if (membership === undefined) return false;
  if (membership.status === "administrator" || isService || room.kind === "channel") return true;
  const text = message.text ?? message.caption ?? "";
  const named = text.toLowerCase().includes(`@${(world.bot.username ?? "").toLowerCase()}`);
  return text.startsWith("/") || named || message.reply_to_message?.from?.id === world.bot.id;
}
