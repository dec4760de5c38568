/** Codes of programming mistakes this package reports as a `TypeError`. */
export type MisuseCode =
  | "ERR_BALE_OPTION"
  | "ERR_BALE_PARAMS"
  | "ERR_BALE_INPUT_FILE"
  | "ERR_BALE_METHOD_NAME";

/** A `TypeError` with a stable code: somebody called us wrongly, and no retry will help. */
export function misuse(code: MisuseCode, message: string, cause?: unknown): TypeError {
  const error = new TypeError(message, cause === undefined ? undefined : { cause });
  return Object.defineProperty(error, "code", { value: code, enumerable: true });
}

/** A value as a short piece of text for an error message. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (value === null || typeof value !== "object") return String(value);
  return `a ${value.constructor?.name || "plain object"}`;
}
