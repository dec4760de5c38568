import { type Chain, end } from "./compose.js";
import type { Context } from "./context.js";
import type { Next } from "./middleware.js";
import { type Run, runOf } from "./run.js";

/**
 * Runs handlers beside what comes after, and resolves when both are done. The two wait each for themselves: while one
 * waits for a later update, the other keeps the chat's turn.
 */
export async function runBeside(ctx: Context, handlers: Chain<Context>, next: Next): Promise<void> {
  const fork = runOf(ctx.delivery)?.fork();
  const branch = beside(ctx, fork);
  if (fork !== undefined) fork.ctx = branch;
  const both = await Promise.allSettled([
    handlers(branch, end).finally(() => fork?.end()),
    next().finally(() => fork?.join()),
  ]);
  for (const one of both) if (one.status === "rejected") throw one.reason;
}

/** A context that sees all of another and keeps to itself what is set on it: both can be used at the same time. */
function beside(ctx: Context, fork: Run | undefined): Context {
  const { match, params, args, route, memberNow, delivery } = ctx;
  const own = { match, params, args, route, memberNow, delivery: fork ?? delivery };
  return Object.assign(Object.create(ctx) as Context, own);
}
