import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Api, type ApiOptions, createApi } from "../src/api.js";
import type { Progress } from "../src/call-options.js";
import { nameFor } from "../src/download.js";
import { encodeFilePath } from "../src/download-wire.js";
import { DecodeError, NotFoundError, ServerError, TooLargeError } from "../src/errors.js";
import { envelope, loopback, type Loopback, plain, refuse, rejection, TOKEN } from "./loopback.js";

const CONTENT = Buffer.from("سلام دنیا ".repeat(20_000));

/** Bale with one file, `path` below the file root. */
function baleWith(path = "documents/file.txt", content: Buffer = CONTENT): Promise<Loopback> {
  return loopback((arrived, response) => {
    if (arrived.path.endsWith("/getFile")) {
      const { file_id } = arrived.json as { file_id: string };
      return envelope({ file_id, file_unique_id: "u", file_size: content.length, file_path: path });
    }
    if (!arrived.path.startsWith(`/file/bot${TOKEN}/`)) return refuse(response, 404, "Not Found");
    response.setHeader("content-length", content.length);
    response.end(content);
    return undefined;
  });
}

function apiAt(bale: Loopback, options: Partial<ApiOptions> = {}): Api {
  const api = createApi({ token: TOKEN, apiRoot: bale.url, ...options });
  onTestFinished(() => api.close());
  return api;
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "balekit-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const pathsOf = (bale: Loopback): string[] =>
  bale.arrived.map(({ path }) => path.replace(`/bot${TOKEN}/`, "…"));

describe("download", () => {
  test("asks getFile, then GETs the path, and gives the bytes", async () => {
    const bale = await baleWith();
    const bytes = await apiAt(bale).download("123:-45:1:ab");
    expect(bytes).toBeInstanceOf(Uint8Array);
    expect(Buffer.compare(bytes, CONTENT)).toBe(0);
    expect(pathsOf(bale)).toEqual(["…getFile", "/file…documents/file.txt"]);
    expect(bale.arrived[0]?.json).toEqual({ file_id: "123:-45:1:ab" });
    expect(bale.arrived[1]?.verb).toBe("GET");
  });

  test("takes any object with a file_id, and skips getFile when the path is known", async () => {
    const bale = await baleWith();
    const api = apiAt(bale);
    await api.download({ file_id: "a" });
    await api.download({ file_id: "a", file_path: "known/b.txt" });
    expect(pathsOf(bale)).toEqual(["…getFile", "/file…documents/file.txt", "/file…known/b.txt"]);
  });

  test("asks again when a known path has expired", async () => {
    const bale = await loopback((arrived, response) => {
      if (arrived.path.endsWith("/getFile")) return envelope({ file_id: "a", file_path: "fresh" });
      return arrived.path.endsWith("fresh") ? plain(response, 200, "x") : refuse(response, 404, "Not Found");
    });
    const bytes = await apiAt(bale).download({ file_id: "a", file_path: "stale" });
    expect(Buffer.from(bytes).toString()).toBe("x");
    expect(pathsOf(bale)).toEqual(["/file…stale", "…getFile", "/file…fresh"]);
  });

  test("encodes each step: colons, spaces and Persian arrive whole", async () => {
    const bale = await baleWith("1:2:-3/گربه ۱?#%.jpg");
    await apiAt(bale).download("x");
    expect(bale.arrived[1]?.path).toBe(`/file/bot${TOKEN}/1%3A2%3A-3/${encodeURIComponent("گربه ۱?#%.jpg")}`);
  });

  test("goes through transformers with its getFile", async () => {
    const api = apiAt(await baleWith("real"));
    const seen: string[] = [];
    api.use((call, next) => {
      seen.push(call.method);
      return next(call);
    });
    await api.download("x");
    expect(seen).toEqual(["getFile"]);
  });

  test("reports how far it has come", async () => {
    const heard: Progress[] = [];
    await apiAt(await baleWith()).download("x", { onProgress: (progress) => heard.push(progress) });
    expect(heard.at(-1)).toEqual({ bytes: CONTENT.length, totalBytes: CONTENT.length });
  });

  test("refuses what has no file_id", async () => {
    const api = apiAt(await baleWith());
    for (const file of ["", undefined, null, {}, 5]) {
      expect(await rejection(api.download(file as string))).toMatchObject({ code: "ERR_BALE_PARAMS" });
    }
  });
});

describe("what goes wrong on the way", () => {
  test("is typed like a call's", async () => {
    const missing = await loopback((arrived, response) =>
      arrived.path.endsWith("/getFile")
        ? envelope({ file_id: "a", file_path: "a" })
        : refuse(response, 404, "Not Found"),
    );
    expect(await rejection(apiAt(missing).download("a"))).toBeInstanceOf(NotFoundError);
    const sick = await loopback((arrived, response) =>
      arrived.path.endsWith("/getFile")
        ? envelope({ file_id: "a", file_path: "a" })
        : plain(response, 502, "<h1>Bad</h1>"),
    );
    expect(await rejection(apiAt(sick).download("a"))).toBeInstanceOf(ServerError);
    const empty = await loopback(() => envelope({ file_id: "a" }));
    expect(await rejection(apiAt(empty).download("a"))).toBeInstanceOf(DecodeError);
  });

  test("a connection cut in the middle is a NetworkError, and no shorter file", async () => {
    const bale = await loopback((arrived, response) => {
      if (arrived.path.endsWith("/getFile")) return envelope({ file_id: "a", file_path: "a" });
      response.writeHead(200, { "content-length": "1000" });
      response.write("half");
      setImmediate(() => response.socket?.destroy());
      return undefined;
    });
    const into = await folder();
    expect(await rejection(apiAt(bale).download("a"))).toMatchObject({
      code: "ERR_BALE_NETWORK",
      method: "download",
    });
    expect(await rejection(apiAt(bale).downloadTo("a", join(into, "a")))).toMatchObject({
      code: "ERR_BALE_NETWORK",
    });
    expect(await readdir(into)).toEqual([]);
  });

  test("early hints before the answer are passed over", async () => {
    const bale = await loopback((_, response) => {
      response.writeEarlyHints({ link: "</a>; rel=preload" }, () => response.end("the file"));
    });
    const bytes = await apiAt(bale).download({ file_id: "a", file_path: "a" });
    expect(Buffer.from(bytes).toString()).toBe("the file");
  });

  test("silence is a TimeoutError", async () => {
    const bale = await loopback((arrived) =>
      arrived.path.endsWith("/getFile") ? envelope({ file_id: "a", file_path: "a" }) : undefined,
    );
    expect(await rejection(apiAt(bale, { timeoutMs: 60 }).download("a"))).toMatchObject({
      code: "ERR_BALE_TIMEOUT",
      timeoutMs: 60,
    });
  });

  test("an AbortSignal ends it with its reason, at any time", async () => {
    const bale = await loopback((arrived, response) => {
      if (arrived.path.endsWith("/getFile")) return envelope({ file_id: "a", file_path: "a" });
      response.writeHead(200, { "content-length": "1000" });
      response.write("half");
      return undefined;
    });
    const api = apiAt(bale);
    expect(await rejection(api.download("a", { signal: AbortSignal.abort("before") }))).toBe("before");
    const controller = new AbortController();
    const onProgress = (): void => controller.abort("during");
    expect(await rejection(api.download("a", { signal: controller.signal, onProgress }))).toBe("during");
  });
});

describe("onProgress", () => {
  test("that throws ends the download with its error, and lets go of the socket", async () => {
    let closed = 0;
    const bale = await loopback((arrived, response) => {
      if (arrived.path.endsWith("/getFile")) return envelope({ file_id: "a", file_path: "a" });
      response.on("close", () => void closed++);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", pour);
      pour();
      return undefined;
    });
    const api = apiAt(bale);
    const into = await folder();
    const onProgress = (): void => {
      throw new Error("the bar is broken");
    };
    expect(await rejection(api.download("a", { onProgress }))).toMatchObject({
      message: "the bar is broken",
    });
    await expect.poll(() => closed).toBe(1);
    expect(await rejection(api.downloadTo("a", join(into, "x"), { onProgress }))).toMatchObject({
      message: "the bar is broken",
    });
    await expect.poll(() => closed).toBe(2);
    expect(await readdir(into)).toEqual([]);
  });
});

describe("maxBytes", () => {
  test("refuses an announced size before reading", async () => {
    const bale = await baleWith();
    const api = apiAt(bale);
    const heard: Progress[] = [];
    const error = await rejection(
      api.download("x", { maxBytes: 1000, onProgress: (progress) => heard.push(progress) }),
    );
    expect(error).toBeInstanceOf(TooLargeError);
    expect(error).toMatchObject({
      errorCode: 0,
      message: expect.stringContaining(`${CONTENT.length} bytes`),
    });
    expect(heard).toEqual([]);
    await api.download("x", { maxBytes: CONTENT.length });
  });

  test("stops a stream that announced nothing, for memory, disk and stream", async () => {
    const bale = await loopback((arrived, response) => {
      if (arrived.path.endsWith("/getFile")) return envelope({ file_id: "a", file_path: "a" });
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", pour);
      pour();
      return undefined;
    });
    const api = apiAt(bale);
    const into = await folder();
    expect(await rejection(api.download("x", { maxBytes: 100_000 }))).toBeInstanceOf(TooLargeError);
    expect(await rejection(api.downloadTo("x", join(into, "x"), { maxBytes: 100_000 }))).toBeInstanceOf(
      TooLargeError,
    );
    expect(await readdir(into)).toEqual([]);
    const stream = await api.downloadStream("x", { maxBytes: 100_000 });
    const reading = (async () => {
      for await (const _ of stream) void _;
    })();
    expect(await rejection(reading)).toBeInstanceOf(TooLargeError);
    // The endless one cannot fill memory by default either.
    expect(await rejection(api.download("x"))).toBeInstanceOf(TooLargeError);
  });
});

describe("downloadTo", () => {
  test("writes the file and says where; nothing else is left", async () => {
    const into = await folder();
    const api = apiAt(await baleWith());
    for (const sync of [false, true]) {
      const target = join(into, "یک.txt");
      expect(await api.downloadTo("x", target, { sync })).toEqual({ path: target, bytes: CONTENT.length });
      expect(Buffer.compare(await readFile(target), CONTENT)).toBe(0);
    }
    expect(await readdir(into)).toEqual(["یک.txt"]);
  });

  test("keeps the old file until the new one is whole", async () => {
    const into = await folder();
    const target = join(into, "a");
    await writeFile(target, "old");
    const bale = await loopback((arrived, response) => {
      if (arrived.path.endsWith("/getFile")) return envelope({ file_id: "a", file_path: "a" });
      response.writeHead(200, { "content-length": "1000" });
      response.write("new");
      setTimeout(() => response.socket?.destroy(), 20);
      return undefined;
    });
    await rejection(apiAt(bale).downloadTo("x", target));
    expect(await readFile(target, "utf8")).toBe("old");
    expect(await readdir(into)).toEqual(["a"]);
  });

  test("into a folder takes Bale's name for it", async () => {
    const into = await folder();
    const { path } = await apiAt(await baleWith("photos/2026/گربه.jpg")).downloadTo("x", into);
    expect(path).toBe(join(into, "گربه.jpg"));
  });

  test("into a folder shortens a name no file system takes, and keeps its extension", async () => {
    const into = await folder();
    for (const name of [`${"ن".repeat(300)}.pdf`, "n".repeat(300), `${"😀".repeat(100)}.txt`]) {
      const { path } = await apiAt(await baleWith(`documents/${name}`)).downloadTo("x", into);
      expect(Buffer.byteLength(basename(path))).toBeGreaterThan(250);
      expect(Buffer.byteLength(basename(path))).toBeLessThanOrEqual(255);
      expect(extname(path)).toBe(extname(name));
      expect(Buffer.from(path).toString()).toBe(path);
    }
    expect(await readdir(into)).toHaveLength(3);
  });

  test("takes a target whose name is as long as names get", async () => {
    const target = join(await folder(), "n".repeat(255));
    expect(await apiAt(await baleWith()).downloadTo("x", target)).toMatchObject({ path: target });
    const error = await rejection(apiAt(await baleWith()).downloadTo("x", `${target}n`));
    expect(error).toMatchObject({ code: "ERR_BALE_FILE", message: expect.stringContaining("ENAMETOOLONG") });
    expect(await readdir(dirname(target))).toEqual([basename(target)]);
  });

  test("into a folder that is not there says so and lets go of the socket", async () => {
    const target = join(await folder(), "no", "such", "folder.txt");
    const bale = await baleWith();
    const error = await rejection(apiAt(bale).downloadTo("x", target));
    expect(error).toMatchObject({ code: "ERR_BALE_FILE", message: expect.stringContaining("ENOENT") });
    expect(await rejection(apiAt(bale).downloadTo("x", ""))).toMatchObject({ code: "ERR_BALE_PARAMS" });
  });

  test("many at once to one target do not mix", async () => {
    const into = await folder();
    const api = apiAt(await baleWith());
    await Promise.all(Array.from({ length: 8 }, () => api.downloadTo("x", join(into, "one"))));
    expect(await readdir(into)).toEqual(["one"]);
    expect(Buffer.compare(await readFile(join(into, "one")), CONTENT)).toBe(0);
  });
});

describe("a path from the server cannot escape", () => {
  const hostile = [
    "../../etc/passwd",
    "/etc/passwd",
    "a/../../b",
    "..",
    ".",
    "",
    "a//b",
    "a/./b",
    "..\\..\\windows",
    "C:\\windows",
    "https://evil.example/x",
    "file:///etc/passwd",
    "a\0b",
    "a\r\nx: y",
    "\uD800",
  ];
  test.each(hostile.filter((path) => path !== ""))("%j is not fetched", async (path) => {
    const bale = await baleWith(path);
    const parent = await folder();
    const into = join(parent, "in");
    await mkdir(into);
    const api = apiAt(bale);
    expect(await rejection(api.downloadTo("x", into))).toBeInstanceOf(DecodeError);
    expect(pathsOf(bale)).toEqual(["…getFile"]);
    expect(await readdir(into)).toEqual([]);
    expect(await readdir(parent)).toEqual(["in"]);
  });

  test("whatever it is, its address stays below the files and its name is one step", () => {
    const step = fc.oneof(
      fc.constantFrom("..", ".", "", "%2e%2e", "\\", "a:b", "CON", "nul.txt"),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 5 }), (steps) => {
        const path = steps.join("/");
        const name = nameFor(path);
        expect(name).not.toMatch(/[\\/\0]|^\.|^$/);
        expect(join("/in", name)).toBe(`/in/${name}`);
        try {
          const { pathname, origin } = new URL(
            `https://bale.test/file/bot1/${encodeFilePath(path, (text) => text)}`,
          );
          expect(origin).toBe("https://bale.test");
          expect(pathname.startsWith("/file/bot1/")).toBe(true);
          expect(pathname.split("/")).toHaveLength(path.split("/").length + 3);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("downloadStream", () => {
  test("gives a web stream of the bytes", async () => {
    const stream = await apiAt(await baleWith()).downloadStream("x");
    expect(stream).toBeInstanceOf(ReadableStream);
    const bytes = await new Response(
      stream as globalThis.ReadableStream<Uint8Array<ArrayBuffer>>,
    ).arrayBuffer();
    expect(Buffer.compare(Buffer.from(bytes), CONTENT)).toBe(0);
  });

  test("cancelled, read or not, lets go of the socket", async () => {
    const bale = await loopback((arrived, response) => {
      if (arrived.path.endsWith("/getFile")) return envelope({ file_id: "a", file_path: "a" });
      response.writeHead(200, { "content-length": "1000000" });
      response.write("some");
      return undefined;
    });
    const api = apiAt(bale, { connections: 1 });
    const unread = await api.downloadStream("x");
    await unread.cancel();
    const reader = (await api.downloadStream("x")).getReader();
    expect((await reader.read()).done).toBe(false);
    await reader.cancel();
    // With one socket only, another call gets through: both were let go.
    expect(await api.getFile({ file_id: "a" })).toMatchObject({ file_id: "a" });
  });
});
