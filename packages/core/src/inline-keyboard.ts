import type { InlineKeyboardButton, InlineKeyboardMarkup } from "@balekit/api";
import {
  checkCallbackData,
  checkCopyText,
  checkLabel,
  checkOneAction,
  checkUrl,
  checkWebAppUrl,
} from "./button.js";
import { ButtonGrid } from "./button-grid.js";
import { shown, wrongType } from "./misuse.js";

const ACTIONS = ["callback_data", "url", "web_app", "copy_text"] as const;

/**
 * Builds the buttons below a message. Pass it as `reply_markup`; what Bale would refuse is refused here, while building.
 *
 * @example
 * const keyboard = new InlineKeyboard().text("بله", "vote:yes").text("خیر", "vote:no").row().url("راهنما", "https://ble.ir");
 * await ctx.reply("موافقی؟", { reply_markup: keyboard });
 *
 * @see https://docs.bale.ai/#inlinekeyboardmarkup
 */
export class InlineKeyboard extends ButtonGrid<InlineKeyboardButton> {
  /** The rows as they go to Bale. Change them through the methods. */
  readonly inline_keyboard: readonly (readonly InlineKeyboardButton[])[];

  constructor() {
    const rows: InlineKeyboardButton[][] = [];
    super(rows);
    this.inline_keyboard = rows;
  }

  /** Starts from the rows of a message's `reply_markup`, of another keyboard, or of your own. The source stays as it is. */
  static from(source: InlineKeyboardMarkup | readonly (readonly InlineKeyboardButton[])[]): InlineKeyboard {
    const rows: unknown = Array.isArray(source)
      ? source
      : (source as Partial<InlineKeyboardMarkup>)?.inline_keyboard;
    if (!isRows(rows)) {
      throw wrongType(
        "ERR_BALE_BUTTON",
        `Building an inline keyboard from ${shown(source)}: it has no rows. ` +
          "Give rows of buttons, or an object with inline_keyboard.",
      );
    }
    const keyboard = new InlineKeyboard();
    for (const row of rows) {
      keyboard.row();
      for (const button of row) keyboard.add(button);
    }
    return keyboard;
  }

  /** A button that sends `data` (1 to 64 bytes) back to the bot, where `bot.callback(data, …)` catches it. */
  static text(label: string, data: string = label): InlineKeyboardButton {
    return { text: checkLabel(label), callback_data: checkCallbackData(label, data) };
  }

  /** A button that opens an address. */
  static url(label: string, url: string): InlineKeyboardButton {
    return { text: checkLabel(label), url: checkUrl(label, url) };
  }

  /** A button that opens a mini app. */
  static webApp(label: string, url: string): InlineKeyboardButton {
    return { text: checkLabel(label), web_app: { url: checkWebAppUrl(label, url) } };
  }

  /** A button that puts `text` (1 to 256 characters) on the user's clipboard. */
  static copyText(label: string, text: string): InlineKeyboardButton {
    return { text: checkLabel(label), copy_text: { text: checkCopyText(label, text) } };
  }

  /** Adds a button that sends `data` back to the bot. @param data 1 to 64 bytes of UTF-8. @default the label */
  text(label: string, data: string = label): this {
    return this.push(InlineKeyboard.text(label, data));
  }

  /** Adds a button that opens an address. */
  url(label: string, url: string): this {
    return this.push(InlineKeyboard.url(label, url));
  }

  /** Adds a button that opens a mini app, over https. */
  webApp(label: string, url: string): this {
    return this.push(InlineKeyboard.webApp(label, url));
  }

  /** Adds a button that puts `text` (1 to 256 characters) on the user's clipboard. */
  copyText(label: string, text: string): this {
    return this.push(InlineKeyboard.copyText(label, text));
  }

  /** What goes on the wire, as a plain object of its own. */
  toJSON(): InlineKeyboardMarkup {
    return { inline_keyboard: this.inline_keyboard.map((row) => row.map((button) => ({ ...button }))) };
  }

  protected override accept(button: InlineKeyboardButton): InlineKeyboardButton {
    if (typeof button !== "object" || button === null) {
      throw wrongType(
        "ERR_BALE_BUTTON",
        `Adding ${shown(button)} to an inline keyboard: it is not a button. ` +
          'Give an object like { text: "بله", callback_data: "yes" }.',
      );
    }
    const label = checkLabel(button.text);
    const action = checkOneAction(button, ACTIONS, label);
    if (action === "callback_data") checkCallbackData(label, button.callback_data);
    else if (action === "url") checkUrl(label, button.url);
    else if (action === "web_app") checkWebAppUrl(label, button.web_app?.url);
    else if (action === "copy_text") checkCopyText(label, button.copy_text?.text);
    // A key we do not know may be one Bale has added since: such a button is let through as it is.
    else if (
      !Object.keys(button).some((key) => key !== "text" && !(ACTIONS as readonly string[]).includes(key))
    ) {
      throw wrongType(
        "ERR_BALE_BUTTON",
        `Making the button ${shown(label)}: nothing happens when it is pressed. Give it one of ${ACTIONS.join(", ")}.`,
      );
    }
    return Object.freeze({ ...button });
  }

  protected override blank(): this {
    return new InlineKeyboard() as this;
  }
}

function isRows(value: unknown): value is readonly (readonly InlineKeyboardButton[])[] {
  return Array.isArray(value) && value.every((row) => Array.isArray(row));
}
