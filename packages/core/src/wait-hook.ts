import type { Context } from "./context.js";
import { WaitAbandonedError } from "./errors.js";
import { Answer, runOf } from "./run.js";
import { nameOf, type WaitQuery } from "./waiter.js";

/**
 * Told when a handler is about to wait in `ctx.waitFor` and when it goes on: other updates of its chat run in between.
 * Told as well when it hands over to code of a plugin that may change what others keep (`BotHost.handOver`).
 * `ctx` is the context the handler began with, also when it waits through the context of an earlier answer.
 */
export interface WaitHook {
  /** Waited for while the handler still has its lane; a rejection is what `waitFor` rejects with. */
  readonly before: (ctx: Context) => Promise<void> | undefined;
  /** Waited for when the handler has its lane again, before it goes on. After a time-out its rejection is ignored. */
  readonly after: (ctx: Context) => Promise<void> | undefined;
}

/** Runs a wait with those who want to know about it around it. Begins it at once when none has something to do first. */
export function aroundWait(
  hooks: readonly WaitHook[],
  ctx: Context,
  query: WaitQuery,
  wait: () => Promise<Context>,
): Promise<Context> {
  const run = runOf(ctx.delivery);
  const owner = ctx.delivery instanceof Answer ? (run?.ctx ?? ctx) : ctx;
  const before = tell(hooks, "before", owner);
  const begin = (): Promise<Context> => {
    if (run?.ended === true) throw new WaitAbandonedError(nameOf(query));
    return wait();
  };
  const waited = before === undefined ? wait() : before.then(begin);
  const whole = waited.then(
    async (answer) => {
      await tell(hooks, "after", owner);
      return answer;
    },
    async (error: unknown) => {
      await tell(hooks, "after", owner)?.catch(() => undefined);
      throw error;
    },
  );
  // As with the wait itself: one that lost a race is nobody's unhandled rejection.
  whole.catch(() => undefined);
  return whole;
}

/** Runs code that a handler hands over to, with those who want to know about it around it. */
export async function aroundHandOver<Result>(
  hooks: readonly WaitHook[],
  ctx: Context,
  run: () => Promise<Result>,
): Promise<Result> {
  await tell(hooks, "before", ctx);
  let result: Result;
  try {
    result = await run();
  } catch (error) {
    await tell(hooks, "after", ctx)?.catch(() => undefined);
    throw error;
  }
  await tell(hooks, "after", ctx);
  return result;
}

function tell(
  hooks: readonly WaitHook[],
  moment: keyof WaitHook,
  ctx: Context,
): Promise<unknown> | undefined {
  let all: Promise<void>[] | undefined;
  for (const hook of hooks) {
    const busy = hook[moment](ctx);
    if (busy !== undefined) all = [...(all ?? []), busy];
  }
  return all && Promise.all(all);
}
