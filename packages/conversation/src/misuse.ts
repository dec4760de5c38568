/** A mistake in the calling code: thrown at once, with a stable `code` that has a page in docs/errors. */
export type Misuse = TypeError & { readonly code: `ERR_BALE_${string}` };

/** Makes the `TypeError` for a mistake in the calling code. */
export function misuse(code: Misuse["code"], message: string): Misuse {
  return Object.assign(new TypeError(message), { code });
}

/** Shows a value in an error message, in short. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === "function") return `[function ${value.name || "without a name"}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return Object.prototype.toString.call(value);
}
