/** Thrown by the emulated server when it refuses a call; becomes `{ ok: false, error_code, description }`. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: number, description: string, retryAfterSeconds?: number) {
    super(description);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * A parameter is missing or wrong. Bale prefixes such answers with `Bad Request: ` (notes.md 4: seen live by one
 * project).
 */
export function badRequest(detail: string): Refusal {
  return new Refusal(400, `Bad Request: ${detail}`);
}

/**
 * Unknown chat or user, or a user who never started the bot: 404 with these words (notes.md 4: seen live by one
 * project, and in the code of two; older reports give 400).
 */
export function noSuchPeer(): Refusal {
  return new Refusal(404, "no such group or user");
}

/**
 * What cannot be asked of such a chat, as a member of a private one. Low confidence: from the code of one client, for
 * getChatMember (notes.md 4); the other methods are taken to be alike.
 */
export function unsupportedPeer(): Refusal {
  return badRequest("unsupported peer type");
}

/** The user has blocked the bot. Low confidence: several clients read it so, and nobody has observed it (notes.md 4). */
export function blockedByUser(): Refusal {
  return new Refusal(403, "Forbidden: bot was blocked by the user");
}

/** A method that Bale has and does not do. Low confidence: says one client, of setChatPermissions (notes.md 4). */
export function notImplemented(): Refusal {
  return new Refusal(501, "Not Implemented");
}

/** A query that nobody waits for any more. Low confidence: the words are Telegram's, nobody has published Bale's. */
export function queryTooOld(): Refusal {
  return badRequest("query is too old and response timeout expired or query ID is invalid");
}

/**
 * The bot lacks an admin right. Low confidence: 403 whose text contains `permission_denied` (notes.md 4: from the code of one
 * client).
 */
export function permissionDenied(): Refusal {
  return new Refusal(403, "permission_denied");
}

/**
 * A malformed token or path, or a method the server does not have: 404 `Not Found` (notes.md 4: seen live by one
 * project).
 */
export function notFound(detail = ""): Refusal {
  return new Refusal(404, `Not Found${detail}`);
}

/**
 * A wrong token is 403, not 401, and its text says Bad Request nevertheless (notes.md 4: seen live by one project).
 */
export function tokenNotFound(): Refusal {
  return new Refusal(403, "Bad Request: Token not found");
}
