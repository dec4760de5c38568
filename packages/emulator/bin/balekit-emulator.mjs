#!/usr/bin/env node
// Committed beside the build output, not in it: npm links a bin only if it is there at install.
import { existsSync } from "node:fs";

const cli = new URL("../dist/cli.js", import.meta.url);
if (existsSync(cli)) {
  const { main } = await import(cli.href);
  const code = await main(process.argv.slice(2));
  if (code !== undefined) process.exitCode = code;
} else {
  console.error("balekit-emulator is not built yet. Run: npm run build");
  process.exitCode = 1;
}
