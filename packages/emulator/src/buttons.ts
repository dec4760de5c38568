import type { InlineKeyboardButton, KeyboardButton } from "@balekit/api";

import { type ChatRoom, newestFirst, type StoredMessage } from "./chats.js";
import { EmulatorError } from "./emulator-error.js";

/** A button that can be pressed now. */
export type FoundButton =
  | { readonly kind: "inline"; readonly button: InlineKeyboardButton; readonly stored: StoredMessage }
  | { readonly kind: "reply"; readonly button: KeyboardButton; readonly messageId: number };

/**
 * Finds a button by its label or its callback data: on one message, or on the newest message that has it; the reply
 * keyboard counts as part of the message that brought it.
 * @throws {EmulatorError} naming the buttons there are, when there is no such one.
 */
export function findButton(room: ChatRoom, wanted: string, messageId?: number): FoundButton {
  const found = messageId === undefined ? newest(room, wanted) : onMessage(room, wanted, messageId);
  if (found !== undefined) return found;
  const where = messageId === undefined ? `chat ${room.id}` : `message ${messageId} of chat ${room.id}`;
  const there = labels(room, messageId);
  const list = there.length === 0 ? "It has no buttons." : `Its buttons: ${there.join(", ")}.`;
  throw new EmulatorError(`Pressing a button: there is no "${wanted}" in ${where}. ${list}`);
}

function onMessage(room: ChatRoom, wanted: string, messageId: number): FoundButton | undefined {
  const stored = room.messages.get(messageId);
  if (stored === undefined) {
    throw new EmulatorError(`Pressing a button: chat ${room.id} has no message ${messageId}.`);
  }
  const reply = room.replyKeyboard?.messageId === messageId ? replyButton(room, wanted) : undefined;
  return inlineButton(stored, wanted) ?? reply;
}

function newest(room: ChatRoom, wanted: string): FoundButton | undefined {
  const reply = replyButton(room, wanted);
  for (const stored of newestFirst(room)) {
    if (reply !== undefined && reply.messageId >= stored.message.message_id) return reply;
    const inline = inlineButton(stored, wanted);
    if (inline !== undefined) return inline;
  }
  return reply;
}

function inlineButton(stored: StoredMessage, wanted: string): FoundButton | undefined {
  const buttons = stored.message.reply_markup?.inline_keyboard.flat() ?? [];
  const button =
    buttons.find(({ text }) => text === wanted) ??
    buttons.find(({ callback_data }) => callback_data === wanted);
  return button === undefined ? undefined : { kind: "inline", button, stored };
}

function replyButton(room: ChatRoom, wanted: string): Extract<FoundButton, { kind: "reply" }> | undefined {
  const keyboard = room.replyKeyboard;
  const button = keyboard?.markup.keyboard.flat().find((each) => labelOf(each) === wanted);
  if (keyboard === undefined || button === undefined) return undefined;
  return {
    kind: "reply",
    button: typeof button === "string" ? { text: button } : button,
    messageId: keyboard.messageId,
  };
}

function labels(room: ChatRoom, messageId: number | undefined): string[] {
  const messages =
    messageId === undefined ? [...room.messages.values()].reverse() : [room.messages.get(messageId)];
  const inline = messages.flatMap((stored) => stored?.message.reply_markup?.inline_keyboard.flat() ?? []);
  const reply = messageId === undefined ? (room.replyKeyboard?.markup.keyboard.flat() ?? []) : [];
  const named = [
    ...reply.map((button) => `"${labelOf(button)}"`),
    ...inline.map(
      ({ text, callback_data }) => `"${text}"${callback_data === undefined ? "" : ` (${callback_data})`}`,
    ),
  ];
  return [...new Set(named)];
}

function labelOf(button: KeyboardButton | string): string {
  return typeof button === "string" ? button : button.text;
}
