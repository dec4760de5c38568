import type { MessageEntity } from "@balekit/api";

const MARK = /(^|[\s(])(\/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]+)?|@[A-Za-z][A-Za-z0-9_]{2,})/g;

/**
 * Finds the entities Bale reports. Only `mention` and `bot_command` exist, with offsets in UTF-16 units (notes.md 6:
 * documented); the text itself keeps its markdown characters as they were written.
 */
export function entitiesOf(text: string): MessageEntity[] | undefined {
  if (!text.includes("/") && !text.includes("@")) return undefined;
  const entities: MessageEntity[] = [];
  for (const match of text.matchAll(MARK)) {
    const before = match[1] ?? "";
    const mark = match[2] ?? "";
    entities.push({
      type: mark.startsWith("/") ? "bot_command" : "mention",
      offset: match.index + before.length,
      length: mark.length,
    });
  }
  return entities.length === 0 ? undefined : entities;
}
