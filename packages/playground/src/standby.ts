import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { GATE, GATE_FD } from "./gate.js";

/** How to start a bot's process. */
export interface Command {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Starts a bot's process, with pipes for what it writes and an IPC channel for what it reports. */
export function startProcess({ args, env }: Command): ChildProcess {
  return spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe", "ipc"], detached: DETACHED });
}

/**
 * Keeps one process in waiting for the next save: it has started Node and loaded what TypeScript needs, and stands
 * before the bot's file, which it reads when it is let go. So it runs what was saved, exactly as a fresh process would.
 *
 * It waits in a blocking read of a pipe: when this process dies, the pipe ends and so does the waiting one.
 */
export class Standby {
  #waiting: { readonly child: ChildProcess; readonly key: string } | undefined;

  /** The process in waiting, while there is one. */
  get pid(): number | undefined {
    return this.#waiting?.child.pid;
  }

  /** Puts a process in waiting, unless one waits or the environment asks Node for more than running a file. */
  prepare(command: Command): void {
    // A blocking read of a pipe is not to be had on Windows; and of two processes one alone could have an inspector.
    if (process.platform === "win32" || command.env["NODE_OPTIONS"] || this.#waiting !== undefined) return;
    const child = spawn(process.execPath, command.args, {
      env: { ...command.env, [GATE]: "closed" },
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
      detached: DETACHED,
    });
    const waiting = { child, key: keyOf(command) };
    this.#waiting = waiting;
    const lose = (): void => {
      if (this.#waiting === waiting) this.#waiting = undefined;
    };
    child.once("error", lose);
    child.once("exit", lose);
    // The process may be gone when it is let go; its end tells that.
    gateOf(child).on("error", () => undefined);
  }

  /** Lets the waiting process go on to the bot. Answers nothing if none waits, or if it was started otherwise. */
  take(command: Command): ChildProcess | undefined {
    const waiting = this.#waiting;
    if (waiting === undefined) return undefined;
    if (waiting.key !== keyOf(command)) {
      this.drop();
      return undefined;
    }
    this.#waiting = undefined;
    gateOf(waiting.child).end("1");
    return waiting.child;
  }

  /** Ends the process in waiting. */
  drop(): void {
    this.#waiting?.child.kill("SIGKILL");
    this.#waiting = undefined;
  }
}

/** A group of its own: Ctrl-C in the terminal reaches us alone, and what the bot itself started ends with it. */
const DETACHED: boolean = process.platform !== "win32";

function gateOf(child: ChildProcess): Writable {
  return child.stdio[GATE_FD] as Writable;
}

function keyOf({ args, env }: Command): string {
  return JSON.stringify([args, Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
