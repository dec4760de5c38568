/** A mistake in the calling code: thrown at once, with a stable `code` that has a page in docs/errors. */
export type Misuse<Base extends Error> = Base & { readonly code: `ERR_BALE_${string}` };

/** A function or class whose own frames are left out of the stack. */
type Caller = ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown);

/** Makes the `TypeError` for a value of the wrong kind. The stack begins at the line that called `caller`. */
export function wrongType(code: Misuse<Error>["code"], message: string, caller?: Caller): Misuse<TypeError> {
  return finish(new TypeError(message), code, caller);
}

/** Makes the `RangeError` for a value of the right kind beyond its limits. See {@link wrongType}. */
export function outOfRange(
  code: Misuse<Error>["code"],
  message: string,
  caller?: Caller,
): Misuse<RangeError> {
  return finish(new RangeError(message), code, caller);
}

function finish<Base extends Error>(
  error: Base,
  code: Misuse<Error>["code"],
  caller: Caller | undefined,
): Misuse<Base> {
  Error.captureStackTrace?.(error, caller ?? outOfRange);
  return Object.assign(error, { code });
}

/** Throws unless a value is a function. @param what names it in the error */
export function requireFunction(value: unknown, method: string, what: string): void {
  if (typeof value === "function") return;
  throw wrongType(
    "ERR_BALE_HANDLER",
    `${method}: ${what} must be a function, not ${shown(value)}.`,
    requireFunction,
  );
}

/** Shows a value in an error message: strings in quotes and cut at 80 characters, the rest in short. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === "function") return `[function ${value.name || "without a name"}]`;
  if (typeof value !== "object" || value === null) return String(value);
  try {
    const json: string = JSON.stringify(value);
    return json.length > 120 ? `${json.slice(0, 120)}…` : json;
  } catch {
    return Object.prototype.toString.call(value);
  }
}
