import { createHash } from "node:crypto";

/** What a file can be sent as. Its kind never changes afterwards (notes.md 2: documented). */
export type FileKind =
  | "photo"
  | "document"
  | "video"
  | "audio"
  | "voice"
  | "animation"
  | "sticker"
  | "chat_photo";

/** Bytes on their way in, with what the sender says of them. */
export interface Upload {
  readonly bytes: Uint8Array;
  readonly name?: string | undefined;
  readonly type?: string | undefined;
}

/** A file the emulated server keeps. */
export interface StoredFile {
  readonly id: string;
  readonly uniqueId: string;
  readonly path: string;
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly width: number;
  readonly height: number;
  /** The small size of a photo. */
  readonly small: StoredFile | undefined;
}

/** Bots may download files up to 20 MB (notes.md 2: documented). */
export const DOWNLOAD_LIMIT_BYTES: number = 20 * 1024 * 1024;
/** An uploaded photo may have 10 MB (notes.md 2: documented). */
export const PHOTO_LIMIT_BYTES: number = 10 * 1024 * 1024;
/** Any other upload may have 50 MB (notes.md 2: documented; one project measured failures from about 20 MB on). */
export const UPLOAD_LIMIT_BYTES: number = 50 * 1024 * 1024;

/** The longer side of a photo's small size. */
const SMALL_PIXELS = 90;

const FOLDERS: Readonly<Record<FileKind, string>> = {
  photo: "photos",
  document: "documents",
  video: "videos",
  audio: "music",
  voice: "voices",
  animation: "animations",
  sticker: "stickers",
  chat_photo: "profile_photos",
};

const EXTENSIONS: Readonly<Record<FileKind, string>> = {
  photo: "jpg",
  document: "bin",
  video: "mp4",
  audio: "mp3",
  voice: "ogg",
  animation: "gif",
  sticker: "webp",
  chat_photo: "jpg",
};

/** How many uploads are kept; the oldest go first. */
const KEPT_FILES = 10_000;
/** How many bytes they may have together, unless an emulator is told otherwise. */
export const KEPT_BYTES: number = 256 * 1024 * 1024;

/** What the number of a file begins at in its id. */
const FIRST_NUMBER = 100_000_000_000_000;
/** A view of something this much larger is copied, so that a small file does not hold a whole body in memory. */
const MOST_HELD = 2;
const SMALL_BYTES = 64 * 1024;

/** The files of the emulated world; kept in memory, the oldest going first. The newest is always there. */
export class Files {
  readonly #byId: Map<string, StoredFile> = new Map();
  readonly #byPath: Map<string, StoredFile> = new Map();
  readonly #uploads: Set<StoredFile> = new Set();
  readonly #botId: number;
  readonly #maxBytes: number;
  #bytes = 0;
  #made = 0;

  constructor(botId: number, maxBytes: number = KEPT_BYTES) {
    this.#botId = botId;
    this.#maxBytes = maxBytes;
  }

  /** Keeps a file; a photo gets a second, small size, as Bale's photos have. */
  add(kind: FileKind, given: Upload): StoredFile {
    const upload = { ...given, bytes: ownBytes(given.bytes) };
    const { width, height } = imageSize(upload.bytes) ?? { width: 800, height: 600 };
    let small: StoredFile | undefined;
    if (kind === "photo") {
      const scale = SMALL_PIXELS / Math.max(width, height, SMALL_PIXELS);
      const scaled = (side: number): number => Math.max(1, Math.round(side * scale));
      small = this.#keep(kind, upload, scaled(width), scaled(height), undefined);
    }
    const file = this.#keep(kind, upload, width, height, small);
    this.#uploads.add(file);
    this.#bytes += file.bytes.length;
    for (const oldest of this.#uploads) {
      if (oldest === file || (this.#uploads.size <= KEPT_FILES && this.#bytes <= this.#maxBytes)) break;
      this.#forget(oldest);
    }
    return file;
  }

  #keep(
    kind: FileKind,
    upload: Upload,
    width: number,
    height: number,
    small: StoredFile | undefined,
  ): StoredFile {
    const number = ++this.#made;
    const id = this.#idOf(number);
    const extension = /\.([A-Za-z0-9]{1,8})$/.exec(upload.name ?? "")?.[1] ?? EXTENSIONS[kind];
    const file: StoredFile = {
      id,
      uniqueId: id.slice(id.lastIndexOf(":") + 1).slice(0, 16),
      path: `${FOLDERS[kind]}/${number}.${extension.toLowerCase()}`,
      kind,
      bytes: upload.bytes,
      name: upload.name,
      type: upload.type ?? typeOf(extension),
      width,
      height,
      small,
    };
    this.#byId.set(file.id, file);
    this.#byPath.set(file.path, file);
    return file;
  }

  #forget(upload: StoredFile): void {
    this.#uploads.delete(upload);
    this.#bytes -= upload.bytes.length;
    for (const size of [upload, upload.small]) {
      if (size === undefined) continue;
      this.#byId.delete(size.id);
      this.#byPath.delete(size.path);
    }
  }

  /**
   * Ids look like `<number>:<signed number>:<digit>:<hex>` (notes.md 2: seen live in one project's samples): they hold
   * ":" and "-", so they need encoding in paths and do not fit in 64 bytes of callback data. The signed number tells
   * which file it was, for when it is forgotten.
   */
  #idOf(number: number): string {
    const hex = createHash("sha256").update(`${this.#botId}/${number}`).digest("hex");
    return `${this.#botId}:-${FIRST_NUMBER + number}:${number % 10}:${hex}`;
  }

  get(id: string): StoredFile | undefined {
    return this.#byId.get(id);
  }

  /**
   * A file by what stands after `/file/bot<token>/`: the `file_path` of getFile, or the file_id itself, which works
   * in practice (notes.md 2: three clients download that way).
   */
  at(pathOrId: string): StoredFile | undefined {
    return this.#byPath.get(pathOrId) ?? this.#byId.get(pathOrId);
  }

  /** What to say after an error about a file that is not there: how it was lost, if it was, else nothing. */
  lossOf(pathOrId: string): string {
    const inId = /^\d+:-(\d{15}):/.exec(pathOrId)?.[1];
    const number =
      inId === undefined ? Number(/^[a-z_]+\/(\d+)\./.exec(pathOrId)?.[1]) : Number(inId) - FIRST_NUMBER;
    const wasHere = number >= 1 && number <= this.#made && this.at(pathOrId) === undefined;
    if (!wasHere || (inId !== undefined && this.#idOf(number) !== pathOrId)) return "";
    return `: the emulator has forgotten this file. It keeps the last ${KEPT_FILES} uploads, and ${this.#maxBytes} bytes of them (option maxFileBytes)`;
  }
}

/** The bytes without what they are a small part of. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  const held = bytes.buffer.byteLength;
  return held > SMALL_BYTES && held > MOST_HELD * bytes.length ? Uint8Array.from(bytes) : bytes;
}

const TYPES: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
  pdf: "application/pdf",
  zip: "application/zip",
  txt: "text/plain",
  csv: "text/csv",
  json: "application/json",
  mp4: "video/mp4",
  webm: "video/webm",
  mp3: "audio/mpeg",
  m4a: "audio/mp4",
  ogg: "audio/ogg",
  oga: "audio/ogg",
};

/** The media type of a file name's extension. */
export function typeOf(extension: string): string | undefined {
  return TYPES[extension.toLowerCase()];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Width and height from the header of a PNG, GIF or JPEG. */
function imageSize(bytes: Uint8Array): Size | undefined {
  if (bytes.length < 24) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (view.getUint32(0) === 0x47494638)
    return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  return view.getUint16(0) === 0xffd8 ? jpegSize(view) : undefined;
}

/** Walks a JPEG's segments to its frame header. */
function jpegSize(view: DataView): Size | undefined {
  let at = 2;
  while (at + 9 < view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}
