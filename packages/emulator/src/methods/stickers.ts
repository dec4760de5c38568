import type { Sticker } from "@balekit/api";

import { type Fields, isObject } from "../fields.js";
import { mediaField, nestedMedia, stickerOf } from "../media.js";
import type { MethodTable } from "../method.js";
import { personOf } from "../peers.js";
import { badRequest } from "../refusal.js";
import type { World } from "../world.js";

/** An InputSticker. Low confidence: it is named in the docs and described nowhere. One client sends `sticker`, `emoji_list` and `keywords`. */
async function inputSticker(world: World, fields: Fields, raw: unknown): Promise<Sticker> {
  const reference = isObject(raw) ? raw["sticker"] : raw;
  return stickerOf(await nestedMedia(world, fields, reference, "sticker"));
}

/**
 * The stickers of a new set. Low confidence: the docs print the key of this array in the singular, Telegram's is
 * `stickers` (notes.md 8); both are taken.
 */
function newStickers(fields: Fields): unknown {
  return fields.structure("sticker") ?? fields.structure("stickers");
}

function setName(world: World, fields: Fields): string {
  const name = fields.text("name", { min: 1, max: 64 });
  // A set's name ends in `_by_<bot_username>` (notes.md 8: documented).
  if (!name.toLowerCase().endsWith(`_by_${(world.bot.username ?? "").toLowerCase()}`)) {
    throw badRequest(`invalid sticker set name: it must end with _by_${world.bot.username ?? ""}`);
  }
  return name;
}

/** Stickers. A sent one is in the media methods. */
export const stickerMethods: MethodTable = {
  uploadStickerFile: async (world, fields) => {
    personOf(world, fields);
    const file = await mediaField(world, fields, "sticker", "sticker");
    return {
      file_id: file.id,
      file_unique_id: file.uniqueId,
      file_size: file.bytes.length,
      file_path: file.path,
    };
  },

  createNewStickerSet: async (world, fields) => {
    const { user } = personOf(world, fields);
    const name = setName(world, fields);
    const title = fields.text("title", { min: 1, max: 64 });
    const raw = newStickers(fields);
    if (!Array.isArray(raw) || raw.length < 1 || raw.length > 50)
      throw badRequest("sticker must hold 1 to 50 stickers");
    const stickers: Sticker[] = [];
    for (const item of raw) stickers.push(await inputSticker(world, fields, item));
    world.stickers.create(name, title, user.id, stickers);
    return true;
  },

  addStickerToSet: async (world, fields) => {
    const { user } = personOf(world, fields);
    const name = fields.text("name");
    const sticker = await inputSticker(world, fields, fields.structure("sticker"));
    world.stickers.add(name, user.id, sticker);
    return true;
  },
};
