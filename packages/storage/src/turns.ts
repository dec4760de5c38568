/** Lets one thing at a time happen to a key, in the order asked. */
export type Turns = <Result>(key: string, run: () => Promise<Result>) => Promise<Result>;

/** Makes queues, one a key; a key nobody waits for costs nothing. */
export function turns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return <Result>(key: string, run: () => Promise<Result>): Promise<Result> => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(run, run);
    const settled = mine.then(forget, forget);
    function forget(): void {
      if (last.get(key) === settled) last.delete(key);
    }
    last.set(key, settled);
    return mine;
  };
}
