/**
 * Resolves when everything that promises can do by themselves has been done: the queue of microtasks is empty. One
 * result is given to a conversation per such turn, live and in replay, which is what makes both run alike.
 */
export function drained(): Promise<void> {
  if (resting === undefined) {
    resting = new Promise((resolve) => {
      wake = resolve;
    });
    // A tick that is set from within a microtask runs after the last microtask.
    void settled.then(tick);
  }
  return resting;
}

const settled = Promise.resolve();
/** Those who rest at the same time, in conversations of their own, share a promise and a tick. */
let resting: Promise<void> | undefined;
let wake: () => void;

function tick(): void {
  process.nextTick(rise);
}

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
