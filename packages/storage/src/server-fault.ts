import { StorageError, StorageUnavailableError } from "./storage-error.js";
import { TimeIsUp } from "./time-limit.js";

/** What a server, or the way to it, did to a call. */
export interface ServerFault {
  /** "Redis", "PostgreSQL". */
  readonly server: string;
  readonly doing: string;
  readonly cause: unknown;
  /** The server itself has said no, for a reason that waiting does not mend. */
  readonly isRefusal: boolean;
  readonly maybeDone: boolean;
}

/** The error that a caller gets. */
export function serverFault({ server, doing, cause, isRefusal, maybeDone }: ServerFault): StorageError {
  const why = reason(cause);
  if (isRefusal) {
    return new StorageError(
      "ERR_BALE_STORAGE_SERVER",
      `${doing}: ${server} refused: ${why}. Mend what it names; nothing was changed.`,
      { cause },
    );
  }
  const fate = maybeDone ? "It may have been done: read before you repeat it." : "Nothing was changed.";
  return new StorageUnavailableError(
    `${doing}: ${server} cannot be reached: ${why}. ${fate} The call works again when the server does.`,
    { cause, maybeDone, timedOut: cause instanceof TimeIsUp },
  );
}

/** A connection that tries several addresses fails with an AggregateError, whose own message is empty. */
function reason(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reason).join(", ");
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replace(/\.$/, "");
}
