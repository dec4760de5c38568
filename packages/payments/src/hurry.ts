/** Resolves when the work has ended, however, or when there is no more time to wait for it. */
export function unlessHurried(work: Promise<unknown>, hurry: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      hurry.removeEventListener("abort", end);
      resolve();
    };
    work.then(end, end);
    if (hurry.aborted) end();
    else hurry.addEventListener("abort", end, { once: true });
  });
}
