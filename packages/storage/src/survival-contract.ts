import { ok, strictEqual } from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { ContractCase } from "./contract-case.js";
import type { Storage } from "./storage.js";

/** How the contract gets at a driver that outlives its process. */
export interface SurvivalOptions {
  /**
   * Arguments for this very Node that run a program of yours; it opens the storage and calls `writeUntilKilled`.
   * The same data is written every round.
   */
  readonly program: readonly string[];
  /** Opens the data after the program was killed. */
  readonly open: () => Promise<{ readonly storage: Storage; readonly close?: () => Promise<void> }>;
  /** How often the program is killed. @default 3 */
  readonly rounds?: number | undefined;
}

/** Writers that write side by side in the program. */
const WRITERS = 4;
/** The program is killed once it has told of this many writes, with others under way. */
const TOLD_BEFORE_KILL = 60;

/**
 * Writes numbered values and tells each on standard output once it has resolved; never ends by itself. Call it in the
 * program that `survivalContract` kills.
 */
export async function writeUntilKilled(storage: Storage, round: string): Promise<never> {
  const writer = async (name: number): Promise<void> => {
    for (let n = 0; ; n++) {
      const key = `${round}:${name}:${n}`;
      await storage.set(key, { key, padding: "پر".repeat(100) });
      process.stdout.write(`${key}\n`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, name) => writer(name)));
  throw new Error("Writing until killed: the writers have ended.");
}

/** The promise that a write which has resolved outlives `kill -9`, as a case for any test runner. */
export function survivalContract({ program, open, rounds = 3 }: SurvivalOptions): readonly ContractCase[] {
  return [
    {
      name: `keeps every acknowledged write through ${rounds} kill -9`,
      async run(): Promise<void> {
        const acknowledged: string[] = [];
        for (let round = 0; round < rounds; round++) {
          const told = await killed([...program, `round-${round}`]);
          ok(told.length >= TOLD_BEFORE_KILL, "the program was killed before it wrote enough");
          acknowledged.push(...told);
          const { storage, close } = await open();
          try {
            for (const key of acknowledged) {
              const found = (await storage.get(key))?.value as { readonly key: string } | undefined;
              strictEqual(found?.key, key, `${key} was acknowledged and is lost`);
            }
          } finally {
            await close?.();
          }
        }
      },
    },
  ];
}

/** Runs the program, kills it in the middle of its work, and gives the lines it told whole. */
async function killed(args: readonly string[]): Promise<readonly string[]> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint += String(chunk);
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (_code, signal) => resolve(signal));
  });
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(line);
    if (told.length === TOLD_BEFORE_KILL) child.kill("SIGKILL");
  }
  strictEqual(await ended, "SIGKILL", `the program ended by itself: ${complaint}`);
  // The kill may have cut the last line; a line cut short names no key that was written by anybody.
  const last = told.at(-1);
  return last !== undefined && /^[^:]+:\d+:\d+$/.test(last) ? told : told.slice(0, -1);
}
