import type { KeyboardButton, Message } from "@balekit/api";

/** The rows of buttons a bot last put in place of the keyboard of a chat, or `undefined` when there are none. */
export function replyKeyboard(messages: readonly Message[]): KeyboardButton[][] | undefined {
  for (const message of messages.toReversed()) {
    // People see reply keyboards, bots never get them back: Bale's Message does not list them.
    const markup: object | undefined = message.reply_markup;
    if (markup === undefined) continue;
    if ("remove_keyboard" in markup) return undefined;
    if ("keyboard" in markup && Array.isArray(markup.keyboard)) {
      const rows = markup.keyboard as readonly (readonly (KeyboardButton | string)[])[];
      return rows.map((row) => row.map((button) => (typeof button === "string" ? { text: button } : button)));
    }
  }
  return undefined;
}
