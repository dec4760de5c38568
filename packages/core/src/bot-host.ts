import type { Api, Update, User } from "@balekit/api";
import type { Clock } from "@balekit/storage";
import { type Capability, capability } from "./capability.js";
import type { Context, ContextServices } from "./context.js";
import type { Logger } from "./logger.js";
import { aroundHandOver, type WaitHook } from "./wait-hook.js";

/**
 * What a plugin that works by itself needs of the bot it ends in: timers, an admin's command, anything that no update
 * has caused. Find it from `onStart` on; before that the composer may not have been put into a bot.
 */
export interface BotHost {
  readonly api: Api;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The bot's own account. @throws Error before the bot is ready */
  readonly me: User;
  /** What the bot's contexts share: `new Context(update, services)` makes one. */
  readonly services: ContextServices;
  /** Makes the bot ready, as its first update does. */
  ready(): Promise<void>;
  /**
   * Runs code on behalf of a handler that may change what other plugins keep for its update: what the handler has changed
   * is written before, and read anew after. A rejection of theirs is what this rejects with.
   */
  handOver<Result>(ctx: Context, run: () => Promise<Result>): Promise<Result>;
  /** Whether any plugin keeps something that a hand-over writes: where none does, `handOver` runs the code and no more. */
  readonly hasHandOver: boolean;
  /** Tells a fault of background work to `bot.catch`. Never rejects. */
  report(cause: unknown, doing: string, update?: Update | undefined): Promise<void>;
}

/** Where every bot provides itself: `composer.find(botHost)`. */
export const botHost: Capability<BotHost> = capability<BotHost>("bot");

/** What a bot shows of itself to plugins. */
export function hostOf(
  bot: Pick<BotHost, "api" | "clock" | "logger" | "me"> & { init(): Promise<void> },
  services: ContextServices,
  waitHooks: readonly WaitHook[],
  report: BotHost["report"],
): BotHost {
  return {
    api: bot.api,
    clock: bot.clock,
    logger: bot.logger,
    services,
    get me(): User {
      return bot.me;
    },
    ready: () => bot.init(),
    handOver: (ctx, run) => aroundHandOver(waitHooks, ctx, run),
    get hasHandOver(): boolean {
      return waitHooks.length > 0;
    },
    report,
  };
}
