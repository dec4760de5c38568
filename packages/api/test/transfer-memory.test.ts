import { execFile } from "node:child_process";
import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";

const SIZE = 100 * 1024 * 1024;
const MB = 1024 * 1024;

/** A server that swallows uploads without keeping them, counts them, and pours downloads. */
async function swallowing(): Promise<{ url: string; received: () => number }> {
  let received = 0;
  const piece = Buffer.alloc(64 * 1024, "x");
  const server = createServer((request, response) => {
    let bytes = 0;
    request.on("data", (chunk: Buffer) => (bytes += chunk.length));
    request.on("end", () => {
      received = bytes;
      void answer();
    });
    const answer = async (): Promise<void> => {
      if (request.url?.startsWith("/file/") === true) {
        response.setHeader("content-length", SIZE);
        for (let sent = 0; sent < SIZE; sent += piece.length) {
          if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve));
        }
        response.end();
      } else {
        response.end('{"ok":true,"result":{"file_id":"file","file_path":"file"}}');
      }
    };
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, received: () => received };
}

/** What a transfer adds to the peak of memory, in MB: the best of three, since everything else only adds to it. */
async function addedBy(direction: string, url: string, path: string): Promise<number> {
  const program = fileURLToPath(new URL("./fixtures/transfer.ts", import.meta.url));
  const added: number[] = [];
  for (let round = 0; round < 3; round++) {
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--import",
      "tsx",
      program,
      direction,
      url,
      path,
    ]);
    added.push((JSON.parse(stdout) as { addedBytes: number }).addedBytes / MB);
  }
  return Math.min(...added);
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "balekit-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe("what 100 MB add to the peak of memory", () => {
  // A stream of Node's own leaves its buffers to the garbage collector, which lets some tens of MB pile up.
  test.each([
    ["path", 35],
    ["generator", 35],
    ["stream", 60],
  ])("uploaded from a %s: at most %i MB", { timeout: 120_000 }, async (direction, limit) => {
    const path = join(await folder(), "large.bin");
    const file = await open(path, "w");
    await file.truncate(SIZE);
    await file.close();
    const server = await swallowing();
    const added = await addedBy(direction, server.url, path);
    expect(server.received()).toBeGreaterThan(SIZE);
    expect(added).toBeLessThan(limit);
  });

  test("downloaded to disk: at most 60 MB", { timeout: 120_000 }, async () => {
    const path = join(await folder(), "large.bin");
    const server = await swallowing();
    const added = await addedBy("download", server.url, path);
    expect((await stat(path)).size).toBe(SIZE);
    expect(added).toBeLessThan(60);
  });
});
