/**
 * Calls `stop` at the first SIGINT or SIGTERM; a second one ends the process at once, with the exit code shells expect of
 * a signal. Returns what takes the listeners away again.
 */
export function onStopSignals(stop: () => void): () => void {
  let signals = 0;
  const onSignal = (_name: NodeJS.Signals, number: number): void => {
    signals++;
    if (signals > 1) process.exit(128 + number);
    stop();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return () => {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  };
}
