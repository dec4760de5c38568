import type { JSX } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Avatar } from "./avatar.jsx";
import { Chat } from "./chat.jsx";
import { Dialog, NewGroup, NewPerson } from "./dialog.jsx";
import { Icon } from "./icons.jsx";
import { Inspector } from "./inspector.jsx";
import { nameOf, Page, type PageContext } from "./page-context.js";
import { Sidebar } from "./sidebar.jsx";
import { useStore } from "./store.js";
import { type Language, WORDS } from "./words.js";

/** How long a notice stays. */
const TOAST_MS = 3500;

/** The whole page: chats at the start, the open chat, and behind the scenes at the end. */
export function App(): JSX.Element {
  const [store, clear] = useStore();
  const [language, setLanguage] = useState<Language>(() =>
    localStorage.getItem("language") === "en" ? "en" : "fa",
  );
  const [chosen, setChosen] = useState<number>();
  const [speaker, setSpeaker] = useState<number>();
  const [drawer, setDrawer] = useState<"chats" | "inspector">();
  const [making, setMaking] = useState<"person" | "group">();
  const [alert, setAlert] = useState<string>();
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
        toast(`${words.failed}: ${error instanceof Error ? error.message : String(error)}`);
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
  const shown = useRef(new Set<string>());
  useEffect(() => {
    for (const [id, answer] of store.answers) {
      if (shown.current.has(id)) continue;
      shown.current.add(id);
      if (answer.text === undefined || answer.text === "" || answer.user_id !== person?.id) continue;
      if (answer.show_alert === true) setAlert(answer.text);
      else toast(answer.text);
    }
  }, [store.answers, person, toast]);

  const page = useMemo<PageContext>(
    () => ({ store, language, words, toast, attempt }),
    [store, language, words, toast, attempt],
  );
  const openChat = (chat: number): void => {
    setChosen(chat);
    setDrawer(undefined);
    setMaking(undefined);
  };

  return (
    <Page.Provider value={page}>
      <div class="app" data-drawer={drawer} data-ready={store.ready}>
        <Sidebar
          chat={group?.chat.id ?? person?.id ?? 0}
          onChat={openChat}
          onMake={setMaking}
          onLanguage={() => setLanguage(language === "fa" ? "en" : "fa")}
          onClose={() => setDrawer(undefined)}
        />
        <main class="chat">
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
              <b dir="auto">{group === undefined ? nameOf(store.bot) : group.chat.title}</b>
              <small>
                {group !== undefined
                  ? words.memberCount(group.members.length)
                  : person !== undefined && `${words.speakAs} ${nameOf(person)}`}
              </small>
            </span>
            <span class="bot-status only-phone" data-status={store.process.status}>
              <i class="dot" title={words.status[store.process.status]} />
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
          {!store.online && <div class="offline">{words.offline}</div>}
          {person !== undefined && (
            <Chat person={person} group={group} onPerson={setSpeaker} onWebApp={setWebApp} />
          )}
        </main>
        <Inspector onClear={clear} onClose={() => setDrawer(undefined)} />
        {drawer !== undefined && (
          <button type="button" class="shade" aria-label={words.close} onClick={() => setDrawer(undefined)} />
        )}
      </div>
      {making === "person" && <NewPerson onMade={openChat} onClose={() => setMaking(undefined)} />}
      {making === "group" && <NewGroup onMade={openChat} onClose={() => setMaking(undefined)} />}
      {alert !== undefined && (
        <Dialog title={nameOf(store.bot)} onClose={() => setAlert(undefined)}>
          <p class="alert-text" dir="auto">
            {alert}
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
      {notice !== undefined && (
        <div class="toast" role="status" dir="auto">
          {notice.text}
        </div>
      )}
    </Page.Provider>
  );
}
