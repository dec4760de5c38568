import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as later } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Ledger } from "./ledger.js";
import { seeded } from "./seeded.js";

/** A run of chaos: how much comes in, how often processes die, and who they are. */
export interface ChaosOptions {
  readonly updates: number;
  readonly chats?: number | undefined;
  readonly perSecond?: number | undefined;
  readonly kills: number;
  /** Whether what is asked of Bale goes wrong: 429, resets, error pages, hangs, duplicates. @default true */
  readonly faults?: boolean | undefined;
  /**
   * The processes that make up the bot: each a program and what it is given. Killed one at a time, and started again.
   * @param place where Bale is and where things are to be written
   */
  readonly bots: (place: ChaosPlace) => readonly (readonly [program: string, setting: object])[];
  /** Runs beside the kills, told when a share of the updates has been handled. */
  readonly meanwhile?: ((place: ChaosPlace, ledger: Ledger) => Promise<void>) | undefined;
}

/** Where a run of chaos takes place. */
export interface ChaosPlace {
  readonly apiRoot: string;
  readonly token: string;
  readonly folder: string;
  readonly ledger: string;
}

/** What came of a run. */
export interface ChaosResult {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly repeats: number;
  readonly kills: number;
  /** Kills that hit while updates were being handled. */
  readonly killsInFlight: number;
  readonly health: readonly string[];
}

const token = "1000:not-a-real-secret";
/** Every run is longer by this factor: `npm run chaos` sets it. */
export const CHAOS_SCALE: number = Number(process.env["BALEKIT_CHAOS_SCALE"] ?? "1");

/** Starts a program of ours. */
export function startProgram(path: string, setting: object, show = false): ChildProcess {
  // What dies often is plain JavaScript on what is built: it is up again in a moment.
  const onSources = path.endsWith(".ts") ? ["--conditions=@balekit/source", "--import", "tsx"] : [];
  const args = [...onSources, path, JSON.stringify(setting)];
  return spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdio: ["ignore", "pipe", show || process.env["BALEKIT_CHAOS_SHOW"] ? "inherit" : "ignore"],
  });
}

/**
 * Lets a Bale in another process send numbered updates over many chats while the processes of a bot are killed with
 * SIGKILL again and again, and judges by the ledger alone what became of them. The seed is printed; give it as
 * BALEKIT_CHAOS_SEED to see the same traffic and faults again.
 */
export async function chaos(options: ChaosOptions): Promise<ChaosResult> {
  const seed = Number(process.env["BALEKIT_CHAOS_SEED"] ?? Math.floor(Math.random() * 1e9));
  console.log(`chaos: seed ${seed}`);
  const random = seeded(seed + 1);
  const folder = mkdtempSync(join(tmpdir(), "balekit-chaos-"));
  const path = join(folder, "ledger");
  writeFileSync(path, "");
  const ledger = new Ledger(path);
  const { updates, chats = 50, perSecond = 250, faults = true } = options;
  const bale = startProgram(fileURLToPath(new URL("programs/bale.ts", import.meta.url)), {
    seed,
    token,
    updates,
    chats,
    perSecond,
    faults,
  });
  const running = new Map<number, ChildProcess>();
  let killed = 0;
  let inFlight = 0;
  try {
    const { url, control } = await firstLine(bale);
    const place: ChaosPlace = { apiRoot: url, token, folder, ledger: path };
    const bots = options.bots(place);
    const start = (at: number): void => {
      const [program, setting] = bots[at] as readonly [string, object];
      running.set(at, startProgram(program, setting));
    };
    for (const at of bots.keys()) start(at);
    const beside = options.meanwhile?.(place, ledger) ?? Promise.resolve();
    while (killed < options.kills) {
      const before = ledger.handled;
      const step = Math.max(10, Math.floor((updates / (options.kills + 2)) * (0.5 + random())));
      // Into the middle of the work, wherever that is: a share of what is still to come, and never after the end.
      await until(() => ledger.handled >= Math.min(before + step, updates - 20 * (options.kills - killed)));
      await until(() => ledger.inFlight > 0, 1_000).catch(() => undefined);
      const at = Math.floor(random() * bots.length);
      if (ledger.inFlight > 0) inFlight++;
      await kill(running.get(at));
      killed++;
      start(at);
    }
    await beside;
    await until(() => ledger.handled >= updates);
    await until(async () => {
      const { isSent, pending } = (await (await fetch(control)).json()) as {
        readonly isSent: boolean;
        readonly pending: number;
      };
      return isSent && pending === 0;
    });
    return {
      seed,
      faults: ledger.faults(updates),
      repeats: ledger.repeats,
      kills: killed,
      killsInFlight: inFlight,
      health: ledger.lines("health"),
    };
  } catch (error) {
    const summary = `${ledger.handled} of ${updates} handled after ${killed} kills: ${ledger.faults(updates).slice(0, 5).join("; ")}`;
    throw new Error(`chaos with seed ${seed}: ${String(error)} ${summary}`, { cause: error });
  } finally {
    for (const process of [...running.values(), bale]) await kill(process);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

async function firstLine(child: ChildProcess): Promise<{ readonly url: string; readonly control: string }> {
  if (child.stdout === null) throw new Error("The Bale of this run cannot be heard.");
  for await (const line of createInterface(child.stdout)) return JSON.parse(line);
  throw new Error("The Bale of this run ended before it began.");
}

async function until(holds: () => boolean | Promise<boolean>, ms = 180_000): Promise<void> {
  for (const limit = Date.now() + ms; !(await holds()); await later(15)) {
    if (Date.now() > limit) throw new Error(`It does not come about within ${ms} ms.`);
  }
}
