/**
 * Compares in a time that does not depend on where the two differ: every character is looked at. Their length is no
 * secret. Cheaper than making buffers for `timingSafeEqual`.
 */
export function isSecret(path: string, target: string): boolean {
  if (target.length !== path.length) {
    const end = target.indexOf("?");
    return end >= 0 && isSecret(path, target.slice(0, end));
  }
  let differences = 0;
  for (let at = 0; at < path.length; at++) differences |= path.charCodeAt(at) ^ target.charCodeAt(at);
  return differences === 0;
}

/** A path made from the token, which shows nothing of it. */
export function pathOf(token: string): string {
  // Loaded here, because it brings streams and keys along, and most bots poll.
  const { createHash } = process.getBuiltinModule("node:crypto");
  return `/balekit/${createHash("sha256").update(`webhook path of ${token}`).digest("hex").slice(0, 40)}`;
}
