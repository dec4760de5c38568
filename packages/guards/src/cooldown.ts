import type { Context, Storage } from "balekit";
import { type Guard, guard, guardMisuse } from "./guard.js";

/** How often somebody may. */
export interface CooldownOptions {
  /** How long to wait after having been let through. */
  readonly ms: number;
  /** Who waits: each person, each chat, or each person in each chat. @default "user" */
  readonly per?: "user" | "chat" | "user-in-chat" | undefined;
  /** Tells several cooldowns in one storage apart. @default "cooldown" */
  readonly name?: string | undefined;
  /** Keeps it over restarts, and for several processes. @default in memory, for the 10,000 who were let through last */
  readonly storage?: Storage | undefined;
}

/** Why somebody has to wait. */
export type CooldownRefusal =
  | { readonly is: "cooling-down"; readonly retryAfterMs: number }
  /** The update says neither who nor where, so nobody's time can be counted. */
  | { readonly is: "nobody" };

const MOST_REMEMBERED = 10_000;

/**
 * Lets somebody through once in a while. Being asked counts, and being refused does not.
 * @throws TypeError for options that cannot work
 * @example
 * const slowly = cooldown({ ms: 60_000 }).orElse((ctx) => ctx.reply("کمی صبر کنید"));
 * bot.filter(slowly).command("report", (ctx) => ctx.reply("فرستاده شد"));
 */
export function cooldown(options: CooldownOptions): Guard<CooldownRefusal> {
  const { ms, per = "user", name = "cooldown", storage } = options;
  if (!(ms > 0 && ms < Number.POSITIVE_INFINITY))
    throw guardMisuse(`cooldown: ms is ${ms}. Give milliseconds above 0.`);
  if (!["user", "chat", "user-in-chat"].includes(per)) {
    throw guardMisuse(`cooldown: per is ${JSON.stringify(per)}. Give "user", "chat" or "user-in-chat".`);
  }
  const until = new Map<string, number>();
  return guard("cooldown", async (ctx) => {
    const who = whoOf(ctx, per);
    if (who === undefined) return { is: "nobody" };
    const { clock } = ctx.services;
    const now = clock.now();
    if (storage !== undefined) return claim(storage, `${name}:${who}`, now, ms);
    const end = until.get(who);
    if (end !== undefined && end > now) return { is: "cooling-down", retryAfterMs: end - now };
    until.delete(who);
    until.set(who, now + ms);
    if (until.size > MOST_REMEMBERED) {
      const [oldest] = until.keys();
      until.delete(oldest as string);
    }
    return undefined;
  });
}

/** Takes the turn in a storage that others use at the same time. */
async function claim(
  storage: Storage,
  key: string,
  now: number,
  ms: number,
): Promise<CooldownRefusal | undefined> {
  for (;;) {
    const kept = await storage.get(key);
    const end = typeof kept?.value === "number" ? kept.value : undefined;
    if (end !== undefined && end > now) return { is: "cooling-down", retryAfterMs: end - now };
    const taken = await storage.set(key, now + ms, { ifVersion: kept?.version ?? null, ttlMs: ms });
    if (taken.ok) return undefined;
  }
}

function whoOf(ctx: Context, per: "user" | "chat" | "user-in-chat"): string | undefined {
  const userId = ctx.from?.id;
  const { chatId } = ctx;
  if (per === "chat") return chatId === undefined ? undefined : `chat:${chatId}`;
  if (userId === undefined) return undefined;
  if (per === "user") return `user:${userId}`;
  return chatId === undefined ? undefined : `user:${userId}:chat:${chatId}`;
}
