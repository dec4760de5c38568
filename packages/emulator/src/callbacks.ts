import type { User } from "@balekit/api";

import type { Events } from "./events.js";
import { queryTooOld } from "./refusal.js";

/** A pressed button whose spinner turns until the bot answers (notes.md 7: documented). */
export interface StoredCallback {
  readonly id: string;
  readonly from: User;
  readonly chatId: number;
  readonly messageId: number;
  answered: boolean;
  text: string | undefined;
  showAlert: boolean;
}

/** How many presses are kept. */
const KEPT_CALLBACKS = 10_000;

/** The buttons people pressed. */
export class Callbacks {
  readonly #events: Events;
  readonly #byId: Map<string, StoredCallback> = new Map();
  #made = 0;

  constructor(events: Events) {
    this.#events = events;
  }

  /**
   * Keeps a press. An id that begins with `1` comes from an old client that cannot show the answer: the bot has to
   * send a message instead (notes.md 7: documented). All others begin with `2` here.
   */
  add(from: User, chatId: number, messageId: number, oldClient: boolean): StoredCallback {
    const id = `${oldClient ? "1" : "2"}${String(++this.#made).padStart(9, "0")}`;
    const stored = { id, from, chatId, messageId, answered: false, text: undefined, showAlert: false };
    this.#byId.set(id, stored);
    if (this.#byId.size > KEPT_CALLBACKS) {
      for (const oldest of this.#byId.keys()) {
        this.#byId.delete(oldest);
        break;
      }
    }
    return stored;
  }

  /** Stops the spinner. An answer to an old client's press stops it too, but its text is not shown. */
  answer(id: string, text: string | undefined, showAlert: boolean): void {
    const stored = this.#byId.get(id);
    if (stored === undefined) throw queryTooOld();
    if (stored.answered) return;
    stored.answered = true;
    if (!id.startsWith("1")) {
      stored.text = text;
      stored.showAlert = showAlert;
    }
    this.#events.emit("callback_answer", {
      callback_query_id: id,
      chat_id: stored.chatId,
      user_id: stored.from.id,
      ...(stored.text === undefined ? {} : { text: stored.text }),
      ...(stored.showAlert ? { show_alert: true } : {}),
    });
  }

  /** Presses of a person that still spin. */
  spinning(userId: number): StoredCallback[] {
    return [...this.#byId.values()].filter((stored) => stored.from.id === userId && !stored.answered);
  }
}
