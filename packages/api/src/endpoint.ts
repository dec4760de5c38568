import { InvalidTokenError } from "./errors.js";
import { misuse, shown } from "./misuse.js";

/** Where Bale is. */
const HOME = "https://tapi.bale.ai";

/** An address taken apart the way undici wants it. */
export interface Root {
  readonly origin: string;
  /** Begins with a slash, ends without one; empty for the root. */
  readonly path: string;
}

/** Reads `apiRoot` or `fileRoot`; a slash at the end is fine. */
export function rootOf(option: "apiRoot" | "fileRoot", address: string): Root {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw misuse(
      "ERR_BALE_OPTION",
      `${option}: ${shown(address)} is not an http or https address. Give one like "${HOME}".`,
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    // Without the value: what stands there may be a password.
    throw misuse(
      "ERR_BALE_OPTION",
      `${option}: the address of ${url.host} has a user name, a query or a fragment, which would be lost. Give only scheme, host, port and path.`,
    );
  }
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, "") };
}

/** The `apiRoot` used when none is given: `BALE_API_ROOT` of the environment, or Bale itself. */
export function defaultApiRoot(): string {
  return process.env["BALE_API_ROOT"] || HOME;
}

const TOKEN_SHAPE = /^\d+:[\w-]+$/;

/**
 * Refuses a token that cannot be one.
 * @throws InvalidTokenError
 */
export function checkToken(token: string): void {
  if (TOKEN_SHAPE.test(token)) return;
  const reason =
    token.trim() !== token && TOKEN_SHAPE.test(token.trim())
      ? "there is white space around the token. Trim it."
      : `the token (${token.length} characters) does not look like 123456789:abc…. Copy it from @botfather on Bale, digits and colon included.`;
  throw new InvalidTokenError({ method: "createApi", errorCode: 0, description: reason });
}

/** What a call without a token meets. */
export function missingToken(method: string): InvalidTokenError {
  return new InvalidTokenError({
    method,
    errorCode: 0,
    description: "there is no token.",
    advice:
      "Get one from @botfather on Bale and set BALE_TOKEN; " +
      "to try the bot without a token, run it in the playground or against the emulator.",
  });
}
