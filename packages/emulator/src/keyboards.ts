import type {
  InlineKeyboardButton,
  InlineKeyboardMarkup,
  KeyboardButton,
  ReplyKeyboardMarkup,
} from "@balekit/api";

import { type Fields, isObject, lengthOf } from "./fields.js";
import { badRequest } from "./refusal.js";

/** What came as `reply_markup`. */
export type Markup =
  | { readonly kind: "inline"; readonly markup: InlineKeyboardMarkup }
  | { readonly kind: "reply"; readonly markup: ReplyKeyboardMarkup }
  | { readonly kind: "remove" };

/** One callback button carries 1 to 64 bytes, a copy button 1 to 256 characters (notes.md 7: documented). */
const CALLBACK_DATA_BYTES = 64;
const COPY_TEXT_LENGTH = 256;

/** Reads `reply_markup`: an object, or JSON in a string (both seen working). */
export function readMarkup(fields: Fields): Markup | undefined {
  const raw = fields.structure("reply_markup");
  if (raw === undefined) return undefined;
  if (!isObject(raw)) throw badRequest("reply_markup must be an object");
  if (Array.isArray(raw["inline_keyboard"])) {
    return { kind: "inline", markup: { inline_keyboard: rowsOf(raw["inline_keyboard"], inlineButton) } };
  }
  if (Array.isArray(raw["keyboard"])) {
    const keyboard = rowsOf(raw["keyboard"], replyButton);
    if (isRemoval(keyboard)) return { kind: "remove" };
    return { kind: "reply", markup: { ...raw, keyboard } };
  }
  if (raw["remove_keyboard"] === true || raw["remove_keyboard"] === "true") return { kind: "remove" };
  if (Object.keys(raw).length === 0) return undefined;
  // Only three kinds are documented; there is no ForceReply (notes.md 7).
  throw badRequest("reply_markup must hold inline_keyboard, keyboard or remove_keyboard");
}

/**
 * Whether a reply keyboard takes the old one away. Low confidence: the original client removes keyboards with an empty
 * one, so that is taken to work.
 */
function isRemoval(keyboard: readonly (readonly unknown[])[]): boolean {
  return keyboard.every((row) => row.length === 0);
}

/** Reads the `reply_markup` of an edit: inline keyboards only. */
export function readInlineMarkup(fields: Fields): InlineKeyboardMarkup | undefined {
  const markup = readMarkup(fields);
  if (markup === undefined) return undefined;
  if (markup.kind !== "inline") throw badRequest("inline keyboard expected");
  return markup.markup;
}

function rowsOf<Button>(rows: readonly unknown[], read: (raw: unknown) => Button): Button[][] {
  return rows.map((row) => {
    if (!Array.isArray(row))
      throw badRequest("a keyboard must be an array of rows, each an array of buttons");
    return row.map(read);
  });
}

function inlineButton(raw: unknown): InlineKeyboardButton {
  if (!isObject(raw)) throw badRequest("an inline button must be an object");
  const text = buttonText(raw["text"]);
  const url = raw["url"] ?? undefined;
  const data = raw["callback_data"] ?? undefined;
  const webApp = raw["web_app"] ?? undefined;
  const copyText = raw["copy_text"] ?? undefined;
  // Exactly one of the four must be there (notes.md 7: documented).
  const given = [url, data, webApp, copyText].filter((field) => field !== undefined).length;
  if (given !== 1) {
    throw badRequest(
      `inline button "${text}" must have exactly one of url, callback_data, web_app and copy_text`,
    );
  }
  if (data !== undefined) {
    const bytes = typeof data === "string" ? Buffer.byteLength(data) : 0;
    if (bytes < 1 || bytes > CALLBACK_DATA_BYTES) {
      throw badRequest(
        `BUTTON_DATA_INVALID: callback_data of "${text}" must have 1 to 64 bytes, it has ${bytes}`,
      );
    }
    return { text, callback_data: data as string };
  }
  if (url !== undefined) {
    if (typeof url !== "string" || url === "") throw badRequest(`BUTTON_URL_INVALID: url of "${text}"`);
    return { text, url };
  }
  if (webApp !== undefined) return { text, web_app: { url: webAppUrl(webApp, text) } };
  const copied = isObject(copyText) ? copyText["text"] : undefined;
  if (typeof copied !== "string" || copied.length < 1 || lengthOf(copied) > COPY_TEXT_LENGTH) {
    throw badRequest(`copy_text of "${text}" must have a text of 1 to 256 characters`);
  }
  return { text, copy_text: { text: copied } };
}

function replyButton(raw: unknown): KeyboardButton | string {
  // A bare string is accepted in the place of an object (notes.md 7: documented).
  if (typeof raw === "string") return buttonText(raw);
  if (!isObject(raw)) throw badRequest("a keyboard button must be an object or a string");
  const text = buttonText(raw["text"]);
  const webApp = raw["web_app"] ?? undefined;
  return {
    text,
    ...(raw["request_contact"] === true ? { request_contact: true } : {}),
    ...(raw["request_location"] === true ? { request_location: true } : {}),
    ...(webApp === undefined ? {} : { web_app: { url: webAppUrl(webApp, text) } }),
  };
}

function buttonText(text: unknown): string {
  if (typeof text !== "string" || text === "") throw badRequest("a button must have a text");
  return text;
}

function webAppUrl(webApp: unknown, text: string): string {
  const url = isObject(webApp) ? webApp["url"] : undefined;
  if (typeof url !== "string" || url === "") throw badRequest(`web_app of "${text}" must have a url`);
  return url;
}
