import { basename } from "node:path";

import type { Location, Message, User } from "@balekit/api";

import type { ChatRoom } from "./chats.js";
import { fileContent } from "./control-content.js";
import { EmulatedChat } from "./emulated-chat.js";
import { EmulatorError } from "./emulator-error.js";
import type { Upload } from "./files.js";
import { Inbox } from "./inbox.js";
import type { MediaDetails, MediaKind } from "./media.js";
import { join, leave, moveBot } from "./members.js";
import { edit, invoiceBy, pay, type PayDetails, press, say, TEHRAN } from "./people.js";
import { messageBy, personBy, roomBy } from "./rooms.js";
import { Payment } from "./payment.js";
import { Press } from "./press.js";
import type { Person } from "./users.js";
import type { Content, World } from "./world.js";

/** A chat, where one can be named: its handle, an object in Bale's shape, or its id. */
export type ChatLike = number | { readonly id: number };

/** A message, where one can be named. */
export type MessageLike = number | { readonly message_id: number };

/** Where something is done. */
export interface Where {
  /** @default the private chat with the bot */
  readonly chat?: ChatLike | undefined;
}

/** How something is sent. */
export interface SendsOptions extends Where {
  readonly replyTo?: MessageLike | undefined;
}

/** How something is paid: what is late, lost or told twice. A delayed question resolves `pays` at once. */
export interface PayOptions extends Where, PayDetails {}

/** A file somebody sends; what is left out is made up. */
export interface SentFile extends MediaDetails {
  readonly bytes?: Uint8Array | undefined;
  /** Makes a file of this many zeros, where the bytes do not matter. */
  readonly sizeBytes?: number | undefined;
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly caption?: string | undefined;
}

/** How a button is pressed. */
export interface PressOptions extends Where {
  /** @default the newest message that has such a button */
  readonly message?: MessageLike | undefined;
  /** Press on a client too old to show the answer: the id begins with `1`. */
  readonly oldClient?: boolean | undefined;
  /** Press on a message so old that the update carries neither its content nor its date. */
  readonly stale?: boolean | undefined;
  /** What a location button sends. */
  readonly location?: Location | undefined;
}

/**
 * A person who talks to the bot. Everything they do resolves when an attached bot is done with it; without one, as
 * soon as the update waits to be fetched.
 */
export class EmulatedUser {
  readonly user: User;
  /** What the bot wrote to this person in private. */
  readonly inbox: Inbox;
  readonly #world: World;
  readonly #person: Person;
  readonly #isAttached: () => boolean;

  constructor(world: World, person: Person, isAttached: () => boolean) {
    this.#world = world;
    this.#person = person;
    this.#isAttached = isAttached;
    this.user = person.user;
    const room = roomBy(world, person.user.id);
    this.inbox = new Inbox(room, world.bot.id, world.events, `${person.user.first_name}'s`);
  }

  /** The person's id, which is also their private chat's. */
  get id(): number {
    return this.user.id;
  }

  /** The private chat with the bot. */
  get chat(): EmulatedChat {
    return new EmulatedChat(this.#world, this.#room());
  }

  /** What the bot wrote in a chat this person is in. */
  inboxOf(chat: ChatLike): Inbox {
    return new Inbox(this.#room(chat), this.#world.bot.id, this.#world.events, `${this.user.first_name}'s`);
  }

  /** Writes a text, or any other content in Bale's shape. */
  async sends(content: string | Content, options: SendsOptions = {}): Promise<Message> {
    const replyTo = options.replyTo === undefined ? undefined : idOf(options.replyTo);
    const said = typeof content === "string" ? { text: content } : content;
    const { made, done } = say(this.#world, this.#person, this.#room(options.chat), said, replyTo);
    await done;
    return made;
  }

  sendsPhoto(file: SentFile = {}, options: SendsOptions = {}): Promise<Message> {
    return this.#sendsFile("photo", file, options);
  }

  sendsDocument(file: SentFile = {}, options: SendsOptions = {}): Promise<Message> {
    return this.#sendsFile("document", file, options);
  }

  sendsVideo(file: SentFile = {}, options: SendsOptions = {}): Promise<Message> {
    return this.#sendsFile("video", file, options);
  }

  sendsAudio(file: SentFile = {}, options: SendsOptions = {}): Promise<Message> {
    return this.#sendsFile("audio", file, options);
  }

  sendsVoice(file: SentFile = {}, options: SendsOptions = {}): Promise<Message> {
    return this.#sendsFile("voice", file, options);
  }

  sendsAnimation(file: SentFile = {}, options: SendsOptions = {}): Promise<Message> {
    return this.#sendsFile("animation", file, options);
  }

  sendsSticker(file: SentFile = {}, options: SendsOptions = {}): Promise<Message> {
    return this.#sendsFile("sticker", file, options);
  }

  /** Shares a contact: one's own, or that of `contact`. */
  sendsContact(
    contact: Partial<NonNullable<Content["contact"]>> = {},
    options: SendsOptions = {},
  ): Promise<Message> {
    const { first_name, last_name, id } = this.user;
    const own = {
      phone_number: this.#person.phoneNumber,
      first_name,
      ...(last_name === undefined ? {} : { last_name }),
      user_id: id,
    };
    const isOwn = contact.phone_number === undefined;
    return this.sends(
      { contact: isOwn ? { ...own, ...contact } : { phone_number: "", first_name: "", ...contact } },
      options,
    );
  }

  /** Shares a place. @default the middle of Tehran */
  sendsLocation(location: Location = TEHRAN, options: SendsOptions = {}): Promise<Message> {
    return this.sends({ location }, options);
  }

  /** Sends what a mini app sends with `sendData`. Clients can forge it. */
  submits(data: string, options: SendsOptions = {}): Promise<Message> {
    return this.sends({ web_app_data: { data } }, options);
  }

  /** Changes the text (or caption) of a message of one's own. */
  async edits(message: MessageLike, text: string, options: Where = {}): Promise<Message> {
    const { made, done } = edit(this.#world, this.#person, this.#room(options.chat), idOf(message), text);
    await done;
    return made;
  }

  /** Deletes a message: in private any, in a group or channel one's own. Bale tells bots nothing of it. */
  deletes(message: MessageLike, options: Where = {}): void {
    const room = this.#room(options.chat);
    const stored = messageBy(room, idOf(message));
    const { message_id } = stored.message;
    if (stored.authorId !== this.id && room.kind !== "private") {
      throw new EmulatorError(
        `Deleting message ${message_id}: ${this.user.first_name} did not write it. In a group people delete their own messages only.`,
      );
    }
    this.#world.remove(room, message_id);
  }

  /**
   * Presses a button, found by its label or its callback data. One of the reply keyboard sends its label, or the
   * contact or location it asks for.
   * @throws {EmulatorError} naming the buttons there are, when there is no such one.
   */
  async presses(labelOrData: string, options: PressOptions = {}): Promise<Press> {
    const { made, done } = press(this.#world, this.#person, this.#room(options.chat), labelOrData, {
      messageId: options.message === undefined ? undefined : idOf(options.message),
      oldClient: options.oldClient,
      stale: options.stale,
      location: options.location,
    });
    await done;
    return new Press(made.query, made.callback, made.message);
  }

  /**
   * Pays an invoice: a message of the bot, or the identifier of createInvoiceLink. The bot has ten seconds of the
   * emulator's clock to confirm. Resolves when that is decided, or when an attached bot was done without confirming:
   * then the payment is still pending, and fails once the clock moves on.
   */
  async pays(invoice: MessageLike | string, options: PayOptions = {}): Promise<Payment> {
    const room = this.#room(options.chat);
    const stored = invoiceBy(this.#world, room, typeof invoice === "string" ? invoice : idOf(invoice));
    const { made, done } = pay(this.#world, this.#person, room, stored, options);
    await done;
    if (options.questionDelayMs !== undefined && options.questionDelayMs > 0)
      return new Payment(made.payment);
    if (!(this.#isAttached() && made.payment.status === "pending")) await made.settled;
    return new Payment(made.payment);
  }

  /** Comes into a group or channel; a service message tells everybody. */
  async joins(chat: ChatLike): Promise<Message> {
    const { made, done } = join(this.#world, this.#person, this.#room(chat));
    await done;
    return made;
  }

  /** Goes out of a group or channel; a service message tells everybody. */
  async leaves(chat: ChatLike): Promise<Message> {
    const { made, done } = leave(this.#world, this.#person, this.#room(chat));
    await done;
    return made;
  }

  /** Brings somebody in: another person, or `"bot"`. */
  async adds(who: EmulatedUser | "bot", chat: ChatLike): Promise<Message> {
    const room = this.#room(chat);
    const { made, done } =
      who === "bot"
        ? moveBot(this.#world, this.#person, room, "in")
        : join(this.#world, personBy(this.#world, who.id), room, this.#person);
    await done;
    return made;
  }

  /** Puts somebody out: another person, or `"bot"`. */
  async removes(who: EmulatedUser | "bot", chat: ChatLike): Promise<Message> {
    const room = this.#room(chat);
    const { made, done } =
      who === "bot"
        ? moveBot(this.#world, this.#person, room, "out")
        : leave(this.#world, personBy(this.#world, who.id), room, this.#person);
    await done;
    return made;
  }

  /** Blocks the bot: what it sends is refused, until this person writes again. */
  blocks(): void {
    this.#person.blocked = true;
  }

  /** Takes a block back. */
  unblocks(): void {
    this.#person.blocked = false;
  }

  /** How many of this person's presses still turn, because the bot has not answered them. */
  get spinning(): number {
    return this.#world.callbacks.spinning(this.id).length;
  }

  async #sendsFile(kind: MediaKind, file: SentFile, options: SendsOptions): Promise<Message> {
    const { caption } = file;
    const content = fileContent(this.#world, kind, uploadOf(kind, file), file);
    return this.sends(caption === undefined ? content : { ...content, caption }, options);
  }

  #room(chat?: ChatLike): ChatRoom {
    return roomBy(this.#world, chat === undefined ? this.id : typeof chat === "number" ? chat : chat.id);
  }
}

function uploadOf(kind: MediaKind, file: SentFile): Upload {
  const bytes = file.bytes ?? (file.sizeBytes === undefined ? SAMPLE : new Uint8Array(file.sizeBytes));
  const name =
    file.name === undefined ? (kind === "document" ? "document.txt" : undefined) : basename(file.name);
  return {
    bytes,
    ...(name === undefined ? {} : { name }),
    ...(file.type === undefined ? {} : { type: file.type }),
  };
}

const SAMPLE: Uint8Array = Buffer.from("a file of the emulator");

function idOf(message: MessageLike): number {
  return typeof message === "number" ? message : message.message_id;
}
