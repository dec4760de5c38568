import { mkdtemp, rename, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Watcher } from "../src/watcher.js";

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
afterEach(() => watcher.close());

it("tells of a save, and of the next one", async () => {
  const file = join(folder, "bot.ts");
  await writeFile(file, "1");
  await watcher.follow([file]);
  await writeFile(file, "2");
  await vi.waitFor(() => expect(changes).toEqual([file]));
  await writeFile(file, "3");
  await vi.waitFor(() => expect(changes).toEqual([file, file]));
});

it("tells of a save that writes beside the file and renames over it", async () => {
  const file = join(folder, "bot.ts");
  await writeFile(file, "1");
  await watcher.follow([file]);
  await writeFile(`${file}.tmp`, "2");
  await rename(`${file}.tmp`, file);
  await vi.waitFor(() => expect(changes).toEqual([file]));
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
  await vi.waitFor(() => expect(changes).toEqual([file]));
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
  await vi.waitFor(() => expect(changes).toEqual([second]));
  expect(watcher.files).toEqual([second]);
});

it("notices a file that appears later", async () => {
  const file = join(folder, ".env");
  await watcher.follow([file]);
  await writeFile(file, "A=1");
  await vi.waitFor(() => expect(changes).toEqual([file]));
});

it("tells that a file is gone for good, and that it is back, and calls neither a change", async () => {
  const file = join(folder, "bot.ts");
  await writeFile(file, "1");
  await watcher.follow([file]);
  // One that is being replaced is not gone.
  await rename(file, `${file}~`);
  await writeFile(file, "2");
  await vi.waitFor(() => expect(changes).toEqual([file]));
  await rename(file, `${file}.away`);
  await vi.waitFor(() => expect(presence).toEqual([false]), 10_000);
  await rename(`${file}.away`, file);
  await vi.waitFor(() => expect(presence).toEqual([false, true]), 10_000);
  expect(changes).toEqual([file]);
});

it("tells that a file is gone which went before it was looked at, and that it is back", async () => {
  const file = join(folder, "bot.ts");
  await watcher.follow([file]);
  await vi.waitFor(() => expect(presence).toEqual([false]), 10_000);
  await writeFile(file, "1");
  await vi.waitFor(() => expect(changes).toEqual([file]), 10_000);
  expect(presence).toEqual([false, true]);
});
