/** What can go wrong in a store; each code has a page in docs/errors. */
export type StorageErrorCode =
  | "ERR_BALE_STORAGE_CONFLICT"
  | "ERR_BALE_STORAGE_EVICTION"
  | "ERR_BALE_STORAGE_READ"
  | "ERR_BALE_STORAGE_SCHEMA"
  | "ERR_BALE_STORAGE_SERVER"
  | "ERR_BALE_STORAGE_SHARED"
  | "ERR_BALE_STORAGE_TOO_LARGE"
  | "ERR_BALE_STORAGE_UNAVAILABLE"
  | "ERR_BALE_STORAGE_UNSUPPORTED"
  | "ERR_BALE_STORAGE_WRITE";

/** A store could not do what it was asked; nothing was changed, unless a `StorageUnavailableError` says `maybeDone`. */
export class StorageError extends Error {
  override readonly name: string = "StorageError";
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Others changed a key each time `update` was about to write it, until its attempts were used up. */
export class StorageConflictError extends StorageError {
  override readonly name = "StorageConflictError";
  readonly key: string;
  /** How often it was tried. */
  readonly attempts: number;

  constructor(key: string, attempts: number) {
    super(
      "ERR_BALE_STORAGE_CONFLICT",
      `Updating ${JSON.stringify(key)}: somebody else wrote it first, ${attempts} times in a row. ` +
        "Spread what is written over more keys, or raise maxAttempts.",
    );
    this.key = key;
    this.attempts = attempts;
  }
}

/** What is known of a call that a server did not answer. */
export interface UnavailableInit extends ErrorOptions {
  readonly maybeDone: boolean;
  readonly timedOut: boolean;
}

/** What a store keeps things in is away, or locked by another process. The same call works again once it is back. */
export class StorageUnavailableError extends StorageError {
  override readonly name = "StorageUnavailableError";
  /** With `false` the call certainly changed nothing. With `true` nobody knows: read before you write it again. */
  readonly maybeDone: boolean;
  /** It was waited for as long as `timeoutMs` allows; in SQLite, as long as `busyTimeoutMs` does. */
  readonly timedOut: boolean;

  constructor(message: string, { maybeDone, timedOut, ...options }: UnavailableInit) {
    super("ERR_BALE_STORAGE_UNAVAILABLE", message, options);
    this.maybeDone = maybeDone;
    this.timedOut = timedOut;
  }
}

/** A `TypeError` with a stable code: somebody called a store wrongly, and no retry will help. */
export function misuse(
  code: "ERR_BALE_OPTION" | "ERR_BALE_STORAGE_KEY" | "ERR_BALE_STORAGE_VALUE",
  message: string,
  cause?: unknown,
): TypeError {
  const error = new TypeError(message, cause === undefined ? undefined : { cause });
  return Object.defineProperty(error, "code", { value: code, enumerable: true });
}
