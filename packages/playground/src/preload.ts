// Loaded into the bot's process before the bot: it reports what goes wrong there, and it ends with its parent.
import { waitAtGate } from "./gate.js";
import { type HandlerWatch, watchHandlers } from "./handler-watch.js";
import { ALIVE_MS } from "./liveness.js";
import { LOOK_MS } from "./pending-handlers.js";
import type { Report } from "./report.js";

/** An error that is gone through its causes this deep; a chain longer than that is a loop. */
const MAX_CAUSES = 8;

function report(message: Report): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function reportFault(where: string, thrown: unknown, handler?: string): void {
  const error = thrown instanceof Error ? thrown : new Error(`Thrown: ${String(thrown)}`);
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  // Of a call that nobody awaited, the stack does not know who made it; the handler it was made in is known.
  const stack = handler === undefined ? stackOf(error) : `${stackOf(error)}\n${handler}`;
  report({ balekit: "fault", where, name: error.name, message: error.message, code, stack });
}

function stackOf(error: Error): string {
  const stacks: string[] = [];
  let at: unknown = error;
  while (at instanceof Error && stacks.length < MAX_CAUSES) {
    stacks.push(at.stack ?? `${at.name}: ${at.message}`);
    at = at.cause;
  }
  return stacks.join("\nCaused by: ");
}

let handlers: HandlerWatch | undefined;

if (process.send !== undefined) {
  // The monitor sees what ends the process and changes nothing about its end.
  process.on("uncaughtExceptionMonitor", (error) => reportFault("crash", error, handlers?.atWork()));
  // The playground is gone, even if it was killed: nobody would ever end this process.
  process.on("disconnect", () => process.exit(0));
  // It may be gone since before this file was loaded, and of that no event comes any more.
  if (!process.connected) process.exit(0);
  // A bot that has nothing left to do may end; the listener above must not keep it.
  process.channel?.unref();
  handlers = watchHandlers(report, reportFault);
  setInterval(handlers.look, LOOK_MS).unref();
  setInterval(() => report({ balekit: "alive" }), ALIVE_MS).unref();
}
waitAtGate();
