const FIRST_STRONG = "\u2068";
const POP = "\u2069";
const MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * A word with a Latin letter in it, or a number with a sign; then more such words or numbers behind single spaces. How far
 * it is looked for a letter behind signs or digits has an end, or a text of nothing else would be gone through for each.
 */
const WORD = String.raw`[@#$+~/]{0,64}(?:[\p{Script=Latin}][^\s\u0590-\u08ff\u2066-\u2069«»،؛؟]*|\+\d[\d\-]*|\d[\d.,:/\-]{0,64}[\p{Script=Latin}][^\s\u0590-\u08ff\u2066-\u2069«»،؛؟]*)`;
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
    const end = endOf(run);
    return `${FIRST_STRONG}${run.slice(0, end)}${POP}${run.slice(end)}`;
  });
}

const OPENED_BY: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Where a run ends: a full stop or a bracket there belongs to the sentence, unless the bracket was opened inside. */
function endOf(run: string): number {
  let end = run.length;
  /** How many more of its kind are opened than closed before `end`, by the closing bracket. */
  const surplus = new Map<string, number>();
  while (end > 0 && /[.,:;!?"'\]})]/.test(run.charAt(end - 1))) {
    const last = run.charAt(end - 1);
    const opening = OPENED_BY[last];
    if (opening !== undefined) {
      const more = surplus.get(last) ?? countOf(run, opening, end) - countOf(run, last, end);
      if (more >= 0) break;
      surplus.set(last, more + 1);
    }
    end--;
  }
  return end;
}

function countOf(text: string, letter: string, end: number): number {
  let count = 0;
  for (let at = 0; at < end; at++) if (text.charAt(at) === letter) count++;
  return count;
}
