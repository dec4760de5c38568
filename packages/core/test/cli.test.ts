import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandsFrom, main } from "../src/cli.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "balekit-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function install(at: string, name: string, manifest: object, main = ""): void {
  const place = join(folder, at, "node_modules", name);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "package.json"), JSON.stringify({ name, type: "module", ...manifest }));
  if (main !== "") writeFileSync(join(place, "cli.js"), main);
}

const brings = (...names: readonly string[]): object => ({
  balekit: { commands: Object.fromEntries(names.map((name) => [name, "./cli.js"])) },
});

describe("balekit", () => {
  it("runs the command of an installed package, with its arguments, and answers its exit code", async () => {
    const code = "export const main = async (args) => { globalThis.cliArgs = args; return 3; };";
    install(".", "balekit-plugin-shop", brings("shop"), code);
    expect(await main(["shop", "check", "--all"], folder)).toBe(3);
    expect((globalThis as { cliArgs?: unknown }).cliArgs).toEqual(["check", "--all"]);
  });

  it("finds commands of plugins in this folder and those above; the nearest wins", () => {
    install(".", "@balekit/one", brings("one", "both"));
    install("app", "balekit-plugin-two", brings("two", "both"));
    install("app", "somebody-elses", brings("three"));
    install("app", "balekit-plugin-none", {});
    install("app", "balekit-plugin-odd", { balekit: { commands: { odd: 5 } } });
    const found = commandsFrom(join(folder, "app")).filter(({ module }) => module.startsWith(folder));
    expect(found.map(({ name, from }) => `${name} of ${from}`)).toEqual([
      "both of balekit-plugin-two",
      "one of @balekit/one",
      "two of balekit-plugin-two",
    ]);
  });

  it("refuses a command that nobody brings, and one whose package is not built", async () => {
    install(".", "balekit-plugin-shop", brings("shop"));
    expect(await main(["nothing"], folder)).toBe(2);
    expect(await main(["shop"], folder)).toBe(1);
    expect(await main(["--help"], folder)).toBe(0);
  });
});
