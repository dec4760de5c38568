/** Reads what this tab of the browser keeps over a reload, or `undefined` when there is nothing that can be read. */
export function recall(name: string): unknown {
  try {
    const text = sessionStorage.getItem(name);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps a value over a reload of this tab; `undefined` takes it away. Where the browser keeps nothing, nor does this. */
export function remember(name: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A full or forbidden storage: the page itself still has it.
  }
}
