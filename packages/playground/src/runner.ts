import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { extname, resolve } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { type ExcerptLine, excerptOf, type Fault, placeOf, placeOfImport } from "./fault.js";
import { importGraph } from "./import-graph.js";
import { eachLine } from "./lines.js";
import { ALIVE_MS, Liveness, MISSED } from "./liveness.js";
import { type FaultReport, type HandlerReport, isReport, type PendingReport } from "./report.js";
import { type Command, Standby, startProcess } from "./standby.js";
import { Watcher } from "./watcher.js";

/** How long a bot may take to finish what it is doing before it is killed; short, because a save restarts it. */
const GRACE_MS = 400;

/** How many of the last lines are kept, and how much of each: what a process that died may have said of it. */
const LAST_WORDS = 60;
const LONGEST_WORD = 10_000;

/** How long after a start the process for the next one is made ready: the bot itself comes first. */
const STANDBY_AFTER_MS = 1_000;

/** Where balekit's own packages lie when they are not installed below a node_modules: in its repository. */
const OURS: readonly string[] = [fileURLToPath(new URL("../../", import.meta.url))];

/** Files that need tsx to run. */
const TYPESCRIPT: ReadonlySet<string> = new Set([".ts", ".mts", ".cts", ".tsx"]);

/** What the bot's process is doing. `crashed` and `ended` wait for the next save; `stuck` is busy without an end. */
export type RunnerStatus = "starting" | "running" | "restarting" | "stuck" | "crashed" | "ended" | "stopped";

/** One line that the bot wrote. */
export interface OutputLine {
  readonly id: number;
  readonly at: number;
  readonly from: "stdout" | "stderr";
  readonly text: string;
}

/** What a runner tells. */
export interface RunnerEvents {
  status(status: RunnerStatus): void;
  /** The bot's file is gone, or is back. */
  presence(isThere: boolean): void;
  output(line: OutputLine): void;
  fault(fault: Fault): void;
  handler(report: HandlerReport): void;
  /** Handlers do not end. */
  pending(report: PendingReport): void;
  /** Handlers that were told of as pending have ended. */
  settled(id: number): void;
}

/** Options of a `Runner`. */
export interface RunnerOptions {
  /** The bot: a TypeScript or JavaScript file. */
  readonly file: string;
  /** Answers the whole environment of the bot's process; asked at every start. */
  readonly env: () => NodeJS.ProcessEnv;
  /** Restart when the bot's file, or a file it imports by a relative path, is saved. @default true */
  readonly watch?: boolean | undefined;
  /** Other files whose change restarts the bot too: `.env`. */
  readonly alsoWatch?: readonly string[] | undefined;
  readonly events: Partial<RunnerEvents>;
}

/**
 * Runs a bot in a process of its own, and again after every save.
 *
 * The process is told to end with SIGTERM and killed when it does not; it also ends by itself when this process dies,
 * however that happened (`preload.ts`). A crash is reported and waits for the next save, and so does a second process
 * that has loaded everything but the bot (`standby.ts`).
 */
export class Runner {
  readonly file: string;
  readonly #options: RunnerOptions;
  readonly #watcher: Watcher;
  readonly #standby = new Standby();
  #standbyTimer: NodeJS.Timeout | undefined;
  #child: ChildProcess | undefined;
  #status: RunnerStatus = "stopped";
  /** What a stuck process was doing before. */
  #before: RunnerStatus = "stopped";
  #lastHandler: HandlerReport | undefined;
  readonly #liveness = new Liveness((isStuck) => this.#hang(isStuck));
  #restarts = 0;
  #nextId = 1;
  #crash: FaultReport | undefined;
  #closed = false;
  /** Starts and stops happen one after another, in the order they were asked for. */
  #turn: Promise<void> = Promise.resolve();
  #restartQueued = false;

  constructor(options: RunnerOptions) {
    this.file = resolve(options.file);
    this.#options = options;
    this.#watcher = new Watcher(
      () => void this.restart(),
      (file, isThere) => {
        if (file === this.file) options.events.presence?.(isThere);
      },
    );
  }

  /** What the process is doing now. */
  get status(): RunnerStatus {
    return this.#status;
  }

  /** How often the bot was started anew. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The process, while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The process that stands ready for the next save, while there is one. */
  get standbyPid(): number | undefined {
    return this.#standby.pid;
  }

  /** Starts the bot, and begins to watch its files. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#launch("starting"));
  }

  /** Ends the bot and starts it again. Asking several times before it happened restarts it once. */
  restart(): Promise<void> {
    if (this.#restartQueued) return this.#turn;
    this.#restartQueued = true;
    return this.#inTurn(async () => {
      this.#restartQueued = false;
      this.#restarts += 1;
      this.#become("restarting");
      await this.#end();
      await this.#launch("restarting");
    });
  }

  /** Says that the bot was heard asking for updates: it is up. */
  heard(): void {
    if (this.#child !== undefined && this.#status !== "running") this.#become("running");
  }

  /** Ends the bot for good. */
  async stop(): Promise<void> {
    this.#closed = true;
    this.#watcher.close();
    await this.#turn;
    clearTimeout(this.#standbyTimer);
    this.#standby.drop();
    await this.#end();
    this.#become("stopped");
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(async () => {
      if (!this.#closed) await step();
    });
    // One that fails must not keep the next ones from their turn.
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #launch(status: RunnerStatus): Promise<void> {
    if (this.#options.watch !== false) {
      await this.#watcher.follow([...(await importGraph(this.file)), ...(this.#options.alsoWatch ?? [])]);
    }
    this.#crash = undefined;
    this.#become(status);
    let child: ChildProcess;
    try {
      const command = this.#command();
      child = this.#standby.take(command) ?? startProcess(command);
    } catch (error) {
      // An `.env` that cannot be read, or what no process can be given: a save may mend it.
      this.#cannotStart(error);
      return;
    }
    this.#prepareNext();
    this.#child = child;
    this.#lastHandler = undefined;
    this.#liveness.start();
    this.#lines(child.stdout, "stdout");
    const complaint = this.#lines(child.stderr, "stderr");
    child.on("message", (message) => {
      if (child === this.#child) this.#take(message);
    });
    child.on("error", (error) => {
      // What was never a process does not end either.
      if (child.pid !== undefined || child !== this.#child) return;
      this.#child = undefined;
      this.#cannotStart(error);
    });
    // What the bot had started itself would hold its pipes open: it goes with the bot.
    child.on("exit", () => signal(child, "SIGKILL"));
    child.on("close", (code, killer) => {
      if (child !== this.#child) return;
      this.#child = undefined;
      this.#liveness.stop();
      if (code === 0) return this.#become("ended");
      const reason = killer === null ? `The process ended with code ${code}` : `Ended by ${killer}`;
      // Whoever is killed has nothing to say about it: what it wrote last is about something else.
      this.#mourn(complaint.join("\n"), reason, killer === null);
      this.#become("crashed");
    });
  }

  #command(): Command {
    return { args: [...loaders(this.file), this.file], env: this.#options.env() };
  }

  #cannotStart(error: unknown): void {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    // No line of the bot is to blame: the stack would only show the playground's own.
    this.#tell("crash", name, message, "", undefined);
    this.#become("crashed");
  }

  #prepareNext(): void {
    clearTimeout(this.#standbyTimer);
    if (this.#options.watch === false) return;
    this.#standbyTimer = setTimeout(() => {
      try {
        this.#standby.prepare(this.#command());
      } catch {
        // The start itself will tell, if it is still so by then.
      }
    }, STANDBY_AFTER_MS).unref();
  }

  async #end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    this.#liveness.stop();
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    signal(child, "SIGTERM");
    const kill = setTimeout(() => signal(child, "SIGKILL"), GRACE_MS);
    await gone;
    clearTimeout(kill);
  }

  #become(status: RunnerStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#options.events.status?.(status);
  }

  #take(message: unknown): void {
    if (!isReport(message)) return;
    this.#liveness.beat();
    const { events } = this.#options;
    switch (message.balekit) {
      case "alive":
        break;
      case "handler":
        this.#lastHandler = message;
        events.handler?.(message);
        break;
      case "pending":
        events.pending?.(message);
        break;
      case "settled":
        events.settled?.(message.id);
        break;
      case "fault":
        // Told when the process is gone: its last words may say more than the error did.
        if (message.where === "crash") this.#crash = message;
        else this.#tell(message.where, message.name, message.message, message.stack, message.code);
    }
  }

  /** Tells that the process is busy without an end, and in which handler that began; or that it goes on. */
  #hang(isStuck: boolean): void {
    if (!isStuck) {
      if (this.#status === "stuck") this.#become(this.#before);
      return;
    }
    const { title, file, line } = this.#lastHandler ?? {};
    const frame = file === undefined || line === undefined ? "" : `    at ${title} (${file}:${line})`;
    const seconds = (MISSED * ALIVE_MS) / 1000;
    const message = `The bot has done nothing else for ${seconds} seconds: it is in a loop without an end, or stands still in a debugger.`;
    this.#tell("stuck", "Stuck", message, frame, undefined);
    this.#before = this.#status;
    this.#become("stuck");
  }

  /** Tells why a process died: the error it reported, or what it wrote last. */
  #mourn(lastWords: string, reason: string, isTelling: boolean): void {
    const crash = this.#crash;
    if (crash === undefined) {
      const words = isTelling ? lastWords : "";
      this.#tell("crash", "Crash", firstComplaint(words) ?? reason, words, undefined);
      return;
    }
    // For a file that does not parse V8 names the line only in what Node prints. Of another error the last words may
    // hold the frames of one before it.
    const parses = crash.name !== "SyntaxError" || placeOf(crash.stack) !== undefined;
    const stack = parses ? crash.stack : `${crash.stack}\n${lastWords}`;
    this.#tell("crash", crash.name, crash.message, stack, crash.code);
  }

  #tell(where: string, name: string, message: string, stack: string, code: string | undefined): void {
    const place = placeOf(stack, OURS) ?? placeOfImport(message);
    const excerpt: ExcerptLine[] | undefined = place && excerptOf(place);
    this.#options.events.fault?.({
      id: this.#nextId++,
      at: Date.now(),
      where,
      ...plain(name, message),
      code,
      stack,
      place,
      excerpt,
    });
  }

  /** Passes lines on, and keeps the last of them. */
  #lines(stream: Readable | null, from: "stdout" | "stderr"): string[] {
    const kept: string[] = [];
    if (stream === null) return kept;
    eachLine(stream, (text) => {
      if (kept.push(text.slice(0, LONGEST_WORD)) > LAST_WORDS) kept.shift();
      this.#options.events.output?.({ id: this.#nextId++, at: Date.now(), from, text });
    });
    return kept;
  }
}

/** The `--import` flags: TypeScript if the bot needs it, and our eyes inside its process. */
function loaders(file: string): string[] {
  // From our own source (tests) the preload is TypeScript as well.
  const ending = extname(new URL(import.meta.url).pathname);
  const preload = new URL(`./preload${ending}`, import.meta.url).href;
  const flags =
    TYPESCRIPT.has(extname(file)) || ending === ".ts" ? ["--import", import.meta.resolve("tsx")] : [];
  return ["--enable-source-maps", ...flags, "--import", preload];
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    // It is gone already, which is what was wanted.
  }
}

/** `Transform failed with 1 error: /bot.ts:4:51: ERROR: Expected …`: what does not parse, as esbuild says it through tsx. */
const NOT_PARSED = /^Transform failed with \d+ errors?:\s.*?: ERROR: ([^\n]*)/;

/** An error's name and message without what only repeats its place. */
function plain(name: string, message: string): { readonly name: string; readonly message: string } {
  const parse = NOT_PARSED.exec(message)?.[1];
  return parse === undefined ? { name, message } : { name: "SyntaxError", message: parse };
}

/** The line of a dead process's last words that names the error. */
function firstComplaint(text: string): string | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => /^\s*(?:\w*Error\b|Uncaught\b)/.test(line))?.trim() ?? lines[0]?.trim();
}
