import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { LaneHead, LaneRow } from "../../packages/conversation/src/lane-head.js";
import { applied } from "../../packages/conversation/src/lane-rows.js";

/** The environment of an example that keeps its data in a folder of this test's own, gone when the test is over. */
export async function dataFolder(): Promise<{ readonly BOT_DATA: string }> {
  const folder = await mkdtemp(join(tmpdir(), "balekit-example-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { BOT_DATA: folder };
}

/** A lane as a plain storage keeps it: what rows beyond the head say is not in the head. */
interface KeptLane {
  readonly head: LaneHead;
  readonly firstIndex: number;
  readonly log: readonly LaneRow[];
}

/** Whether conversations are kept in this folder, and none of them is in the middle of a step. */
export function areAtRest({ BOT_DATA: folder }: { readonly BOT_DATA: string }): boolean {
  const lanes = readdirSync(folder)
    .filter((name) => name.startsWith("k-"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .map((text) => JSON.parse(text.slice(text.indexOf("\n"))) as KeptLane);
  return (
    lanes.length > 0 &&
    lanes.every(
      ({ head, firstIndex, log }) =>
        applied(head, log, Math.max(0, head.rows - firstIndex)).claim === undefined,
    )
  );
}
