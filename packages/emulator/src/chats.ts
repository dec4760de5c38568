import { EmulatorError } from "./emulator-error.js";
import type { Chat, ChatPhoto, InlineKeyboardMarkup, Message, ReplyKeyboardMarkup, User } from "@balekit/api";

/** The three kinds of chat there are; Bale has no supergroups (notes.md 5: documented). */
export type ChatKind = "private" | "group" | "channel";

/** What an administrator may do; the seven flags of promoteChatMember, and those only the creator's side can give. */
export const RIGHTS = [
  "can_change_info",
  "can_post_messages",
  "can_edit_messages",
  "can_delete_messages",
  "can_manage_video_chats",
  "can_invite_users",
  "can_restrict_members",
] as const;

/** One right of an administrator. */
export type Right = (typeof RIGHTS)[number];

/** How somebody stands in a chat. */
export interface Membership {
  readonly user: User;
  status: "creator" | "administrator" | "member" | "restricted";
  rights: ReadonlySet<Right>;
}

/** A keyboard in the place of the letters, as the bot last put it there. */
export interface ReplyKeyboard {
  readonly markup: ReplyKeyboardMarkup;
  readonly messageId: number;
}

/** A message as it stands now. Replaced whole when it is edited, so that what was handed out stays what it was. */
export interface StoredMessage {
  message: Message;
  /** Who wrote it: a person's id, or the bot's. */
  readonly authorId: number;
  /** The reply keyboard it came with; the bot's own view of a message never has it. */
  readonly replyKeyboard: ReplyKeyboardMarkup | undefined;
  /** Joins, leaves and receipts: they cannot be copied or forwarded (notes.md 8: documented). */
  readonly service: boolean;
  /** What an invoice was made of. */
  readonly invoiceId: string | undefined;
}

/** A chat with everything in it. */
export interface ChatRoom {
  readonly id: number;
  readonly kind: ChatKind;
  title: string;
  description: string | undefined;
  readonly username: string | undefined;
  photo: ChatPhoto | undefined;
  /** The person a private chat is with. */
  readonly partner: User | undefined;
  readonly members: Map<number, Membership>;
  readonly banned: Set<number>;
  /** By message id, oldest first. Message ids count up in each chat by itself (notes.md 5: documented). */
  readonly messages: Map<number, StoredMessage>;
  lastMessageId: number;
  pinned: number[];
  inviteLink: string | undefined;
  readonly inviteLinks: Set<string>;
  replyKeyboard: ReplyKeyboard | undefined;
  /** What the bot is shown to be doing, and until when (6 s, documented). */
  action: { readonly action: string; readonly until: number } | undefined;
}

/** How many messages of a chat are kept; the oldest go first. */
const KEPT_MESSAGES = 10_000;

/** The chats of the emulated world. */
export class Chats {
  readonly #rooms: Map<number, ChatRoom> = new Map();
  readonly #byUsername: Map<string, ChatRoom> = new Map();
  // Group and channel ids are positive and look like any other id (notes.md 5: seen live by one project).
  #nextId = 5_000_001;

  /** Makes a chat. A private chat has its person's id. */
  add(chat: {
    readonly id?: number | undefined;
    readonly kind: ChatKind;
    readonly title: string;
    readonly username?: string | undefined;
    readonly partner?: User | undefined;
  }): ChatRoom {
    const id = chat.id ?? this.#freeId();
    if (this.#rooms.has(id))
      throw new EmulatorError(`Making a chat: id ${id} is taken. Give another, or none.`);
    const username = chat.username?.replace(/^@/, "");
    if (username !== undefined && this.#byUsername.has(username.toLowerCase())) {
      throw new EmulatorError(`Making a chat: the username "${username}" is taken. Give another, or none.`);
    }
    const room: ChatRoom = {
      id,
      kind: chat.kind,
      title: chat.title,
      description: undefined,
      username,
      photo: undefined,
      partner: chat.partner,
      members: new Map(),
      banned: new Set(),
      messages: new Map(),
      lastMessageId: 0,
      pinned: [],
      inviteLink: undefined,
      inviteLinks: new Set(),
      replyKeyboard: undefined,
      action: undefined,
    };
    this.#rooms.set(id, room);
    if (username !== undefined) this.#byUsername.set(username.toLowerCase(), room);
    return room;
  }

  /** The next number that is not somebody's: private chats have the ids of their people. */
  #freeId(): number {
    while (this.#rooms.has(this.#nextId)) this.#nextId++;
    return this.#nextId++;
  }

  get(id: number): ChatRoom | undefined {
    return this.#rooms.get(id);
  }

  /** By `@username`, with or without the sign, in any case. */
  byUsername(username: string): ChatRoom | undefined {
    return this.#byUsername.get(username.replace(/^@/, "").toLowerCase());
  }

  all(): ChatRoom[] {
    return [...this.#rooms.values()];
  }
}

/** Keeps a message in its chat, and lets go of the oldest. */
export function keep(room: ChatRoom, stored: StoredMessage): void {
  room.messages.set(stored.message.message_id, stored);
  if (room.messages.size > KEPT_MESSAGES) {
    for (const oldest of room.messages.keys()) {
      room.messages.delete(oldest);
      break;
    }
  }
}

/** The messages of a chat from the newest back, without copying the thousands that are rarely wanted. */
export function* newestFirst(room: ChatRoom): Generator<StoredMessage> {
  let left = room.messages.size;
  for (let id = room.lastMessageId; left > 0; id--) {
    const stored = room.messages.get(id);
    if (stored === undefined) continue;
    left--;
    yield stored;
  }
}

/** The chat as it stands inside messages. */
export function chatOf(room: ChatRoom): Chat {
  const { id, partner } = room;
  if (room.kind === "private" && partner !== undefined) {
    return {
      id,
      type: "private",
      first_name: partner.first_name,
      ...(partner.last_name === undefined ? {} : { last_name: partner.last_name }),
      ...(partner.username === undefined ? {} : { username: partner.username }),
    };
  }
  return {
    id,
    type: room.kind === "channel" ? "channel" : "group",
    title: room.title,
    ...(room.username === undefined ? {} : { username: room.username }),
  };
}

/** A message as the people in the chat see it: with its keyboard of either kind. */
export function seenByPeople(stored: StoredMessage): Message {
  if (stored.replyKeyboard === undefined) return stored.message;
  // Bale's Message carries inline keyboards only; whoever draws the chat needs the other kind too.
  return { ...stored.message, reply_markup: stored.replyKeyboard as unknown as InlineKeyboardMarkup };
}
