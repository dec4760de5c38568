/**
 * Resolves when everything that promises can do by themselves has been done: the queue of microtasks is empty. One
 * result is given to a conversation per such turn, live and in replay, which is what makes both run alike. To be called
 * from a microtask: a tick that is set from within one runs after the last one, but before the first one otherwise.
 */
export function drained(): Promise<void> {
  if (resting === undefined) {
    resting = new Promise((resolve) => {
      wake = resolve;
    });
    process.nextTick(rise);
  }
  return resting;
}

/** The same by a call, in a microtask, for whoever has the next turn to give. */
export function whenDrained(then: () => void): void {
  process.nextTick(hop, then);
}

function hop(then: () => void): void {
  void settled.then(then);
}

const settled = Promise.resolve();
/** Those who rest at the same time, in conversations of their own, share a promise and a tick. */
let resting: Promise<void> | undefined;
let wake: () => void;

function rise(): void {
  resting = undefined;
  wake();
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
