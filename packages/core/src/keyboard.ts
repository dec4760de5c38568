import type { KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove } from "@balekit/api";
import { checkLabel, checkOneAction, checkWebAppUrl } from "./button.js";
import { ButtonGrid } from "./button-grid.js";
import { shown, wrongType } from "./misuse.js";

const ACTIONS = ["request_contact", "request_location", "web_app"] as const;

/**
 * Builds the keyboard that stands in place of the user's own. Pressing a button sends its label as a message.
 * Pass it as `reply_markup`; take it away again with `Keyboard.remove()`.
 *
 * @example
 * const keyboard = new Keyboard().text("فروشگاه").text("راهنما").row().requestContact("ارسال شمارهٔ من");
 * await ctx.reply("چه کار کنیم؟", { reply_markup: keyboard });
 *
 * @see https://docs.bale.ai/#replykeyboardmarkup
 */
export class Keyboard extends ButtonGrid<KeyboardButton> {
  /** The rows as they go to Bale. Change them through the methods. */
  readonly keyboard: readonly (readonly KeyboardButton[])[];

  constructor() {
    const rows: KeyboardButton[][] = [];
    super(rows);
    this.keyboard = rows;
  }

  /** Starts from rows of labels and buttons, or from a markup. The source stays as it is. */
  static from(source: ReplyKeyboardMarkup | readonly (readonly (KeyboardButton | string)[])[]): Keyboard {
    const rows: unknown = Array.isArray(source) ? source : (source as Partial<ReplyKeyboardMarkup>)?.keyboard;
    if (!isRows(rows)) {
      throw wrongType(
        "ERR_BALE_BUTTON",
        `Building a keyboard from ${shown(source)}: it has no rows. ` +
          "Give rows of labels or buttons, or an object with keyboard.",
      );
    }
    const keyboard = new Keyboard();
    for (const row of rows) {
      keyboard.row();
      for (const button of row) keyboard.add(typeof button === "string" ? { text: button } : button);
    }
    return keyboard;
  }

  /** The markup that takes the keyboard away: `ctx.reply("باشد", { reply_markup: Keyboard.remove() })`. */
  static remove(): ReplyKeyboardRemove {
    return { remove_keyboard: true };
  }

  /** A button that sends its own label. */
  static text(label: string): KeyboardButton {
    return { text: checkLabel(label) };
  }

  /** A button that sends the user's phone number. Compare `contact.user_id` with `from.id` before you trust it. */
  static requestContact(label: string): KeyboardButton {
    return { text: checkLabel(label), request_contact: true };
  }

  /** A button that sends where the user is. */
  static requestLocation(label: string): KeyboardButton {
    return { text: checkLabel(label), request_location: true };
  }

  /** A button that opens a mini app, which may answer with `web_app_data`. */
  static webApp(label: string, url: string): KeyboardButton {
    return { text: checkLabel(label), web_app: { url: checkWebAppUrl(label, url) } };
  }

  /** Adds a button that sends its own label. */
  text(label: string): this {
    return this.push(Keyboard.text(label));
  }

  /** Adds a button that sends the user's phone number as a contact. */
  requestContact(label: string): this {
    return this.push(Keyboard.requestContact(label));
  }

  /** Adds a button that sends where the user is. */
  requestLocation(label: string): this {
    return this.push(Keyboard.requestLocation(label));
  }

  /** Adds a button that opens a mini app, over https. */
  webApp(label: string, url: string): this {
    return this.push(Keyboard.webApp(label, url));
  }

  /** What goes on the wire, as a plain object of its own. */
  toJSON(): ReplyKeyboardMarkup {
    return { keyboard: this.keyboard.map((row) => row.map((button) => ({ ...button }))) };
  }

  protected override accept(button: KeyboardButton): KeyboardButton {
    if (typeof button !== "object" || button === null) {
      throw wrongType(
        "ERR_BALE_BUTTON",
        `Adding ${shown(button)} to a keyboard: it is not a button. Give an object like { text: "راهنما" }.`,
      );
    }
    const label = checkLabel(button.text);
    if (checkOneAction(button, ACTIONS, label) === "web_app") checkWebAppUrl(label, button.web_app?.url);
    return Object.freeze({ ...button });
  }

  protected override blank(): this {
    return new Keyboard() as this;
  }
}

function isRows(value: unknown): value is readonly (readonly (KeyboardButton | string)[])[] {
  return Array.isArray(value) && value.every((row) => Array.isArray(row));
}
