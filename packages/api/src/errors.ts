import { alsoKnownAs, BaleError, isRecognised, recognisable } from "./base-error.js";

/** What Bale said no with. */
export interface ApiErrorInit {
  readonly method: string;
  readonly errorCode: number;
  readonly description: string;
  readonly retryAfterSeconds?: number | undefined;
  /** As sent; the error keeps a redacted copy made by `redactParams`. */
  readonly params?: unknown;
  /** One sentence on what to do, appended to the message. */
  readonly advice?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Bale answered, and the answer was no. The subclasses name the causes a bot can do something about; an `ApiError`
 * that is none of them is an answer nobody has classified yet.
 */
export class ApiError extends BaleError {
  /** Bale's `error_code`, or the HTTP status where there was none. 0: this package refused before asking Bale. */
  readonly errorCode: number;
  /** Bale's own words, without the token. For answers that were not JSON: a snippet of the text. */
  readonly description: string;
  /** How long Bale asks to wait. Absent when it did not say, which happens even with 429. */
  declare readonly retryAfterSeconds?: number;
  /**
   * The parameters of the call, safe to store: secrets hidden, long strings cut, files by name.
   * Not enumerable and not in JSON, so that logging an error does not log what users wrote.
   */
  declare readonly params: unknown;

  constructor(init: ApiErrorInit) {
    const said = init.errorCode === 0 ? init.description : `${init.errorCode} ${init.description}`;
    // Bale's descriptions end without a full stop; the advice is a sentence of its own.
    const stop = /[.!?]$/.test(said) ? "" : ".";
    super(`${init.method}: ${said}${init.advice === undefined ? "" : `${stop} ${init.advice}`}`, init);
    this.errorCode = init.errorCode;
    this.description = init.description;
    if (init.retryAfterSeconds !== undefined) this.retryAfterSeconds = init.retryAfterSeconds;
    Object.defineProperty(this, "params", { value: init.params });
  }

  /** Everything a log needs; not `params`, in which stands what users wrote. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, method, errorCode, description, retryAfterSeconds } = this;
    return { name, code, message, method, errorCode, description, retryAfterSeconds };
  }

  static {
    recognisable(this, "ApiError", "ERR_BALE_API");
  }
}

/** The token is missing, malformed, wrong or revoked. Nothing will work until it is replaced. */
export class InvalidTokenError extends ApiError {
  static {
    recognisable(this, "InvalidTokenError", "ERR_BALE_INVALID_TOKEN");
  }
}

/** The bot may not do this: it lacks an admin right, or the user blocked it. */
export class ForbiddenError extends ApiError {
  static {
    recognisable(this, "ForbiddenError", "ERR_BALE_FORBIDDEN");
  }
}

/**
 * There is no such chat, user, message or file as far as this bot can see. Also what `getChatMember` gives for
 * somebody who is not a member, and any send to a user who never started the bot.
 */
export class NotFoundError extends ApiError {
  static {
    recognisable(this, "NotFoundError", "ERR_BALE_NOT_FOUND");
  }
}

/** The call itself is wrong: a parameter is missing, malformed, or does not fit this chat. */
export class BadRequestError extends ApiError {
  static {
    recognisable(this, "BadRequestError", "ERR_BALE_BAD_REQUEST");
  }
}

/** Too many calls. `retryAfterSeconds` says how long to wait, when Bale said so; `retry()` waits by itself. */
export class RateLimitedError extends ApiError {
  static {
    recognisable(this, "RateLimitedError", "ERR_BALE_RATE_LIMITED");
  }
}

/** Somebody else is doing what only one may do, e.g. polling with this token. */
export class ConflictError extends ApiError {
  static {
    recognisable(this, "ConflictError", "ERR_BALE_CONFLICT");
  }
}

/** Bale is unwell (5xx). Whether a send was carried out is unknown. */
export class ServerError extends ApiError {
  static {
    recognisable(this, "ServerError", "ERR_BALE_SERVER");
  }
}

/** A file is larger than Bale takes, or a download larger than `maxBytes` (then `errorCode` is 0). */
export class TooLargeError extends ApiError {
  static {
    recognisable(this, "TooLargeError", "ERR_BALE_TOO_LARGE");
  }
}

/** What a call that got no answer is known to have done. */
export interface NoAnswerInit {
  readonly method: string;
  /** False when it is certain that no byte of the request reached Bale. */
  readonly maybeSent: boolean;
  readonly cause?: unknown;
}

/** The connection failed. With `maybeSent` false the call certainly did not happen and may be repeated. */
export class NetworkError extends BaleError {
  /** Whether Bale may have carried the call out all the same. */
  readonly maybeSent: boolean;

  constructor(message: string, init: NoAnswerInit) {
    super(message, init);
    this.maybeSent = init.maybeSent;
  }

  static {
    recognisable(this, "NetworkError", "ERR_BALE_NETWORK");
  }
}

/** No answer within `timeoutMs`. */
export class TimeoutError extends BaleError {
  /** Whether Bale may have carried the call out all the same. */
  readonly maybeSent: boolean;
  readonly timeoutMs: number;

  constructor(message: string, init: NoAnswerInit & { readonly timeoutMs: number }) {
    super(message, init);
    this.maybeSent = init.maybeSent;
    this.timeoutMs = init.timeoutMs;
  }

  static {
    recognisable(this, "TimeoutError", "ERR_BALE_TIMEOUT");
  }
}

/** Something answered 200, but not in Bale's language: a block page, a proxy, a truncated body. */
export class DecodeError extends BaleError {
  /** HTTP status of the answer. */
  readonly status: number;
  /** The beginning of what came, as plain text. */
  readonly snippet: string;

  constructor(
    message: string,
    init: {
      readonly method: string;
      readonly status: number;
      readonly snippet: string;
      readonly cause?: unknown;
    },
  ) {
    super(message, init);
    this.status = init.status;
    this.snippet = init.snippet;
  }

  static {
    recognisable(this, "DecodeError", "ERR_BALE_DECODE");
  }
}

/** A file of ours cannot be read or written: missing, a folder, changed while it was being sent. */
export class FileError extends BaleError {
  static {
    recognisable(this, "FileError", "ERR_BALE_FILE");
  }
}

/**
 * A parameter breaks a limit Bale documents as hard, so the call was not made.
 * A `RangeError`, and also `instanceof BaleError`.
 */
export class LimitError extends RangeError {
  declare readonly code: string;
  readonly method: string;
  /** Where the value stood, e.g. `text`. */
  readonly param: string;
  /** What was measured: a length, a number of bytes or items, or the number itself. */
  readonly actual: number;
  declare readonly min?: number;
  declare readonly max?: number;

  constructor(
    message: string,
    init: {
      method: string;
      param: string;
      actual: number;
      min?: number | undefined;
      max?: number | undefined;
    },
  ) {
    super(message);
    Object.defineProperty(this, "code", { value: this.code, enumerable: true });
    this.method = init.method;
    this.param = init.param;
    this.actual = init.actual;
    if (init.min !== undefined) this.min = init.min;
    if (init.max !== undefined) this.max = init.max;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isRecognised(this, value);
  }

  static {
    recognisable(this, "LimitError", "ERR_BALE_LIMIT");
    alsoKnownAs(this, "BaleError");
  }
}

export { BaleError } from "./base-error.js";
