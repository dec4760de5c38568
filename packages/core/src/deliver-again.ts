import type { Context } from "./context.js";
import { Run } from "./run.js";

/**
 * Says of an error that it came before anything was done for an update, so that the bot delivers the update again
 * instead of giving it up: `throw deliverAgain(ctx, error)`. For plugins that read something before they call `next()`,
 * when where they read is away for a while. Answers the error as it is.
 *
 * The lane of the update waits meanwhile, half a second at first and up to three, so that the order of its chat is kept.
 * A polled update is held until it succeeds or the bot stops, and not confirmed before; one from a webhook for 20 s from
 * its own first attempt, then it is answered 503, or 500 for what is no `StorageUnavailableError`, and the next of its
 * chat has its turn. A `pre_checkout_query` is given up 8 s after its first attempt: Bale hears no answer after ten. With an inbox the
 * inbox tries again, as after every error. What stands in front of the plugin runs each time, and an error that is caught
 * there, or wrapped, does not count.
 */
export function deliverAgain<Thrown>(ctx: Context, error: Thrown): Thrown {
  if (ctx.delivery instanceof Run) ctx.delivery.again = error;
  return error;
}
