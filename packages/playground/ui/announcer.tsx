import type { Message, User } from "@balekit/api";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { nameOf, summary, usePage } from "./page-context.js";

/** Says to a screen reader what comes into the open chat from others: the newest, and how many there are. */
export function Announcer(props: {
  readonly chat: number;
  readonly viewer: User;
  readonly messages: readonly Message[];
}): JSX.Element {
  const { chat, viewer, messages } = props;
  const { words } = usePage();
  const [news, setNews] = useState("");
  const known = useRef({ chat, id: messages.at(-1)?.message_id ?? 0 });
  useEffect(() => {
    const { id } = known.current;
    const isSameChat = known.current.chat === chat;
    known.current = { chat, id: messages.at(-1)?.message_id ?? 0 };
    if (!isSameChat) return setNews("");
    const fresh = messages.filter(({ message_id, from }) => message_id > id && from?.id !== viewer.id);
    const last = fresh.at(-1);
    if (last === undefined) return;
    const text = `${last.from === undefined ? "" : `${nameOf(last.from)}: `}${summary(last, words)}`;
    setNews(fresh.length === 1 ? text : `${words.newMessages(fresh.length)} ${text}`);
  }, [chat, viewer.id, messages, words]);
  return (
    <div class="unseen" role="log" aria-live="polite" aria-atomic="true">
      {news}
    </div>
  );
}
