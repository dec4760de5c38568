import type { Animation, Audio, Document, Message, PhotoSize, Sticker, Video, Voice } from "@balekit/api";
import { isThere } from "./update-kind.js";

/**
 * The file a message carries: the largest size of a photo, or whatever file there is. An animation wins over the
 * document Bale sends along with it.
 */
export function attachmentOf(
  message: Message,
): Animation | Audio | Document | PhotoSize | Sticker | Video | Voice | undefined {
  if (isThere(message.photo)) return largest(message.photo ?? []);
  return (
    message.animation ??
    message.video ??
    message.audio ??
    message.voice ??
    message.document ??
    message.sticker ??
    undefined
  );
}

function largest(sizes: readonly PhotoSize[]): PhotoSize | undefined {
  let best = sizes[0];
  for (const size of sizes) {
    if (best === undefined || size.width * size.height > best.width * best.height) best = size;
  }
  return best;
}
