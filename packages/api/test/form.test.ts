import { createReadStream } from "node:fs";
import { mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Api, type ApiOptions, createApi } from "../src/api.js";
import type { Progress } from "../src/call-options.js";
import { FileError, TooLargeError } from "../src/errors.js";
import { InputFile, type StreamFactory } from "../src/input-file.js";
import { retry } from "../src/retry.js";
import {
  type Arrived,
  comes,
  envelope,
  loopback,
  type Loopback,
  refuse,
  rejection,
  stopTime,
  TOKEN,
} from "./loopback.js";

interface FormEntry {
  readonly name: string;
  readonly value: string;
  readonly fileName?: string;
  readonly type?: string;
}

/** Reads a form with Node's own parser, as a server would. */
async function formOf({ headers, body }: Arrived): Promise<FormEntry[]> {
  const response = new Response(new Uint8Array(body), {
    headers: { "content-type": headers["content-type"] ?? "" },
  });
  const entries: FormEntry[] = [];
  for (const [name, value] of await response.formData()) {
    entries.push(
      typeof value === "string"
        ? { name, value }
        : { name, value: await value.text(), fileName: value.name, type: value.type },
    );
  }
  return entries;
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

async function onlyForm(bale: Loopback): Promise<FormEntry[]> {
  expect(bale.arrived).toHaveLength(1);
  const arrived = bale.arrived[0] as Arrived;
  expect(arrived.verb).toBe("POST");
  expect(arrived.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
  return formOf(arrived);
}

/** The size of an upload is announced exactly, or it is chunked. */
function expectLength(arrived: Arrived | undefined, isKnown: boolean): void {
  expect(arrived?.headers["content-length"]).toBe(isKnown ? String(arrived?.body.length) : undefined);
  expect(arrived?.headers["transfer-encoding"]).toBe(isKnown ? undefined : "chunked");
}

describe("an upload", () => {
  test("from a path is a part named after its parameter, with the file's name and type", async () => {
    const path = join(await folder(), "گربه (۱).jpg");
    await writeFile(path, "meow");
    const bale = await loopback(() => envelope({ message_id: 1 }));
    const sent = await apiAt(bale).sendPhoto({ chat_id: 5, photo: new InputFile(path), caption: "یک گربه" });
    expect(sent).toEqual({ message_id: 1 });
    expect(await onlyForm(bale)).toEqual([
      { name: "chat_id", value: "5" },
      { name: "photo", value: "meow", fileName: "گربه (۱).jpg", type: "image/jpeg" },
      { name: "caption", value: "یک گربه" },
    ]);
    expectLength(bale.arrived[0], true);
    expect(bale.arrived[0]?.text).not.toContain("attach://");
  });

  const bytes = Buffer.from("0123456789");
  const kinds: readonly (readonly [string, () => InputFile, boolean])[] = [
    ["bytes", () => new InputFile(new Uint8Array(bytes)), true],
    [
      "a Buffer that is a window into a larger one",
      () => new InputFile(Buffer.from("xx0123456789yy").subarray(2, 12)),
      true,
    ],
    ["a Blob", () => new InputFile(new Blob([bytes])), true],
    [
      "a Node stream",
      () => new InputFile(() => Readable.from([bytes.subarray(0, 3), bytes.subarray(3)])),
      false,
    ],
    [
      "a Node stream of known size",
      () => new InputFile(() => Readable.from([bytes]), { sizeBytes: 10 }),
      true,
    ],
    ["a stream of text", () => new InputFile(() => Readable.from(["01234", "56789"])), false],
    ["an async generator", () => new InputFile(() => generate(bytes)), false],
    ["a promise of a stream", () => new InputFile(async () => Readable.from([bytes])), false],
    [
      "a web stream",
      () => new InputFile(() => new Blob([bytes]).stream() as ReadableStream<Uint8Array>),
      false,
    ],
    ["nothing at all", () => new InputFile(new Uint8Array(0)), true],
  ];
  test.each(kinds)("from %s", async (kind, file, isKnown) => {
    const bale = await loopback();
    await apiAt(bale).sendDocument({ chat_id: 1, document: file() });
    const value = kind === "nothing at all" ? "" : "0123456789";
    expect(await onlyForm(bale)).toContainEqual(expect.objectContaining({ name: "document", value }));
    expectLength(bale.arrived[0], isKnown);
  });

  async function* generate(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }

  test("is named after its parameter when nothing else is known", async () => {
    const bale = await loopback();
    await apiAt(bale).sendVoice({ chat_id: 1, voice: new InputFile(new Uint8Array(1)) });
    expect(await onlyForm(bale)).toContainEqual(
      expect.objectContaining({ fileName: "voice.ogg", type: "audio/ogg" }),
    );
  });

  test("takes a File's own name and type, and a name and type given to it before that", async () => {
    const bale = await loopback();
    const api = apiAt(bale);
    const file = new File(["x"], "سند.pdf", { type: "application/x-own" });
    await api.sendDocument({ chat_id: 1, document: new InputFile(file) });
    await api.sendDocument({
      chat_id: 1,
      document: new InputFile(file, { name: "b.zip", type: "text/plain" }),
    });
    const [first, second] = await Promise.all(bale.arrived.map(formOf));
    expect(first).toContainEqual(expect.objectContaining({ fileName: "سند.pdf", type: "application/x-own" }));
    expect(second).toContainEqual(expect.objectContaining({ fileName: "b.zip", type: "text/plain" }));
  });

  test("with a name made to break out of its line stays one part", async () => {
    const bale = await loopback();
    const name = 'a"; name="chat_id"\r\n\r\n666\r\n--x';
    await apiAt(bale).sendDocument({ chat_id: 1, document: new InputFile(new Uint8Array(1), { name }) });
    const form = await onlyForm(bale);
    expect(form.map((entry) => entry.name)).toEqual(["chat_id", "document"]);
    expect(form[0]?.value).toBe("1");
  });

  test("writes objects as JSON, booleans and numbers as text, and leaves out what is absent", async () => {
    const bale = await loopback();
    const reply_markup = { inline_keyboard: [[{ text: "a", callback_data: "b" }]] };
    await apiAt(bale).call("sendDocument", {
      chat_id: 12,
      document: new InputFile(new Uint8Array(1)),
      reply_markup,
      flag: true,
      missing: undefined,
      nothing: null,
    });
    expect(await onlyForm(bale)).toEqual([
      { name: "chat_id", value: "12" },
      expect.objectContaining({ name: "document" }),
      { name: "reply_markup", value: JSON.stringify(reply_markup) },
      { name: "flag", value: "true" },
    ]);
  });

  test("of megabytes arrives byte for byte", async () => {
    const bale = await loopback();
    const bytes = Buffer.alloc(3_000_001, "abcdefghij0123456789");
    const path = join(await folder(), "big.bin");
    await writeFile(path, bytes);
    const api = apiAt(bale);
    for (const file of [
      new InputFile(path),
      new InputFile(bytes),
      new InputFile(() => createReadStream(path)),
    ]) {
      await api.sendDocument({ chat_id: 1, document: file });
    }
    for (const arrived of bale.arrived) {
      const at = arrived.body.indexOf(bytes);
      expect(at).toBeGreaterThan(0);
      expect(arrived.body.subarray(at + bytes.length, at + bytes.length + 4).toString()).toBe("\r\n--");
    }
    expect(bale.arrived).toHaveLength(3);
  });

  test("reports how far it has come, up to the last byte", async () => {
    const bale = await loopback();
    const heard: Progress[] = [];
    const file = new InputFile(Buffer.alloc(200_000));
    await apiAt(bale).sendDocument(
      { chat_id: 1, document: file },
      { onUploadProgress: (progress) => heard.push(progress) },
    );
    const total = bale.arrived[0]?.body.length;
    expect(heard.at(-1)).toEqual({ bytes: total, totalBytes: total });
    expect(heard.length).toBeGreaterThan(3);
    expect(heard.map(({ bytes }) => bytes)).toEqual(heard.map(({ bytes }) => bytes).sort((a, b) => a - b));
  });
});

describe("what goes out as JSON or text although it concerns files", () => {
  test("a file_id or an address is a plain string in JSON", async () => {
    const bale = await loopback();
    await apiAt(bale).sendPhoto({ chat_id: 1, photo: "123:-5:1:abc" });
    expect(bale.arrived[0]?.json).toEqual({ chat_id: 1, photo: "123:-5:1:abc" });
  });

  test("a URL is text for Bale to fetch, bare or inside an InputFile", async () => {
    const bale = await loopback();
    const api = apiAt(bale);
    const url = new URL("https://example.org/گربه.jpg");
    await api.call("sendPhoto", { chat_id: 1, photo: url });
    expect(bale.arrived[0]?.json).toEqual({ chat_id: 1, photo: url.href });
    await api.sendPhoto({ chat_id: 1, photo: new InputFile(url) });
    expect(await formOf(bale.arrived[1] as Arrived)).toContainEqual({ name: "photo", value: url.href });
  });

  test("sendAnimation and sendSticker by file_id are forms", async () => {
    const bale = await loopback();
    const api = apiAt(bale);
    await api.sendAnimation({ chat_id: 1, animation: "1:2:3" });
    await api.undocumented.sendSticker({ chat_id: 1, sticker: "4:5:6" });
    const [animation, sticker] = await Promise.all(bale.arrived.map(formOf));
    expect(animation).toEqual([
      { name: "chat_id", value: "1" },
      { name: "animation", value: "1:2:3" },
    ]);
    expect(sticker).toContainEqual({ name: "sticker", value: "4:5:6" });
    for (const arrived of bale.arrived) expectLength(arrived, true);
  });
});

describe("media inside media", () => {
  const album = (): InputFile[] =>
    ["a", "b"].map((text) => new InputFile(Buffer.from(text), { name: `${text}.jpg` }));

  test("refer to parts of their own; file_ids stay", async () => {
    const bale = await loopback(() => envelope([]));
    const [first, second] = album() as [InputFile, InputFile];
    await apiAt(bale).sendMediaGroup({
      chat_id: 1,
      media: [
        { type: "photo", media: first, caption: "one" },
        { type: "photo", media: "1:2:3" },
        { type: "photo", media: second },
      ],
    });
    const form = await onlyForm(bale);
    expect(JSON.parse(form.find(({ name }) => name === "media")?.value ?? "")).toEqual([
      { type: "photo", media: "attach://file0", caption: "one" },
      { type: "photo", media: "1:2:3" },
      { type: "photo", media: "attach://file1" },
    ]);
    expect(form).toContainEqual({ name: "file0", value: "a", fileName: "a.jpg", type: "image/jpeg" });
    expect(form).toContainEqual({ name: "file1", value: "b", fileName: "b.jpg", type: "image/jpeg" });
  });

  test("all by file_id go out as JSON", async () => {
    const bale = await loopback(() => envelope([]));
    const media = [{ type: "photo", media: "1:2:3" } as const];
    await apiAt(bale).sendMediaGroup({ chat_id: 1, media });
    expect(bale.arrived[0]?.json).toEqual({ chat_id: 1, media });
  });

  test.each([
    ["brackets", "<attach://file0>"],
    [(name: string) => name, "file0"],
  ] as const)("refer in the style asked for: %s", async (attachReference, expected) => {
    const bale = await loopback(() => envelope([]));
    await apiAt(bale, { attachReference }).sendMediaGroup({
      chat_id: 1,
      media: [{ type: "photo", media: album()[0] as InputFile }],
    });
    const form = await onlyForm(bale);
    expect(JSON.parse(form.find(({ name }) => name === "media")?.value ?? "")).toMatchObject([
      { media: expected },
    ]);
  });

  test("are found in methods the spec does not know", async () => {
    const bale = await loopback();
    await apiAt(bale).call("editMessageMedia", { chat_id: 1, media: { type: "photo", media: album()[0] } });
    expect(await onlyForm(bale)).toContainEqual({
      name: "media",
      value: '{"type":"photo","media":"attach://file0"}',
    });
  });

  test("are found in parameters the spec does not know, such as a thumbnail", async () => {
    const bale = await loopback();
    const thumbnail = album()[0] as InputFile;
    await apiAt(bale).call("sendVideo", { chat_id: 1, video: "1:2:3", thumbnail });
    expect(await onlyForm(bale)).toEqual([
      { name: "chat_id", value: "1" },
      { name: "video", value: "1:2:3" },
      { name: "thumbnail", value: "a", fileName: "a.jpg", type: "image/jpeg" },
    ]);
  });
});

describe("a file that cannot be read", () => {
  test("because it is missing or a folder is told before anything is sent", async () => {
    const bale = await loopback();
    const api = apiAt(bale);
    const missing = await rejection(api.sendPhoto({ chat_id: 1, photo: new InputFile("no-such-cat.jpg") }));
    expect(missing).toBeInstanceOf(FileError);
    expect((missing as Error).message).toBe(
      `sendPhoto: cannot upload photo: there is no file no-such-cat.jpg in ${process.cwd()}. A file_id or an address is given as a plain string, without InputFile.`,
    );
    const directory = await rejection(api.sendPhoto({ chat_id: 1, photo: new InputFile(tmpdir()) }));
    expect(directory).toMatchObject({
      code: "ERR_BALE_FILE",
      message: expect.stringContaining("is not a file"),
    });
    expect(bale.arrived).toHaveLength(0);
    expect(bale.sockets.size).toBe(0);
  });

  test("for another reason names the system's code", async () => {
    const path = join(await folder(), "loop");
    await symlink(path, path);
    const bale = await loopback();
    const error = await rejection(apiAt(bale).sendDocument({ chat_id: 1, document: new InputFile(path) }));
    expect(error).toMatchObject({
      code: "ERR_BALE_FILE",
      message: expect.stringContaining("cannot be read (ELOOP)"),
    });
    expect(bale.arrived).toHaveLength(0);
  });

  test("to the size it had fails the call with what happened", async () => {
    const path = join(await folder(), "shrinking.bin");
    await writeFile(path, Buffer.alloc(20_000_000));
    const bale = await loopback();
    const document = new InputFile(path);
    let isCut = false;
    const options = {
      onUploadProgress: ({ bytes }: Progress) => {
        if (bytes < 100_000 || isCut) return;
        isCut = true;
        void truncate(path, 1000);
      },
    };
    const error = await rejection(apiAt(bale).sendDocument({ chat_id: 1, document }, options));
    expect(error).toMatchObject({
      code: "ERR_BALE_FILE",
      message: expect.stringContaining("became shorter"),
    });
  });

  const broken: readonly (readonly [string, StreamFactory, number | undefined, RegExp])[] = [
    [
      "throws",
      () => {
        throw new Error("disk on fire");
      },
      undefined,
      /reading its stream failed/,
    ],
    ["gives no stream", () => 5 as never, undefined, /did not return a stream/],
    ["gives a stream of numbers", () => Readable.from([1, 2]), undefined, /gave a number where bytes/],
    ["gives less than it said", () => Readable.from([Buffer.from("abc")]), 10, /ended after 3 bytes.*10/],
    [
      "gives more than it said",
      () => Readable.from([Buffer.from("abcdef")]),
      3,
      /more than its sizeBytes, 3/,
    ],
    [
      "gives a stream that breaks",
      () =>
        new Readable({
          read() {
            this.destroy(new Error("torn"));
          },
        }),
      undefined,
      /reading its stream failed/,
    ],
  ];
  test.each(broken)(
    "because its factory %s fails the call with the cause",
    async (_, factory, sizeBytes, expected) => {
      const bale = await loopback();
      const document = new InputFile(factory, { sizeBytes });
      const error = await rejection(apiAt(bale).sendDocument({ chat_id: 1, document }));
      expect(error).toBeInstanceOf(FileError);
      expect((error as Error).message).toMatch(expected);
      expect((error as Error).message).toMatch(/^sendDocument: cannot upload document: /);
    },
  );
});

describe("an upload that is stopped", () => {
  /** A stream that never ends, and remembers whether it was let go of. */
  function endless(): { factory: StreamFactory; isClosed: () => boolean } {
    let closed = false;
    const factory = (): Readable =>
      new Readable({
        read() {
          setImmediate(() => this.push(Buffer.alloc(1024)));
        },
        destroy(error, done) {
          closed = true;
          done(error);
        },
      });
    return { factory, isClosed: () => closed };
  }

  test("by an onUploadProgress that throws has that very error, and lets go of the stream", async () => {
    const bale = await loopback();
    const { factory, isClosed } = endless();
    const broken = new TypeError("the bar is broken");
    const onUploadProgress = ({ bytes }: Progress): void => {
      if (bytes > 50_000) throw broken;
    };
    const call = apiAt(bale).sendDocument(
      { chat_id: 1, document: new InputFile(factory) },
      { onUploadProgress },
    );
    expect(await rejection(call)).toBe(broken);
    await expect.poll(isClosed).toBe(true);
  });

  test("by its signal throws the reason and lets go of the stream", async () => {
    const bale = await loopback();
    const { factory, isClosed } = endless();
    const controller = new AbortController();
    const document = new InputFile(factory);
    const onUploadProgress = ({ bytes }: Progress): void => {
      if (bytes > 50_000) controller.abort("enough");
    };
    const call = apiAt(bale).sendDocument(
      { chat_id: 1, document },
      { signal: controller.signal, onUploadProgress },
    );
    expect(await rejection(call)).toBe("enough");
    await expect.poll(isClosed).toBe(true);
  });

  test("while its stream is silent lets go of it too, whatever kind it is", async () => {
    const asked: string[] = [];
    const closed: string[] = [];
    const silent: Record<string, StreamFactory> = {
      node: () =>
        new Readable({ read: () => void asked.push("node") }).on("close", () => closed.push("node")),
      web: () =>
        new ReadableStream<Uint8Array>({
          pull: () => void asked.push("web"),
          cancel: () => void closed.push("web"),
        }),
    };
    const bale = await loopback();
    const api = apiAt(bale, { timeoutMs: 50 });
    stopTime();
    for (const [kind, factory] of Object.entries(silent)) {
      const failing = rejection(api.sendDocument({ chat_id: 1, document: new InputFile(factory) }));
      await comes(() => asked.includes(kind));
      vi.advanceTimersByTime(50);
      const error = await failing;
      expect(error).toMatchObject({
        name: "TimeoutError",
        message: expect.stringContaining("nothing moved"),
      });
    }
    await expect.poll(() => closed).toEqual(["node", "web"]);
  });

  test("by an early refusal of the server throws that refusal", async () => {
    const { createServer } = await import("node:http");
    const server = createServer((request, response) => {
      request.once("data", () => {
        response.writeHead(413, { "content-type": "application/json" });
        response.end('{"ok":false,"error_code":413,"description":"Request Entity Too Large"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const api = createApi({
      token: TOKEN,
      apiRoot: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    });
    onTestFinished(() => api.close());
    const { factory, isClosed } = endless();
    const error = await rejection(api.sendDocument({ chat_id: 1, document: new InputFile(factory) }));
    expect(error).toBeInstanceOf(TooLargeError);
    await expect.poll(isClosed).toBe(true);
  });

  test("slow but moving is not stopped by timeoutMs", async () => {
    const bale = await loopback();
    stopTime();
    async function* slowly(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 8; i++) {
        // What was given before is on its way by then.
        await new Promise((resolve) => setImmediate(resolve));
        vi.advanceTimersByTime(100);
        yield Buffer.from("x");
      }
    }
    const document = new InputFile(slowly, { sizeBytes: 8 });
    await apiAt(bale, { timeoutMs: 150 }).sendDocument({ chat_id: 1, document });
    expect(bale.arrived).toHaveLength(1);
  });
});

test("each attempt reads the file again", async () => {
  let opened = 0;
  const bale = await loopback((_, response) =>
    bale.arrived.length < 3
      ? refuse(response, 429, "slow down", { parameters: { retry_after: 0 } })
      : envelope(true),
  );
  const api = apiAt(bale);
  api.use(retry({ random: () => 0 }));
  const document = new InputFile(() => {
    opened++;
    return Readable.from([Buffer.from("again")]);
  });
  await api.sendDocument({ chat_id: 1, document });
  expect(opened).toBe(3);
  for (const arrived of bale.arrived) {
    expect(await formOf(arrived)).toContainEqual(
      expect.objectContaining({ name: "document", value: "again" }),
    );
  }
});

test("a large form over a slow reader honours back-pressure: what waits in memory stays small", async () => {
  const { createServer } = await import("node:http");
  let produced = 0;
  const server = createServer((request) => void request.pause());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const api = createApi({
    token: TOKEN,
    apiRoot: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    timeoutMs: 300,
  });
  onTestFinished(() => api.close());
  async function* fast(): AsyncGenerator<Uint8Array> {
    for (;;) {
      produced += 65_536;
      yield Buffer.alloc(65_536);
    }
  }
  const error = await rejection(api.sendDocument({ chat_id: 1, document: new InputFile(fast) }));
  expect(error).toMatchObject({ name: "TimeoutError" });
  // The kernel's own socket buffers take a few megabytes; an ignored back-pressure would have made gigabytes.
  expect(produced).toBeLessThan(32 * 1024 * 1024);
});
