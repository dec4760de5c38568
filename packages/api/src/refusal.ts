import type { Reply } from "./call.js";
import {
  ApiError,
  type ApiErrorInit,
  BadRequestError,
  ConflictError,
  ForbiddenError,
  InvalidTokenError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  TooLargeError,
} from "./errors.js";
import { redactParams, type Scrub } from "./redact.js";

/** A reply that says no. */
export type Refusal = Extract<Reply, { readonly ok: false }>;

type Cause =
  | "invalidToken"
  | "forbidden"
  | "notFound"
  | "badRequest"
  | "rateLimited"
  | "conflict"
  | "server"
  | "tooLarge"
  | "unknown";

/**
 * Why Bale refused, read from the code and the words: a wrong token travels as 403 with "Bad Request: Token not
 * found", a missing user as 404 or 400, a rate limit of the front proxy without any code of Bale's.
 */
export function causeOf(refusal: Refusal): Cause {
  const words = refusal.description.toLowerCase();
  const code = refusal.error_code;
  if (words.includes("token not found") || code === 401) return "invalidToken";
  if (code === 429 || code === 420 || RATE_LIMIT_WORDS.some((limit) => words.includes(limit)))
    return "rateLimited";
  if (words.includes("no such group or user")) return "notFound";
  if (FORBIDDEN_WORDS.some((rule) => words.includes(rule)) || words.startsWith("forbidden"))
    return "forbidden";
  if (code === 413 || words.includes("entity too large") || words.includes("file is too big"))
    return "tooLarge";
  if (code >= 500) return "server";
  if (code === 409) return "conflict";
  if (code === 404) return "notFound";
  if (words.startsWith("bad request")) return NOT_FOUND.test(words) ? "notFound" : "badRequest";
  if (code === 403) return "forbidden";
  if (code === 400) return NOT_FOUND.test(words) ? "notFound" : "badRequest";
  return "unknown";
}

const RATE_LIMIT_WORDS = ["too many requests", "bot limit exceed", "local_rate_limited"];
/** The second is Telegram's wording, which some libraries for Bale look for too. */
const FORBIDDEN_WORDS = ["permission_denied", "blocked by the user"];
const NOT_FOUND = /\bnot found\b/;

const CLASSES: Readonly<Record<Cause, new (init: ApiErrorInit) => ApiError>> = {
  invalidToken: InvalidTokenError,
  forbidden: ForbiddenError,
  notFound: NotFoundError,
  badRequest: BadRequestError,
  rateLimited: RateLimitedError,
  conflict: ConflictError,
  server: ServerError,
  tooLarge: TooLargeError,
  unknown: ApiError,
};

const ADVICE: Readonly<Partial<Record<Cause, string>>> = {
  invalidToken:
    "Compare the bot's token with the one @botfather shows on Bale; if it was revoked, ask for a new one.",
  rateLimited: "Wait before the next call, or install retry(), which waits by itself.",
  conflict: "Stop the other program that works with this token.",
};

/** The error a refusal becomes when nothing upstream has dealt with it. */
export function errorOf(refusal: Refusal, method: string, params: unknown, scrub: Scrub): ApiError {
  const cause = causeOf(refusal);
  return new CLASSES[cause]({
    method,
    errorCode: refusal.error_code,
    description: scrub(refusal.description),
    retryAfterSeconds: refusal.parameters?.retry_after,
    params: redactParams(params, scrub),
    advice: ADVICE[cause],
  });
}
