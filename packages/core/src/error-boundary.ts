import type { Chain } from "./compose.js";
import type { Context } from "./context.js";
import type { Middleware, Next } from "./middleware.js";

/** What is done about an error of a boundary; `next` goes on behind it, unless that was done before. */
export type ErrorTaker = (error: unknown, ctx: Context, next: Next) => unknown;

/** Runs a chain and takes what it throws. What is thrown behind the boundary passes through it. */
export function bounded(chain: Chain<Context>, take: ErrorTaker): Middleware<Context> {
  return async (ctx, next) => {
    let passing: { readonly error: unknown } | undefined;
    let wentOn = false;
    const goOn = (): Promise<void> => {
      wentOn = true;
      return next().catch((error: unknown) => {
        passing = { error };
        throw error;
      });
    };
    try {
      await chain(ctx, goOn);
    } catch (error) {
      if (passing !== undefined && passing.error === error) throw error;
      await take(error, ctx, () => (wentOn ? Promise.resolve() : next()));
    }
  };
}
