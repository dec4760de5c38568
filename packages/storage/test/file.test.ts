import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { manualClock } from "@balekit/storage";
import { storageContract, survivalContract } from "@balekit/storage/contract";
import { file, type FileStorage } from "@balekit/storage/file";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "./folder.js";
import { programArguments } from "./program.js";

async function opener(folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, programArguments("open-folder", folder), {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

describe("file", () => {
  const cases = storageContract({
    async open(clock) {
      const folder = temporaryFolder();
      let storage: FileStorage = file(folder, { clock, survives: "kill" });
      return {
        storage,
        async reopen() {
          await storage.close();
          storage = file(folder, { clock, survives: "kill" });
          return storage;
        },
        close: () => storage.close(),
      };
    },
  });
  it.each(cases)("$name", ({ run }) => run());

  it("keeps every acknowledged write through kill -9", { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const [survives] = survivalContract({
      program: programArguments("write-file", folder),
      async open() {
        const storage = file(folder);
        return { storage, close: () => storage.close() };
      },
    });
    await survives?.run();
  });

  it("says so when another process has the folder open, and takes over when that was killed", async () => {
    const folder = temporaryFolder();
    const child = await opener(folder);
    expect(() => file(folder)).toThrow(`process ${child.pid} has it open`);
    expect(() => file(folder)).toThrow(expect.objectContaining({ code: "ERR_BALE_STORAGE_SHARED" }));
    child.kill("SIGKILL");
    await once(child, "exit");
    const storage = file(folder);
    expect((await storage.set("k", 1)).ok).toBe(true);
    await storage.close();
  });

  it("says so when this process opens a folder twice, until it is closed", async () => {
    const folder = temporaryFolder();
    const first = file(folder);
    expect(() => file(folder)).toThrow("this very process has it open");
    await first.close();
    await first.close();
    const second = file(folder);
    await expect(async () => first.set("k", 1)).rejects.toThrow("the storage is closed");
    await second.close();
    expect(existsSync(join(folder, ".lock"))).toBe(false);
  });

  it("takes over a lock of another machine with a warning", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".lock"), JSON.stringify({ id: "x", pid: 1, host: "elsewhere", began: "" }));
    const warnings: string[] = [];
    const storage = file(folder, { onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual([expect.stringContaining("last open on elsewhere")]);
    await storage.close();
  });

  it("takes over a lock of its own number from an earlier life, as in a container", async () => {
    const folder = temporaryFolder();
    const first = file(folder);
    const lock = JSON.parse(readFileSync(join(folder, ".lock"), "utf8")) as { id: string };
    await first.close();
    writeFileSync(join(folder, ".lock"), JSON.stringify({ ...lock, id: "earlier" }));
    await file(folder).close();
  });

  it("removes what a killed process was writing, and never reads it", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".tmp-half"), '{"schema":1,"ke');
    const storage = file(folder);
    expect(readdirSync(folder)).toEqual([".lock"]);
    await storage.close();
  });

  it("waits for what is being written when it is closed", async () => {
    const folder = temporaryFolder();
    const storage = file(folder);
    void storage.set("k", "written");
    await storage.close();
    const again = file(folder);
    expect((await again.get("k"))?.value).toBe("written");
    await again.close();
  });

  it("removes the files of expired values by itself", async () => {
    const folder = temporaryFolder();
    const clock = manualClock();
    const storage = file(folder, { clock });
    await storage.set("short", 1, { ttlMs: 1_000 });
    await storage.set("stays", 1);
    await clock.advance(120_000);
    await expect.poll(() => readdirSync(folder).sort()).toEqual([".lock", "k-stays"]);
    await storage.close();
  });

  it("names the file that somebody else has written", async () => {
    const folder = temporaryFolder();
    const storage = file(folder);
    writeFileSync(join(folder, "k-k"), "not ours");
    await expect(storage.get("k")).rejects.toThrow("k-k: its first line is not ours");
    writeFileSync(join(folder, "k-k"), '{"schema":2}\n1');
    await expect(storage.get("k")).rejects.toMatchObject({ code: "ERR_BALE_STORAGE_SCHEMA" });
    writeFileSync(join(folder, "k-k"), '{"schema":1,"key":"k","version":"1"}\n{');
    await expect(storage.get("k")).rejects.toMatchObject({ code: "ERR_BALE_STORAGE_READ" });
    await storage.close();
  });
});
