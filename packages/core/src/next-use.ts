const head = /^(async\b)?\s*(?:function\b)?\s*[\w$]*\s*(?:\(([^()]*)\)\s*(?:=>|\{)|([\w$]+)\s*=>)/;
const oneName = /^\s*[\w$]*\s*$/;
const twoNames = /^\s*[\w$]+\s*,\s*([\w$]+)\s*,?\s*$/;
/** What lets a function get at its arguments without their names, or is no text of a program at all. */
const opaque = /\b(?:arguments|eval)\b|\\u|\[native code\]/;
const repeats = /\b(?:for|while|do)\b/;

/**
 * Whether the text of a middleware proves that it cannot misuse `next`: it does not take it, or its only mention is one
 * `await next()` of its own, outside of loops. Most middleware is like that, and then nobody has to watch it run.
 * Says no when in doubt.
 */
export function provesNextUse(middleware: (...args: never) => unknown): boolean {
  const text = Function.prototype.toString.call(middleware);
  const start = head.exec(text);
  if (start === null || opaque.test(text)) return false;
  const [, isAsync, list, single] = start;
  if (single !== undefined || oneName.test(list as string)) return true;
  const next = twoNames.exec(list as string)?.[1];
  if (next === undefined || isAsync === undefined || repeats.test(text)) return false;
  // With no second `async` there is no other function an `await` could belong to.
  if (mentions(text, "async") !== 1 || mentions(text, next) !== 2) return false;
  return new RegExp(`\\bawait\\s+${escaped(next)}\\(\\s*\\)(?!\\s*[.?([\`])`).test(text);
}

function mentions(text: string, name: string): number {
  return text.match(new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`, "g"))?.length ?? 0;
}

function escaped(name: string): string {
  return name.replaceAll("$", "\\$");
}
