import type { CallbackQuery, Chat, Message, PreCheckoutQuery, Update, User } from "@balekit/api";

import type { CallRecord } from "./calls.js";
import type { Fault } from "./faults.js";

/** What happens in the emulated world, as `GET /emulator/events` and `bale.events` tell it: name → data. */
export interface EventMap {
  readonly user: User;
  readonly chat: Chat;
  /** A message of either side, as the people in the chat see it: with its keyboard, reply keyboards included. */
  readonly message: Message;
  readonly edited_message: Message;
  readonly deleted_message: { readonly chat_id: number; readonly message_id: number };
  readonly callback_query: CallbackQuery;
  readonly callback_answer: CallbackAnswer;
  readonly chat_action: { readonly chat_id: number; readonly action: string };
  readonly payment: PaymentEvent;
  readonly pre_checkout_query: PreCheckoutQuery;
  readonly update: Update;
  readonly call: CallRecord;
  readonly fault: Fault;
  readonly clock: { readonly now: number };
}

/** The bot stopped a button's spinner. */
export interface CallbackAnswer {
  readonly callback_query_id: string;
  readonly chat_id: number;
  readonly user_id: number;
  readonly text?: string | undefined;
  readonly show_alert?: boolean | undefined;
}

/** A wallet payment changed its state. */
export interface PaymentEvent {
  readonly id: string;
  readonly user_id: number;
  readonly chat_id: number;
  readonly status: "pending" | "paid" | "failed" | "rejected";
  /** What the bot or the wallet says to the payer when it did not work. */
  readonly reason?: string | undefined;
}

/** One thing that happened, numbered from 1. */
export type EmulatorEvent = {
  readonly [Name in keyof EventMap]: {
    readonly id: number;
    readonly type: Name;
    readonly data: EventMap[Name];
  };
}[keyof EventMap];

/** How many events are kept for a listener that reconnects. */
const KEPT_EVENTS = 1000;

/** Tells whoever listens what happens, and remembers the last thousand events for those who reconnect. */
export class Events {
  readonly #listeners: Set<(event: EmulatorEvent) => void> = new Set();
  #kept: EmulatorEvent[] = [];
  #nextId = 1;

  /** Tells everybody, now. */
  emit<Name extends keyof EventMap>(type: Name, data: EventMap[Name]): void {
    const event = { id: this.#nextId++, type, data } as EmulatorEvent;
    this.#kept.push(event);
    if (this.#kept.length >= 2 * KEPT_EVENTS) this.#kept = this.#kept.slice(-KEPT_EVENTS);
    for (const listener of this.#listeners) listener(event);
  }

  /** Calls `listener` with each event from now on; returns what stops it. */
  on(listener: (event: EmulatorEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Events after the one with this id, as far as they are kept. */
  since(id: number): readonly EmulatorEvent[] {
    return this.#kept.filter((event) => event.id > id);
  }
}
