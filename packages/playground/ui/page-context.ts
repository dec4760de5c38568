import type { Message, User } from "@balekit/api";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Unreachable } from "./control.js";
import { EMPTY, type Store } from "./store.js";
import type { Language, Words } from "./words.js";

/** What every part of the page may need, whatever the bot does: the language, and the few things one can do everywhere. */
export interface PageContext {
  readonly language: Language;
  readonly words: Words;
  /** Shows a short notice that goes away by itself. */
  readonly toast: (text: string) => void;
  /** Runs something that may fail, and tells the reason if it does. */
  readonly attempt: (work: () => Promise<unknown>) => Promise<void>;
}

/** What became of presses and payments; the buttons of many messages wait for it. */
export type Outcomes = Pick<Store, "answers" | "payments" | "connection">;

/** The page's context; `usePage` reads it. */
export const Page = createContext<PageContext | undefined>(undefined);

/** The page's state, for what is drawn anew with everything that happens; `usePageStore` reads it. */
export const PageStore = createContext<Store>(EMPTY);

/** The outcomes, for what is drawn anew only with these; `useOutcomes` reads them. */
export const PageOutcomes = createContext<Outcomes>(EMPTY);

/** The context of the page this component is on. */
export function usePage(): PageContext {
  const page = useContext(Page);
  if (page === undefined) throw new Error("A part of the page was used outside of <Page.Provider>.");
  return page;
}

/** The page's state. */
export function usePageStore(): Store {
  return useContext(PageStore);
}

/** What became of presses and payments. */
export function useOutcomes(): Outcomes {
  return useContext(PageOutcomes);
}

/** Why something did not work, in words for a person. */
export function reasonOf(error: unknown, words: Words): string {
  if (error instanceof Unreachable) return words.unreachable;
  return error instanceof Error ? error.message : String(error);
}

/** A person's name as the chat shows it. */
export function nameOf(user: Pick<User, "first_name" | "last_name">): string {
  return user.last_name === undefined ? user.first_name : `${user.first_name} ${user.last_name}`;
}

/** One line that stands for a message: in the list of chats and in a quote. */
export function summary(message: Message, words: Words): string {
  const text = message.text ?? message.caption;
  if (text !== undefined && text !== "") return text.replace(/\s+/g, " ");
  if (message.photo !== undefined) return words.photo;
  if (message.video !== undefined) return words.video;
  if (message.voice !== undefined) return words.voice;
  if (message.audio !== undefined) return words.audio;
  if (message.animation !== undefined) return words.animation;
  if (message.sticker !== undefined) return words.sticker;
  if (message.document !== undefined) return message.document.file_name ?? words.file;
  if (message.location !== undefined) return words.location;
  if (message.contact !== undefined) return words.contact;
  if (message.invoice !== undefined) return `${words.invoice}: ${message.invoice.title ?? ""}`;
  if (message.successful_payment !== undefined) return words.paid;
  if (message.new_chat_members !== undefined) {
    return words.joined(message.new_chat_members.map((member) => nameOf(member)).join("، "));
  }
  if (message.left_chat_member !== undefined) return words.left(nameOf(message.left_chat_member));
  if (message.web_app_data !== undefined) return words.sendDataService;
  return words.unknown;
}
