/**
 * Resolves when everything that promises can do by themselves has been done: the queue of microtasks is empty. One
 * result is given to a conversation per such turn, live and in replay, which is what makes both run alike.
 */
export function drained(): Promise<void> {
  // A tick that is set from within a microtask runs after the last microtask.
  return new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
}

/** Resolves in a later turn of the event loop, after I/O has had its chance. */
export function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A promise whose rejection nobody has to hear: it may have lost a race. */
export function handled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
