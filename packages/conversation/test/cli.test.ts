import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { main } from "../src/cli.js";

let folder: string;
let said: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "balekit-"));
  said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((line) => {
    said += String(line);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

test("a check without journals is none: it says so and exits with 2", async () => {
  const empty = join(folder, "journals.ndjson");
  await writeFile(empty, "\n");
  expect(await main(["check", empty])).toBe(2);
  expect(said).toContain(`Reading ${empty}: there is no journal in it.`);
  await rm(empty);
  said = "";
  expect(await main(["check", folder])).toBe(2);
  expect(said).toContain("there is no journal in it.");
});
