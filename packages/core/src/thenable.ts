/** Whether a value is to be waited for: a promise, or anything else with a `then`. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value instanceof Promise) return true;
  const canHaveOne = (typeof value === "object" && value !== null) || typeof value === "function";
  return canHaveOne && "then" in value && typeof value.then === "function";
}
