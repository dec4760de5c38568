import { InputFile } from "./input-file.js";

const LONGEST = 100;
const DEEPEST = 6;
const MOST_ITEMS = 50;
const SECRET_PARAMS = new Set(["provider_token", "phone_number", "secret_token"]);

/** Takes a secret out of a text: whole, percent-encoded, and its secret half by itself, in any case of letters. */
export type Scrub = (text: string) => string;

/** Makes the scrubber of one bot token. Without a token it gives texts back as they are. */
export function tokenScrubber(token: string | undefined): Scrub {
  if (token === undefined || token === "") return (text) => text;
  const secret = token.slice(token.indexOf(":") + 1);
  const forms = [
    `${quoted(token.slice(0, token.length - secret.length - 1))}(?::|%3a|%253a)${quoted(secret)}`,
  ];
  // A very short secret (`1000:a`, as only an emulator has) would eat ordinary words.
  if (secret.length >= 6) forms.push(quoted(secret));
  const pattern = new RegExp(forms.join("|"), "gi");
  return (text) => text.replace(pattern, "[token]");
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/**
 * A copy of a call's parameters that is safe to store and always survives `JSON.stringify`: secrets hidden, long
 * strings cut, files by name, cycles and depth cut off.
 */
export function redactParams(params: unknown, scrub: Scrub): unknown {
  return redacted(params, scrub, 0);
}

function redacted(value: unknown, scrub: Scrub, depth: number): unknown {
  if (typeof value === "string") return cut(scrub(value), LONGEST);
  if (typeof value === "number" || typeof value === "boolean" || value === null || value === undefined)
    return value;
  if (typeof value !== "object") return `[${typeof value}]`;
  if (value instanceof InputFile) return scrub(value.toString());
  if (value instanceof URL) return cut(scrub(value.href), LONGEST);
  if (ArrayBuffer.isView(value) || value instanceof Blob) return `[${value.constructor.name}]`;
  if (depth === DEEPEST) return "[…]";
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_ITEMS).map((item) => redacted(item, scrub, depth + 1));
    return value.length > MOST_ITEMS ? [...items, `[… ${value.length - MOST_ITEMS} more]`] : items;
  }
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
    scrub(key),
    SECRET_PARAMS.has(key) ? "[hidden]" : redacted(item, scrub, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

/** The beginning of a text, with how much is missing. Never ends in half a character. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(longest - 1)) ? longest - 1 : longest;
  return `${text.slice(0, end)}… (${text.length - end} more)`;
}

/**
 * A copy of somebody else's error that carries no secret: name, code, message and stack scrubbed, everything else
 * (an undici parser error holds the raw bytes) left behind. Follows `cause` and `errors`.
 */
export function scrubbedError(error: unknown, scrub: Scrub, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === "string" ? scrub(error) : scrub(String(error));
  const copy = new Error(scrub(error.message));
  const code = (error as { code?: unknown }).code;
  Object.defineProperty(copy, "name", { value: scrub(String(error.name)), configurable: true });
  if (typeof code === "string" || typeof code === "number")
    Object.assign(copy, { code: scrub(String(code)) });
  copy.stack = typeof error.stack === "string" ? scrub(error.stack) : `${copy.name}: ${copy.message}`;
  if (depth < DEEPEST) {
    if (error.cause !== undefined) copy.cause = scrubbedError(error.cause, scrub, depth + 1);
    if (error instanceof AggregateError) {
      const errors = error.errors.slice(0, MOST_ITEMS).map((one) => scrubbedError(one, scrub, depth + 1));
      Object.defineProperty(copy, "errors", { value: errors, enumerable: false });
    }
  }
  return copy;
}
