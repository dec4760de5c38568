import type { Animation, Audio, Document, Message, PhotoSize, Sticker, Video, Voice } from "@balekit/api";

/**
 * The file a message carries: the largest size of a photo, or whatever file there is. An animation wins over the
 * document Bale sends along with it.
 */
export function attachmentOf(
  message: Message,
): Animation | Audio | Document | PhotoSize | Sticker | Video | Voice | undefined {
  if (Array.isArray(message.photo) && message.photo.length > 0) return largest(message.photo);
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
  let best: PhotoSize | undefined;
  for (const size of sizes) {
    if (size === null) continue;
    if (best === undefined || size.width * size.height > best.width * best.height) best = size;
  }
  return best;
}
