import { mkdtemp, open, rename, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Watcher } from "../src/watcher.js";

const WAIT = { timeout: 15_000, interval: 20 };

let folder: string;
let changes: string[];
let presence: boolean[];
let watcher: Watcher;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "watch-"));
  changes = [];
  presence = [];
  watcher = new Watcher(
    (file) => changes.push(file),
    (_file, isThere) => presence.push(isThere),
  );
});
afterEach(() => {
  vi.useRealTimers();
  watcher.close();
});

it("tells of a save, and of the next one", async () => {
  const file = join(folder, "bot.ts");
  await writeFile(file, "1");
  await watcher.follow([file]);
  await writeFile(file, "2");
  await vi.waitFor(() => expect(changes).toEqual([file]), WAIT);
  await writeFile(file, "3");
  await vi.waitFor(() => expect(changes).toEqual([file, file]), WAIT);
});

it("tells of a save that writes beside the file and renames over it", async () => {
  const file = join(folder, "bot.ts");
  await writeFile(file, "1");
  await watcher.follow([file]);
  await writeFile(`${file}.tmp`, "2");
  await rename(`${file}.tmp`, file);
  await vi.waitFor(() => expect(changes).toEqual([file]), WAIT);
});

/** Waits for what comes by itself. Vitest's own polls would move the stopped time. */
async function comes(holds: () => boolean): Promise<void> {
  for (const limit = Date.now() + 15_000; !holds(); await new Promise((resolve) => setImmediate(resolve)))
    if (Date.now() > limit) throw new Error(`It does not come about: ${String(holds)}`);
}

/** Lets the event of a change come, and the save be over: what is then waited for is that the file is not empty. */
async function settleEmpty(): Promise<void> {
  await comes(() => vi.getTimerCount() === 1);
  vi.advanceTimersByTime(60);
  await comes(() => vi.getTimerCount() === 1);
}

it("takes a file that is empty for a moment for one that is being saved", async () => {
  const file = join(folder, "bot.ts");
  await writeFile(file, "1");
  await watcher.follow([file]);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const save = await open(file, "w");
  await settleEmpty();
  vi.advanceTimersByTime(900);
  expect(changes).toEqual([]);
  await save.writeFile("2");
  await save.close();
  await comes(() => {
    vi.advanceTimersByTime(60);
    return changes.length > 0;
  });
  expect(changes).toEqual([file]);
});

it("tells of a file that was emptied for good", async () => {
  const file = join(folder, "bot.ts");
  await writeFile(file, "1");
  await watcher.follow([file]);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await truncate(file);
  await settleEmpty();
  expect(changes).toEqual([]);
  vi.advanceTimersByTime(1_000);
  await comes(() => changes.length > 0);
  expect(changes).toEqual([file]);
});

it("says nothing of a file that was touched but is equal, nor of a neighbour", async () => {
  const file = join(folder, "bot.ts");
  const other = join(folder, "other.ts");
  await writeFile(file, "1");
  await watcher.follow([file]);
  await utimes(file, new Date(), new Date());
  await writeFile(other, "x");
  await writeFile(file, "1");
  // The next real change is the proof that the earlier events were seen, and passed over.
  await writeFile(file, "2");
  await vi.waitFor(() => expect(changes).toEqual([file]), WAIT);
});

it("follows other files when told to", async () => {
  const first = join(folder, "a.ts");
  const second = join(folder, "b.ts");
  await writeFile(first, "1");
  await writeFile(second, "1");
  await watcher.follow([first]);
  await watcher.follow([second]);
  await writeFile(first, "2");
  await writeFile(second, "2");
  await vi.waitFor(() => expect(changes).toEqual([second]), WAIT);
  expect(watcher.files).toEqual([second]);
});

it("notices a file that appears later", async () => {
  const file = join(folder, ".env");
  await watcher.follow([file]);
  await writeFile(file, "A=1");
  await vi.waitFor(() => expect(changes).toEqual([file]), WAIT);
});

it("tells that a file is gone for good, and that it is back, and calls neither a change", async () => {
  const file = join(folder, "bot.ts");
  await writeFile(file, "1");
  await watcher.follow([file]);
  // One that is being replaced is not gone.
  await rename(file, `${file}~`);
  await writeFile(file, "2");
  await vi.waitFor(() => expect(changes).toEqual([file]), WAIT);
  await rename(file, `${file}.away`);
  await vi.waitFor(() => expect(presence).toEqual([false]), WAIT);
  await rename(`${file}.away`, file);
  await vi.waitFor(() => expect(presence).toEqual([false, true]), WAIT);
  expect(changes).toEqual([file]);
});

it("tells that a file is gone which went before it was looked at, and that it is back", async () => {
  const file = join(folder, "bot.ts");
  await watcher.follow([file]);
  await vi.waitFor(() => expect(presence).toEqual([false]), WAIT);
  await writeFile(file, "1");
  await vi.waitFor(() => expect(changes).toEqual([file]), WAIT);
  expect(presence).toEqual([false, true]);
});
