import type { Message } from "@balekit/api";
import type { Fault } from "../src/fault.js";
import type { PageEvents, PageState } from "../src/page-state.js";

/** How many calls, lines and errors the page keeps, and how many answers to presses and to payments. */
const KEPT = 300;

/** How many messages the page keeps, of all chats together: as many as the server keeps for it. */
const KEPT_MESSAGES = 2000;

/** How long a chat action is shown; Bale says six seconds. */
const ACTION_MS = 6000;

/** What the page knows: the server's state, and what only this page cares about. */
export interface Store extends Omit<PageState, "messages"> {
  /** How often the present state has come: once for each connection. 0 before the first. */
  readonly connection: number;
  readonly online: boolean;
  /** The last error of a handler, until somebody writes again or the bot starts again: then it is in the panel only. */
  readonly freshFault: Fault | undefined;
  /** Messages by chat, oldest first. */
  readonly messages: ReadonlyMap<number, readonly Message[]>;
  /** What the bot is doing in a chat, and until when that is worth showing. */
  readonly actions: ReadonlyMap<number, { readonly action: string; readonly until: number }>;
  /** The last answers to pressed buttons, by callback query. */
  readonly answers: ReadonlyMap<string, PageEvents["callback_answer"]>;
  /** The last payments that were decided, by their id. */
  readonly payments: ReadonlyMap<string, PageEvents["payment"]>;
}

/** What the page knows before the first state has come. */
export const EMPTY: Store = {
  connection: 0,
  online: true,
  freshFault: undefined,
  bot: { id: 0, is_bot: true, first_name: "…" },
  people: [],
  groups: [],
  messages: new Map(),
  calls: [],
  output: [],
  faults: [],
  pending: [],
  process: { status: "starting", file: "", restarts: 0 },
  actions: new Map(),
  answers: new Map(),
  payments: new Map(),
};

/** What changes the page's state: an event of the server, or something that happened here. */
export type Action =
  | { [Name in keyof PageEvents]: { readonly type: Name; readonly data: PageEvents[Name] } }[keyof PageEvents]
  | { readonly type: "online"; readonly data: boolean }
  | { readonly type: "clear" };

/** The state after an action. What did not change stays the same object, so that it need not be drawn again. */
export function reduce(store: Store, action: Action): Store {
  switch (action.type) {
    case "state":
      return {
        ...store,
        ...action.data,
        connection: store.connection + 1,
        online: true,
        freshFault: freshIn(action.data),
        messages: byChat(action.data.messages),
        // A playground that was started anew counts its presses and payments anew.
        actions: EMPTY.actions,
        answers: EMPTY.answers,
        payments: EMPTY.payments,
      };
    case "message":
      return withMessage(store, action.data);
    case "deleted_message":
      return withoutMessage(store, action.data);
    case "callback_answer":
      return { ...store, answers: bounded(store.answers, action.data.callback_query_id, action.data) };
    case "chat_action": {
      const { chat_id, action: name } = action.data;
      const now = Date.now();
      const actions = new Map([...store.actions].filter(([, { until }]) => until > now));
      return { ...store, actions: actions.set(chat_id, { action: name, until: now + ACTION_MS }) };
    }
    case "payment":
      if (action.data.status === "pending") return store;
      return { ...store, payments: bounded(store.payments, action.data.id, action.data) };
    case "person":
      return { ...store, people: replaced(store.people, action.data, (person) => person.id) };
    case "group":
      return { ...store, groups: replaced(store.groups, action.data, (group) => group.chat.id) };
    case "call":
      return { ...store, calls: replaced(store.calls, action.data, (call) => call.id).slice(-KEPT) };
    case "output":
      return { ...store, output: [...store.output, action.data].slice(-KEPT) };
    case "fault":
      return {
        ...store,
        faults: [...store.faults, action.data].slice(-KEPT),
        freshFault: isOfHandler(action.data) ? action.data : store.freshFault,
      };
    case "process": {
      const starts = action.data.status === "starting" || action.data.status === "restarting";
      return { ...store, process: action.data, freshFault: starts ? undefined : store.freshFault };
    }
    case "pending":
      return { ...store, pending: action.data };
    case "online":
      return { ...store, online: action.data };
    case "clear":
      return {
        ...store,
        calls: [],
        output: [],
        freshFault: undefined,
        faults: store.faults.filter(isPresent(store)),
      };
  }
}

/** What stops the whole bot is told of for as long as that lasts. */
function isOfHandler({ where }: Fault): boolean {
  return where !== "crash" && where !== "stuck";
}

/** The last error, if nobody has written since; dates of messages are whole seconds. */
function freshIn({ faults, messages }: PageState): Fault | undefined {
  const fault = faults.at(-1);
  const written = messages.findLast(({ from }) => from?.is_bot !== true);
  if (fault === undefined || !isOfHandler(fault)) return undefined;
  return written === undefined || written.date * 1000 <= fault.at ? fault : undefined;
}

/** While the bot is down, what took it down is not of the past. */
function isPresent({ process, faults }: Store): (fault: Fault) => boolean {
  const crash = process.status === "crashed" ? faults.findLast(({ where }) => where === "crash") : undefined;
  return (fault) => fault === crash;
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
  const before = store.messages.get(chat) ?? [];
  const messages = new Map(store.messages).set(chat, inOrder(before, message));
  forgetOldest(messages);
  if (message.from?.is_bot !== true) {
    // A new version of an old message asks nothing of the bot.
    const isNew = before.at(-1)?.message_id !== message.message_id && message.edit_date === undefined;
    return { ...store, messages, freshFault: isNew ? undefined : store.freshFault };
  }
  if (!store.actions.has(chat)) return { ...store, messages };
  const actions = new Map(store.actions);
  actions.delete(chat);
  return { ...store, messages, actions };
}

/** Puts a message in its place by its number; a new version replaces the old. */
function inOrder(kept: readonly Message[], message: Message): readonly Message[] {
  const id = message.message_id;
  const at = kept.findLastIndex((one) => one.message_id <= id);
  if (kept[at]?.message_id === id) return kept.with(at, message);
  // A new version of one that is kept no longer: it has no place any more.
  if (at === -1 && kept.length > 0 && message.edit_date !== undefined) return kept;
  return kept.toSpliced(at + 1, 0, message);
}

/** Lets go of the oldest message of all chats, if there are too many. */
function forgetOldest(messages: Map<number, readonly Message[]>): void {
  let count = 0;
  let oldest: readonly Message[] = [];
  for (const kept of messages.values()) {
    count += kept.length;
    const date = kept[0]?.date ?? Number.POSITIVE_INFINITY;
    if (oldest[0] === undefined || date < oldest[0].date) oldest = kept;
  }
  const [first] = oldest;
  if (count > KEPT_MESSAGES && first !== undefined) messages.set(first.chat.id, oldest.slice(1));
}

function withoutMessage(store: Store, gone: PageEvents["deleted_message"]): Store {
  const kept = (store.messages.get(gone.chat_id) ?? []).filter((one) => one.message_id !== gone.message_id);
  return { ...store, messages: new Map(store.messages).set(gone.chat_id, kept) };
}

function replaced<Item>(items: readonly Item[], item: Item, key: (item: Item) => unknown): Item[] {
  const at = items.findLastIndex((one) => key(one) === key(item));
  return at === -1 ? [...items, item] : items.with(at, item);
}

/** The map with one more entry; the oldest goes when there are too many. */
function bounded<Value>(map: ReadonlyMap<string, Value>, key: string, value: Value): Map<string, Value> {
  const next = new Map(map).set(key, value);
  const [oldest] = next.keys();
  if (next.size > KEPT && oldest !== undefined) next.delete(oldest);
  return next;
}
