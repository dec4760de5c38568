import type { PhotoSize, Sticker } from "@balekit/api";

import type { Fields } from "./fields.js";
import {
  type FileKind,
  PHOTO_LIMIT_BYTES,
  type StoredFile,
  UPLOAD_LIMIT_BYTES,
  type Upload,
} from "./files.js";
import { decoded } from "./percent-encoding.js";
import { badRequest } from "./refusal.js";
import type { Content, World } from "./world.js";

/** What can be sent with a method of its own. */
export type MediaKind = "photo" | "document" | "video" | "audio" | "voice" | "animation" | "sticker";

/** What a sender may say of a file beside its bytes; undocumented for most methods, sent by several clients. */
export interface MediaDetails {
  readonly duration?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly title?: string | undefined;
}

const ATTACH = /^<?attach:\/\/([^>]+)>?$/;
const WEB = /^https?:\/\//i;

/** A single grey pixel: stands for a photo sent by an address nobody fetches. */
const PLACEHOLDER: Uint8Array = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOoBwAAgwCB8xBYqQAAAABJRU5ErkJggg==",
  "base64",
);

/** The file a top-level parameter means: a part of that name, a file_id, or an address. */
export async function mediaField(
  world: World,
  fields: Fields,
  name: string,
  kind: FileKind,
): Promise<StoredFile> {
  const upload = fields.upload(name);
  if (upload !== undefined) return store(world, fields, kind, upload);
  const reference = fields.optionalText(name);
  if (reference === undefined || reference === "") throw badRequest(`${name} is empty`);
  const attached = attachedAtTop(world, fields, name, reference);
  return attached === undefined
    ? existing(world, fields, reference, kind)
    : store(world, fields, kind, attached);
}

/**
 * The part that a top-level `attach://` means. Low confidence: it is not documented there, and suspected of failing
 * (notes.md 2), so it is taken with a warning, unless the world refuses it.
 */
function attachedAtTop(world: World, fields: Fields, name: string, reference: string): Upload | undefined {
  const attached = ATTACH.exec(reference)?.[1];
  if (attached === undefined) return undefined;
  if (world.options.rejectAttach === true) {
    throw badRequest(
      `wrong file identifier: ${name} is "${reference}"; name the part after the parameter instead`,
    );
  }
  fields.warnings.push(
    `${name}: attach:// is not documented at the top level and may fail on Bale; name the part "${name}".`,
  );
  return requiredPart(fields, attached);
}

/**
 * The file an item of an album means. Low confidence: Bale's docs spell references `<attach://name>`, most clients `attach://name`,
 * one the bare name of the part (notes.md 2); which of them Bale takes is not settled, so all three work here.
 */
export async function nestedMedia(
  world: World,
  fields: Fields,
  reference: unknown,
  kind: FileKind,
): Promise<StoredFile> {
  if (typeof reference !== "string" || reference === "") throw badRequest("media is empty");
  const attached = ATTACH.exec(reference)?.[1];
  if (attached !== undefined) return store(world, fields, kind, requiredPart(fields, attached));
  const bare = fields.request.files.has(reference) ? fields.upload(reference) : undefined;
  return bare === undefined ? existing(world, fields, reference, kind) : store(world, fields, kind, bare);
}

/** What a message of this kind carries. */
export function mediaContent(kind: MediaKind, file: StoredFile, details: MediaDetails = {}): Content {
  const common = {
    file_id: file.id,
    file_unique_id: file.uniqueId,
    // Always there: the original client's truth tests fail without it.
    file_size: file.bytes.length,
  };
  const named = {
    ...(file.name === undefined ? {} : { file_name: file.name }),
    ...(file.type === undefined ? {} : { mime_type: file.type }),
  };
  const size = { width: details.width ?? file.width, height: details.height ?? file.height };
  const duration = details.duration ?? 0;
  switch (kind) {
    case "photo":
      return { photo: photoSizes(file) };
    case "document":
      return { document: { ...common, ...named } };
    case "video":
      return { video: { ...common, ...named, ...size, duration } };
    case "audio":
      return {
        audio: {
          ...common,
          ...named,
          duration,
          ...(details.title === undefined ? {} : { title: details.title }),
        },
      };
    case "voice":
      return { voice: { ...common, duration, ...(file.type === undefined ? {} : { mime_type: file.type }) } };
    case "animation":
      // `document` is set together with `animation` (notes.md 2: documented).
      return { animation: { ...common, ...named, ...size, duration }, document: { ...common, ...named } };
    case "sticker":
      return { sticker: stickerOf(file) };
  }
}

/** A sticker as messages and sets carry it. */
export function stickerOf(file: StoredFile): Sticker {
  return {
    file_id: file.id,
    file_unique_id: file.uniqueId,
    type: "regular",
    width: file.width,
    height: file.height,
    file_size: file.bytes.length,
  };
}

function photoSizes(file: StoredFile): PhotoSize[] {
  return [file.small, file].flatMap((size) =>
    size === undefined
      ? []
      : [
          {
            file_id: size.id,
            file_unique_id: size.uniqueId,
            width: size.width,
            height: size.height,
            file_size: size.bytes.length,
          },
        ],
  );
}

function requiredPart(fields: Fields, name: string): Upload {
  const part = fields.upload(name);
  if (part === undefined) throw badRequest(`file part "${name}" is missing`);
  return part;
}

function store(world: World, fields: Fields, kind: FileKind, upload: Upload): StoredFile {
  const size = upload.bytes.length;
  if (size === 0) throw badRequest("file must be non-empty");
  const limit = kind === "photo" || kind === "chat_photo" ? PHOTO_LIMIT_BYTES : UPLOAD_LIMIT_BYTES;
  if (size > limit) throw badRequest(`file is too big: ${size} bytes, at most ${limit} are allowed`);
  warnOfSize(fields, size);
  return world.files.add(kind, upload);
}

/** Low confidence: 50 MB are documented, and one project measured failures from about 20 MB on (notes.md 2). */
function warnOfSize(fields: Fields, size: number): void {
  if (size <= 20 * 1024 * 1024) return;
  fields.warnings.push(
    `${size} bytes: documented as fine up to 50 MB, but one project saw uploads fail from about 20 MB on.`,
  );
}

/** Low confidence: animations are documents too, so their id is taken for both, which nobody has verified. */
function canBeSentAs(file: StoredFile, kind: FileKind): boolean {
  return file.kind === kind || (file.kind === "animation" && kind === "document");
}

/**
 * Whether an id of this kind is taken as multipart only. Low confidence: stickers fail as JSON and work as multipart,
 * seen live by one project; animations likewise, by the code of two clients (notes.md 2).
 */
function needsMultipart(kind: FileKind): boolean {
  return kind === "sticker" || kind === "animation";
}

/** A file the server has, or fetches. */
async function existing(
  world: World,
  fields: Fields,
  reference: string,
  kind: FileKind,
): Promise<StoredFile> {
  if (WEB.test(reference)) return fetched(world, reference, kind);
  const file = world.files.get(reference);
  if (file === undefined) {
    throw badRequest(`wrong file identifier/HTTP URL specified${world.files.lossOf(reference)}`);
  }
  if (!canBeSentAs(file, kind)) {
    // The type of a file cannot change when it is sent again (notes.md 2: documented).
    throw badRequest(`type of file mismatch: this id is of a ${file.kind}, not of a ${kind}`);
  }
  const { encoding } = fields.request;
  if (needsMultipart(kind) && encoding !== "multipart" && encoding !== "in process") {
    throw badRequest(`wrong file identifier: send a ${kind} by id as multipart/form-data`);
  }
  return file;
}

async function fetched(world: World, address: string, kind: FileKind): Promise<StoredFile> {
  if (!URL.canParse(address)) throw badRequest("wrong file identifier/HTTP URL specified");
  const name = decoded(new URL(address).pathname).split("/").at(-1) ?? "";
  // A document can be sent by address only if it is a GIF, PDF or ZIP (notes.md 2: documented).
  if (kind === "document" && !/\.(gif|pdf|zip)$/i.test(name)) {
    throw badRequest("wrong type of the web page content: a document by URL must be a GIF, PDF or ZIP");
  }
  let bytes = kind === "photo" ? PLACEHOLDER : Buffer.from(address);
  if (world.options.fetchFile !== undefined) {
    try {
      bytes = await world.options.fetchFile(address);
    } catch {
      throw badRequest("failed to get HTTP URL content");
    }
  }
  // By address a photo may have 5 MB, anything else 20 MB (notes.md 2: documented).
  if (bytes.length > (kind === "photo" ? 5 : 20) * 1024 * 1024) throw badRequest("file is too big");
  // A voice of 1 to 20 MB by address arrives as a plain file; its kind stays, what the message shows is up to the caller.
  return world.files.add(kind, { bytes, ...(name === "" ? {} : { name }) });
}
