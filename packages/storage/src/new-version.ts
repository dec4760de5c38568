import { randomBytes } from "node:crypto";

/** Sixteen random characters: no other process, now or later, has the same. */
const PROCESS = randomBytes(12).toString("base64url");
let made = 0;

/**
 * A version nobody has used before. Who writes chooses it, not the server: so it stays unique when a server loses its
 * last writes, and a writer whose answer was lost can look whether what is kept there is its own.
 */
export function newVersion(): string {
  return `${PROCESS}.${(++made).toString(36)}`;
}
