import type {
  Api,
  CallbackQuery,
  Chat,
  ChatFullInfo,
  ChatMember,
  Location,
  Message,
  PreCheckoutQuery,
  Update,
  User,
} from "balekit";
import { ChatVerbs } from "./chat-verbs.js";
import type { Deletion } from "./deletion.js";
import { FileVerbs } from "./file-verbs.js";
import { KIT, type Kit } from "./kit.js";
import { LocationVerbs } from "./location-verbs.js";
import { MemberVerbs } from "./member-verbs.js";
import { MessageVerbs } from "./message-verbs.js";
import { wrongUse } from "./misuse.js";
import { CallbackQueryVerbs, PreCheckoutQueryVerbs } from "./query-verbs.js";
import { UserVerbs } from "./user-verbs.js";

type FileLike = { readonly file_id: string; readonly thumbnail?: FileLike | undefined };

/**
 * Lets the objects of one api act, by giving each a prototype with methods: nothing is copied, no property is added,
 * and JSON and comparison see what Bale sent.
 */
export class Hydrator implements Kit {
  readonly api: Api;
  readonly deleteAfter: (message: Message, delayMs: number) => Promise<Deletion>;
  readonly #message: object;
  readonly #chat: object;
  readonly #user: object;
  readonly #file: object;
  readonly #member: object;
  readonly #location: object;
  readonly #callbackQuery: object;
  readonly #preCheckoutQuery: object;

  constructor(api: Api, deleteAfter: Kit["deleteAfter"]) {
    this.api = api;
    this.deleteAfter = deleteAfter;
    this.#message = prototypeFor(this, MessageVerbs.prototype);
    this.#chat = prototypeFor(this, ChatVerbs.prototype);
    this.#user = prototypeFor(this, UserVerbs.prototype);
    this.#file = prototypeFor(this, FileVerbs.prototype);
    this.#member = prototypeFor(this, MemberVerbs.prototype);
    this.#location = prototypeFor(this, LocationVerbs.prototype);
    this.#callbackQuery = prototypeFor(this, CallbackQueryVerbs.prototype);
    this.#preCheckoutQuery = prototypeFor(this, PreCheckoutQueryVerbs.prototype);
  }

  update(update: Update): void {
    const { message, edited_message: edited, callback_query: query, pre_checkout_query: payment } = update;
    if (message) this.message(message);
    else if (query) this.callbackQuery(query);
    else if (edited) this.message(edited);
    else if (payment) this.preCheckoutQuery(payment);
  }

  message(raw: Message): void {
    if (!give(raw, this.#message)) return;
    this.#chats(raw.chat, raw.sender_chat, raw.forward_from_chat);
    this.#users(raw.from, raw.forward_from, raw.left_chat_member);
    if (raw.reply_to_message) this.message(raw.reply_to_message);
    if (raw.photo) for (const size of raw.photo) this.#maybeFile(size);
    this.#maybeFile(raw.animation);
    this.#maybeFile(raw.document);
    this.#maybeFile(raw.video);
    this.#maybeFile(raw.audio);
    this.#maybeFile(raw.voice);
    this.#maybeFile(raw.sticker);
    if (raw.location) this.location(raw.location);
    if (raw.new_chat_members) for (const member of raw.new_chat_members) this.user(member);
  }

  chat(raw: Chat | ChatFullInfo): void {
    give(raw, this.#chat);
  }

  user(raw: User): void {
    give(raw, this.#user);
  }

  member(raw: ChatMember): void {
    if (give(raw, this.#member) && raw.user) this.user(raw.user);
  }

  file(raw: FileLike): void {
    if (give(raw, this.#file) && raw.thumbnail) give(raw.thumbnail, this.#file);
  }

  location(raw: Location): void {
    give(raw, this.#location);
  }

  callbackQuery(raw: CallbackQuery): void {
    if (!give(raw, this.#callbackQuery)) return;
    this.#users(raw.from);
    if (raw.message) this.message(raw.message);
  }

  preCheckoutQuery(raw: PreCheckoutQuery): void {
    if (give(raw, this.#preCheckoutQuery)) this.#users(raw.from);
  }

  /** Makes whatever it is given act, told apart by its fields. @throws TypeError for what is none of Bale's objects */
  readonly any = (raw: object): object => {
    const object = raw as Readonly<Record<string, unknown>>;
    if ("message_id" in object && "chat" in object) this.message(raw as Message);
    else if ("invoice_payload" in object && "from" in object) this.preCheckoutQuery(raw as PreCheckoutQuery);
    else if (typeof object["id"] === "string" && "from" in object) this.callbackQuery(raw as CallbackQuery);
    else if ("status" in object && "user" in object) this.member(raw as ChatMember);
    else if ("file_id" in object) this.file(raw as FileLike);
    else if ("latitude" in object && "longitude" in object) this.location(raw as Location);
    else if ("id" in object && "type" in object) this.chat(raw as Chat);
    else if ("id" in object && "first_name" in object) this.user(raw as User);
    else {
      const fields = Object.keys(object).join(", ");
      const hint = "Give a message, chat, user, file, member, location or query.";
      throw wrongUse(
        "ERR_BALE_HYDRATE",
        `Hydrating: an object of ${fields || "no fields"} is none of Bale's. ${hint}`,
      );
    }
    return raw;
  };

  #chats(...chats: readonly (Chat | undefined)[]): void {
    for (const chat of chats) if (chat) give(chat, this.#chat);
  }

  #users(...users: readonly (User | undefined)[]): void {
    for (const user of users) if (user) give(user, this.#user);
  }

  #maybeFile(file: FileLike | undefined): void {
    if (file) this.file(file);
  }
}

/** Methods and the kit they work with, for all objects of one kind. It is called an `Object`, as what Bale sends is. */
function prototypeFor(kit: Kit, verbs: object): object {
  return Object.create(verbs, { [KIT]: { value: kit }, constructor: { value: Object } }) as object;
}

/** Gives an object its methods. Objects of a class, and frozen ones, stay as they are. */
function give(object: object, prototype: object): boolean {
  const current = Object.getPrototypeOf(object) as object | null;
  if (current === prototype) return true;
  if (current !== Object.prototype && current !== null && !(KIT in current)) return false;
  return Reflect.setPrototypeOf(object, prototype);
}
