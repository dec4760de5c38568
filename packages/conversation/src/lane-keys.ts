import { type Context, keyOf } from "balekit";
import type { AnyDefinition, Per } from "./definition.js";
import { misuse, shown } from "./misuse.js";

/** Names the lane of an update for each way in which conversations belong to somebody. Never of `undefined`. */
export class LaneKeys {
  readonly #pers: readonly Per<never>[];
  readonly #prefix: () => string;

  constructor(definitions: Iterable<AnyDefinition>, prefix: () => string) {
    this.#pers = [...new Set([...definitions].map(({ options: { per = "user-in-chat" } }) => per))];
    this.#prefix = prefix;
  }

  /** The lanes an update may belong to. */
  all(ctx: Context): readonly string[] {
    const [per] = this.#pers;
    if (this.#pers.length === 1 && per !== undefined) {
      const key = this.of(per, ctx);
      return key === undefined ? [] : [key];
    }
    const keys = this.#pers.map((each) => this.of(each, ctx));
    return [...new Set(keys)].filter((key): key is string => key !== undefined);
  }

  /** Whether all that is in a lane is a user's, or that of several people; `undefined`: it is somebody else's alone. */
  whose(key: string, userId: number): "theirs" | "shared" | undefined {
    const place = key.slice(this.#prefix().length);
    if (place.startsWith("f")) return "shared";
    // The private chat with a user has the user's id.
    if (place.startsWith("c")) return place === `c${userId}` ? "theirs" : "shared";
    const owner = place.startsWith("u") ? place.slice(1) : place.slice(place.indexOf(":") + 1);
    return owner === String(userId) ? "theirs" : undefined;
  }

  /** @throws TypeError when a function of the author's answers something else than a name, or nothing */
  of(per: Per<never>, ctx: Context): string | undefined {
    const prefix = this.#prefix();
    if (typeof per === "function") return ownKey(prefix, per(ctx as never));
    const userId = ctx.from?.id;
    // A payment comes without a chat: it is the user's own.
    const chatId = ctx.chatId ?? (ctx.preCheckoutQuery === undefined ? undefined : userId);
    if (per === "chat") return chatId === undefined ? undefined : `${prefix}c${chatId}`;
    if (userId === undefined) return undefined;
    if (per === "user") return `${prefix}u${userId}`;
    return chatId === undefined ? undefined : `${prefix}${chatId}:${userId}`;
  }
}

function ownKey(prefix: string, name: unknown): string | undefined {
  if (name === undefined) return undefined;
  if (typeof name === "string" && name !== "") return `${prefix}f${keyOf(name)}`;
  throw misuse(
    "ERR_BALE_CONVERSATION_WHOM",
    `Whose a conversation is: per answered ${shown(name)}. Give a text that names it, or undefined for updates of no conversation.`,
  );
}
