import type { Coroutine } from "./coroutine.js";
import { misuse, shown } from "./misuse.js";
import type { Operation } from "./operation.js";
import { handled } from "./turn.js";

/** Calls a wait that the code itself may give up by a signal of its own. */
export function callUntil(
  coroutine: Coroutine,
  operation: Operation,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  if (signal === undefined) return coroutine.call(operation);
  if (!(signal instanceof AbortSignal)) {
    throw misuse(
      "ERR_BALE_CONVERSATION_WAIT",
      `Waiting: signal is ${shown(signal)}. Give the signal of an AbortController that this code has made.`,
    );
  }
  if (signal.aborted) return handled(Promise.reject(signal.reason as Error));
  const answer = coroutine.call(operation);
  const pending = coroutine.pending.values().at(-1);
  // Code and history do not fit: the wait was not begun.
  if (pending?.operation !== operation) return answer;
  const giveUp = (): void => {
    // Aborted by a timer, or by another's code: the wait goes on, here as in a replay.
    if (!coroutine.canBeFollowed() || !coroutine.pending.has(pending.id)) return;
    coroutine.pending.delete(pending);
    for (const block of pending.blocks) block.open--;
    pending.reject(signal.reason);
  };
  const leave = (): void => signal.removeEventListener("abort", giveUp);
  signal.addEventListener("abort", giveUp);
  answer.then(leave, leave);
  return answer;
}
