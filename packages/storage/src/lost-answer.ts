import { StorageUnavailableError } from "./storage-error.js";

/** A compare-and-set on a server, and how to see whether it has happened. */
export interface Attempt {
  /** Writes, under a version of this call's own, if the expected one still holds; resolves to whether it did. */
  readonly write: () => Promise<boolean>;
  /** Whether the call's own version stands there now. Absent: `write` answers true when it finds it. */
  readonly isThere?: (() => Promise<boolean>) | undefined;
}

/** More than a pool usually holds of connections, which may all have died unseen. */
const TRIES = 12;

/**
 * Carries out a compare-and-set once, also when a connection breaks in the middle of it. The write is then made again
 * under the same version: done twice it is done once, and when it is refused because our own first write got through,
 * that version stands there and says so. What stays open is told as `maybeDone`, never as a conflict.
 * @throws {StorageUnavailableError}
 */
export async function withLostAnswers({ write, isThere }: Attempt): Promise<boolean> {
  let lost: StorageUnavailableError | undefined;
  for (let tries = 1; ; tries++) {
    try {
      if (await write()) return true;
      if (lost === undefined) return false;
      if ((await isThere?.()) === true) return true;
    } catch (error) {
      if (error instanceof StorageUnavailableError && error.maybeDone && !error.timedOut && tries < TRIES) {
        lost ??= error;
        continue;
      }
      throw lost ?? error;
    }
    // Somebody else's version stands there, and ours may have stood there before it.
    throw lost;
  }
}
