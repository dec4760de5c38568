import { parse } from "path-to-regexp";
import { shown, wrongType } from "./misuse.js";

const CODE = "ERR_BALE_ROUTE";

/** A named part, and the text that ends it; without one it goes to the end. */
interface Part {
  readonly name: string;
  readonly literal: string;
}

/**
 * How the values of a route are laid out in callback data: the pattern with each value in its place. What would end a
 * value early is written as `%` and two hexadecimal digits; everything else, Persian letters too, stays as it is.
 */
export class RouteLayout {
  /** What all data of the route begins with; no route can do without. */
  readonly prefix: string;
  readonly #parts: readonly Part[];

  /** @throws TypeError for a pattern that can't be built from, only matched */
  constructor(path: string) {
    const doing = `callbackRoute(${shown(path)})`;
    if (typeof path !== "string") {
      throw wrongType(CODE, `${doing}: a route is made of a pattern like "buy/:id", not this.`);
    }
    const [first, ...rest] = tokensOf(path, doing);
    if (first?.type !== "text" || /^[%\s]/.test(first.value)) {
      throw wrongType(
        CODE,
        `${doing}: a route begins with a word of its own, like "buy/:id". Put one first.`,
      );
    }
    this.prefix = first.value;
    this.#parts = partsOf(rest, doing);
  }

  /** The names of its parts, in their order. */
  get names(): readonly string[] {
    return this.#parts.map(({ name }) => name);
  }

  /** The values in their places, without the prefix. @throws TypeError for values that are missing, extra or no values */
  write(values: unknown, doing: string): string {
    const given = typeof values === "object" && values !== null ? (values as Record<string, unknown>) : {};
    const { names } = this;
    for (const name of Object.keys(given)) {
      if (!names.includes(name)) {
        const known = names.length === 0 ? "It has none." : `It has ${names.join(", ")}.`;
        throw wrongType(CODE, `${doing}: the route has no part ${shown(name)}. ${known}`);
      }
    }
    return this.#parts
      .map(({ name, literal }) => `${escaped(textOf(given[name], name, doing), literal)}${literal}`)
      .join("");
  }

  /** The values that were written; `undefined` for what this layout never writes. */
  read(body: string): Record<string, string> | undefined {
    const values = Object.create(null) as Record<string, string>;
    let at = 0;
    for (const { name, literal } of this.#parts) {
      const end = literal === "" ? body.length : body.indexOf(firstLetter(literal), at);
      if (end < at || !body.startsWith(literal, end)) return undefined;
      const value = unescaped(body.slice(at, end));
      if (value === undefined) return undefined;
      values[name] = value;
      at = end + literal.length;
    }
    return at === body.length ? values : undefined;
  }
}

type Token = ReturnType<typeof parse>["tokens"][number];

function tokensOf(path: string, doing: string): readonly Token[] {
  try {
    return parse(path).tokens;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(";")[0]?.split(": https")[0] : String(error);
    throw wrongType(CODE, `${doing}: this is not a pattern: ${reason}. Write "\\\\:" for a plain colon.`);
  }
}

function partsOf(tokens: readonly Token[], doing: string): readonly Part[] {
  const parts: { name: string; literal: string }[] = [];
  for (const token of tokens) {
    const last = parts.at(-1);
    if (token.type === "param") {
      if (last?.literal === "") {
        throw wrongType(
          CODE,
          `${doing}: nothing stands between :${last.name} and :${token.name}. Put a "/".`,
        );
      }
      if (parts.some(({ name }) => name === token.name)) {
        throw wrongType(
          CODE,
          `${doing}: the part :${token.name} stands there twice. Give each its own name.`,
        );
      }
      parts.push({ name: token.name, literal: "" });
    } else if (token.type === "text" && last !== undefined) {
      if (/^[0-9A-Fa-f%]/.test(token.value)) {
        const hint = 'End a part with a mark like "/".';
        throw wrongType(CODE, `${doing}: ${shown(token.value)} can't stand behind :${last.name}. ${hint}`);
      }
      last.literal = token.value;
    } else {
      const hint = "Only :names can be built from; make another route for what may be missing.";
      throw wrongType(CODE, `${doing}: a route has no optional groups and no wildcards. ${hint}`);
    }
  }
  return parts;
}

function textOf(value: unknown, name: string, doing: string): string {
  const isNumber = (typeof value === "number" && Number.isFinite(value)) || typeof value === "bigint";
  if (typeof value !== "string" && !isNumber) {
    throw wrongType(CODE, `${doing}: the value of ${name} is ${shown(value)}. Give a text or a number.`);
  }
  const text = String(value);
  // Half of a pair would come back as another letter.
  if (/[\ud800-\udfff]/u.test(text)) {
    throw wrongType(CODE, `${doing}: the value of ${name} is torn: ${shown(text)} holds half an emoji.`);
  }
  return text;
}

/** Escapes what ends a value, what no client shows, and space at the edges, which a client might trim. */
function escaped(text: string, literal: string): string {
  const stop = firstLetter(literal);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be escaped
  const plain = text.replace(/[%/\u0000-\u001f\u007f]|^ | $/g, hex);
  return stop === "" || stop === "/" ? plain : plain.replaceAll(stop, hex);
}

/** A whole one: an emoji takes two units. */
function firstLetter(text: string): string {
  const code = text.codePointAt(0);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function hex(letter: string): string {
  return Array.from(
    new TextEncoder().encode(letter),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}

function unescaped(text: string): string | undefined {
  // Never written: data of a longer route.
  if (text.includes("/")) return undefined;
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
