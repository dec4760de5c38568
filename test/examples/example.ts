import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, type EmulatedUser, emulator } from "@balekit/emulator";
import { expect, onTestFinished } from "vitest";

const root = new URL("../..", import.meta.url).pathname;
const TOKEN = "1000:a-token-that-opens-nothing-at-all-000000";

/** An example that runs as a program of its own, and the Bale it talks to over HTTP. */
export interface RunningExample {
  readonly bale: Emulator;
  readonly ali: EmulatedUser;
  /** What the program has printed so far. */
  readonly output: () => string;
  /** Repeats an assertion until it holds; fails with its last fault, and what the program printed, after 25 seconds. */
  readonly settled: (assertion: () => void) => Promise<void>;
  /** Ends the program and starts it again, as a deploy does: the same Bale, the same environment. */
  readonly restart: () => Promise<void>;
  /**
   * Ends the program with SIGKILL and starts it again: the same Bale, the same environment. With a method: in the middle
   * of a step, while Bale has heard the next call of it and does not answer; `act` is what brings that call about.
   */
  readonly kill: (inside?: {
    readonly method: string;
    readonly act: () => Promise<unknown>;
  }) => Promise<void>;
  /** Asks the program to end, as a server would, and answers its exit code. */
  readonly stop: () => Promise<number | null>;
}

/** Starts `examples/<name>.ts` as `npx tsx` would, and resolves when it has begun to poll. */
export async function runExample(
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningExample> {
  const bale = emulator({ token: TOKEN });
  const server = await bale.listen({ port: 0 });
  let printed = "";
  const begin = (): ChildProcess => {
    const begun = spawn(
      process.execPath,
      ["--conditions=@balekit/source", "--import", "tsx", `examples/${name}.ts`],
      { cwd: root, env: { ...process.env, BALE_TOKEN: TOKEN, BALE_API_ROOT: server.url, ...env } },
    );
    for (const stream of [begun.stdout, begun.stderr]) {
      stream.setEncoding("utf8").on("data", (piece: string) => {
        printed += piece;
      });
    }
    return begun;
  };
  let child = begin();
  onTestFinished(async () => {
    await end(child, "SIGKILL");
    await server.close();
  });

  const settled = async (assertion: () => void): Promise<void> => {
    const limit = Date.now() + 25_000;
    for (;;) {
      try {
        assertion();
        return;
      } catch (error) {
        if (child.exitCode !== null || Date.now() > limit) {
          throw new Error(`${name} exited with ${child.exitCode} and printed:\n${printed}`, { cause: error });
        }
      }
      await sleep(10);
    }
  };
  const polling = async (): Promise<void> => {
    const before = bale.calls.polls;
    await settled(() => expect(bale.calls.polls).toBeGreaterThan(before));
  };
  const again = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    await end(child, signal);
    child = begin();
    await polling();
  };
  await settled(() => expect(bale.calls.polls).toBeGreaterThan(0));

  return {
    bale,
    ali: bale.user({ first_name: "علی" }),
    output: () => printed,
    settled,
    restart: () => again("SIGTERM"),
    kill: async (inside) => {
      if (inside !== undefined) {
        bale.fault({ kind: "hang", method: inside.method });
        await inside.act();
        await settled(() => expect(bale.calls.last(inside.method)?.fault).toBe("hang"));
      }
      await again("SIGKILL");
    },
    stop: () => end(child, "SIGTERM"),
  };
}

async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
  return child.exitCode;
}
