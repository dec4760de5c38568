import type { BotOptions } from "./bot-options.js";
import type { InboxRole } from "./inbox.js";
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

/** Refuses a part of the work where there is no inbox through which others could do the rest. */
export function checkRole(role: InboxRole, hasInbox: boolean): void {
  if (role === "both" || hasInbox) return;
  const message = `bot.start: role is ${shown(role)}, but this bot has no inbox that others could share. Give new Bot one, or leave role out.`;
  throw wrongType("ERR_BALE_OPTION", message, checkRole);
}
