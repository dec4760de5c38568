import { isTransient } from "./back-off.js";
import { channels, type ErrorEvent } from "./diagnostics.js";
import { type BotError, sayingOf, sentence } from "./errors.js";
import type { Logger } from "./logger.js";
import { userLineOf } from "./user-line.js";

/** Takes a fault of any part of the bot. */
export type ErrorHandler = (error: BotError) => unknown;

/**
 * What happens to an error without `bot.catch`: it is printed with the update's id and the author's own line, and the
 * bot goes on.
 */
export function printError(logger: Logger, error: BotError): void {
  const { cause, where, update } = error;
  if (where === "polling" && isTransient(cause)) {
    logger.warn(`${sentence(error.message)} Trying again.`, { topic: "balekit:poll" });
    return;
  }
  const at = userLineOf(cause);
  const line = at === undefined ? "" : `\n    at ${at}   <- your line`;
  const stack = cause instanceof Error ? framesOf(cause, at) : "";
  const { retryInMs } = error;
  const next = retryInMs === undefined ? "" : `\n    Trying again in ${Math.round(retryInMs / 100) / 10} s.`;
  logger.error(`${error.message}${line}${stack}${next}`, { where, updateId: update?.update_id });
}

/** The frames of a stack, without the first if that is the line told already; the message above them has been too. */
function framesOf({ stack = "" }: Error, told: string | undefined): string {
  const frames = stack.split("\n").filter((line) => line.startsWith("    at "));
  if (told !== undefined && frames[0]?.includes(told)) frames.shift();
  return frames.map((frame) => `\n${frame}`).join("");
}

/** Gives an error to its handler. Never rejects: a handler that fails itself is printed, with what it was given. */
export async function report(error: BotError, handler: ErrorHandler, logger: Logger): Promise<void> {
  if (channels.error.hasSubscribers) {
    const event: ErrorEvent = { error };
    channels.error.publish(event);
  }
  try {
    await handler(error);
  } catch (second) {
    try {
      logger.error(`bot.catch itself failed: ${sayingOf(second)}. It was given: ${error.message}`);
      printError(logger, error);
    } catch {
      // A logger that throws leaves nobody to tell.
    }
  }
}
