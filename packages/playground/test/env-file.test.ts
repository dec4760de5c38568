import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { withEnvFile } from "../src/env-file.js";

const TEXT = "BALE_TOKEN=1:file\r\nSHOP_NAME='فروشگاه من'\r\n";
const READ = { BALE_TOKEN: "1:file", SHOP_NAME: "فروشگاه من" };

let file: string;

beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), "env-")), ".env");
});

it("adds what the file says to what is set, which wins", async () => {
  await writeFile(file, TEXT);
  expect(withEnvFile(file, {})).toEqual(READ);
  expect(withEnvFile(file, { BALE_TOKEN: "2:set" })).toEqual({ ...READ, BALE_TOKEN: "2:set" });
});

it("adds nothing when there is no file", () => {
  expect(withEnvFile(file, { A: "1" })).toEqual({ A: "1" });
});

it("reads what Windows' Notepad and PowerShell write", async () => {
  const marked = `\uFEFF${TEXT}`;
  for (const bytes of [
    Buffer.from(marked, "utf8"),
    Buffer.from(marked, "utf16le"),
    Buffer.from(marked, "utf16le").swap16(),
  ]) {
    await writeFile(file, bytes);
    expect(withEnvFile(file, {})).toEqual(READ);
  }
});

it("says which file it cannot read, and why", async () => {
  await mkdir(file);
  expect(() => withEnvFile(file, {})).toThrow(`Reading ${file}: EISDIR`);
});

it("refuses what is no text", async () => {
  await writeFile(file, Buffer.from(TEXT, "utf16le"));
  expect(() => withEnvFile(file, {})).toThrow(`Reading ${file}: it is no text. Save it as UTF-8.`);
});
