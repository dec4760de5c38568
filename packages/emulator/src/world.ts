import type { Message, User } from "@balekit/api";
import type { Clock } from "@balekit/storage";

import { Callbacks } from "./callbacks.js";
import { Calls } from "./calls.js";
import {
  type ChatRoom,
  Chats,
  chatOf,
  keep,
  type Right,
  RIGHTS,
  type StoredMessage,
  seenByPeople,
} from "./chats.js";
import { EmulatorError } from "./emulator-error.js";
import { entitiesOf } from "./entities.js";
import { Events } from "./events.js";
import { Faults } from "./faults.js";
import { Files } from "./files.js";
import type { Markup } from "./keyboards.js";
import { Payments } from "./payments.js";
import { type ServerClock, serverClock } from "./server-clock.js";
import { Stickers } from "./stickers.js";
import { UpdateQueue } from "./update-queue.js";
import { type Person, type UserProfile, Users } from "./users.js";
import { Webhook } from "./webhook.js";

/** How a world is made. */
export interface WorldOptions {
  /** `<number>:<secret>`; the number is the bot's id. @default "1000:emulator" */
  readonly token?: string | undefined;
  /** The bot's own profile. */
  readonly bot?:
    | { readonly first_name?: string | undefined; readonly username?: string | undefined }
    | undefined;
  /** Where the time comes from. @default a clock that stands still until it is moved, or until HTTP is used */
  readonly clock?: Clock | undefined;
  /** Take webhooks as Bale does: HTTPS on port 443 or 88, on loopback too. @default false */
  readonly strictWebhook?: boolean | undefined;
  /**
   * Refuse `attach://` in a top-level parameter. Whether Bale takes it is not documented; it is suspected of failing.
   * @default false: taken, with a warning in the log
   */
  readonly rejectAttach?: boolean | undefined;
  /** Give channel posts a made-up author. Bale's documentation says both: none, and a made-up one. @default false */
  readonly fakeChannelAuthor?: boolean | undefined;
  /**
   * The first update's id. Bale counts from 0 for each bot (notes.md 3: documented), so 0 is worth a test; but two
   * real clients ask from 1 on and never see an update 0.
   * @default 1
   */
  readonly firstUpdateId?: number | undefined;
  /**
   * How many bytes of files are kept together; beyond it the oldest are forgotten, but never the newest. Above 0.
   * @default 268_435_456, 256 MB
   */
  readonly maxFileBytes?: number | undefined;
  /** Fetches what a bot sends by address. @default nothing is fetched: a placeholder stands for the file */
  readonly fetchFile?: ((url: string) => Promise<Uint8Array>) | undefined;
}

/** What a message says, without its number, date and chat. */
export type Content = Partial<
  Omit<Message, "message_id" | "date" | "chat" | "from" | "sender_chat" | "reply_markup">
>;

/** A message about to be posted. */
export interface Draft {
  readonly content: Content;
  readonly author: User;
  readonly markup?: Markup | undefined;
  readonly service?: boolean | undefined;
  readonly invoiceId?: string | undefined;
}

const TOKEN = /^(\d{1,16}):([A-Za-z0-9_-]+)$/;

/** Everything Bale's server knows of one bot and the people around it. */
export class World {
  readonly options: WorldOptions;
  readonly token: string;
  readonly bot: User;
  readonly clock: ServerClock;
  readonly events: Events = new Events();
  readonly calls: Calls = new Calls();
  readonly faults: Faults = new Faults();
  readonly users: Users = new Users();
  readonly chats: Chats = new Chats();
  readonly files: Files;
  readonly stickers: Stickers = new Stickers();
  readonly callbacks: Callbacks;
  readonly payments: Payments;
  readonly updates: UpdateQueue;
  readonly webhook: Webhook;
  #albums = 0;

  /** @throws {EmulatorError} on a token that does not look like one, and on an option beyond its limits. */
  constructor(options: WorldOptions = {}) {
    this.options = options;
    this.token = options.token ?? "1000:emulator";
    const id = Number(TOKEN.exec(this.token)?.[1] ?? Number.NaN);
    if (!Number.isSafeInteger(id)) {
      throw new EmulatorError(
        'Making an emulator: the token is not of the form <number>:<secret>. Give one like "1000:secret".',
      );
    }
    if (options.maxFileBytes !== undefined && !(options.maxFileBytes > 0)) {
      throw new EmulatorError(
        `Making an emulator: maxFileBytes is ${String(options.maxFileBytes)}. Give a number of bytes above 0.`,
      );
    }
    this.bot = {
      id,
      is_bot: true,
      first_name: options.bot?.first_name ?? "Emulated bot",
      username: options.bot?.username ?? "emulated_bot",
    };
    this.clock = serverClock(options.clock);
    this.files = new Files(id, options.maxFileBytes);
    this.callbacks = new Callbacks(this.events);
    this.payments = new Payments(this.clock, this.events);
    this.updates = new UpdateQueue(this.clock, () => this.faults.takeDuplicate(), options.firstUpdateId ?? 1);
    this.webhook = new Webhook(this.updates, this.clock);
  }

  /** Unix time in seconds, as messages carry it. */
  get unixTime(): number {
    return Math.floor(this.clock.now() / 1000);
  }

  /** Adds a person, and their private chat with the bot, whose id is theirs. */
  addPerson(profile: UserProfile): Person {
    const taken = (id: number): boolean => id === this.bot.id || this.chats.get(id) !== undefined;
    const person = this.users.add(profile, taken);
    this.chats.add({
      id: person.user.id,
      kind: "private",
      title: person.user.first_name,
      partner: person.user,
    });
    this.events.emit("user", person.user);
    return person;
  }

  /** Posts a message; everybody in the chat sees it, and nobody is told of it as an update yet. */
  post(room: ChatRoom, draft: Draft): StoredMessage {
    const { content, author, markup } = draft;
    const entities = content.text === undefined ? undefined : entitiesOf(content.text);
    const captionEntities = content.caption === undefined ? undefined : entitiesOf(content.caption);
    const message: Message = {
      message_id: ++room.lastMessageId,
      ...this.#signature(room, author),
      date: this.unixTime,
      chat: chatOf(room),
      ...content,
      ...(entities === undefined ? {} : { entities }),
      ...(captionEntities === undefined ? {} : { caption_entities: captionEntities }),
      ...(markup?.kind === "inline" ? { reply_markup: markup.markup } : {}),
    };
    const stored: StoredMessage = {
      message,
      authorId: author.id,
      replyKeyboard: markup?.kind === "reply" ? markup.markup : undefined,
      service: draft.service ?? false,
      invoiceId: draft.invoiceId,
    };
    if (markup?.kind === "reply")
      room.replyKeyboard = { markup: markup.markup, messageId: message.message_id };
    else if (markup?.kind === "remove") room.replyKeyboard = undefined;
    if (author.id === this.bot.id) room.action = undefined;
    keep(room, stored);
    this.events.emit("message", seenByPeople(stored));
    return stored;
  }

  /** Puts a changed message in the place of the old one. */
  change(room: ChatRoom, stored: StoredMessage, change: Partial<Message>): Message {
    const changed: Record<string, unknown> = { ...stored.message, ...change, edit_date: this.unixTime };
    if (typeof change.text === "string") changed["entities"] = entitiesOf(change.text);
    if (typeof change.caption === "string") changed["caption_entities"] = entitiesOf(change.caption);
    for (const [name, value] of Object.entries(changed)) if (value === undefined) delete changed[name];
    stored.message = changed as unknown as Message;
    keep(room, stored);
    this.events.emit("edited_message", seenByPeople(stored));
    return stored.message;
  }

  /** Takes a message away; says whether it was there. */
  remove(room: ChatRoom, messageId: number): boolean {
    if (!room.messages.delete(messageId)) return false;
    room.pinned = room.pinned.filter((id) => id !== messageId);
    if (room.replyKeyboard?.messageId === messageId) room.replyKeyboard = undefined;
    this.events.emit("deleted_message", { chat_id: room.id, message_id: messageId });
    return true;
  }

  /** A fresh `media_group_id`. */
  newAlbumId(): string {
    return `${this.bot.id}${String(++this.#albums).padStart(8, "0")}`;
  }

  /** Whether the bot may do this in the chat. */
  botMay(room: ChatRoom, right: Right): boolean {
    const membership = room.members.get(this.bot.id);
    return membership?.status === "administrator" && membership.rights.has(right);
  }

  /** Puts the bot in a chat. */
  seatBot(room: ChatRoom, as: "administrator" | "member"): void {
    const rights = new Set(as === "administrator" ? RIGHTS : []);
    room.members.set(this.bot.id, { user: this.bot, status: as, rights });
  }

  /**
   * Channel posts come as `message` with `sender_chat`. Low confidence: `from` is documented as empty and as made up
   * (notes.md 3); `fakeChannelAuthor` chooses.
   */
  #signature(room: ChatRoom, author: User): Partial<Pick<Message, "from" | "sender_chat">> {
    if (room.kind !== "channel") return { from: author };
    const sender_chat = chatOf(room);
    if (this.options.fakeChannelAuthor !== true) return { sender_chat };
    return { sender_chat, from: { id: room.id, is_bot: false, first_name: room.title } };
  }
}
