import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openBrowser } from "./browser.js";
import { withEnvFile } from "./env-file.js";
import type { Fault } from "./fault.js";
import { DEFAULT_PORT, playground } from "./playground.js";
import { type OutputLine, Runner, type RunnerStatus } from "./runner.js";

const HELP = `Talk to a Bale bot in the browser, with no token.

  balekit-playground <bot.ts> [options]

  --port <number>  where to listen; a taken port moves to the next (default ${DEFAULT_PORT}, 0 takes any)
  --no-open        do not open the browser
  --no-watch       do not restart the bot when its files are saved
  --local          stay in the browser even if BALE_TOKEN is set
  --help           print this

With BALE_TOKEN set, in the environment or in .env, the bot talks to Bale itself.
`;

/** How a command differs from another that shares this code. */
export interface CommandOptions {
  /** The bot to run when the command line names none. */
  readonly defaultFile?: string | undefined;
}

/**
 * Runs the command line: opens the playground, or runs the bot against Bale when there is a token.
 *
 * @returns what ends it; it also ends, cleanly, on SIGINT and SIGTERM.
 * @throws {TypeError} on arguments that make no sense, with what would.
 */
export async function main(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<() => Promise<void>> {
  const { values, positionals } = parse(args);
  if (values.help) {
    process.stdout.write(HELP);
    return async () => {};
  }
  const file = positionals[0] ?? options.defaultFile;
  if (file === undefined) throw new TypeError(`Starting the playground: no bot was named.\n\n${HELP}`);
  const entry = statSync(file, { throwIfNoEntry: false });
  if (entry?.isFile() !== true) {
    const what = entry === undefined ? `there is no ${file} in ${process.cwd()}` : `${file} is no file`;
    throw new TypeError(`Starting the playground: ${what}. Name the bot's file.`);
  }
  const envFile = resolve(".env");
  const env = withEnvFile(envFile);
  const live = env["BALE_TOKEN"] !== undefined && env["BALE_TOKEN"] !== "" && !values.local;
  const common = { file, watch: !values["no-watch"], alsoWatch: [envFile], env: () => withEnvFile(envFile) };
  const end = live
    ? await runLive(common)
    : await openPlayground(common, portOf(values.port), !values["no-open"]);
  endOnSignals(end);
  return end;
}

interface Common {
  readonly file: string;
  readonly watch: boolean;
  readonly alsoWatch: readonly string[];
  readonly env: () => NodeJS.ProcessEnv;
}

async function openPlayground(common: Common, port: number, open: boolean): Promise<() => Promise<void>> {
  const page = await playground({
    ...common,
    port,
    onOutput: print,
    onStatus: tell(common.file),
    onFault: complain,
  });
  const moved = port !== 0 && page.port !== port ? ` (port ${port} is taken)` : "";
  process.stdout.write(`\n  ${basename(common.file)} is open at ${page.url}${moved}\n`);
  process.stdout.write("  Save the file and the bot starts again; Ctrl-C ends both.\n\n");
  if (open) openBrowser(page.url);
  return () => page.close();
}

async function runLive(common: Common): Promise<() => Promise<void>> {
  process.stdout.write(
    `\n  BALE_TOKEN is set: ${basename(common.file)} talks to Bale itself, no page is opened.\n`,
  );
  process.stdout.write(
    "  Save the file and the bot starts again; Ctrl-C ends it. --local stays in the browser.\n\n",
  );
  const runner = new Runner({
    ...common,
    events: { output: print, status: tell(common.file), fault: complain },
  });
  await runner.start();
  return () => runner.stop();
}

function print(line: OutputLine): void {
  process[line.from].write(`${line.text}\n`);
}

function tell(file: string): (status: RunnerStatus) => void {
  return (status) => {
    if (status === "restarting") process.stdout.write(`  ${basename(file)} starts again.\n`);
    if (status === "crashed")
      process.stdout.write(`  ${basename(file)} crashed. Save it and it starts again.\n`);
    if (status === "stuck")
      process.stdout.write(
        `  ${basename(file)} is stuck: it is in a loop without an end. Save it and it starts again.\n`,
      );
    if (status === "ended") process.stdout.write(`  ${basename(file)} ended. Save it and it starts again.\n`);
  };
}

function complain(fault: Fault): void {
  // What kept it from starting, the bot could not write itself.
  if (fault.stack === "") process.stderr.write(`  ${fault.message}\n`);
  // The bot has written the whole error to stderr already; the place is what one looks for.
  if (fault.place !== undefined) process.stdout.write(`  at ${fault.place.file}:${fault.place.line}\n`);
}

function endOnSignals(end: () => Promise<void>): void {
  let ending = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (ending) process.exit(1);
      ending = true;
      void end().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

function parse(args: readonly string[]) {
  const parsed = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: "string" },
      "no-open": { type: "boolean", default: false },
      "no-watch": { type: "boolean", default: false },
      local: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (parsed.positionals.length > 1) {
    throw new TypeError(`Starting the playground: ${parsed.positionals.length} files were named. Name one.`);
  }
  return parsed;
}

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new TypeError(`Starting the playground: --port ${text} is no port. Give a number from 0 to 65535.`);
  }
  return port;
}
