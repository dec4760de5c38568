import { type Fields, isObject, lengthOf } from "../fields.js";
import { DOWNLOAD_LIMIT_BYTES, type StoredFile } from "../files.js";
import { type MediaDetails, type MediaKind, mediaContent, mediaField, nestedMedia } from "../media.js";
import type { CallContext, MethodTable } from "../method.js";
import { badRequest } from "../refusal.js";
import type { World } from "../world.js";
import { send } from "./messages.js";

const CAPTION_LENGTH = 4096;
/** Captions inside an album are shorter (notes.md 6: documented). */
const ALBUM_CAPTION_LENGTH = 1024;

/**
 * Kinds an album may hold; documents and audio only among their own (notes.md 8: documented). Animations are not
 * among them.
 */
const ALBUM_KINDS: readonly string[] = ["photo", "video", "audio", "document"];

function sendMedia(kind: MediaKind) {
  return async (world: World, fields: Fields, context: CallContext): Promise<unknown> => {
    if (context.business && fields.request.files.size > 0)
      throw badRequest("files can be sent by file_id only");
    const caption = fields.optionalText("caption", { max: CAPTION_LENGTH });
    const details: MediaDetails = {
      duration: fields.optionalInteger("duration"),
      width: fields.optionalInteger("width"),
      height: fields.optionalInteger("height"),
      title: fields.optionalText("title"),
    };
    const file = await mediaField(world, fields, kind, kind);
    const content = { ...mediaContent(kind, file, details), ...(caption ? { caption } : {}) };
    return send(world, fields, context, content).message;
  };
}

interface AlbumItem {
  readonly kind: MediaKind;
  readonly file: StoredFile;
  readonly caption: string | undefined;
}

async function albumItem(world: World, fields: Fields, raw: unknown): Promise<AlbumItem> {
  if (!isObject(raw)) throw badRequest("an item of media must be an object");
  const type = String(raw["type"]);
  if (!ALBUM_KINDS.includes(type)) throw badRequest(`type "${type}" can't be used in sendMediaGroup`);
  const kind = type as MediaKind;
  const caption = raw["caption"] ?? undefined;
  if (caption !== undefined && typeof caption !== "string") throw badRequest("caption must be a string");
  if (caption !== undefined && lengthOf(caption) > ALBUM_CAPTION_LENGTH)
    throw badRequest("caption is too long");
  if (raw["thumbnail"] !== undefined && raw["thumbnail"] !== null)
    await nestedMedia(world, fields, raw["thumbnail"], "photo");
  return { kind, file: await nestedMedia(world, fields, raw["media"], kind), caption };
}

/** Sending files, and getting them. */
export const mediaMethods: MethodTable = {
  sendPhoto: sendMedia("photo"),
  sendAudio: sendMedia("audio"),
  sendDocument: sendMedia("document"),
  sendVideo: sendMedia("video"),
  sendAnimation: sendMedia("animation"),
  sendVoice: sendMedia("voice"),
  // Not documented; seen working live by one project, as multipart (notes.md 8).
  sendSticker: sendMedia("sticker"),

  sendMediaGroup: async (world, fields, context) => {
    const media = fields.structure("media");
    // How many items an album may have is not published.
    if (!Array.isArray(media) || media.length === 0) throw badRequest("media must be a non-empty array");
    const items: AlbumItem[] = [];
    for (const raw of media) items.push(await albumItem(world, fields, raw));
    const kinds = new Set(items.map((item) => item.kind));
    if (kinds.size > 1 && (kinds.has("document") || kinds.has("audio"))) {
      throw badRequest("documents and audio can be grouped only with their own kind");
    }
    const group = world.newAlbumId();
    return items.map(({ kind, file, caption }) => {
      const content = { ...mediaContent(kind, file), media_group_id: group, ...(caption ? { caption } : {}) };
      return send(world, fields, context, content).message;
    });
  },

  getFile: (world, fields) => {
    const id = fields.text("file_id");
    const file = world.files.get(id);
    if (file === undefined) throw badRequest(`invalid file_id${world.files.lossOf(id)}`);
    if (file.bytes.length > DOWNLOAD_LIMIT_BYTES) throw badRequest("file is too big");
    return {
      file_id: file.id,
      file_unique_id: file.uniqueId,
      file_size: file.bytes.length,
      file_path: file.path,
    };
  },
};
