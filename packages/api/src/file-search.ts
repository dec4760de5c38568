import type { MethodInfo } from "./generated/method-table.js";
import { InputFile } from "./input-file.js";

/**
 * Whether a call has to leave as multipart: it has a file inside, or Bale wants it so. Every parameter is looked at,
 * also those no method is known to take files in (a thumbnail): as JSON a file would be the path of it.
 */
export function needsForm(info: MethodInfo | undefined, params: Readonly<Record<string, unknown>>): boolean {
  if (info?.multipart === true) return true;
  for (const value of Object.values(params)) {
    if (typeof value === "object" && holdsFile(value, 1)) return true;
  }
  return false;
}

/** Nothing Bale takes is nested deeper. */
export const DEEPEST = 8;

/** Whether a parameter is a file to upload. */
export function isFile(value: unknown): value is InputFile {
  return value instanceof InputFile;
}

/** Lists and plain objects, in which a file may stand; builders with `toJSON` are left alone. */
export function isPlain(value: unknown): value is readonly unknown[] | Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}

function holdsFile(value: unknown, depth: number): boolean {
  if (isFile(value)) return true;
  if (!isPlain(value) || depth === DEEPEST) return false;
  return (Array.isArray(value) ? value : Object.values(value)).some((item) => holdsFile(item, depth + 1));
}
