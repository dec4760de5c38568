/** Makes the `TypeError` for a mistake in the calling code; its stack begins where `caller` was called. */
export function misuse(message: string, caller?: (...args: never[]) => unknown): TypeError {
  const error = new TypeError(message);
  Error.captureStackTrace?.(error, caller ?? misuse);
  return Object.assign(error, { code: "ERR_BALE_PAYMENT" as const });
}

/** Shows a value in an error message, cut where it gets long. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `[function ${value.name || "without a name"}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? `a list of ${value.length}` : "an object";
}
