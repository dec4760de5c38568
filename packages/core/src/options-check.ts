import type { BotOptions, StartOptions } from "./bot-options.js";
import { outOfRange, shown, wrongType } from "./misuse.js";

/** Refuses options a bot cannot be made with. The stack begins at the line that called `caller`. */
export function checkOptions(
  { concurrency = 1, inbox, order = "chat" }: BotOptions,
  caller: abstract new (...args: never[]) => unknown,
): void {
  if (!(concurrency >= 1)) {
    const message = `new Bot: concurrency is ${shown(concurrency)}. Give the number of updates to handle at once, from 1 up.`;
    throw outOfRange("ERR_BALE_OPTION", message, caller);
  }
  if (order !== "chat" && order !== "none") {
    const message = `new Bot: order is ${shown(order)}. Give "chat", to handle the updates of each chat in order, or "none".`;
    throw wrongType("ERR_BALE_OPTION", message, caller);
  }
  if (inbox !== undefined && (typeof inbox?.put !== "function" || typeof inbox.open !== "function")) {
    const message = `new Bot: inbox is ${shown(inbox)}. Give one made for it, like sqliteInbox(database) of balekit/inbox.`;
    throw wrongType("ERR_BALE_OPTION", message, caller);
  }
}

/** An hour: far beyond what any server holds, and far below where timers overflow. */
const LONGEST_POLL_MS = 3_600_000;

/** Refuses options a bot cannot be started with, and a part of the work where no inbox lets others do the rest. */
export function checkStart(
  { role = "both", pollTimeoutMs = 0, limit = 1 }: StartOptions,
  hasInbox: boolean,
): void {
  const wrong = (option: string, value: unknown, hint: string): string =>
    `bot.start: ${option} is ${shown(value)}${hint}`;
  if (role !== "both" && !hasInbox) {
    const hint = ", but this bot has no inbox that others could share. Give new Bot one, or leave role out.";
    throw wrongType("ERR_BALE_OPTION", wrong("role", role, hint), checkStart);
  }
  if (!(pollTimeoutMs >= 0 && pollTimeoutMs <= LONGEST_POLL_MS)) {
    const hint = ". Give milliseconds, from 0 to an hour; 30_000 suits most.";
    throw outOfRange("ERR_BALE_OPTION", wrong("pollTimeoutMs", pollTimeoutMs, hint), checkStart);
  }
  if (!(limit >= 1 && limit <= 100)) {
    const hint = ". Give the number of updates a poll may bring, from 1 to 100.";
    throw outOfRange("ERR_BALE_OPTION", wrong("limit", limit, hint), checkStart);
  }
}
