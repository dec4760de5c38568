import { escapeMarkdown } from "./markdown-escape.js";
import { shown, wrongType } from "./misuse.js";

const CODE = "ERR_BALE_MARKDOWN";

/** What can be put into a text: it is shown as it is, whatever marks it holds. */
export type PlainValue = string | number | bigint;

/** A piece of markdown, ready to be put into `md`. */
export class MarkdownPiece {
  readonly #text: string;
  /** Whether it begins and ends with marks that want a space outside. */
  readonly #wantsSpace: boolean;

  constructor(text: string, wantsSpace: boolean) {
    this.#text = text;
    this.#wantsSpace = wantsSpace;
  }

  get wantsSpace(): boolean {
    return this.#wantsSpace;
  }

  /** As it is sent. */
  toString(): string {
    return this.#text;
  }
}

/** Writes Bale's markdown. */
export interface Markdown {
  /**
   * A text in which your own marks count and the values you put in do not: `` md`*سلام* ${name}` ``. Where bold or
   * italic values touch other letters, a space is put between: Bale wants one.
   */
  readonly md: (strings: TemplateStringsArray, ...values: readonly (PlainValue | MarkdownPiece)[]) => string;
  /** The same as a piece, to be put into another. */
  readonly piece: (
    strings: TemplateStringsArray,
    ...values: readonly (PlainValue | MarkdownPiece)[]
  ) => MarkdownPiece;
  /** Bold; each line by itself, and space at its edges outside of the marks. */
  readonly bold: (value: PlainValue) => MarkdownPiece;
  /** Italic; see `bold`. */
  readonly italic: (value: PlainValue) => MarkdownPiece;
  /** A link. Brackets in its text become parentheses. @throws TypeError for what is no absolute address */
  readonly link: (text: PlainValue, url: string) => MarkdownPiece;
}

/** How markdown is written. */
export interface MarkdownOptions {
  /** Protects marks in plain values. @default escapeMarkdown */
  readonly escape?: ((text: string) => string) | undefined;
}

/** Makes the functions that write Bale's markdown, with another way of escaping if you know a better one. */
export function markdown(options: MarkdownOptions = {}): Markdown {
  const { escape = escapeMarkdown } = options;
  const plain = (value: unknown, doing: string): string => escape(textOf(value, doing));
  const marked = (mark: "*" | "_", value: unknown, doing: string): MarkdownPiece => {
    const lines = textOf(value, doing).split("\n");
    const text = lines
      .map((line) => {
        const inner = line.trim();
        if (inner === "") return line;
        const start = line.indexOf(inner);
        return `${line.slice(0, start)}${mark}${escape(inner)}${mark}${line.slice(start + inner.length)}`;
      })
      .join("\n");
    return new MarkdownPiece(text, text.includes(mark));
  };
  const write = (strings: TemplateStringsArray, values: readonly unknown[]): string => {
    let text = "";
    let owesSpace = false;
    const add = (more: string): void => {
      if (more === "") return;
      if (owesSpace && !/^\s/.test(more)) text += " ";
      text += more;
      owesSpace = false;
    };
    strings.forEach((own, at) => {
      add(own);
      if (at >= values.length) return;
      const value = values[at];
      if (!(value instanceof MarkdownPiece)) return add(plain(value, `md: value ${at + 1}`));
      const piece = value.toString();
      if (value.wantsSpace && text !== "" && !/\s$/.test(text)) owesSpace = true;
      add(piece);
      owesSpace = value.wantsSpace;
    });
    return text;
  };
  return {
    md: (strings, ...values) => write(strings, values),
    piece: (strings, ...values) => new MarkdownPiece(write(strings, values), values.some(isTight)),
    bold: (value) => marked("*", value, "bold"),
    italic: (value) => marked("_", value, "italic"),
    link: (text, url) => {
      const label = plain(text, "link").replace(/\[/g, "(").replace(/\]/g, ")").replace(/\s+/g, " ");
      return new MarkdownPiece(`[${label}](${addressOf(url)})`, false);
    },
  };
}

const usual: Markdown = markdown();
/** Writes a text in Bale's markdown and protects the values in it: see {@link Markdown}. */
export const md: Markdown["md"] = usual.md;
/** A part of such a text: see {@link Markdown}. */
export const piece: Markdown["piece"] = usual.piece;
/** A bold part: see {@link Markdown}. */
export const bold: Markdown["bold"] = usual.bold;
/** An italic part: see {@link Markdown}. */
export const italic: Markdown["italic"] = usual.italic;
/** A link: see {@link Markdown}. */
export const link: Markdown["link"] = usual.link;

function isTight(value: unknown): boolean {
  return value instanceof MarkdownPiece && value.wantsSpace;
}

function textOf(value: unknown, doing: string): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint")
    return String(value);
  throw wrongType(
    CODE,
    `${doing}: it is ${shown(value)}. Give a text, a number, or what bold, italic and link make.`,
  );
}

function addressOf(url: unknown): string {
  // Read as a browser reads it: a line end inside of the scheme, or what comes before it, is passed over.
  if (typeof url !== "string" || !URL.canParse(url) || new URL(url).protocol === "javascript:") {
    throw wrongType(
      CODE,
      `link: ${shown(url)} is not an absolute address. Write it with its scheme, like "https://ble.ir/my_bot".`,
    );
  }
  const encoded: Readonly<Record<string, string>> = { "(": "%28", ")": "%29" };
  return url.trim().replace(/[()\s]/g, (letter) => encoded[letter] ?? encodeURIComponent(letter));
}
