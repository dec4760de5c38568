/** Takes no room and is no white space: next to it, Bale's marks have no space outside them. */
const JOINER = "\u2060";

/**
 * Keeps marks that a user typed from being read as Bale's markdown. A best effort of low confidence: Bale documents no
 * escape, only that a mark wants a space or an edge outside of it. So a word joiner, which nobody sees, is put
 * around marks at the edges of words, inside of `](`, and between backticks. Marks within a word stay (`my_shop_bot`).
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(markAtEdge(), `${JOINER}$&${JOINER}`)
    .replaceAll("](", `]${JOINER}(`)
    .replace(/`(?=`)/g, `$&${JOINER}`);
}

/** What a mark belongs to when it touches it from outside. */
const WORD = "[\\p{L}\\p{N}/]";
let edge: RegExp | undefined;

/** Made when it is needed: V8 takes a millisecond over the first expression with a property of Unicode it reads. */
function markAtEdge(): RegExp {
  edge ??= new RegExp(`(?<!${WORD})[*_]|[*_](?!${WORD})`, "gu");
  return edge;
}
