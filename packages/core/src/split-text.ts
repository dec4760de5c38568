import { LIMITS } from "@balekit/api";
import { markdownSpans, spanTornAt, type TextSpan } from "./text-spans.js";
import { outOfRange, shown, wrongType } from "./misuse.js";

/**
 * Cuts a long text into pieces that fit in messages, at the best place: between paragraphs, else lines, else sentences,
 * else words; inside a word only when it is longer than a whole message, and then never inside a letter with its marks,
 * an emoji, or a surrogate pair that would fit. A half-space (ZWNJ) is part of its word. A link, a bold or italic part and
 * a block of Bale's markdown stay whole if they fit in a message.
 *
 * Nothing is lost but white space at the cuts: the pieces, in order, are the text with the spaces and line ends around
 * each cut left out (the indent of a line that follows a cut is kept). A blank text has no pieces.
 *
 * @param limit the longest piece, in UTF-16 units (`string.length`), at least 2. @default 4096, Bale's limit
 * @throws RangeError for a limit that is not a whole number of at least 2
 *
 * @example
 * for (const piece of splitText(report)) await ctx.send(piece);
 */
export function splitText(text: string, limit: number = LIMITS.text): string[] {
  if (typeof text !== "string") {
    throw wrongType("ERR_BALE_SPLIT", `Splitting a text: it is ${shown(text)}. Give a string.`, splitText);
  }
  if (typeof limit !== "number" || !Number.isSafeInteger(limit) || limit < 2) {
    throw outOfRange(
      "ERR_BALE_SPLIT",
      `Splitting a text: the limit is ${shown(limit)}. Give a whole number of at least 2, so that every letter fits.`,
      splitText,
    );
  }
  const pieces: string[] = [];
  const spans = text.length > limit ? markdownSpans(text, limit) : [];
  let start = 0;
  while (text.length - start > limit) {
    const cut = bestCut(text, start, limit, spans);
    pieces.push(text.slice(start, cut.end));
    start = cut.next;
  }
  pieces.push(text.slice(start));
  return pieces.filter((piece) => piece.trim() !== "");
}

/** Where a piece ends and where the next one starts; what lies between is white space and goes. */
interface Cut {
  readonly end: number;
  readonly next: number;
}

/**
 * The separators from best to worst. What they match is white space that may go. Whether a sentence ends before it is
 * asked of white space only: a run of closing marks is not to be gone through for each of them.
 */
const SEPARATORS: readonly RegExp[] = [
  /\n(?:[^\S\n]*\n)+/g,
  /\n/g,
  // Behind what ends a sentence (the Arabic question mark, the Urdu full stop and an ellipsis among them) and quotes.
  /(?=[^\S\n\u00a0\u202f])(?<=[.!?\u061f\u06d4\u2026][\u00bb\u201d"')\]]*)[^\S\n\u00a0\u202f]+/g,
  /[^\S\u00a0\u202f]+/g,
];

function bestCut(text: string, start: number, limit: number, spans: readonly TextSpan[]): Cut {
  // One unit more than fits: white space that begins right after a full piece is a good place too.
  const window = text.slice(start, start + limit + 1);
  // A better kind of separator wins only if it leaves the piece at least half full.
  for (const atLeast of [limit / 2, 1]) {
    for (const separator of SEPARATORS) {
      const match = lastMatch(
        window,
        separator,
        atLeast,
        (at) => spanTornAt(spans, start + at) === undefined,
      );
      if (match) return widen(text, start, match);
    }
  }
  const torn = spanTornAt(spans, start + limit);
  const cut = torn !== undefined && torn.from > start ? torn.from : insideWord(text, start, limit);
  return { end: cut, next: cut };
}

function lastMatch(
  window: string,
  separator: RegExp,
  atLeast: number,
  mayCut: (at: number) => boolean,
): Cut | undefined {
  let last: Cut | undefined;
  for (const match of window.matchAll(separator)) {
    if (match.index >= atLeast && mayCut(match.index))
      last = { end: match.index, next: match.index + match[0].length };
  }
  return last;
}

/** Takes in all the white space around the place, but not the indent of the line that comes next. */
function widen(text: string, start: number, place: Cut): Cut {
  let end = start + place.end;
  while (end > start && isSpace(text, end - 1)) end--;
  let next = start + place.next;
  while (isSpace(text, next)) next++;
  const lineEnd = text.lastIndexOf("\n", next - 1);
  return { end, next: lineEnd >= end && next < text.length ? lineEnd + 1 : next };
}

function isSpace(text: string, at: number): boolean {
  return at < text.length && /\s/.test(text.charAt(at));
}

/** The last place in a word too long for one message that does not tear a letter. */
function insideWord(text: string, start: number, limit: number): number {
  // Some text beyond the limit, because what follows decides whether a letter ends there.
  const window = text.slice(start, start + limit + 64);
  letters ??= new Intl.Segmenter("fa", { granularity: "grapheme" });
  const torn = letters.segment(window).containing(limit);
  return start + (torn && torn.index > 0 ? torn.index : pairSafe(window, limit));
}

let letters: Intl.Segmenter | undefined;

/** For one "letter" longer than a message (marks upon marks): a cut between its characters at least. */
function pairSafe(window: string, limit: number): number {
  const code = window.charCodeAt(limit - 1);
  const opensPair = code >= 0xd8_00 && code <= 0xdb_ff;
  return opensPair ? limit - 1 : limit;
}
