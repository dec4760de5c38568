import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** The environment of an example that keeps its data in a folder of this test's own, gone when the test is over. */
export async function dataFolder(): Promise<{ readonly BOT_DATA: string }> {
  const folder = await mkdtemp(join(tmpdir(), "balekit-example-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { BOT_DATA: folder };
}
