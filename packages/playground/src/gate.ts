import { closeSync, readSync } from "node:fs";

/** Marks, in its environment, a process that is to wait. */
export const GATE = "BALEKIT_GATE";

/** Where the gate is: after stdin, stdout, stderr and the IPC channel. */
export const GATE_FD = 4;

/**
 * Holds a process in waiting until it is needed. It blocks in the read, so nothing of the bot has been loaded or run;
 * and it ends when nobody is left who could need it. A process without a gate goes on at once.
 */
export function waitAtGate(): void {
  if (process.env[GATE] === undefined) return;
  // The bot's environment is the one it would have without us.
  delete process.env[GATE];
  let told = 0;
  try {
    told = readSync(GATE_FD, Buffer.alloc(1));
  } catch {
    // A pipe that cannot be read is one that ended.
  }
  if (told === 0) process.exit(0);
  closeSync(GATE_FD);
}
