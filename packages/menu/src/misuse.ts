/** A menu that cannot work as it was made. */
export function misuse(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: "ERR_BALE_MENU" as const });
}

/** A number that is beyond what can be. */
export function outOfRange(message: string): RangeError {
  return Object.assign(new RangeError(message), { code: "ERR_BALE_MENU" as const });
}
