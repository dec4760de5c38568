#!/usr/bin/env node
// The published command. It is kept outside of dist because npm links a command only if its file is there.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`The playground needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

try {
  const { main } = await import("../dist/cli.js");
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
