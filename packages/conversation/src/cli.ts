import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Bot } from "balekit";
import { type Checkable, collectConversations } from "./check-desk.js";
import { conversations } from "./conversations.js";
import type { AnyDefinition } from "./definition.js";
import { type ExportedConversation, type JournalVerdict, readJournals, reportOf } from "./journal-check.js";

/** The file of a bot, when none is named. */
const CONVENTION = ["bot.ts", "bot.mts", "bot.js", "bot.mjs", "src/bot.ts", "src/bot.js"];

const HELP = `Finds out whether open conversations can go on with the code of today.

  balekit conversations check <journals…> [options]

  <journals…>    files of exported conversations, one a line (JSON.stringify(await bot.conversations.export(id)));
                 or folders of such files, *.ndjson and *.jsonl
  --code <file>  the bot, or the file that exports its definitions (default: the first of
                 ${CONVENTION.join(", ")})
  --help         print this

Nothing is sent, no store is opened by the conversations, and a bot that is started there does not run.
Exit code: 0 when all go on, 1 when one does not, 2 when there is nothing to check.
`;

const TYPESCRIPT: ReadonlySet<string> = new Set([".ts", ".mts", ".cts", ".tsx"]);
/** Set for the process that reads TypeScript. */
const READY = "BALEKIT_CHECK_READS_TYPESCRIPT";

/** Runs `balekit conversations …`; resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(args);
  } catch (error) {
    const said =
      error instanceof TypeError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`balekit conversations: ${said}\n`);
    return 2;
  }
}

async function run(args: readonly string[]): Promise<number> {
  const options = { code: { type: "string" }, help: { type: "boolean" } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [command, ...paths] = positionals;
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  if (command !== "check" || paths.length === 0) {
    process.stderr.write(HELP);
    return 2;
  }
  const journals = paths.flatMap(journalsAt);
  if (journals.length === 0) {
    throw new TypeError(
      `Reading ${paths.join(", ")}: there is no journal in it. Export those of the open conversations where the bot runs; while there are none, there is nothing to check.`,
    );
  }
  const code = codeFile(values.code);
  if (TYPESCRIPT.has(extname(code)) && needsLoader()) return readTypeScript(code);
  const verdicts = await check(code, journals);
  process.stdout.write(reportOf(verdicts));
  const exitCode = verdicts.every(({ outcome }) => outcome === "fits") ? 0 : 1;
  // What the bot's file has opened would keep this process alive.
  process.exitCode = exitCode;
  setImmediate(() => process.exit(exitCode));
  return exitCode;
}

function journalsAt(path: string): readonly ExportedConversation[] {
  if (!existsSync(path)) {
    throw new TypeError(`Reading ${path}: there is no such file. Name the journals you have exported.`);
  }
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => /\.(?:ndjson|jsonl)$/.test(name))
        .sort()
        .map((name) => join(path, name))
    : [path];
  return files.flatMap((file) => readJournals(readFileSync(file, "utf8"), file));
}

function codeFile(named: string | undefined): string {
  const file = named ?? CONVENTION.find((name) => existsSync(name));
  if (file === undefined) {
    throw new TypeError(
      `Looking for the bot: there is none of ${CONVENTION.join(", ")}. Name it with --code.`,
    );
  }
  if (!existsSync(file))
    throw new TypeError(`Looking for the bot: there is no ${file}. Name it with --code.`);
  return resolve(file);
}

function needsLoader(): boolean {
  return (
    process.env[READY] === undefined &&
    (process.features as { typescript?: unknown }).typescript !== "transform"
  );
}

/** Runs this command again in a process that reads TypeScript, with the tsx that is installed beside the bot. */
function readTypeScript(code: string): number {
  let loader: string;
  try {
    loader = pathToFileURL(createRequire(code).resolve("tsx")).href;
  } catch {
    throw new TypeError(
      `Reading ${code}: tsx, which reads TypeScript, is not installed. Run: npm install --save-dev tsx`,
    );
  }
  const [, script, ...rest] = process.argv;
  const { status } = spawnSync(
    process.execPath,
    [...process.execArgv, "--import", loader, script as string, ...rest],
    {
      stdio: "inherit",
      env: { ...process.env, [READY]: "1" },
    },
  );
  return status ?? 1;
}

/** Loads a bot's file without letting the bot run, and gives every journal to the conversations it belongs to. */
export async function check(
  code: string,
  journals: readonly ExportedConversation[],
): Promise<readonly JournalVerdict[]> {
  const found: Checkable[] = [];
  collectConversations((checkable) => void found.push(checkable));
  const exported = await load(code);
  if (found.length === 0) {
    const definitions = Object.values(exported).flat().filter(isDefinition);
    if (definitions.length === 0) {
      throw new TypeError(
        `Looking for conversations in ${code}: no bot is extended with any there, and none is exported. Name the bot's file with --code, or export the definitions.`,
      );
    }
    const plugin = conversations({ definitions: [...new Set(definitions)] });
    plugin(new Bot(undefined));
  }
  const verdicts: JournalVerdict[] = [];
  for (const journal of journals) {
    const owner = found.find(({ names }) => names.includes(journal.conversation.name)) ?? found[0];
    verdicts.push(await (owner as Checkable).check(journal));
  }
  return verdicts;
}

/** Imports a bot's file; where it starts its bot, all it has to say has been said. */
async function load(code: string): Promise<Record<string, unknown>> {
  // Nobody listens there: what is called outside of the conversations goes nowhere either.
  process.env["BALE_API_ROOT"] = "http://127.0.0.1:1";
  const started = new Promise<Record<string, unknown>>((resolveStart) => {
    const wait = (): Promise<never> => {
      resolveStart({});
      return new Promise(() => undefined);
    };
    Bot.prototype.start = wait;
    Bot.prototype.init = wait;
  });
  return Promise.race([import(pathToFileURL(code).href) as Promise<Record<string, unknown>>, started]);
}

function isDefinition(value: unknown): value is AnyDefinition {
  if (typeof value !== "object" || value === null) return false;
  const { name, code, source, options } = value as Partial<AnyDefinition>;
  return (
    typeof name === "string" &&
    typeof code === "function" &&
    typeof source === "string" &&
    typeof options === "object"
  );
}
