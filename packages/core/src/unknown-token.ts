import { InvalidTokenError, type NotFoundError } from "@balekit/api";

/** What a `getMe` that finds nothing means: Bale knows no bot with this token. */
export function unknownToken(error: NotFoundError): InvalidTokenError {
  return new InvalidTokenError({
    method: "getMe",
    errorCode: error.errorCode,
    description: error.description,
    advice: "Bale knows no bot with this token. Copy it again from @botfather.",
    cause: error,
  });
}
