import { access, constants, type FileHandle, open, stat } from "node:fs/promises";
import { extname, isAbsolute } from "node:path";
import { FileError } from "./errors.js";
import type { ByteStream, InputFile, StreamFactory } from "./input-file.js";

/** What uploads are read and written in; larger pieces only cost memory. */
const CHUNK_BYTES = 64 * 1024;

/**
 * How many buffers a file is read into, in turn. Fresh ones for every chunk would be garbage faster than V8 collects
 * it: tens of megabytes on a large file. One would do, since a chunk is asked for when the one before has left.
 */
const BUFFERS = 4;

/** The bytes of one file, once. */
export interface Part {
  readonly name: string;
  readonly type: string;
  /** Absent for a stream that did not say. */
  readonly size: number | undefined;
  /** @param isCopied whether chunks are copied or gone before the next is asked for, so that their memory is free again */
  read(isCopied: boolean): AsyncIterable<Uint8Array>;
  /** Lets go of the file or stream, also in the middle. Idempotent. */
  close(): void;
}

/**
 * Looks at a file without opening it for long: it must be there and readable now, its bytes are read when they leave.
 * @throws FileError
 */
export async function openPart(method: string, param: string, file: InputFile): Promise<Part> {
  const { source } = file;
  const name = file.name ?? `${param}${DEFAULT_EXTENSIONS[param] ?? ""}`;
  const type = file.type ?? TYPES[extname(name).toLowerCase()] ?? "application/octet-stream";
  const about = { method, param, name };
  if (typeof source === "string") {
    const size = await sizeOnDisk(about, source);
    return { name, type, size, ...fromDisk(about, source, size) };
  }
  if (source instanceof Uint8Array)
    return { name, type, size: source.byteLength, read: () => pieces(source), close };
  if (source instanceof Blob) return { name, type, size: source.size, read: () => slices(source), close };
  const size = file.sizeBytes;
  return { name, type, size, ...fromFactory(about, source as StreamFactory, size) };
}

function close(): void {}

interface About {
  readonly method: string;
  readonly param: string;
  readonly name: string;
}

function fault(about: About, what: string, cause?: unknown): FileError {
  return new FileError(`${about.method}: cannot upload ${about.param}: ${what}`, {
    method: about.method,
    cause,
  });
}

async function sizeOnDisk(about: About, path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw fault(about, `${path} is not a file. Give the path of a file.`);
    await access(path, constants.R_OK);
    return found.size;
  } catch (error) {
    if (error instanceof FileError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") {
      const where = isAbsolute(path) || path.includes("://") ? "" : ` in ${process.cwd()}`;
      const advice = "A file_id or an address is given as a plain string, without InputFile.";
      throw fault(about, `there is no file ${path}${where}. ${advice}`, error);
    }
    throw fault(about, `${path} cannot be read (${code ?? String(error)}).`, error);
  }
}

function fromDisk(about: About, path: string, size: number): Pick<Part, "read" | "close"> {
  let handle: FileHandle | undefined;
  const release = async (): Promise<void> => {
    const open = handle;
    handle = undefined;
    await open?.close();
  };
  return {
    async *read(isCopied) {
      try {
        handle = await open(path, "r");
        const buffers: Buffer[] = [];
        let position = 0;
        for (let turn = 0; position < size; turn = isCopied ? (turn + 1) % BUFFERS : turn + 1) {
          const buffer = buffers[turn] ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
          if (isCopied) buffers[turn] = buffer;
          const { bytesRead } = await handle.read(
            buffer,
            0,
            Math.min(CHUNK_BYTES, size - position),
            position,
          );
          if (bytesRead === 0) throw fault(about, `${path} became shorter while it was being sent.`);
          position += bytesRead;
          yield bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead);
        }
      } catch (error) {
        throw error instanceof FileError ? error : fault(about, `reading ${path} failed.`, error);
      } finally {
        await release();
      }
    },
    close: () => void release().catch(close),
  };
}

function fromFactory(
  about: About,
  factory: StreamFactory,
  size: number | undefined,
): Pick<Part, "read" | "close"> {
  let stream: ByteStream | undefined;
  let iterator: AsyncIterator<unknown> | undefined;
  return {
    async *read() {
      let bytes = 0;
      try {
        const made = await factory();
        if (!isStream(made))
          throw fault(about, "the function given to InputFile did not return a stream of bytes.");
        stream = made;
        iterator = iteratorOf(stream);
        for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) {
          const chunk = bytesOf(about, step.value);
          bytes += chunk.byteLength;
          if (size !== undefined && bytes > size)
            throw fault(about, `the stream gave more than its sizeBytes, ${size}.`);
          yield* pieces(chunk);
        }
        if (size !== undefined && bytes < size) {
          throw fault(about, `the stream ended after ${bytes} bytes, but its sizeBytes is ${size}.`);
        }
        iterator = undefined;
      } catch (error) {
        throw error instanceof FileError ? error : fault(about, "reading its stream failed.", error);
      } finally {
        await iterator?.return?.();
      }
    },
    close() {
      // A generator that waits for its source cannot be told to stop; a stream can.
      if (stream !== undefined && "destroy" in stream) stream.destroy();
      else iterator?.return?.()?.catch(close);
    },
  };
}

function iteratorOf(stream: ByteStream): AsyncIterator<unknown> {
  if (!("getReader" in stream)) return stream[Symbol.asyncIterator]();
  // Through a reader, because only a reader can be cancelled while a read is waiting.
  const reader = stream.getReader();
  return {
    next: async () => (await reader.read()) as IteratorResult<unknown>,
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

function isStream(value: unknown): value is ByteStream {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function bytesOf(about: About, chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === "string") return Buffer.from(chunk);
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  throw fault(about, `its stream gave a ${typeof chunk} where bytes were expected.`);
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += CHUNK_BYTES)
    yield bytes.subarray(start, start + CHUNK_BYTES);
}

async function* slices(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < blob.size; start += CHUNK_BYTES) {
    yield new Uint8Array(await blob.slice(start, start + CHUNK_BYTES).arrayBuffer());
  }
}

/** What a nameless file is called, by the parameter it is sent as: servers look at the extension. */
const DEFAULT_EXTENSIONS: Readonly<Record<string, string>> = {
  photo: ".jpg",
  video: ".mp4",
  animation: ".mp4",
  audio: ".mp3",
  voice: ".ogg",
  sticker: ".webp",
};

const TYPES: Readonly<Record<string, string>> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".mp4": "video/mp4",
  ".webm": "video/webm",
  ".mp3": "audio/mpeg",
  ".m4a": "audio/mp4",
  ".ogg": "audio/ogg",
  ".oga": "audio/ogg",
  ".pdf": "application/pdf",
  ".zip": "application/zip",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
};
