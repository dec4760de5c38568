import type { Context, Message, Update, UpdateTest } from "balekit";

/** What somebody sent in answer to a question. */
export interface Answer {
  /** The number of the button that was pressed. */
  readonly pressed: number | undefined;
  readonly message: Message | undefined;
  /** Who answered. */
  readonly from: number | undefined;
  /** The text as it was typed, without spaces around. */
  readonly raw: string | undefined;
  /** The text as the bot matches texts: with digits from 0 to 9. */
  readonly text: string | undefined;
}

/** What became of an answer: a value, or what is to be said about it. */
export type Reading<Value> = { readonly value: Value } | { readonly problem: string };

/** What people send, in contrast to what happens in a chat: a payment or a new member is no answer. */
const CONTENTS = [
  "text",
  "photo",
  "document",
  "video",
  "audio",
  "voice",
  "animation",
  "sticker",
  "contact",
  "location",
] as const;

/** Makes the test of what may be an answer: whatever somebody sends, and presses on buttons with this prefix. */
export function answerTest(prefix: string | undefined): UpdateTest {
  return ({ message, callback_query: press }) => {
    if (message)
      return CONTENTS.some((content) => (message[content] ?? undefined) !== undefined) ? {} : undefined;
    const data = press?.data;
    if (prefix === undefined || data === undefined || data === null || !data.startsWith(prefix))
      return undefined;
    return { match: data.slice(prefix.length) };
  };
}

/** Reads what came as an answer. */
export function answerOf(ctx: Context): Answer {
  const update: Update = ctx.update;
  const message = update.message ?? undefined;
  const raw = message?.text?.trim();
  const pressed = update.callback_query ? Number(ctx.match) : undefined;
  return {
    pressed,
    message,
    from: message?.from?.id,
    raw,
    text: raw === undefined ? undefined : ctx.services.normalizeText(raw),
  };
}
