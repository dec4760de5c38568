/** What can go wrong in a store; each code has a page in docs/errors. */
export type StorageErrorCode =
  | "ERR_BALE_STORAGE_CONFLICT"
  | "ERR_BALE_STORAGE_READ"
  | "ERR_BALE_STORAGE_SCHEMA"
  | "ERR_BALE_STORAGE_SHARED"
  | "ERR_BALE_STORAGE_TOO_LARGE"
  | "ERR_BALE_STORAGE_UNSUPPORTED"
  | "ERR_BALE_STORAGE_WRITE";

/** A store could not do what it was asked; nothing was changed. */
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

/** A `TypeError` with a stable code: somebody called a store wrongly, and no retry will help. */
export function misuse(
  code: "ERR_BALE_OPTION" | "ERR_BALE_STORAGE_KEY" | "ERR_BALE_STORAGE_VALUE",
  message: string,
  cause?: unknown,
): TypeError {
  const error = new TypeError(message, cause === undefined ? undefined : { cause });
  return Object.defineProperty(error, "code", { value: code, enumerable: true });
}
