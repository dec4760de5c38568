/** A part of a text: where it begins, and where what follows begins. */
export interface TextSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Bale's markdown that means nothing when it is torn: links, `*bold*` and `_italic_` with a space or an edge outside,
 * and blocks between three backticks. In order, none inside another, none longer than `limit`.
 */
export function markdownSpans(text: string, limit: number): readonly TextSpan[] {
  const spans: TextSpan[] = [];
  for (const match of text.matchAll(MARKED)) {
    if (match[0].length <= limit) spans.push({ from: match.index, to: match.index + match[0].length });
  }
  return spans;
}

const MARKED =
  /```[^`]*(?:`{1,2}(?!`)[^`]*)*```|\[[^\]\n]*\]\([^)\s]*\)|(?<=^|\s)([*_])(?=[^\s*_])(?:(?!\1(?:\s|$)).)*\1(?=\s|$)/gm;

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
