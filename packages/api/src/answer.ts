import type { Reply } from "./call.js";
import { DecodeError } from "./errors.js";
import { cut, type Scrub } from "./redact.js";

/** What came over the wire, whole. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The `Retry-After` header, when there was one. */
  readonly retryAfter?: string | undefined;
}

/**
 * Reads an answer of Bale, or of whatever stands in front of it: an envelope, an HTML page, a line of text.
 * Explicit nulls are taken out of results, so that `null` and absent are one thing.
 *
 * @throws DecodeError when a 2xx answer is not Bale's envelope
 */
export function readAnswer(method: string, answer: Answer, scrub: Scrub): Reply {
  const { status, text } = answer;
  const fine = status >= 200 && status < 300;
  const body = parsed(text);
  if (isObject(body)) {
    if (body["ok"] === true && fine) {
      const { result } = body;
      return { ok: true, result: text.includes("null") ? withoutNulls(result, 0) : result };
    }
    if (body["ok"] === false || !fine) return refusal(answer, body, scrub);
  }
  if (!fine) return refusal(answer, {}, scrub);
  const snippet = snippetOf(text, scrub);
  const what = body === undefined ? "what came is not JSON" : "the JSON that came is not an answer of Bale's";
  throw new DecodeError(
    `${method}: HTTP ${status}, but ${what}: ${JSON.stringify(snippet)}. ` +
      "Look for a proxy or a block page between this machine and Bale.",
    { method, status, snippet },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refusal(answer: Answer, body: Record<string, unknown>, scrub: Scrub): Reply {
  const { error_code: code, description, message } = body;
  const words = [description, message].find((text) => typeof text === "string" && text !== "") as
    | string
    | undefined;
  const retryAfter = secondsOf(isObject(body["parameters"]) ? body["parameters"]["retry_after"] : undefined);
  const waitSeconds = retryAfter ?? secondsOf(answer.retryAfter);
  return {
    ok: false,
    error_code: typeof code === "number" ? code : answer.status,
    description: cut(
      scrub(words ?? (snippetOf(answer.text, scrub) || "(no description)")),
      LONGEST_DESCRIPTION,
    ),
    ...(waitSeconds === undefined ? undefined : { parameters: { retry_after: waitSeconds } }),
  };
}

function secondsOf(value: unknown): number | undefined {
  const seconds = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

const LONGEST_DESCRIPTION = 1000;
const LONGEST_SNIPPET = 200;

/** The beginning of a body as one line of plain text; of an HTML page, its title and words. */
export function snippetOf(text: string, scrub: Scrub): string {
  const beginning = scrub(text.slice(0, 20_000));
  const words = /<\/?[a-z!]/i.test(beginning)
    ? beginning.replace(/<(script|style)\b.*?(?:<\/\1>|$)/gis, " ").replace(/<[^>]*>?/g, " ")
    : beginning;
  return cut(words.replace(/\s+/g, " ").trim(), LONGEST_SNIPPET);
}

/** Deeper than anything Bale sends; a hostile answer must not overflow the stack. */
const DEEPEST = 200;

/** Takes null fields out of objects; objects that hold none are changed in place and stay what they are. */
function withoutNulls(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth === DEEPEST) return value ?? undefined;
  if (Array.isArray(value)) {
    // A null in a list keeps its place, or the others would change theirs.
    for (let i = 0; i < value.length; i++) {
      if (value[i] !== null) value[i] = withoutNulls(value[i], depth + 1);
    }
    return value;
  }
  const object = value as Record<string, unknown>;
  let hasNull = false;
  for (const key of Object.keys(object)) {
    const field = object[key];
    if (field === null) hasNull = true;
    else if (typeof field === "object") object[key] = withoutNulls(field, depth + 1);
  }
  if (!hasNull) return object;
  // A copy, because `delete` would turn the object into a slow dictionary.
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    if (object[key] !== null && key !== "__proto__") copy[key] = object[key];
  }
  return copy;
}
