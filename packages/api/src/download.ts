import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ReadableStream as ByteStream } from "node:stream/web";
import type { CallOptions, Download, Transport } from "./call.js";
import type { Progress } from "./call-options.js";
import { DecodeError, FileError, NotFoundError, TooLargeError } from "./errors.js";
import type { File } from "./generated/types.js";
import { misuse, shown } from "./misuse.js";

/** A file on Bale's server: its `file_id`, or any object that has one (a photo, a document, what `getFile` gave). */
export type FileReference = string | { readonly file_id: string; readonly file_path?: string | undefined };

/** How a download is carried out. */
export interface DownloadOptions extends Pick<CallOptions, "signal" | "timeoutMs"> {
  /**
   * The download is given up with `TooLargeError` as soon as it is known to be larger.
   * @default 64 MiB for `download`, none for `downloadTo` and `downloadStream`
   */
  readonly maxBytes?: number | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How a download to disk is carried out. */
export interface DownloadToOptions extends DownloadOptions {
  /** Waits until the disk has the bytes before the file gets its name. @default false */
  readonly sync?: boolean | undefined;
}

/** A finished download. */
export interface DownloadedFile {
  readonly path: string;
  readonly bytes: number;
}

/** What downloads stand on. */
export interface DownloadSource {
  readonly getFile: (fileId: string, options: CallOptions) => Promise<File>;
  readonly open: Transport["download"];
}

const METHOD = "download";
const MEMORY_BYTES = 64 * 1024 * 1024;

/** The whole file as bytes. */
export async function downloadBytes(
  source: DownloadSource,
  file: FileReference,
  options: DownloadOptions,
): Promise<Uint8Array> {
  const { body } = await opened(source, file, { ...options, maxBytes: options.maxBytes ?? MEMORY_BYTES });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** The file as a web stream; it is read as fast as it is taken, and cancelling it lets go of the socket. */
export async function downloadStream(
  source: DownloadSource,
  file: FileReference,
  options: DownloadOptions,
): Promise<ByteStream<Uint8Array>> {
  const { body } = await opened(source, file, options);
  const iterator = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const step = await iterator.next();
        if (step.done === true) controller.close();
        else controller.enqueue(step.value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** The file on disk, under `path` only when it is whole. */
export async function downloadTo(
  source: DownloadSource,
  file: FileReference,
  path: string,
  options: DownloadToOptions,
): Promise<DownloadedFile> {
  if (typeof path !== "string" || path === "") {
    throw misuse("ERR_BALE_PARAMS", `downloadTo: ${shown(path)} is not a path. Say where the file goes.`);
  }
  const { body, filePath } = await opened(source, file, options);
  const target = (await isFolder(path)) ? join(path, nameFor(filePath)) : path;
  // A name of its own: one made of the target's could be too long.
  const beside = join(dirname(target), `.${crypto.randomUUID()}.part`);
  let handle: FileHandle | undefined;
  let bytes = 0;
  try {
    try {
      handle = await open(beside, "wx");
    } catch (error) {
      await body[Symbol.asyncIterator]().return?.();
      throw error;
    }
    for await (const chunk of body) {
      await handle.writeFile(chunk);
      bytes += chunk.byteLength;
    }
    if (options.sync === true) await handle.sync();
    await handle.close();
    await rename(beside, target);
  } catch (error) {
    await handle?.close().catch(() => {});
    await rm(beside, { force: true }).catch(() => {});
    throw isFileSystemFault(error)
      ? new FileError(`downloadTo: cannot write ${target} (${error.code}).`, { method: METHOD, cause: error })
      : error;
  }
  return { path: target, bytes };
}

async function opened(
  source: DownloadSource,
  file: FileReference,
  options: DownloadOptions,
): Promise<{ filePath: string; body: AsyncIterable<Uint8Array> }> {
  const { maxBytes } = options;
  if (maxBytes !== undefined && !(maxBytes >= 0)) {
    throw misuse("ERR_BALE_OPTION", `download: maxBytes is ${shown(maxBytes)}. Give a number of bytes.`);
  }
  const { filePath, download } = await located(source, file, options);
  if (maxBytes !== undefined && download.totalBytes !== undefined && download.totalBytes > maxBytes) {
    await download.body[Symbol.asyncIterator]().return?.();
    throw tooLarge(maxBytes, download.totalBytes);
  }
  return { filePath, body: counted(download, options) };
}

/** Finds out where the file is. An address that was handed in may have expired: then Bale is asked for a new one. */
async function located(
  source: DownloadSource,
  file: FileReference,
  { signal, timeoutMs }: DownloadOptions,
): Promise<{ filePath: string; download: Download }> {
  const fileId = typeof file === "string" ? file : file?.file_id;
  if (typeof fileId !== "string" || fileId === "") {
    throw misuse(
      "ERR_BALE_PARAMS",
      `download: ${shown(file)} has no file_id. Give a file_id or an object that has one.`,
    );
  }
  const callOptions = { signal, timeoutMs };
  const known = typeof file === "string" ? undefined : file.file_path;
  if (known !== undefined) {
    try {
      return { filePath: known, download: await source.open(known, callOptions) };
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  const { file_path: filePath } = await source.getFile(fileId, callOptions);
  if (typeof filePath !== "string" || filePath === "") {
    throw new DecodeError(`download: Bale knows the file ${shown(fileId)}, but gave no file_path for it.`, {
      method: METHOD,
      status: 200,
      snippet: "",
    });
  }
  return { filePath, download: await source.open(filePath, callOptions) };
}

/** The bytes of a download, bounded and reported. Leaving it early lets go of the socket. */
function counted(download: Download, { maxBytes, onProgress }: DownloadOptions): AsyncIterable<Uint8Array> {
  const { totalBytes, body } = download;
  const iterator = body[Symbol.asyncIterator]();
  let bytes = 0;
  const counting: AsyncIterableIterator<Uint8Array> = {
    async next() {
      const step = await iterator.next();
      if (step.done === true) return step;
      bytes += step.value.byteLength;
      if (maxBytes !== undefined && bytes > maxBytes) {
        await iterator.return?.();
        throw tooLarge(maxBytes, bytes);
      }
      try {
        onProgress?.({ bytes, totalBytes });
      } catch (error) {
        // Nobody reads on after this: the socket would stay open, full, for ever.
        await iterator.return?.();
        throw error;
      }
      return step;
    },
    async return() {
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => counting,
  };
  return counting;
}

function tooLarge(maxBytes: number, bytes: number): TooLargeError {
  const description = `the file has ${bytes} bytes or more, maxBytes is ${maxBytes}.`;
  return new TooLargeError({
    method: METHOD,
    errorCode: 0,
    description,
    advice: "Raise maxBytes if you want it.",
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** A name of our own making from a path of the server's: one step, nothing a file system would read as more. */
export function nameFor(filePath: string): string {
  const last = filePath.split(/[\\/]/).at(-1) ?? "";
  const name = last
    .replace(/[\p{Cc}<>:"|?*]/gu, "_")
    .replace(/^\.+/, "")
    .replace(/[. ]+$/, "");
  if (name === "") return "file";
  return shortened(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(name) ? `_${name}` : name);
}

/** Most file systems take names of 255 bytes: about 127 Persian letters. */
const LONGEST_NAME_BYTES = 255;

/** A name short enough for a file system, with the extension it had. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME_BYTES) return name;
  const extension = /\.\w{1,16}$/.exec(name)?.[0] ?? "";
  let short = "";
  for (const character of name.slice(0, name.length - extension.length)) {
    if (Buffer.byteLength(short + character + extension) > LONGEST_NAME_BYTES) break;
    short += character;
  }
  return short + extension;
}

function isFileSystemFault(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "errno" in error;
}
