import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** A command that an installed package brings. */
interface Command {
  readonly name: string;
  /** The package it comes from. */
  readonly from: string;
  /** The module whose `main(args)` is run. */
  readonly module: string;
}

/**
 * Runs a command of an installed package: `balekit conversations check …`. A package brings commands by naming their
 * modules in its package.json, as `{ "balekit": { "commands": { "conversations": "./dist/cli.js" } } }`; a module
 * exports `main(args)`, which resolves to the exit code.
 * @param from where to look for packages: there and in every folder above
 */
export async function main(args: readonly string[], from: string = process.cwd()): Promise<number> {
  const [name, ...rest] = args;
  const commands = commandsFrom(from);
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    const isHelp = name === undefined || name === "--help" || name === "help";
    const known = commands.map((one) => `  balekit ${one.name} …   of ${one.from}\n`).join("");
    const list =
      known === ""
        ? `No package installed here brings commands. ${from} is where they were looked for.\n`
        : `Commands of what is installed here, each with its own --help:\n\n${known}`;
    (isHelp ? process.stdout : process.stderr).write(
      isHelp ? list : `balekit: there is no command ${JSON.stringify(name)}.\n${list}`,
    );
    return isHelp ? 0 : 2;
  }
  if (!existsSync(command.module)) {
    process.stderr.write(`balekit ${command.name}: ${command.module} is not there. Build ${command.from}.\n`);
    return 1;
  }
  const { main: run } = (await import(pathToFileURL(command.module).href)) as {
    readonly main: (args: readonly string[]) => Promise<number> | number;
  };
  return run(rest);
}

/** The commands of the packages that are installed in a folder or above it; the nearest of a name wins. */
export function commandsFrom(folder: string): readonly Command[] {
  const found = new Map<string, Command>();
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, "node_modules");
    const scoped = namesIn(join(modules, "@balekit")).map((name) => `@balekit/${name}`);
    const others = namesIn(modules).filter((name) => name.startsWith("balekit-plugin-"));
    for (const from of [...scoped, ...others]) {
      for (const command of commandsOf(join(modules, from), from)) {
        if (!found.has(command.name)) found.set(command.name, command);
      }
    }
    if (dirname(at) === at) break;
  }
  return [...found.values()].sort((one, other) => one.name.localeCompare(other.name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function commandsOf(folder: string, from: string): readonly Command[] {
  let commands: unknown;
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      readonly balekit?: { readonly commands?: unknown };
    };
    commands = manifest.balekit?.commands;
  } catch {
    return [];
  }
  if (typeof commands !== "object" || commands === null) return [];
  return Object.entries(commands)
    .filter((entry): entry is [string, string] => typeof entry[1] === "string")
    .map(([name, module]) => ({ name, from, module: join(folder, module) }));
}
