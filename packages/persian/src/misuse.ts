/** A mistake in the calling code, with a stable `code` that has a page in docs/errors. */
export type PersianMisuse<Base extends Error> = Base & { readonly code: "ERR_BALE_PERSIAN" };

/** Makes the `TypeError` for a value of the wrong kind. */
export function wrongType(message: string): PersianMisuse<TypeError> {
  return Object.assign(new TypeError(message), { code: "ERR_BALE_PERSIAN" as const });
}

/** Makes the `RangeError` for a value of the right kind beyond its limits. */
export function outOfRange(message: string): PersianMisuse<RangeError> {
  return Object.assign(new RangeError(message), { code: "ERR_BALE_PERSIAN" as const });
}

/** A value in an error message. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  return value instanceof Date ? "an invalid Date" : JSON.stringify(value);
}
