// npm run check                 everything that is not a test: format, lint, types, packages, sizes
// npm run check -- lint types   these steps only
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

const published = readdirSync("packages")
  .map((folder) => `packages/${folder}`)
  .filter((folder) => existsSync(`${folder}/package.json`))
  .filter((folder) => JSON.parse(readFileSync(`${folder}/package.json`, "utf8")).private !== true);

/** `false-esm`: balekit's require() goes through a CommonJS file that gives the very ES module its types describe. */
const attw = "--profile esm-only --ignore-rules false-esm --no-emoji --no-color";

/** A step: its name, the commands it runs one after another, and the step whose success it stands on. */
const steps = [
  { name: "build", commands: ["npm run build --silent"] },
  { name: "format", commands: ["biome ci --colors=off --error-on-warnings ."] },
  { name: "generated", commands: ["npm run generate --silent -- --check"] },
  { name: "unused", commands: ["knip --no-progress"] },
  { name: "types", needs: "build", commands: typeChecks() },
  { name: "lint", needs: "build", commands: ["oxlint"] },
  ...published.flatMap((folder) => [
    {
      name: `publint ${folder}`,
      needs: "build",
      commands: [`publint --strict ${folder}`],
    },
    {
      name: `attw ${folder}`,
      needs: "build",
      commands: [`attw --pack ${folder} ${attw}`],
    },
  ]),
  { name: "size", needs: "build", commands: ["size-limit"] },
];

const chosen = choose(process.argv.slice(2));
const started = Date.now();
const results = await runAll(chosen, Math.max(1, Math.min(2, availableParallelism())));

const failed = results.filter((result) => result.state !== "passed");
for (const { name, state, output } of failed) console.log(`\n── ${name}: ${state}\n${output.trim()}`);
console.log(`\nChecks took ${((Date.now() - started) / 1000).toFixed(1)} s.`);
console.log(`\n${results.length - failed.length} passed, ${failed.length} failed`);
const tally = process.env.BALEKIT_TALLY;
if (tally !== undefined) {
  appendFileSync(tally, `${results.length - failed.length} ${failed.length}\n`);
  appendFileSync(`${tally}.failed`, failed.map(({ name, state }) => `check ${name}: ${state}\n`).join(""));
}
process.exit(failed.length === 0 ? 0 : 1);

/** Each program of types: the tests, the examples, the pages. The packages themselves are the build's. */
function typeChecks() {
  const places = ["test", "examples", ...published.map((folder) => `${folder}/ui`)];
  return places
    .filter((place) => existsSync(`${place}/tsconfig.json`))
    .map((place) => `tsc -p ${place} --noEmit`);
}

/** The steps of these names, with those they stand on; all steps when none is named. */
function choose(names) {
  if (names.length === 0) return steps;
  const wanted = new Set();
  for (const name of names) {
    const matching = steps.filter((step) =>
      step.name.split(" ").some((word) => word === name || word === `packages/${name}`),
    );
    if (matching.length === 0) {
      const known = [...new Set(steps.map((step) => step.name.split(" ")[0]))].join(", ");
      console.error(`Choosing the checks: there is none named "${name}". Take one of ${known}.`);
      process.exit(2);
    }
    for (const step of matching) wanted.add(step).add(steps.find(({ name }) => name === step.needs) ?? step);
  }
  return steps.filter((step) => wanted.has(step));
}

/** Runs the steps side by side, each after the one it needs; a step whose ground has failed is not run and has failed. */
async function runAll(list, atOnce) {
  const done = new Map();
  const waiting = [...list];
  const worker = async () => {
    while (waiting.length > 0) {
      const at = waiting.findIndex(({ needs }) => needs === undefined || done.has(needs));
      if (at === -1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        continue;
      }
      const [step] = waiting.splice(at, 1);
      done.set(step.name, await runStep(step, done.get(step.needs)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return list.map(({ name }) => ({ name, ...done.get(name) }));
}

async function runStep({ name, commands }, ground) {
  if (ground !== undefined && ground.state !== "passed")
    return report(name, {
      state: "not run",
      output: "what it stands on has failed",
      seconds: 0,
    });
  const began = Date.now();
  let output = "";
  for (const command of commands) {
    const { status, text } = await shell(command);
    output += `$ ${command}\n${text}\n`;
    if (status !== 0)
      return report(name, {
        state: "failed",
        output,
        seconds: (Date.now() - began) / 1000,
      });
  }
  return report(name, {
    state: "passed",
    output,
    seconds: (Date.now() - began) / 1000,
  });
}

function report(name, result) {
  console.log(`${result.state.padEnd(8)} ${name} (${result.seconds.toFixed(1)} s)`);
  return result;
}

function shell(command) {
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}`,
        TURBO_TELEMETRY_DISABLED: "1",
        NO_COLOR: "1",
      },
    });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    child.stderr.on("data", (chunk) => {
      text += chunk;
    });
    child.on("error", (error) => resolve({ status: 1, text: error.message }));
    child.on("close", (status) => resolve({ status, text }));
  });
}
