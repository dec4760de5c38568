import type { Message, User } from "@balekit/api";
import type { JSX } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Fault } from "../src/fault.js";
import type { BotProcess, Group } from "../src/page-state.js";
import { Announcer } from "./announcer.jsx";
import { Avatar } from "./avatar.jsx";
import { Bubble, type BubbleActions } from "./bubble.jsx";
import { FaultCard, NoticeCard } from "./fault-card.jsx";
import { Icon } from "./icons.jsx";
import type { Outbox, Unsent } from "./outbox.js";
import { nameOf, usePage, usePageStore } from "./page-context.js";
import { PendingCards } from "./pending-card.jsx";
import { replyKeyboard } from "./reply-keyboard.js";
import type { Store } from "./store.js";
import { UnsentBubble } from "./unsent-bubble.jsx";
import { useEnd } from "./use-end.js";
import { useFocusKept } from "./use-focus-kept.js";
import type { Words } from "./words.js";
import { WriteBar, type Written } from "./write-bar.jsx";

/** Messages of one author within this time stand together. */
const TOGETHER_SECONDS = 300;

/** How many messages are drawn, and how many more each time for who reads back. */
const DRAWN = 150;

/** An open chat: its messages, what the bot is doing, and the place to write. */
export function Chat(props: {
  readonly person: User;
  readonly group: Group | undefined;
  readonly outbox: Outbox;
  /** Somebody opened this chat: the page itself opens the first. */
  readonly isChosen: boolean;
  readonly onPerson: (id: number) => void;
  readonly onWebApp: (address: string) => void;
}): JSX.Element {
  const { person, group, outbox, onPerson, onWebApp } = props;
  const store = usePageStore();
  const { words } = usePage();
  const chat = group?.chat.id ?? person.id;
  const messages = store.messages.get(chat) ?? NONE;
  const [replyTo, setReplyTo] = useState<Message>();
  /** An unsent text that is to be changed before it is sent again. */
  const [taken, setTaken] = useState<{ readonly text: string }>();
  const keyboard = useMemo(() => replyKeyboard(messages), [messages]);
  const list = useRef<HTMLDivElement>(null);
  const [isAway, toEnd] = useEnd(list, chat);
  useFocusKept(list, list);
  const [drawn, earlier] = useDrawn(messages, chat, isAway);
  const notice = noticeOf(store.process, words);
  const crash = notice === undefined ? presentFault(store) : undefined;
  const trouble = notice === undefined ? (crash ?? store.freshFault) : undefined;
  const action = useAction(chat);
  const waiting = outbox.unsent.filter((one) => one.message.chat === chat && !hasArrived(one, messages));

  useEffect(() => {
    setReplyTo(undefined);
    setTaken(undefined);
  }, [chat]);

  const { send } = outbox;
  const post = useCallback(
    (message: Written, file?: File, asFile?: boolean) => {
      send({ ...message, from: person.id, chat }, file, asFile);
      toEnd();
    },
    [send, person.id, chat, toEnd],
  );
  const actions = useMemo<BubbleActions>(
    () => ({ onCommand: (text) => post({ text }), onReply: setReplyTo, onWebApp }),
    [post, onWebApp],
  );
  const edit = (one: Unsent): void => {
    outbox.drop(one);
    setTaken({ text: one.message.text ?? one.message.caption ?? "" });
    setReplyTo(messages.find(({ message_id }) => message_id === one.message.reply_to));
  };

  return (
    <>
      <section class="messages" ref={list} tabIndex={-1} aria-label={words.messages}>
        <div class="thread">
          {messages.length === 0 && waiting.length === 0 && trouble === undefined && notice === undefined && (
            <div class="empty">
              <Avatar id={store.bot.id} name={nameOf(store.bot)} kind="bot" />
              <h2>{words.emptyTitle}</h2>
              <p>{words.emptyText}</p>
              <button type="button" class="primary" data-start onClick={() => post({ text: "/start" })}>
                <Icon name="play" flips />
                {words.start}
              </button>
            </div>
          )}
          {drawn > 0 && (
            <button type="button" class="earlier" onClick={earlier}>
              {words.earlier}
            </button>
          )}
          {messages.slice(drawn).map((message, index) => (
            <Bubble
              key={message.message_id}
              message={message}
              viewer={person}
              inGroup={group !== undefined}
              follows={isSameBreath(messages[drawn + index - 1], message)}
              actions={actions}
            />
          ))}
          {waiting.map((one) => (
            <UnsentBubble key={one.key} one={one} outbox={outbox} onEdit={edit} />
          ))}
          {action !== undefined && (
            <div class="line">
              <div class="bubble typing" role="status" aria-label={words.typing}>
                <span />
                <span />
                <span />
              </div>
            </div>
          )}
          <PendingCards chat={chat} pending={store.process.status === "stuck" ? NOTHING : store.pending} />
          {notice !== undefined && <NoticeCard title={notice.title} text={notice.text} />}
          {trouble !== undefined && <FaultCard fault={trouble} crashed={crash !== undefined} isNews />}
        </div>
      </section>
      <Announcer chat={chat} viewer={person} messages={messages} />
      {isAway && (
        <div class="to-end">
          <button type="button" class="round" title={words.toEnd} onClick={toEnd}>
            <Icon name="down" />
          </button>
        </div>
      )}
      {group !== undefined && (
        <Speakers group={group} person={person} people={store.people} onPerson={onPerson} />
      )}
      <WriteBar
        key={chat}
        chat={chat}
        takesFocus={props.isChosen}
        keyboard={keyboard}
        replyTo={replyTo}
        taken={taken}
        post={post}
        onReplied={() => setReplyTo(undefined)}
        onWebApp={onWebApp}
      />
    </>
  );
}

const NONE: readonly Message[] = [];

/** Nothing of a process that is stuck goes on: what keeps it is told of by itself. */
const NOTHING: Store["pending"] = [];

/**
 * Where the drawn messages of a chat begin: the last ones while the end is in sight, and for who reads back those that
 * were there, and more on request.
 */
function useDrawn(
  messages: readonly Message[],
  chat: number,
  isAway: boolean,
): readonly [number, earlier: () => void] {
  const first = useRef({ chat, id: 0 });
  const [, draw] = useState(0);
  const last = Math.max(0, messages.length - DRAWN);
  if (first.current.chat !== chat || !isAway) first.current = { chat, id: messages[last]?.message_id ?? 0 };
  const { id } = first.current;
  const found = messages.findIndex(({ message_id }) => message_id >= id);
  const begins = found === -1 ? last : found;
  const earlier = (): void => {
    first.current = { chat, id: messages[Math.max(0, begins - DRAWN)]?.message_id ?? 0 };
    draw((n) => n + 1);
  };
  return [begins, earlier];
}

/** The message itself may be here sooner than the answer that it was taken. */
function hasArrived({ message, file, failure, at }: Unsent, messages: readonly Message[]): boolean {
  if (failure !== undefined) return false;
  // Dates are whole seconds.
  const since = Math.floor(at / 1000);
  const isIt = ({ from, date, text }: Message): boolean =>
    date >= since && from?.id === message.from && (file !== undefined || text === message.text);
  return messages.findLast(isIt) !== undefined;
}

/** Who of a group's members speaks next. */
function Speakers(props: {
  readonly group: Group;
  readonly person: User;
  readonly people: readonly User[];
  readonly onPerson: (id: number) => void;
}): JSX.Element {
  const { words } = usePage();
  return (
    <nav class="speakers" aria-label={words.speakAs}>
      <span>{words.speakAs}</span>
      {props.people
        .filter((one) => props.group.members.includes(one.id))
        .map((one) => (
          <button
            type="button"
            key={one.id}
            aria-pressed={one.id === props.person.id}
            onClick={() => props.onPerson(one.id)}
          >
            <Avatar small id={one.id} name={nameOf(one)} />
            <bdi>{one.first_name}</bdi>
          </button>
        ))}
    </nav>
  );
}

function isSameBreath(before: Message | undefined, message: Message): boolean {
  return (
    before?.from !== undefined &&
    before.from.id === message.from?.id &&
    before.new_chat_members === undefined &&
    before.left_chat_member === undefined &&
    message.date - before.date < TOGETHER_SECONDS
  );
}

/** The error that keeps the bot from working now. */
function presentFault({ process, faults }: Store): Fault | undefined {
  const where = { crashed: "crash", stuck: "stuck" }[process.status as string];
  return where === undefined ? undefined : faults.findLast((one) => one.where === where);
}

/** What keeps the bot from working though nothing was thrown. */
function noticeOf(
  { status, file, isFileGone }: BotProcess,
  words: Words,
): { readonly title: string; readonly text: string } | undefined {
  const name = file.split(/[/\\]/).at(-1) ?? file;
  if (isFileGone === true) return { title: words.goneTitle(name), text: words.goneText };
  return status === "ended" ? { title: words.endedTitle, text: words.endedText } : undefined;
}

function useAction(chat: number): string | undefined {
  const action = usePageStore().actions.get(chat);
  const [, tick] = useState(0);
  useEffect(() => {
    if (action === undefined) return;
    const timer = setTimeout(() => tick((n) => n + 1), Math.max(0, action.until - Date.now()) + 20);
    return () => clearTimeout(timer);
  }, [action]);
  return action !== undefined && action.until > Date.now() ? action.action : undefined;
}
