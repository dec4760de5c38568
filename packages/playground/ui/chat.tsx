import type { Message, User } from "@balekit/api";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Group } from "../src/page-state.js";
import { Avatar } from "./avatar.jsx";
import { Bubble, type BubbleActions } from "./bubble.jsx";
import { sendMessage } from "./control.js";
import { FaultCard } from "./fault-card.jsx";
import { Icon } from "./icons.jsx";
import { nameOf, usePage } from "./page-context.js";
import { replyKeyboard } from "./reply-keyboard.js";
import { WriteBar } from "./write-bar.jsx";

/** Messages of one author within this time stand together. */
const TOGETHER_SECONDS = 300;

/** An open chat: its messages, what the bot is doing, and the place to write. */
export function Chat(props: {
  readonly person: User;
  readonly group: Group | undefined;
  readonly onPerson: (id: number) => void;
  readonly onWebApp: (address: string) => void;
}): JSX.Element {
  const { person, group, onPerson, onWebApp } = props;
  const { store, words, attempt } = usePage();
  const chat = group?.chat.id ?? person.id;
  const messages = store.messages.get(chat) ?? [];
  const [replyTo, setReplyTo] = useState<Message>();
  const keyboard = useMemo(() => replyKeyboard(messages), [messages]);
  const list = useRef<HTMLDivElement>(null);
  const crash =
    store.process.status === "crashed" ? store.faults.findLast((one) => one.where === "crash") : undefined;
  const trouble = crash ?? freshFault(store.faults, messages);
  const action = useAction(chat);

  useEffect(() => setReplyTo(undefined), [chat]);
  useEffect(() => {
    const box = list.current;
    if (box === null) return;
    const down = (): void => box.scrollTo({ top: box.scrollHeight });
    down();
    // Pictures grow when they load: stay at the end while that happens.
    const growth = new ResizeObserver(down);
    if (box.firstElementChild !== null) growth.observe(box.firstElementChild);
    const stop = setTimeout(() => growth.disconnect(), 1500);
    return () => {
      clearTimeout(stop);
      growth.disconnect();
    };
  }, [chat, messages.length, action, trouble?.id, keyboard]);

  const say = (text: string): void => void attempt(() => sendMessage({ from: person.id, chat, text }));
  const actions: BubbleActions = { onCommand: say, onReply: setReplyTo, onWebApp };

  return (
    <>
      <div class="messages" ref={list}>
        <div class="thread">
          {messages.length === 0 && trouble === undefined && (
            <div class="empty">
              <Avatar id={store.bot.id} name={nameOf(store.bot)} kind="bot" />
              <h2>{words.emptyTitle}</h2>
              <p>{words.emptyText}</p>
              <button type="button" class="primary" data-start onClick={() => say("/start")}>
                <Icon name="play" flips />
                {words.start}
              </button>
            </div>
          )}
          {messages.map((message, index) => (
            <Bubble
              key={message.message_id}
              message={message}
              viewer={person}
              inGroup={group !== undefined}
              follows={isSameBreath(messages[index - 1], message)}
              actions={actions}
            />
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
          {trouble !== undefined && <FaultCard fault={trouble} crashed={crash !== undefined} />}
        </div>
      </div>
      {group !== undefined && (
        <Speakers group={group} person={person} people={store.people} onPerson={onPerson} />
      )}
      <WriteBar
        chat={chat}
        person={person}
        keyboard={keyboard}
        replyTo={replyTo}
        onReplied={() => setReplyTo(undefined)}
        onWebApp={onWebApp}
      />
    </>
  );
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

/** The newest error, while nobody has written since: afterwards it is in the panel only. */
function freshFault(faults: ReturnType<typeof usePage>["store"]["faults"], messages: readonly Message[]) {
  const fault = faults.at(-1);
  const last = messages.at(-1);
  if (fault === undefined || fault.where === "crash") return undefined;
  return last === undefined || last.date * 1000 <= fault.at + 999 ? fault : undefined;
}

function useAction(chat: number): string | undefined {
  const { store } = usePage();
  const action = store.actions.get(chat);
  const [, tick] = useState(0);
  useEffect(() => {
    if (action === undefined) return;
    const timer = setTimeout(() => tick((n) => n + 1), Math.max(0, action.until - Date.now()) + 20);
    return () => clearTimeout(timer);
  }, [action]);
  return action !== undefined && action.until > Date.now() ? action.action : undefined;
}
