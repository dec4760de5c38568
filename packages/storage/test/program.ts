import { fileURLToPath } from "node:url";

/** Arguments for Node that run a TypeScript program of test/programs on our sources. */
export function programArguments(name: string, ...args: readonly string[]): readonly string[] {
  const path = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
  return ["--import", "tsx", "--conditions=@balekit/source", path, ...args];
}
