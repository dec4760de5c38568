import type { Message, User } from "@balekit/api";
import type { JSX } from "preact";
import { memo } from "preact/compat";
import { Attachment } from "./attachment.jsx";
import { Avatar } from "./avatar.jsx";
import { Icon } from "./icons.jsx";
import { InlineButtons } from "./inline-buttons.jsx";
import { Invoice } from "./invoice.jsx";
import { nameOf, summary, usePage } from "./page-context.js";
import { RichText } from "./rich-text.jsx";
import { digits, timeOfDay } from "./words.js";

/** Callbacks of a bubble to the chat it is in. */
export interface BubbleActions {
  readonly onCommand: (command: string) => void;
  readonly onReply: (message: Message) => void;
  readonly onWebApp: (address: string) => void;
}

/** One message: of a person, of the bot, or a line that says what happened to the chat. */
export const Bubble = memo(DrawnBubble);

function DrawnBubble(props: {
  readonly message: Message;
  /** Who is looking: their own messages stand on the other side. */
  readonly viewer: User;
  readonly inGroup: boolean;
  /** The message before this one is by the same author, so the name is not repeated. */
  readonly follows: boolean;
  readonly actions: BubbleActions;
}): JSX.Element {
  const { message, viewer, inGroup, follows, actions } = props;
  const { words, language } = usePage();
  const service = serviceLine(props, words, language);
  if (service !== undefined) return <div class="service">{service}</div>;

  const author = message.from;
  const mine = author?.id === viewer.id;
  const named = inGroup && !mine && !follows && author !== undefined;
  const text = message.text ?? message.caption;
  const quoted = message.reply_to_message;
  const bare = message.sticker !== undefined && text === undefined;
  return (
    <div class={`line${mine ? " mine" : ""}${follows ? " follows" : ""}`} data-message={message.message_id}>
      {inGroup && !mine && (
        <span class="line-avatar">
          {!follows && author !== undefined && (
            <Avatar small id={author.id} name={nameOf(author)} kind={author.is_bot ? "bot" : "person"} />
          )}
        </span>
      )}
      <div class="stack">
        <article class={bare ? "bubble bare" : "bubble"}>
          {named && (
            <header class={`author tint-text-${author.is_bot ? "bot" : author.id % 6}`} dir="auto">
              {nameOf(author)}
            </header>
          )}
          {message.forward_from !== undefined && (
            <small class="forwarded">{words.forwarded(nameOf(message.forward_from))}</small>
          )}
          {quoted !== undefined && (
            <blockquote class="quote">
              <b dir="auto">{quoted.from === undefined ? "" : nameOf(quoted.from)}</b>
              <span dir="auto">{summary(quoted, words)}</span>
            </blockquote>
          )}
          <Attachment message={message} />
          {message.invoice !== undefined && <Invoice message={message} payer={viewer.id} />}
          {text !== undefined && text !== "" && <RichText text={text} onCommand={actions.onCommand} />}
          <footer class="stamp">
            {message.edit_date !== undefined && <span>{words.edited}</span>}
            <time>{timeOfDay(message.date * 1000, language)}</time>
          </footer>
        </article>
        <InlineButtons message={message} presser={viewer.id} onWebApp={actions.onWebApp} />
      </div>
      <button type="button" class="ghost reply" title={words.reply} onClick={() => actions.onReply(message)}>
        <Icon name="reply" flips />
      </button>
    </div>
  );
}

function serviceLine(
  { message }: { readonly message: Message },
  words: ReturnType<typeof usePage>["words"],
  language: ReturnType<typeof usePage>["language"],
): JSX.Element | string | undefined {
  const paid = message.successful_payment;
  if (paid !== undefined) {
    return (
      <span class="paid">
        <Icon name="check" />
        {words.paidService(`${digits(paid.total_amount, language)} ${words.rial}`)}
      </span>
    );
  }
  const isService =
    message.new_chat_members !== undefined ||
    message.left_chat_member !== undefined ||
    message.web_app_data !== undefined;
  return isService ? summary(message, words) : undefined;
}
