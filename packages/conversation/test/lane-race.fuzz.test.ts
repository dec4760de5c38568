import { expect, test } from "vitest";
import { race, type Tally } from "./race.js";
import { fuzzing } from "./random.js";

const { first, runs } = fuzzing(150);

async function all(crashes: boolean, isHeavy = false): Promise<Tally> {
  const tally: Tally = { lost: 0, doubled: 0, gaps: 0, careless: 0, conflicts: 0, takeovers: 0 };
  for (let seed = first; seed < first + runs; seed++) {
    const before = { ...tally };
    await race(seed, tally, { crashes, isHeavy });
    if (
      tally.lost > before.lost ||
      tally.gaps > before.gaps ||
      tally.careless > before.careless ||
      (!crashes && tally.doubled > before.doubled)
    ) {
      throw new Error(`FUZZ_SEED=${seed} FUZZ_RUNS=1: ${JSON.stringify(tally)}`);
    }
  }
  return tally;
}

test(`three machines, evictions and duplicates: nothing lost, nothing doubled (FUZZ_SEED=${first})`, {
  timeout: 600_000,
}, async () => {
  const tally = await all(false);
  expect(tally).toMatchObject({ lost: 0, doubled: 0, gaps: 0, careless: 0 });
  if (runs >= 20) expect(tally.conflicts).toBeGreaterThan(0);
});

test(`with processes that die: nothing lost, doubles only of effects under way (FUZZ_SEED=${first})`, {
  timeout: 600_000,
}, async () => {
  const tally = await all(true);
  expect(tally).toMatchObject({ lost: 0, gaps: 0, careless: 0 });
  if (runs >= 20) expect(tally.takeovers).toBeGreaterThan(0);
  if (runs >= 20) expect(tally.doubled).toBeLessThan(runs * 4);
});

test(`with rounds that are left out of the row they end in, alive elsewhere or not (FUZZ_SEED=${first})`, {
  timeout: 600_000,
}, async () => {
  expect(await all(false, true)).toMatchObject({ lost: 0, doubled: 0, gaps: 0 });
  const tally = await all(true, true);
  expect(tally).toMatchObject({ lost: 0, gaps: 0 });
  if (runs >= 20) expect(tally.doubled).toBeLessThan(runs * 4);
});
