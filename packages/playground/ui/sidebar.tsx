import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Avatar } from "./avatar.jsx";
import { restart } from "./control.js";
import { type Drawer, useDrawer } from "./drawer.js";
import { Icon } from "./icons.jsx";
import { nameOf, summary, usePage, usePageStore } from "./page-context.js";
import { timeOfDay } from "./words.js";

/** The bot's state, and every chat with it: a private one for each person, and the groups. */
export function Sidebar(props: {
  readonly chat: number;
  readonly onChat: (chat: number) => void;
  readonly onMake: (what: "person" | "group") => void;
  readonly onLanguage: () => void;
  readonly drawer: Drawer;
}): JSX.Element {
  const store = usePageStore();
  const { words, language } = usePage();
  const box = useRef<HTMLElement>(null);
  useDrawer(box, props.drawer);
  return (
    <nav class="sidebar" aria-label={words.chats} tabIndex={-1} ref={box} inert={props.drawer.isBehind}>
      <header class="brand">
        <img src="/icon.svg" alt="" width="32" height="32" />
        <span>
          <b>balekit</b>
          <small>{words.title}</small>
        </span>
        <button
          type="button"
          class="ghost language"
          lang={language === "fa" ? "en" : "fa"}
          onClick={props.onLanguage}
        >
          {words.language}
        </button>
        <button
          type="button"
          class="ghost round only-narrow"
          title={words.close}
          onClick={props.drawer.onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <BotState />
      <div class="chats">
        <Heading text={words.people} make={words.newPerson} onMake={() => props.onMake("person")} />
        {store.people.map((person) => (
          <Row
            key={person.id}
            id={person.id}
            name={nameOf(person)}
            kind="person"
            note={words.privateChat}
            open={props.chat === person.id}
            onOpen={props.onChat}
          />
        ))}
        <Heading text={words.groups} make={words.newGroup} onMake={() => props.onMake("group")} />
        {store.groups.map(({ chat, members }) => (
          <Row
            key={chat.id}
            id={chat.id}
            name={chat.title ?? String(chat.id)}
            kind="group"
            note={words.memberCount(members.length)}
            open={props.chat === chat.id}
            onOpen={props.onChat}
          />
        ))}
      </div>
    </nav>
  );
}

function BotState(): JSX.Element {
  const store = usePageStore();
  const { words, attempt } = usePage();
  const { status, file, restarts } = store.process;
  return (
    <section class="bot-state" data-status={status}>
      <Avatar id={store.bot.id} name={nameOf(store.bot)} kind="bot" />
      <span class="bot-words">
        <span class="bot-status" role="status">
          <i class="dot" />
          {words.status[status]}
        </span>
        <small dir="ltr" title={restarts > 0 ? `${file}\n${words.restarts(restarts)}` : file}>
          {file.split(/[/\\]/).at(-1)}
        </small>
      </span>
      {status !== "none" && (
        <button
          type="button"
          class="ghost round"
          title={words.status.restarting}
          onClick={() => void attempt(restart)}
        >
          <Icon name="restart" />
        </button>
      )}
    </section>
  );
}

function Heading(props: {
  readonly text: string;
  readonly make: string;
  readonly onMake: () => void;
}): JSX.Element {
  return (
    <div class="heading">
      <h2>{props.text}</h2>
      <button type="button" class="ghost round" title={props.make} onClick={props.onMake}>
        <Icon name="plus" />
      </button>
    </div>
  );
}

function Row(props: {
  readonly id: number;
  readonly name: string;
  readonly kind: "person" | "group";
  readonly note: string;
  readonly open: boolean;
  readonly onOpen: (id: number) => void;
}): JSX.Element {
  const store = usePageStore();
  const { words, language } = usePage();
  const last = store.messages.get(props.id)?.at(-1);
  return (
    <button
      type="button"
      class="chat-row"
      data-chat={props.id}
      aria-current={props.open}
      onClick={() => props.onOpen(props.id)}
    >
      <Avatar id={props.id} name={props.name} kind={props.kind} />
      <span class="chat-words">
        <span class="chat-top">
          <b dir="auto">{props.name}</b>
          {last !== undefined && <time>{timeOfDay(last.date * 1000, language)}</time>}
        </span>
        <small dir="auto">{last === undefined ? props.note : summary(last, words)}</small>
      </span>
    </button>
  );
}
