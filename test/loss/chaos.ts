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
   * The processes that make up the bot: each a program and what it is given. Killed one at a time, and started again:
   * those that are in the middle of something, and now and then one that never is.
   * @param place where Bale is and where things are to be written
   */
  readonly bots: (place: ChaosPlace) => readonly (readonly [program: string, setting: object])[];
  /** Waited for before each kill, counted from 0. */
  readonly beforeKill?: ((killed: number) => Promise<void>) | undefined;
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
  /** Kills that hit a process while it was handling updates. */
  readonly killsInFlight: number;
  readonly health: readonly string[];
}

/** How long to wait for a process to be in the middle of something: at the very end none may be any more. */
const MIDDLE_MS = 5_000;
/** The share of what is sent between two kills that is sent beyond what is waited for. */
const AHEAD = 0.2;
/** What a process had begun to write is written by then. */
const STOPPED_MS = 20;
/** Which kill hits a process that is not in the middle of anything, where there is one. */
const IDLE_EVERY = 8;
const token = "1000:not-a-real-secret";
/** Every run is longer by this factor: `npm run chaos` sets it. */
export const CHAOS_SCALE: number = Number(process.env["BALEKIT_CHAOS_SCALE"] ?? "1");

/** Starts a program of ours. What it says is kept for `lastWords`. */
export function startProgram(path: string, setting: object): ChildProcess {
  // What dies often is plain JavaScript on what is built: it is up again in a moment.
  const onSources = path.endsWith(".ts") ? ["--conditions=@balekit/source", "--import", "tsx"] : [];
  const args = [...onSources, path, JSON.stringify(setting)];
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdio: ["ignore", "pipe", "pipe"],
  });
  words.set(child, "");
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) =>
      words.set(child, `${words.get(child)}${String(chunk)}`.slice(-KEPT_WORDS)),
    );
  }
  return child;
}

/** How a program ended, if it has, and the last of what it said. */
export function lastWords(child: ChildProcess): string {
  const end = child.signalCode ?? child.exitCode;
  return `${child.spawnargs.at(-1)} ${end === null ? "runs" : `ended with ${end}`} and said:\n${words.get(child)}`;
}

const words = new WeakMap<ChildProcess, string>();
const KEPT_WORDS = 2_000;

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
    const allow = async (count: number): Promise<void> => {
      await fetch(control, { method: "POST", body: String(Math.ceil(count)) });
    };
    const beside = options.meanwhile?.(place, ledger) ?? Promise.resolve();
    const ended = (): ChildProcess | undefined => [...running.values()].find(hasEnded);
    const untilThen = (holds: () => boolean | Promise<boolean>): Promise<void> =>
      until(() => {
        const child = ended();
        if (child !== undefined) throw new Error(`A bot has ended by itself: ${lastWords(child)}`);
        return holds();
      });
    while (killed < options.kills) {
      await options.beforeKill?.(killed);
      const before = ledger.handled;
      // Into the middle of the work, wherever that is: a share of what is still to come.
      const share = (updates - before) / (options.kills - killed + 1);
      const step = Math.floor(share * (0.5 + random()));
      // No more is sent than that and a little: a bot that is faster than whoever is to kill it would get done with
      // everything, and die idle ever after.
      let allowed = before + step + share * AHEAD;
      await allow(allowed);
      await untilThen(() => ledger.handled >= before + step);
      const isIdleWanted = killed % IDLE_EVERY === IDLE_EVERY - 1;
      let at = Math.floor(random() * bots.length);
      const isThere = async (): Promise<boolean> => {
        const from = [...running].filter(([, { pid }]) => ledger.isBusy(pid) !== isIdleWanted);
        const [found] = from[Math.floor(random() * from.length)] ?? [];
        if (found === undefined) {
          if (isIdleWanted) return false;
          allowed = Math.min(allowed + share * AHEAD, before + step + share);
          await allow(allowed);
          return false;
        }
        at = found;
        if (isIdleWanted) return true;
        // Stopped first, or it might get done with what it is at before it is killed.
        running.get(found)?.kill("SIGSTOP");
        await later(STOPPED_MS);
        if (ledger.isBusy(running.get(found)?.pid)) return true;
        running.get(found)?.kill("SIGCONT");
        return false;
      };
      await until(isThere, MIDDLE_MS).catch(() => undefined);
      const victim = running.get(at) as ChildProcess;
      await kill(victim);
      if (ledger.isBusy(victim.pid)) inFlight++;
      killed++;
      start(at);
    }
    await allow(updates);
    await beside;
    await untilThen(() => ledger.handled >= updates);
    await untilThen(async () => {
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
    const said = [...running.values()].map(lastWords).join("\n");
    throw new Error(`chaos with seed ${seed}: ${String(error)} ${summary}\n${said}`, { cause: error });
  } finally {
    for (const process of [...running.values(), bale]) await kill(process);
    rmSync(folder, { recursive: true, force: true });
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Ends a process with SIGKILL, if it has not ended. */
export async function kill(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

async function firstLine(child: ChildProcess): Promise<{ readonly url: string; readonly control: string }> {
  if (child.stdout === null) throw new Error("The Bale of this run cannot be heard.");
  for await (const line of createInterface(child.stdout)) return JSON.parse(line);
  throw new Error("The Bale of this run ended before it began.");
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 300_000): Promise<void> {
  for (const limit = Date.now() + ms; !(await holds()); await later(15)) {
    if (Date.now() > limit) throw new Error(`It does not come about within ${ms} ms: ${String(holds)}`);
  }
}
