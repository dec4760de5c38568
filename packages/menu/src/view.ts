import { InlineKeyboard, type InlineKeyboardButton } from "balekit";
import { outOfRange } from "./misuse.js";

/** A page with its values, as far as a view needs to know it. */
export interface ViewTarget {
  readonly name: string;
  readonly values: Readonly<Record<string, string | number | bigint>>;
}

/** A button of a view: one that leads on in the menu, or any other. */
export type ViewButton =
  | { readonly label: string; readonly target: ViewTarget }
  | { readonly markup: InlineKeyboardButton };

/** How a long list is shown. */
export interface PagerOptions<Item> {
  readonly items: readonly Item[];
  /** The page to show, from 0; one out of bounds becomes the nearest. */
  readonly page: number;
  /** @default 8 */
  readonly perPage?: number | undefined;
  readonly label: (item: Item) => string;
  readonly open: (item: Item) => ViewTarget;
  /** The target that shows another page of the list. */
  readonly turn: (page: number) => ViewTarget;
}

/** What a page shows, while it is being drawn. */
export class View {
  readonly #rows: ViewButton[][] = [[]];
  #content = "";

  /** The text so far. */
  get content(): string {
    return this.#content;
  }

  /** The rows that have buttons. */
  get rows(): readonly (readonly ViewButton[])[] {
    return this.#rows.filter((row) => row.length > 0);
  }

  /** Adds a line of text. */
  say(line: string): this {
    this.#content += this.#content === "" ? line : `\n${line}`;
    return this;
  }

  /** Adds a button that opens a page or runs an action. */
  button(label: string, target: ViewTarget): this {
    this.#rows.at(-1)?.push({ label, target });
    return this;
  }

  /** Adds a button that opens an address. */
  url(label: string, url: string): this {
    this.#rows.at(-1)?.push({ markup: InlineKeyboard.url(label, url) });
    return this;
  }

  /** Ends the row. */
  row(): this {
    this.#rows.push([]);
    return this;
  }

  /** Adds a row that leads back. @default "بازگشت" */
  back(target: ViewTarget, label = "بازگشت"): this {
    return this.row().button(label, target).row();
  }

  /**
   * Adds one page of a list, a button a row, and the buttons that turn pages.
   * @throws RangeError for pages on which nothing has room
   */
  pager<Item>(options: PagerOptions<Item>): this {
    const { items, perPage = 8, label, open, turn } = options;
    if (!Number.isSafeInteger(perPage) || perPage < 1) {
      throw outOfRange(`view.pager: perPage is ${perPage}. Give how many items a page shows, from 1 up.`);
    }
    const last = Math.max(0, Math.ceil(items.length / perPage) - 1);
    const page = Math.min(Math.max(0, Math.trunc(options.page) || 0), last);
    for (const item of items.slice(page * perPage, (page + 1) * perPage)) {
      this.row().button(label(item), open(item));
    }
    this.row();
    if (page > 0) this.button("‹ قبلی", turn(page - 1));
    if (page < last) this.button("بعدی ›", turn(page + 1));
    return this.row();
  }
}
