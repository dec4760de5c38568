import { parse, pathToRegexp, type Token } from "path-to-regexp";
import { literalPrefix } from "./literal-prefix.js";
import { shown, wrongType } from "./misuse.js";

/** What a text is held against: itself, a RegExp, or a pattern with named parts (`order/:id`). */
export type PatternSource = string | RegExp;

/** What was found in a text. */
export interface Found {
  readonly match: string | RegExpExecArray;
  readonly params: object | undefined;
  /** Runs instead of the handlers: see `Hit`. */
  readonly instead?: ((ctx: never, handlers: () => Promise<void>) => unknown) | undefined;
}

/** Makes texts comparable. */
export type Normalize = (text: string) => string;

/** A pattern made ready for one way of normalizing. */
export interface ReadyPattern {
  /** The only text that matches; `undefined` for a pattern. */
  readonly exact: string | undefined;
  /** Every text that matches begins with it; may be empty. */
  readonly prefix: string;
  /** Holds a text, raw and comparable, against the pattern. */
  find(raw: string, normal: string): Found | undefined;
}

/** What a text can be held against, however it came about. */
export interface TextPattern {
  /** For people. */
  readonly label: string;
  /** Looks at texts as they are, and not only at their comparable form. */
  readonly seesRaw: boolean;
  /** The pattern made ready for a way of normalizing. */
  ready(normalize: Normalize): ReadyPattern;
}

const special = /[:*{]/;

/**
 * One string, RegExp or pattern, checked when it is made. A string with `:`, `*` or `{` is a pattern of
 * path-to-regexp; `\\:` is a plain colon in it. Strings and patterns are compared in normalized form; a RegExp sees
 * the raw text first and the normalized one after it.
 */
export class Pattern implements TextPattern {
  readonly source: PatternSource;
  #ready: ReadyPattern | undefined;
  #readyFor: Normalize | undefined;

  constructor(source: PatternSource, method: string) {
    if (typeof source !== "string" && !(source instanceof RegExp)) {
      const message = `${method}: a pattern is a string or a RegExp, not ${shown(source)}.`;
      throw wrongType("ERR_BALE_PATTERN", message, Pattern);
    }
    if (source === "") {
      throw wrongType(
        "ERR_BALE_PATTERN",
        `${method}: an empty pattern matches nothing. Leave it out.`,
        Pattern,
      );
    }
    this.source = source;
    if (typeof source === "string" && special.test(source)) checkPath(source, method);
  }

  /** For people: the string in quotes, or the RegExp as it was written. */
  get label(): string {
    return typeof this.source === "string" ? JSON.stringify(this.source) : String(this.source);
  }

  get seesRaw(): boolean {
    return this.source instanceof RegExp;
  }

  /** The pattern made ready for a way of normalizing; kept for the one asked for last. */
  ready(normalize: Normalize): ReadyPattern {
    if (this.#ready === undefined || this.#readyFor !== normalize) {
      this.#ready = make(this.source, normalize);
      this.#readyFor = normalize;
    }
    return this.#ready;
  }
}

function make(source: PatternSource, normalize: Normalize): ReadyPattern {
  if (source instanceof RegExp) return fromRegExp(source);
  return special.test(source) ? fromPath(source, normalize) : fromText(normalize(source));
}

function fromText(text: string): ReadyPattern {
  return {
    exact: text,
    prefix: text,
    find: (raw, normal) => (normal === text ? { match: raw, params: undefined } : undefined),
  };
}

function fromRegExp(original: RegExp): ReadyPattern {
  // A copy of our own: with the g or y flag a RegExp remembers where it stopped, and forgets half of the matches.
  const regexp = new RegExp(original.source, original.flags.replace("g", ""));
  const exec = (text: string): RegExpExecArray | null => {
    regexp.lastIndex = 0;
    return regexp.exec(text);
  };
  return {
    exact: undefined,
    prefix: literalPrefix(regexp),
    find: (raw, normal) => {
      const match = exec(raw) ?? (normal === raw ? null : exec(normal));
      return match === null ? undefined : { match, params: undefined };
    },
  };
}

function fromPath(path: string, normalize: Normalize): ReadyPattern {
  const tokens = parse(path).tokens.map((token) => normalized(token, normalize));
  const [first] = tokens;
  // Nothing but escaped marks: a plain text after all.
  if (tokens.length === 1 && first?.type === "text") return fromText(first.value);
  const { regexp, keys } = pathToRegexp({ tokens, originalPath: path }, { sensitive: true, trailing: false });
  return {
    exact: undefined,
    prefix: first?.type === "text" ? first.value : "",
    find: (raw, normal) => {
      const parts = regexp.exec(normal);
      if (parts === null) return undefined;
      const params = Object.create(null) as Record<string, string | string[]>;
      keys.forEach((key, position) => {
        const part = parts[position + 1];
        if (part !== undefined) params[key.name] = key.type === "wildcard" ? part.split("/") : part;
      });
      return { match: raw, params };
    },
  };
}

/** Only literal text is normalized: the names of parameters are the programmer's. */
function normalized(token: Token, normalize: Normalize): Token {
  if (token.type === "text") return { type: "text", value: normalize(token.value) };
  if (token.type !== "group") return token;
  return { type: "group", tokens: token.tokens.map((inner) => normalized(inner, normalize)) };
}

function checkPath(path: string, method: string): void {
  try {
    pathToRegexp(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(";")[0]?.split(": https")[0] : String(error);
    const hint = 'Write "\\\\:" for a plain colon ("\\\\*" and "\\\\{" likewise), or pass a RegExp.';
    throw wrongType(
      "ERR_BALE_PATTERN",
      `${method}: ${shown(path)} is not a pattern: ${reason}. ${hint}`,
      Pattern,
    );
  }
}
