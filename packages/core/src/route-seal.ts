import { outOfRange, shown, wrongType } from "./misuse.js";

/** What a route signs with: one secret, or several, of which the first signs and all are accepted. */
export type RouteSecret = string | readonly string[];

/** Bytes of HMAC-SHA-256 that are kept. A guess is right once in 2^64 tries, and each try is a press. */
const TAG_BYTES = 8;
/** What a tag takes of the 64 bytes: 8 bytes in base64url. */
export const TAG_LENGTH = 11;
const SHORTEST_SECRET = 16;

/** Puts a tag behind callback data that only who has the secret can make, and takes it off again. */
export class RouteSeal {
  readonly #secrets: readonly string[];

  /** @throws TypeError or RangeError for a secret that protects nothing */
  constructor(secret: RouteSecret, doing: string) {
    const secrets = typeof secret === "string" ? [secret] : secret;
    if (!Array.isArray(secrets) || secrets.length === 0 || secrets.some((one) => typeof one !== "string")) {
      throw wrongType(
        "ERR_BALE_ROUTE",
        `${doing}: the secret is a text or a list of texts, not ${shown(typeof secret)}.`,
      );
    }
    for (const one of secrets as readonly string[]) {
      if (one.length >= SHORTEST_SECRET) continue;
      throw outOfRange(
        "ERR_BALE_ROUTE",
        `${doing}: the secret has ${one.length} characters and can be guessed. Give at least ${SHORTEST_SECRET}.`,
      );
    }
    this.#secrets = secrets;
  }

  /** The data with its tag. */
  close(data: string): string {
    return data + tagOf(data, this.#secrets[0] as string).toString("base64url");
  }

  /** The data without its tag; `undefined` when the tag is not ours. Takes as long for a near miss as for a far one. */
  open(sealed: string): string | undefined {
    const data = sealed.slice(0, -TAG_LENGTH);
    const given = Buffer.from(sealed.slice(-TAG_LENGTH), "base64url");
    if (data === "" || given.length !== TAG_BYTES) return undefined;
    const { timingSafeEqual } = process.getBuiltinModule("node:crypto");
    let isOurs = false;
    for (const secret of this.#secrets) isOurs = timingSafeEqual(tagOf(data, secret), given) || isOurs;
    return isOurs ? data : undefined;
  }
}

function tagOf(data: string, secret: string): Buffer {
  const { createHmac } = process.getBuiltinModule("node:crypto");
  return createHmac("sha256", secret).update(`balekit:callback:${data}`).digest().subarray(0, TAG_BYTES);
}
