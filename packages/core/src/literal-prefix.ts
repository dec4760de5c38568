/**
 * The characters every match of a RegExp begins with, as far as they can be read off its source; empty when nothing is
 * certain. May be shorter than the truth, never longer.
 */
export function literalPrefix(regexp: RegExp): string {
  const { source, flags } = regexp;
  if (/[imv]/.test(flags) || !source.startsWith("^") || hasAlternatives(source)) return "";
  let prefix = "";
  let at = 1;
  while (at < source.length) {
    const unit = literalAt(source, at);
    if (unit === undefined) break;
    const after = source[at + unit.length];
    if (after === "*" || after === "?" || after === "{") break;
    prefix += unit.text;
    at += unit.length;
    if (after === "+") break;
  }
  return prefix;
}

/** The literal character written at a place of a source: itself, or an escaped mark of punctuation. */
function literalAt(
  source: string,
  at: number,
): { readonly text: string; readonly length: number } | undefined {
  const text = String.fromCodePoint(source.codePointAt(at) ?? 0);
  if (text === "\\") {
    const escaped = source[at + 1] ?? "";
    return /[\^$\\.*+?()[\]{}|/-]/.test(escaped) ? { text: escaped, length: 2 } : undefined;
  }
  return /[\^$.*+?()[\]{}|]/.test(text) ? undefined : { text, length: text.length };
}

/** Whether a source has `|` outside of every group and class. */
function hasAlternatives(source: string): boolean {
  let depth = 0;
  let inClass = false;
  for (let at = 0; at < source.length; at++) {
    const mark = source[at];
    if (mark === "\\") at++;
    else if (inClass) inClass = mark !== "]";
    else if (mark === "[") inClass = true;
    else if (mark === "(") depth++;
    else if (mark === ")") depth--;
    else if (mark === "|" && depth === 0) return true;
  }
  return false;
}
