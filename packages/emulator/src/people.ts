import type { CallbackQuery, Location, Message, PreCheckoutQuery } from "@balekit/api";

import { findButton } from "./buttons.js";
import type { StoredCallback } from "./callbacks.js";
import type { ChatRoom, StoredMessage } from "./chats.js";
import { EmulatorError } from "./emulator-error.js";
import { push, tellBot } from "./hearing.js";
import { quoted } from "./methods/messages.js";
import type { StoredInvoice, StoredPayment } from "./payments.js";
import { messageBy } from "./rooms.js";
import type { Person } from "./users.js";
import type { Content, World } from "./world.js";

// What people do, told to the bot. Both the handles and the control API act through these functions.

/** Something a person did: what it made, and when an attached bot is done with it. */
export interface Deed<Made> {
  readonly made: Made;
  readonly done: Promise<void>;
}

/** A person writes something. */
export function say(
  world: World,
  person: Person,
  room: ChatRoom,
  content: Content,
  replyTo?: number,
): Deed<Message> {
  // A receipt is the wallet's, so it is posted wherever its invoice stood, whoever has left meanwhile.
  if (content.successful_payment === undefined) {
    mustBelong(person, room);
    mustWrite(person, room);
  }
  if (room.kind === "private") {
    person.started = true;
    person.blocked = false;
  }
  const reply = replyTo === undefined ? undefined : quoted(messageBy(room, replyTo).message);
  const stored = world.post(room, {
    content: reply === undefined ? content : { ...content, reply_to_message: reply },
    author: person.user,
    service: content.successful_payment !== undefined,
  });
  return { made: stored.message, done: tellBot(world, room, stored, { message: stored.message }) };
}

/** A person changes what they wrote. */
export function edit(
  world: World,
  person: Person,
  room: ChatRoom,
  messageId: number,
  text: string,
): Deed<Message> {
  const stored = messageBy(room, messageId);
  if (stored.authorId !== person.user.id) {
    throw new EmulatorError(
      `Editing message ${messageId}: ${person.user.first_name} did not write it. People edit their own messages only.`,
    );
  }
  const message = world.change(
    room,
    stored,
    stored.message.text === undefined ? { caption: text } : { text },
  );
  return { made: message, done: tellBot(world, room, stored, { edited_message: message }) };
}

/** What pressing a button did: a callback for an inline one, a message for one of the reply keyboard. */
export type Pressed =
  | { readonly callback: StoredCallback; readonly query: CallbackQuery; readonly message?: undefined }
  | { readonly message: Message; readonly callback?: undefined; readonly query?: undefined };

/** How a button is pressed. */
export interface PressDetails {
  readonly messageId?: number | undefined;
  /** Press on a client too old to show the answer: the id begins with 1 (notes.md 7: documented). */
  readonly oldClient?: boolean | undefined;
  /** Press on a message so old that the update carries no content and no date (notes.md 7: documented). */
  readonly stale?: boolean | undefined;
  /** Where a location button says one is. */
  readonly location?: Location | undefined;
}

/** A person presses a button, found by its label or its data. */
export function press(
  world: World,
  person: Person,
  room: ChatRoom,
  wanted: string,
  details: PressDetails = {},
): Deed<Pressed> {
  const found = findButton(room, wanted, details.messageId);
  if (found.kind === "reply") {
    const { made, done } = say(world, person, room, replyContent(person, found.button, details.location));
    return { made: { message: made }, done };
  }
  const { button, stored } = found;
  if (button.callback_data === undefined) {
    const does =
      button.url === undefined
        ? button.web_app === undefined
          ? "copies a text"
          : "opens a mini app"
        : `opens ${button.url}`;
    throw new EmulatorError(
      `Pressing "${button.text}": it ${does}, so the bot does not hear of it. Press a button with callback_data.`,
    );
  }
  return callBack(world, person, room, stored, button.callback_data, details);
}

/** A callback with data of one's own choice, whether or not a button has it; real clients can do that too. */
export function callBack(
  world: World,
  person: Person,
  room: ChatRoom,
  stored: StoredMessage,
  data: string,
  details: PressDetails = {},
): Deed<Pressed> {
  mustBelong(person, room);
  if (data === "") throw new EmulatorError("Pressing a button: its data is empty. Give at least one byte.");
  const { message } = stored;
  const callback = world.callbacks.add(person.user, room.id, message.message_id, details.oldClient === true);
  // Very old messages come without their content and date (notes.md 7: documented); the type promises a date, the
  // wire does not.
  const carried =
    details.stale === true ? ({ message_id: message.message_id, chat: message.chat } as Message) : message;
  const query: CallbackQuery = { id: callback.id, from: person.user, message: carried, data };
  if (room.kind === "private") person.started = true;
  world.events.emit("callback_query", query);
  return { made: { callback, query }, done: push(world, { callback_query: query }) };
}

/** A payment under way. */
export interface Paying {
  readonly payment: StoredPayment;
  readonly query: PreCheckoutQuery;
  /** Resolves when it is decided, and an attached bot is done with the receipt. */
  readonly settled: Promise<void>;
}

/** What goes otherwise than usual with a payment. */
export interface PayDetails {
  /** How long the wallet's question is on its way to the bot, on the emulator's clock; its ten seconds run meanwhile. */
  readonly questionDelayMs?: number | undefined;
  /** How often the bot is told that it was paid: `twice` and `never` are what lost and repeated answers make of it. */
  readonly receipt?: "once" | "twice" | "never" | undefined;
}

/** A person pays an invoice; the wallet asks the bot first. */
export function pay(
  world: World,
  person: Person,
  room: ChatRoom,
  invoice: StoredInvoice,
  { questionDelayMs = 0, receipt = "once" }: PayDetails = {},
): Deed<Paying> {
  mustBelong(person, room);
  let settle: (done: Promise<void>) => void = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  settled.catch(() => undefined);
  const { payment, query } = world.payments.begin(person.user, room.id, invoice, ({ id, status }) => {
    if (status !== "paid") {
      settle(Promise.resolve());
      return;
    }
    const { total_amount } = invoice.invoice;
    const successful_payment = {
      currency: "IRR",
      total_amount,
      invoice_payload: invoice.payload,
      // Telegram's name; equal to the id of the pre-checkout query (notes.md 9: documented).
      telegram_payment_charge_id: id,
      provider_payment_charge_id: `wallet-${id}`,
    };
    const times = receipt === "never" ? 0 : receipt === "twice" ? 2 : 1;
    const told = Array.from({ length: times }, () => say(world, person, room, { successful_payment }).done);
    settle(Promise.all(told).then(() => undefined));
  });
  world.events.emit("pre_checkout_query", query);
  const ask = (): Promise<void> => push(world, { pre_checkout_query: query });
  if (questionDelayMs === 0) return { made: { payment, query, settled }, done: ask() };
  world.clock.setTimeout(() => void ask().catch(() => undefined), questionDelayMs);
  return { made: { payment, query, settled }, done: Promise.resolve() };
}

/** The invoice in a message, or behind the identifier of createInvoiceLink. */
export function invoiceBy(world: World, room: ChatRoom, from: number | string): StoredInvoice {
  const id = typeof from === "string" ? from : messageBy(room, from).invoiceId;
  const invoice = id === undefined ? undefined : world.payments.invoice(id);
  if (invoice === undefined) {
    const what = typeof from === "string" ? `"${from}"` : `message ${from} of chat ${room.id}`;
    throw new EmulatorError(
      `Paying: ${what} is no invoice. Pay a message that the bot sent with sendInvoice.`,
    );
  }
  return invoice;
}

function mustBelong({ user }: Person, room: ChatRoom): void {
  if (room.kind === "private") {
    if (room.id !== user.id)
      throw new EmulatorError(
        `Chat ${room.id} is private, and not ${user.first_name}'s. Leave the chat out.`,
      );
    return;
  }
  if (!room.members.has(user.id)) {
    throw new EmulatorError(`${user.first_name} is not in "${room.title}". Let them join first.`);
  }
}

function mustWrite({ user }: Person, room: ChatRoom): void {
  const status = room.members.get(user.id)?.status;
  if (room.kind === "channel" && status !== "creator" && status !== "administrator") {
    throw new EmulatorError(
      `${user.first_name} only reads "${room.title}". Name them among its admins to let them post.`,
    );
  }
}

function replyContent(
  person: Person,
  button: {
    text: string;
    request_contact?: boolean | undefined;
    request_location?: boolean | undefined;
    web_app?: unknown;
  },
  location: Location | undefined,
): Content {
  if (button.request_contact === true) {
    const { first_name, last_name, id } = person.user;
    const contact = {
      phone_number: person.phoneNumber,
      first_name,
      ...(last_name === undefined ? {} : { last_name }),
      user_id: id,
    };
    return { contact };
  }
  if (button.request_location === true) return { location: location ?? TEHRAN };
  if (button.web_app !== undefined) {
    throw new EmulatorError(
      `Pressing "${button.text}": it opens a mini app. Use submits(data) for what the app sends.`,
    );
  }
  return { text: button.text };
}

/** Where people are when they do not say. */
export const TEHRAN: Location = { latitude: 35.6892, longitude: 51.389 };
