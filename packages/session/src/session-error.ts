/** What a session was written for, in an error. */
interface ConflictInit {
  /** The property of the context: `session`, or the name it was given. */
  readonly name: string;
  readonly updateId: number;
  readonly why: string;
}

/**
 * Plain changes of a session were not written, because an update of another lane had changed it first: nothing is
 * merged by guess. A durable inbox tries the update again on fresh data.
 */
export class SessionConflictError extends Error {
  override readonly name: string = "SessionConflictError";
  readonly code: string = "ERR_BALE_SESSION_CONFLICT";

  constructor({ name, updateId, why }: ConflictInit) {
    super(
      `Writing ctx.${name} for update ${updateId}: ${why} These changes are not written. ` +
        `Change what several updates share with await ctx.${name}.update(fn).`,
    );
  }
}

/** A session was written by a newer release of the bot, whose data this one does not know: it is left as it is. */
export class SessionVersionError extends Error {
  override readonly name: string = "SessionVersionError";
  readonly code: string = "ERR_BALE_SESSION_VERSION";
  /** The number of the last migration the data has gone through. */
  readonly version: number;

  constructor(name: string, version: number, known: number) {
    super(
      `Reading ctx.${name}: a newer release has brought it to version ${version}, and this one knows ${known} ` +
        "migrations. It is left as it is. Finish the deploy, or add the missing migrations.",
    );
    this.version = version;
  }
}

/** The mistakes in using a session, each with a page in docs/errors. */
type SessionMisuseCode =
  | "ERR_BALE_OPTION"
  | "ERR_BALE_SESSION_CLOSED"
  | "ERR_BALE_SESSION_DATA"
  | "ERR_BALE_SESSION_KEY";

/** A `TypeError` with a stable code: sessions are used in a way that cannot work. */
export function sessionMisuse(code: SessionMisuseCode, message: string, cause?: unknown): TypeError {
  const error = new TypeError(message, cause === undefined ? undefined : { cause });
  return Object.defineProperty(error, "code", { value: code, enumerable: true });
}

/** A value in an error: its kind, and nothing anybody wrote. */
export function kindShown(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : typeof value;
}
