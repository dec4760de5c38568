/** The mistakes in using these plugins, each with a page in docs/errors. */
type HydrateCode = "ERR_BALE_ALBUM" | "ERR_BALE_DELETION" | "ERR_BALE_HYDRATE" | "ERR_BALE_OPTION";

/** A `TypeError` with a stable code: something is used in a way that cannot work. */
export function wrongUse(code: HydrateCode, message: string): TypeError {
  return Object.assign(new TypeError(message), { code });
}

/** A `RangeError` with a stable code: a value of the right kind beyond its limits. */
export function beyondLimits(code: HydrateCode, message: string): RangeError {
  return Object.assign(new RangeError(message), { code });
}
