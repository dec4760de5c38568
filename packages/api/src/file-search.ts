import type { MethodInfo } from "./generated/method-table.js";
import { InputFile } from "./input-file.js";

/** Whether a call has to leave as multipart: it has a file inside, or Bale wants it so. */
export function needsForm(info: MethodInfo | undefined, params: Readonly<Record<string, unknown>>): boolean {
  if (info === undefined) return holdsFile(params, 0);
  if (info.multipart === true) return true;
  for (const name of info.files) if (isFile(params[name])) return true;
  return info.nestedMedia !== undefined && holdsFile(params[info.nestedMedia], 0);
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
