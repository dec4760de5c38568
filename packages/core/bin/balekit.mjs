#!/usr/bin/env node
// Committed beside the build output, not in it: npm links a bin only if it is there at install.
import { existsSync } from "node:fs";

const cli = new URL("../dist/cli.js", import.meta.url);
if (existsSync(cli)) {
  const { main } = await import(cli.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error("balekit is not built yet. Run: npm run build");
  process.exitCode = 1;
}
