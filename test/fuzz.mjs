// npm run fuzz                            the fuzzers of conversations, with new seeds, for two hours
// FUZZ_MINUTES=600 npm run fuzz           for ten hours
// FUZZ_SEED=42 FUZZ_RUNS=1 npm run fuzz   one run again, as a failure has named it
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

/** How far the seeds of two rounds lie apart: more than a round has runs. */
const APART = 1_000_003;

const minutes = Number(process.env.FUZZ_MINUTES ?? 120);
const first = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 1e9));
if (!(minutes > 0 && Number.isSafeInteger(first))) {
  console.error(
    `Fuzzing: FUZZ_MINUTES is ${process.env.FUZZ_MINUTES}, FUZZ_SEED is ${process.env.FUZZ_SEED}. Give numbers.`,
  );
  process.exit(2);
}
const fuzzers = readdirSync("packages", { recursive: true })
  .map((path) => `packages/${String(path).replaceAll("\\", "/")}`)
  .filter((path) => /^packages\/[^/]+\/test\/[^/]+\.fuzz\.test\.ts$/.test(path));

// One run that is to be played again is one round.
const end = Date.now() + (process.env.FUZZ_RUNS === "1" ? 0 : minutes * 60_000);
for (let round = 1, seed = first; round === 1 || Date.now() < end; round++, seed += APART) {
  console.log(`Round ${round}: FUZZ_SEED=${seed}`);
  const { status } = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--config", "test/vitest.config.ts", ...fuzzers],
    { stdio: "inherit", env: { ...process.env, FUZZ_SEED: String(seed) } },
  );
  if (status !== 0) {
    console.error(`Round ${round} failed. Its message above names the seed of the run to play again.`);
    process.exit(status ?? 1);
  }
}
