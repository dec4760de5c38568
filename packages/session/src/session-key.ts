import { type Context, keyOf } from "balekit";
import { kindShown, sessionMisuse } from "./session-error.js";

/**
 * Whose a session is. `"user-in-chat"`: each person has one in each chat. `"user"`: each person has one everywhere.
 * `"chat"`: all people of a chat share one. A function names it for each update; `undefined` means that the update has
 * no session. Names that differ only in being text or number are the same.
 */
export type SessionKey = "user-in-chat" | "user" | "chat" | ((ctx: Context) => string | number | undefined);

/** Who of an update a session belongs to, with what stands in where something is missing. */
export interface SessionOwner {
  readonly userId: number | undefined;
  readonly chatId: number | undefined;
}

/**
 * The user and chat of an update. A payment to be confirmed, and a press on a message too old to come with its chat,
 * count for the private chat with that user, whose id is the user's. A post of a channel may have no user.
 */
export function ownerOf(ctx: Context): SessionOwner {
  const userId = wholeId(ctx.from?.id);
  return { userId, chatId: wholeId(ctx.chatId) ?? userId };
}

/** Where the session of these two lies, below what all sessions of its name begin with; `undefined`: nowhere. */
export function placeOf(
  key: "user-in-chat" | "user" | "chat",
  { userId, chatId }: SessionOwner,
): string | undefined {
  if (userId === undefined || key === "chat") return chatId === undefined ? undefined : `chat:${chatId}`;
  return key === "user" ? `user:${userId}` : `user:${userId}:chat:${chatId ?? userId}`;
}

/** The place a function has named. */
export function ownPlace(name: string, named: string | number | undefined): string | undefined {
  if (named === undefined) return undefined;
  if ((typeof named === "string" && named !== "") || Number.isSafeInteger(named)) {
    return `own:${keyOf(String(named))}`;
  }
  throw sessionMisuse(
    "ERR_BALE_SESSION_KEY",
    `Finding ctx.${name}: its key is ${named === "" ? "an empty text" : kindShown(named)}. Give a text, a whole number, or undefined for none.`,
  );
}

/** Whether a session at this place can be told to be a user's, and how: exact places, and what places begin with. */
export function placesOfUser(
  key: SessionKey,
  userId: number,
): { exact: string[]; prefix: string | undefined } {
  if (typeof key === "function") return { exact: [], prefix: undefined };
  // The private chat with a user has the user's id, and no other chat has it.
  const exact = [`chat:${userId}`];
  if (key === "user") exact.push(`user:${userId}`);
  return { exact, prefix: key === "user-in-chat" ? `user:${userId}:` : undefined };
}

function wholeId(id: number | undefined): number | undefined {
  return Number.isSafeInteger(id) ? id : undefined;
}
