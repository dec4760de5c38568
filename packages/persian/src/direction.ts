const FIRST_STRONG = "\u2068";
const POP = "\u2069";
const MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A word with a Latin letter in it, or a number with a sign; then more such words or numbers behind single spaces. */
const WORD = String.raw`[@#$+~/]*(?:[\p{Script=Latin}][^\s\u0590-\u08ff\u2066-\u2069«»،؛؟]*|\+\d[\d\-]*|\d[\d.,:/\-]*[\p{Script=Latin}][^\s\u0590-\u08ff\u2066-\u2069«»،؛؟]*)`;
const RUN = new RegExp(String.raw`${WORD}(?: (?:${WORD}|\d[\d.,:/\-]*))*`, "gu");
const ISOLATED = /[\u2066-\u2068][^\u2066-\u2069]*\u2069/g;

/**
 * Puts each run of Latin words in a Persian text between two marks nobody sees (FSI and PDI), so that «نسخهٔ C++ 20 (beta)»
 * keeps its signs on the right side. Text that is isolated already, or has no Persian letter, stays as it is.
 */
export function isolateLatin(text: string): string {
  if (!RIGHT_TO_LEFT.test(text)) return text;
  let result = "";
  let from = 0;
  for (const isolated of text.matchAll(ISOLATED)) {
    result += isolateRuns(text.slice(from, isolated.index)) + isolated[0];
    from = isolated.index + isolated[0].length;
  }
  return result + isolateRuns(text.slice(from));
}

/** Puts one text, such as a name somebody typed, between FSI and PDI, so that it can't turn what stands around it. */
export function isolate(text: string): string {
  return `${FIRST_STRONG}${stripDirection(text)}${POP}`;
}

/** Takes away every mark of direction: before comparing, storing or counting what somebody typed. */
export function stripDirection(text: string): string {
  return text.replace(MARKS, "");
}

function isolateRuns(text: string): string {
  return text.replace(RUN, (run) => {
    // A full stop or a bracket at the end belongs to the sentence, unless the bracket was opened inside.
    let end = run.length;
    while (end > 0 && /[.,:;!?"'\]})]/.test(run.charAt(end - 1)) && !closes(run.slice(0, end))) end--;
    return `${FIRST_STRONG}${run.slice(0, end)}${POP}${run.slice(end)}`;
  });
}

function closes(run: string): boolean {
  const close = run.charAt(run.length - 1);
  const open = { ")": "(", "]": "[", "}": "{" }[close];
  return open !== undefined && run.split(open).length >= run.split(close).length;
}
