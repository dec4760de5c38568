/** A piece of a message's text. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bold" | "italic"; readonly pieces: readonly Piece[] }
  | { readonly kind: "link"; readonly href: string; readonly pieces: readonly Piece[] }
  | { readonly kind: "command" | "mention"; readonly text: string }
  | { readonly kind: "article"; readonly title: string; readonly body: string };

const ARTICLE = /```\[([^\]\n]*)\]([\s\S]*?)```/;
const LINK = /\[([^\]\n]+)\]\(([^()\s]+)\)/;
const ADDRESS = /\bhttps?:\/\/[^\s<>"'()[\]]*[^\s<>"'()[\].,;:!?،؛؟]/;
/** A mark counts only with a space or an edge outside it, on both sides: `a *b* c`, not `a*b*c`. */
const BOLD = /(?<=^|\s)\*(?=\S)([^*\n]*[^*\s])\*(?=\s|$)/;
const ITALIC = /(?<=^|\s)_(?=\S)([^_\n]*[^_\s])_(?=\s|$)/;
const COMMAND = /(?<=^|\s)\/[A-Za-z0-9_]{1,32}(?:@\w+)?(?=\s|$|[.,!?،؛؟])/;
const MENTION = /(?<=^|\s)@\w{3,32}/;

const RULES: ReadonlyArray<readonly [RegExp, (match: RegExpExecArray) => Piece]> = [
  [ARTICLE, (match) => ({ kind: "article", title: match[1] ?? "", body: (match[2] ?? "").trim() })],
  [LINK, (match) => link(match[2] ?? "", match[1] ?? "", match[0])],
  [ADDRESS, (match) => link(match[0], match[0], match[0])],
  [BOLD, (match) => ({ kind: "bold", pieces: markdown(match[1] ?? "") })],
  [ITALIC, (match) => ({ kind: "italic", pieces: markdown(match[1] ?? "") })],
  [COMMAND, (match) => ({ kind: "command", text: match[0] })],
  [MENTION, (match) => ({ kind: "mention", text: match[0] })],
];

/** Reads a text the way Bale's clients do: there is no escape, and a mark without its pair stays a character. */
export function markdown(text: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = text;
  let before = "";
  while (rest !== "") {
    const next = first(rest, before);
    if (next === undefined) break;
    if (next.match.index > 0) pieces.push({ kind: "text", text: rest.slice(0, next.match.index) });
    pieces.push(next.make(next.match));
    const end = next.match.index + next.match[0].length;
    before = rest.slice(end - 1, end);
    rest = rest.slice(end);
  }
  if (rest !== "") pieces.push({ kind: "text", text: rest });
  return pieces;
}

/** The address of a link that may be followed, or `undefined`: only the web, mail and phone. */
export function safeHref(address: string): string | undefined {
  const full = /^[\w-]+(\.[\w-]+)+([/?#]|$)/.test(address) ? `https://${address}` : address;
  try {
    const { protocol, href } = new URL(full);
    return ["https:", "http:", "mailto:", "tel:"].includes(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}

function link(address: string, label: string, raw: string): Piece {
  const href = safeHref(address);
  if (href === undefined) return { kind: "text", text: raw };
  return { kind: "link", href, pieces: [{ kind: "text", text: label }] };
}

function first(
  rest: string,
  before: string,
): { match: RegExpExecArray; make: (m: RegExpExecArray) => Piece } | undefined {
  let best: { match: RegExpExecArray; make: (m: RegExpExecArray) => Piece } | undefined;
  for (const [rule, make] of RULES) {
    const match = rule.exec(rest);
    if (match === null || (best !== undefined && match.index >= best.match.index)) continue;
    // The text before `rest` was cut off: an edge there is an edge only if a space, or nothing, stood before it.
    if (match.index === 0 && before !== "" && !/\s/.test(before) && EDGED.has(rule)) continue;
    best = { match, make };
  }
  return best;
}

const EDGED: ReadonlySet<RegExp> = new Set([BOLD, ITALIC, COMMAND, MENTION]);
