import type { User } from "@balekit/api";
import type { ComponentChildren, JSX } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Group } from "../src/page-state.js";
import { Avatar } from "./avatar.jsx";
import { Chat } from "./chat.jsx";
import { clear as clearServer } from "./control.js";
import { Dialog, NewGroup, NewPerson } from "./dialog.jsx";
import { Icon } from "./icons.jsx";
import { Inspector } from "./inspector.jsx";
import { useOutbox } from "./outbox.js";
import {
  nameOf,
  type Outcomes,
  Page,
  type PageContext,
  PageOutcomes,
  PageStore,
  reasonOf,
} from "./page-context.js";
import { Sidebar } from "./sidebar.jsx";
import type { Store } from "./store.js";
import { useStore } from "./use-store.js";
import { type Language, WORDS } from "./words.js";

/** How many alerts of a bot wait to be read. */
const ALERTS = 20;

/** How long a notice stays. */
const TOAST_MS = 3500;

/** The whole page: chats at the start, the open chat, and behind the scenes at the end. */
export function App(): JSX.Element {
  const [store, act] = useStore();
  const outbox = useOutbox();
  const [language, setLanguage] = useState<Language>(() =>
    localStorage.getItem("language") === "en" ? "en" : "fa",
  );
  const [chosen, setChosen] = useState<number>();
  const [speaker, setSpeaker] = useState<number>();
  const [drawer, setDrawer] = useState<"chats" | "inspector">();
  const [making, setMaking] = useState<"person" | "group">();
  const [alerts, setAlerts] = useState<readonly string[]>([]);
  const [webApp, setWebApp] = useState<string>();
  const [notice, setNotice] = useState<{ readonly text: string }>();
  const words = WORDS[language];

  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = language === "fa" ? "rtl" : "ltr";
    document.title = `${words.title} · balekit`;
    localStorage.setItem("language", language);
  }, [language, words]);

  const toast = useCallback((text: string) => setNotice({ text }), []);
  useEffect(() => {
    if (notice === undefined) return;
    const timer = setTimeout(() => setNotice(undefined), TOAST_MS);
    return () => clearTimeout(timer);
  }, [notice]);

  const attempt = useCallback(
    async (work: () => Promise<unknown>) => {
      try {
        await work();
      } catch (error) {
        toast(`${words.failed}: ${reasonOf(error, words)}`);
      }
    },
    [toast, words],
  );

  const group = store.groups.find((one) => one.chat.id === chosen);
  const members =
    group === undefined ? store.people : store.people.filter((one) => group.members.includes(one.id));
  const person =
    (group === undefined
      ? members.find((one) => one.id === chosen)
      : members.find((one) => one.id === speaker)) ?? members[0];

  // What the bot says to the press of a button is shown to the one who pressed.
  const shown = useRef<Outcomes["answers"]>(store.answers);
  useEffect(() => {
    const before = shown.current;
    shown.current = store.answers;
    for (const [id, answer] of store.answers) {
      if (before.get(id) === answer || answer.user_id !== person?.id) continue;
      const { text } = answer;
      if (text === undefined || text === "") continue;
      if (answer.show_alert === true) setAlerts((all) => [...all, text].slice(-ALERTS));
      else toast(text);
    }
  }, [store.answers, person, toast]);

  const page = useMemo<PageContext>(
    () => ({ language, words, toast, attempt }),
    [language, words, toast, attempt],
  );
  const { answers, payments, connection } = store;
  const outcomes = useMemo<Outcomes>(
    () => ({ answers, payments, connection }),
    [answers, payments, connection],
  );
  const clear = (): void => {
    act({ type: "clear" });
    void attempt(clearServer);
  };
  const closeDrawer = (): void => setDrawer(undefined);
  const openChat = (chat: number): void => {
    setChosen(chat);
    setDrawer(undefined);
    setMaking(undefined);
  };
  // Who was just made may be told of by the stream only later.
  const openPerson = (made: User): void => {
    act({ type: "person", data: made });
    openChat(made.id);
  };
  const openGroup = (made: Group): void => {
    act({ type: "group", data: made });
    openChat(made.chat.id);
  };

  return (
    <Providers page={page} store={store} outcomes={outcomes}>
      <div class="app" data-drawer={drawer} data-ready={store.connection > 0}>
        <Sidebar
          chat={group?.chat.id ?? person?.id ?? 0}
          onChat={openChat}
          onMake={setMaking}
          onLanguage={() => setLanguage(language === "fa" ? "en" : "fa")}
          drawer={{ isOpen: drawer === "chats", isBehind: drawer === "inspector", onClose: closeDrawer }}
        />
        <main class="chat" inert={drawer !== undefined}>
          <header class="bar">
            <button
              type="button"
              class="ghost round only-phone"
              title={words.menu}
              onClick={() => setDrawer("chats")}
            >
              <Icon name="menu" flips />
            </button>
            {group === undefined ? (
              <Avatar id={store.bot.id} name={nameOf(store.bot)} kind="bot" />
            ) : (
              <Avatar id={group.chat.id} name={group.chat.title ?? ""} kind="group" />
            )}
            <span class="bar-words">
              <h1 dir="auto">{group === undefined ? nameOf(store.bot) : group.chat.title}</h1>
              <small>
                {group !== undefined
                  ? words.memberCount(group.members.length)
                  : person !== undefined && `${words.speakAs} ${nameOf(person)}`}
              </small>
            </span>
            <span class="bot-status only-phone" data-status={store.process.status}>
              <i
                class="dot"
                role="img"
                title={words.status[store.process.status]}
                aria-label={words.status[store.process.status]}
              />
            </span>
            <button
              type="button"
              class="ghost round only-narrow"
              title={words.inspector}
              onClick={() => setDrawer("inspector")}
            >
              <Icon name="panel" />
              {store.faults.length > 0 && <span class="badge" />}
            </button>
          </header>
          <div role="status">{!store.online && <div class="offline">{words.offline}</div>}</div>
          {person !== undefined && (
            <Chat
              person={person}
              group={group}
              outbox={outbox}
              isChosen={chosen !== undefined}
              onPerson={setSpeaker}
              onWebApp={setWebApp}
            />
          )}
        </main>
        <Inspector
          onClear={clear}
          drawer={{ isOpen: drawer === "inspector", isBehind: drawer === "chats", onClose: closeDrawer }}
        />
        {drawer !== undefined && (
          // The drawer has a button of its own for the keyboard, and Escape.
          <button type="button" class="shade" tabIndex={-1} aria-label={words.close} onClick={closeDrawer} />
        )}
      </div>
      {making === "person" && <NewPerson onMade={openPerson} onClose={() => setMaking(undefined)} />}
      {making === "group" && <NewGroup onMade={openGroup} onClose={() => setMaking(undefined)} />}
      {alerts[0] !== undefined && (
        <Dialog
          key={`alert-${alerts.length}`}
          title={nameOf(store.bot)}
          onClose={() => setAlerts((all) => all.slice(1))}
        >
          <p class="alert-text" dir="auto">
            {alerts[0]}
          </p>
        </Dialog>
      )}
      {webApp !== undefined && (
        <Dialog title={words.webApp} onClose={() => setWebApp(undefined)}>
          <p>{words.webAppText}</p>
          <p class="alert-text" dir="ltr">
            {webApp}
          </p>
        </Dialog>
      )}
      <div role="status">
        {notice !== undefined && (
          <div class="toast" dir="auto">
            {notice.text}
          </div>
        )}
      </div>
    </Providers>
  );
}

function Providers(props: {
  readonly page: PageContext;
  readonly store: Store;
  readonly outcomes: Outcomes;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <Page.Provider value={props.page}>
      <PageStore.Provider value={props.store}>
        <PageOutcomes.Provider value={props.outcomes}>{props.children}</PageOutcomes.Provider>
      </PageStore.Provider>
    </Page.Provider>
  );
}
