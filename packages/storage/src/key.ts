import { misuse } from "./storage-error.js";

/** The longest key every driver takes, in UTF-16 units as `length` counts them. */
export const MAX_KEY_LENGTH = 512;

/**
 * Refuses what is no key.
 * @throws {TypeError} for anything but a string of at most `MAX_KEY_LENGTH`.
 */
export function checkKey(doing: string, key: string): void {
  if (typeof key !== "string") {
    throw misuse("ERR_BALE_STORAGE_KEY", `${doing}: the key is ${String(key)}, not a string. Give a string.`);
  }
  if (key.length > MAX_KEY_LENGTH) {
    throw misuse(
      "ERR_BALE_STORAGE_KEY",
      `${doing}: the key ${JSON.stringify(key.slice(0, 40))}… has ${key.length} characters. ` +
        `Give at most ${MAX_KEY_LENGTH}, such as a hash of it.`,
    );
  }
}

/**
 * Joins parts to a key that no other parts make: `keyOf("a:b", 1)` and `keyOf("a", "b:1")` differ. Keys of one
 * beginning share the prefix `keyOf("a") + ":"`.
 * @throws {TypeError} when a part is missing or no whole number, so that no two users ever share "undefined".
 */
export function keyOf(...parts: readonly (string | number | bigint)[]): string {
  if (parts.length === 0) {
    throw misuse("ERR_BALE_STORAGE_KEY", "Making a key: there are no parts. Give at least one.");
  }
  return parts
    .map((part, at) => {
      if (typeof part === "string") return part.replace(/[%:]/g, (char) => (char === "%" ? "%25" : "%3A"));
      if (typeof part === "bigint" || (typeof part === "number" && Number.isSafeInteger(part))) {
        return String(part);
      }
      throw misuse(
        "ERR_BALE_STORAGE_KEY",
        `Making a key: part ${at + 1} is ${String(part)}. Give strings and whole numbers.`,
      );
    })
    .join(":");
}

const ESCAPED = /[\0\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A key as text that survives UTF-8 and C strings: lone surrogates, NUL and DEL are written as DEL and four digits. */
export function keyToText(key: string): string {
  return key.replace(ESCAPED, (char) => `\u007f${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The key that `keyToText` wrote. */
export function keyFromText(text: string): string {
  return text.replace(/\u007f([0-9a-f]{4})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Text that every key with this prefix begins with, when written by `keyToText`: half a pair at its end is left out. */
export function prefixToText(prefix: string): string {
  return keyToText(prefix.replace(/[\ud800-\udbff]$/, ""));
}
