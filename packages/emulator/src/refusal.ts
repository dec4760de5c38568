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
 * The bot lacks an admin right: 403 whose text contains `permission_denied` (notes.md 4: from the code of one
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
