/** A part of a text: where it begins, and where what follows begins. */
export interface TextSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Bale's markdown that means nothing when it is torn: links, `*bold*` and `_italic_` with a space or an edge outside,
 * and blocks between three backticks. In order, none inside another, none longer than `limit`.
 *
 * Each end is looked for from where the last one was found, so that a text full of marks without an end takes no longer
 * than another.
 */
export function markdownSpans(text: string, limit: number): readonly TextSpan[] {
  const endOf = endsIn(text);
  const spans: TextSpan[] = [];
  const openings = new RegExp(OPENING);
  for (let opening = openings.exec(text); opening !== null; opening = openings.exec(text)) {
    const from = opening.index;
    const to = endOf(opening[0], from);
    if (to === NOWHERE) continue;
    if (to - from <= limit) spans.push({ from, to });
    openings.lastIndex = to;
  }
  return spans;
}

/** A mark with a space or an edge before it and none behind it, a bracket, or a fence. */
const OPENING = /```|\[|(?<=^|\s)[*_](?=[^\s*_])/gm;
const NOWHERE = Number.POSITIVE_INFINITY;

/** Answers where what begins at a place is over; `NOWHERE` when it never is. Asked from left to right. */
function endsIn(text: string): (mark: string, from: number) => number {
  const fence = forward((from) => text.indexOf("```", from));
  const bracket = forward((from) => text.indexOf("]", from));
  const parenthesis = forward((from) => text.indexOf(")", from));
  const newline = forward((from) => text.indexOf("\n", from));
  const lineEnd = forward((from) => indexOf(text, /[\n\r\u2028\u2029]/g, from));
  const space = forward((from) => indexOf(text, /\s/g, from));
  const closing: Readonly<Record<string, Seek>> = {
    "*": forward((from) => indexOf(text, /\*(?=\s|$)/g, from)),
    _: forward((from) => indexOf(text, /_(?=\s|$)/g, from)),
  };
  return (mark, from) => {
    if (mark === "```") return fence(from + 3) + 3;
    if (mark !== "[") {
      const close = (closing[mark] as Seek)(from + 1);
      return close < lineEnd(from) ? close + 1 : NOWHERE;
    }
    const close = bracket(from);
    if (close > newline(from) || text.charAt(close + 1) !== "(") return NOWHERE;
    const end = parenthesis(close);
    return end < space(close) ? end + 1 : NOWHERE;
  };
}

/** Answers the first place at or behind another, or `NOWHERE`. */
type Seek = (from: number) => number;

/** Remembers what was found last: it is still the first one for every place that lies before it. */
function forward(find: (from: number) => number): Seek {
  let asked = NOWHERE;
  let found = -1;
  return (from) => {
    if (from < asked || from > found) {
      const place = find(from);
      asked = from;
      found = place < 0 ? NOWHERE : place;
    }
    return found;
  };
}

function indexOf(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}

/** The span that a cut at this place would tear. */
export function spanTornAt(spans: readonly TextSpan[], place: number): TextSpan | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as TextSpan).to <= place) low = middle + 1;
    else high = middle;
  }
  const span = spans[low];
  return span !== undefined && span.from < place ? span : undefined;
}
