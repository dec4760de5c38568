import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { descendants, isAlive } from "./descendants.js";
import { freePort } from "./free-port.js";
import { serverFolder, unprivileged } from "./unprivileged.js";

/** What kind of server is to run. */
export interface ServerKind {
  /** In names of folders and in errors. */
  readonly name: string;
  /** Path of the program; see `locateProgram`. */
  readonly program: string;
  /** Arguments for a server that listens on 127.0.0.1:`port` and keeps its data in `folder`. Asked at each start. */
  readonly args: (port: number, folder: string) => readonly string[];
  /** Added to the environment. HOME is the folder unless said otherwise. */
  readonly env?: (port: number, folder: string) => NodeJS.ProcessEnv;
  /** Makes the data, once, in a new folder. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** Resolves when the server answers; rejects while it does not, and is asked again. */
  readonly answers: (port: number, folder: string) => Promise<unknown>;
  /** What asks the server to end in good order. @default "SIGTERM" */
  readonly stopSignal?: NodeJS.Signals;
  /** The longest a start may take. @default 60_000 */
  readonly startMs?: number;
}

const POLL_MS = 25;
const STOP_MS = 20_000;
/** Kept of what the server prints, for the error when it does not start. */
const KEPT_OUTPUT = 8_000;

/**
 * A server of ours alone: on a free port of this machine, with its data in a temporary folder, as an unprivileged user.
 * It can be stopped, killed and frozen, and started again on the same port with the same data. It ends with this
 * process, however this process ends.
 */
export class PrivateServer {
  readonly port: number;
  readonly folder: string;
  readonly #kind: ServerKind;
  readonly #guard: ChildProcess;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #output = "";

  /** Makes the data and starts the server. */
  static async start(kind: ServerKind): Promise<PrivateServer> {
    const server = new PrivateServer(kind, await freePort());
    try {
      await kind.prepare?.(server.folder);
      await server.start();
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  private constructor(kind: ServerKind, port: number) {
    this.#kind = kind;
    this.port = port;
    this.folder = serverFolder(kind.name);
    this.#guard = guard(this.folder);
  }

  /** Of the running server. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** What the server has printed lately. */
  get output(): string {
    return this.#output;
  }

  /** Starts it on the same port with the same data, and resolves when it answers. */
  async start(): Promise<void> {
    const { name, program, args, env, answers, startMs = 60_000 } = this.#kind;
    if (this.#child !== undefined) throw new Error(`Starting the private ${name}: it is running.`);
    const child = spawn(program, args(this.port, this.folder), {
      cwd: this.folder,
      detached: true, // a process group of its own, which is killed as one and hears no Ctrl+C
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, HOME: this.folder, ...env?.(this.port, this.folder) },
      ...unprivileged(),
    });
    this.#child = child;
    this.#output = "";
    const hear = (chunk: unknown): void => {
      this.#output = `${this.#output}${String(chunk)}`.slice(-KEPT_OUTPUT);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    let failure: string | undefined;
    this.#ended = new Promise<void>((resolve) => {
      child.once("error", (error) => {
        failure = error.message;
        resolve();
      });
      child.once("exit", (code, signal) => {
        failure = `it ended with ${code ?? signal}`;
        resolve();
      });
    }).then(() => {
      if (this.#child === child) this.#child = undefined;
      this.#guard.stdin?.write("0\n");
    });
    this.#guard.stdin?.write(`${child.pid ?? 0}\n`);

    for (const until = Date.now() + startMs; ; await pause(POLL_MS)) {
      if (failure !== undefined) throw this.#fault(failure);
      try {
        await answers(this.port, this.folder);
        return;
      } catch (error) {
        if (Date.now() > until) {
          await this.kill();
          throw this.#fault(`it did not answer in ${startMs} ms`, error);
        }
      }
    }
  }

  #fault(what: string, cause?: unknown): Error {
    const { name, program } = this.#kind;
    return new Error(`Starting the private ${name}, ${program}: ${what}. It printed:\n${this.#output}`, {
      cause,
    });
  }

  /** Asks it to end, and resolves when it has; its data stay. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.thaw();
    child.kill(this.#kind.stopSignal ?? "SIGTERM");
    const timer = setTimeout(() => void this.kill(), STOP_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  /** kill -9, and resolves when all of it is gone; its data stay as they were at that instant. */
  async kill(): Promise<void> {
    // Frozen first, so that it starts nothing more which would then live on.
    this.#signal("SIGSTOP");
    const killed = this.#signal("SIGKILL");
    await this.#ended;
    // PostgreSQL does not start on data whose memory a worker of before still holds.
    for (const until = Date.now() + STOP_MS; killed.some(isAlive) && Date.now() < until; ) await pause(5);
  }

  /** SIGSTOP: it holds its connections and answers nothing. */
  freeze(): void {
    this.#signal("SIGSTOP");
  }

  /** SIGCONT: it goes on. */
  thaw(): void {
    this.#signal("SIGCONT");
  }

  /** Ends it for good and removes its data. */
  async close(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    const gone = once(this.#guard, "exit");
    this.#guard.stdin?.end();
    await gone;
  }

  /** To the server and all that it has started: PostgreSQL's workers have groups of their own. Answers who that was. */
  #signal(signal: NodeJS.Signals): readonly number[] {
    const pid = this.#child?.pid;
    if (pid === undefined) return [];
    const started = descendants(pid);
    for (const one of [-pid, ...started]) {
      try {
        process.kill(one, signal);
      } catch {
        // It has ended by itself.
      }
    }
    return started;
  }
}

/**
 * A shell that outlives this process by an instant: it is told each process that runs (0: none), and when its input ends,
 * because this process has, by whatever way, kills that one and removes the folder.
 */
function guard(folder: string): ChildProcess {
  const script =
    'p=0; while read -r n; do p=$n; done; [ "$p" = 0 ] || kill -9 "-$p"; ' +
    'for i in 1 2 3 4 5; do rm -rf "$0" && break; sleep 0.2; done';
  const child = spawn("/bin/sh", ["-c", script, folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  child.stdin?.on("error", () => undefined); // it has ended; so will we
  return child;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
