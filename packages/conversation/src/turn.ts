/**
 * Resolves when everything that promises can do by themselves has been done: the queue of microtasks is empty. One
 * result is given to a conversation per such turn, live and in replay, which is what makes both run alike.
 */
export function drained(): Promise<void> {
  return new Promise((resolve) => {
    if (resting !== undefined) {
      resting.push(resolve);
      return;
    }
    resting = [resolve];
    // A tick that is set from within a microtask runs after the last microtask.
    void settled.then(tick);
  });
}

const settled = Promise.resolve();
/** Those who rest at the same time, in conversations of their own: one tick will do for all of them. */
let resting: (() => void)[] | undefined;

function tick(): void {
  process.nextTick(wake);
}

function wake(): void {
  const all = resting ?? [];
  resting = undefined;
  for (const resolve of all) resolve();
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
