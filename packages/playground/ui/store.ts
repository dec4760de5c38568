import type { Message } from "@balekit/api";
import { useEffect, useReducer } from "preact/hooks";
import type { PageEvents, PageState } from "../src/page-state.js";

/** How many calls, lines and errors the page keeps on screen. */
const KEPT = 300;

/** How long a chat action is shown; Bale says six seconds. */
const ACTION_MS = 6000;

/** What the page knows: the server's state, and what only this page cares about. */
export interface Store extends Omit<PageState, "messages"> {
  /** Whether the first state has come. */
  readonly ready: boolean;
  readonly online: boolean;
  /** Messages by chat, oldest first. */
  readonly messages: ReadonlyMap<number, readonly Message[]>;
  /** What the bot is doing in a chat, and until when that is worth showing. */
  readonly actions: ReadonlyMap<number, { readonly action: string; readonly until: number }>;
  /** Answers to pressed buttons that came in, by callback query. */
  readonly answers: ReadonlyMap<string, PageEvents["callback_answer"]>;
  /** Payments by chat and payer, the newest last. */
  readonly payments: readonly PageEvents["payment"][];
}

const EMPTY: Store = {
  ready: false,
  online: true,
  bot: { id: 0, is_bot: true, first_name: "…" },
  people: [],
  groups: [],
  messages: new Map(),
  calls: [],
  output: [],
  faults: [],
  process: { status: "starting", file: "", restarts: 0 },
  actions: new Map(),
  answers: new Map(),
  payments: [],
};

type Action =
  | { [Name in keyof PageEvents]: { readonly type: Name; readonly data: PageEvents[Name] } }[keyof PageEvents]
  | { readonly type: "online"; readonly data: boolean }
  | { readonly type: "clear" };

const NAMES: readonly (keyof PageEvents)[] = [
  "state",
  "message",
  "deleted_message",
  "callback_answer",
  "chat_action",
  "payment",
  "person",
  "group",
  "call",
  "output",
  "fault",
  "process",
];

/** Follows the playground's stream, and keeps the page's state of it. */
export function useStore(): [Store, clear: () => void] {
  const [store, dispatch] = useReducer<Store, Action, Store>(reduce, EMPTY, (empty) => empty);
  useEffect(() => {
    const stream = new EventSource("/playground/events");
    for (const type of NAMES) {
      stream.addEventListener(type, (event: MessageEvent<string>) => {
        const data: unknown = JSON.parse(event.data);
        // The server sends each name with its own shape; `PageEvents` is what both sides are checked against.
        dispatch({ type, data } as Action);
      });
    }
    stream.addEventListener("open", () => dispatch({ type: "online", data: true }));
    stream.addEventListener("error", () => dispatch({ type: "online", data: false }));
    return () => stream.close();
  }, []);
  return [store, () => dispatch({ type: "clear" })];
}

function reduce(store: Store, action: Action): Store {
  switch (action.type) {
    case "state":
      return {
        ...store,
        ...action.data,
        ready: true,
        online: true,
        messages: byChat(action.data.messages),
      };
    case "message":
      return withMessage(store, action.data);
    case "deleted_message":
      return withoutMessage(store, action.data);
    case "callback_answer":
      return { ...store, answers: new Map(store.answers).set(action.data.callback_query_id, action.data) };
    case "chat_action": {
      const { chat_id, action: name } = action.data;
      return {
        ...store,
        actions: new Map(store.actions).set(chat_id, { action: name, until: Date.now() + ACTION_MS }),
      };
    }
    case "payment":
      return { ...store, payments: [...store.payments, action.data].slice(-KEPT) };
    case "person":
      return { ...store, people: replaced(store.people, action.data, (person) => person.id) };
    case "group":
      return { ...store, groups: replaced(store.groups, action.data, (group) => group.chat.id) };
    case "call":
      return { ...store, calls: replaced(store.calls, action.data, (call) => call.id).slice(-KEPT) };
    case "output":
      return { ...store, output: [...store.output, action.data].slice(-KEPT) };
    case "fault":
      return { ...store, faults: [...store.faults, action.data].slice(-KEPT) };
    case "process":
      return { ...store, process: action.data };
    case "online":
      return { ...store, online: action.data };
    case "clear":
      return { ...store, calls: [], output: [], faults: [] };
  }
}

function byChat(messages: readonly Message[]): Map<number, readonly Message[]> {
  const chats = new Map<number, Message[]>();
  for (const message of messages) {
    const kept = chats.get(message.chat.id);
    if (kept === undefined) chats.set(message.chat.id, [message]);
    else kept.push(message);
  }
  return chats;
}

function withMessage(store: Store, message: Message): Store {
  const chat = message.chat.id;
  const kept = replaced(store.messages.get(chat) ?? [], message, (one) => one.message_id);
  const messages = new Map(store.messages).set(
    chat,
    kept.toSorted((a, b) => a.message_id - b.message_id),
  );
  if (message.from?.is_bot !== true) return { ...store, messages };
  const actions = new Map(store.actions);
  actions.delete(chat);
  return { ...store, messages, actions };
}

function withoutMessage(store: Store, gone: PageEvents["deleted_message"]): Store {
  const kept = (store.messages.get(gone.chat_id) ?? []).filter((one) => one.message_id !== gone.message_id);
  return { ...store, messages: new Map(store.messages).set(gone.chat_id, kept) };
}

function replaced<Item>(items: readonly Item[], item: Item, key: (item: Item) => unknown): Item[] {
  const at = items.findIndex((one) => key(one) === key(item));
  return at === -1 ? [...items, item] : items.with(at, item);
}
