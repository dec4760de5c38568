import { createHash } from "node:crypto";

/** Room for the ending and for the names of temporary files in the 255 bytes that file systems take. */
const LONGEST_NAME = 180;
const READABLE_PART = 100;

/**
 * The name of the file that keeps a key: lower-case ASCII on every file system, and no two keys share one. What is not
 * a small letter, digit, `_` or `-` is written as `=` and four digits; a long name ends in its hash.
 */
export function fileNameOf(key: string): string {
  const name = encodeName(key);
  if (name.length <= LONGEST_NAME) return `k-${name}`;
  // Hashed as UTF-16, so that lone surrogates stay apart. The + is in no short name.
  const hash = createHash("sha256").update(Buffer.from(key, "utf16le")).digest("hex");
  return `k-${name.slice(0, READABLE_PART)}+${hash}`;
}

/** Whether a file may keep a key of this prefix; long names tell only their beginning. */
export function mayHavePrefix(name: string, prefix: string): boolean {
  const wanted = `k-${encodeName(prefix)}`;
  const readable = name.split("+", 1)[0] ?? "";
  return readable.startsWith(wanted) || (name.includes("+") && wanted.startsWith(readable));
}

function encodeName(key: string): string {
  let name = "";
  for (let at = 0; at < key.length; at++) {
    const char = key.charAt(at);
    name += /[a-z0-9_-]/.test(char) ? char : `=${key.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }
  return name;
}
