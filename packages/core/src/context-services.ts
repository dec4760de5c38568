import type { User } from "@balekit/api";
import type { BotHost } from "./bot-host.js";
import type { Context, ContextServices, WaitFor, WaitForOptions } from "./context.js";
import { aroundWait, type WaitHook } from "./wait-hook.js";
import type { WaitQuery } from "./waiter.js";

/** What contexts share when they are of this bot. */
export function contextServices(
  bot: Pick<BotHost, "api" | "clock" | "me">,
  normalizeText: (text: string) => string,
  hooks: readonly WaitHook[],
  waitInHandler: (ctx: Context, query: WaitQuery, options?: WaitForOptions) => Promise<Context>,
): ContextServices {
  const waitFor = (ctx: Context, query: WaitQuery, options?: WaitForOptions): Promise<Context> => {
    const wait = (): Promise<Context> => waitInHandler(ctx, query, options);
    return hooks.length === 0 ? wait() : aroundWait(hooks, ctx, query, wait);
  };
  return {
    api: bot.api,
    clock: bot.clock,
    normalizeText,
    waitFor: waitFor as WaitFor,
    effect: (_, run) => run({ idempotencyKey: undefined }),
    get me(): User {
      return bot.me;
    },
  };
}
