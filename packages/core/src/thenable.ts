/** Whether a value is to be waited for: a promise, or anything else with a `then`. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value instanceof Promise) return true;
  const canHaveOne = (typeof value === "object" && value !== null) || typeof value === "function";
  return canHaveOne && "then" in value && typeof value.then === "function";
}

/** Goes on with a value at once, or when it is there; once, even if what promises it calls back twice. */
export function whenReady<Value>(
  value: Value | PromiseLike<Value>,
  goOn: (value: Value) => Promise<void>,
): Promise<void> {
  return isThenable(value) ? Promise.resolve(value as PromiseLike<Value>).then(goOn) : goOn(value);
}
