import {
  type Api,
  botHost,
  type Call,
  capability,
  type Capability,
  type Chat,
  type ChatFullInfo,
  type ChatMember,
  type Composer,
  type Message,
  NotFoundError,
  type Plugin,
  plugin,
  type Update,
  type User,
} from "balekit";
import { Lru } from "./lru.js";
import { beyondLimits } from "./misuse.js";

/** How much is remembered. */
export interface CacheOptions {
  /** @default 10_000 */
  readonly users?: number | undefined;
  /** @default 1_000 */
  readonly chats?: number | undefined;
  /** Received and sent ones together. @default 1_000 */
  readonly messages?: number | undefined;
}

/** Whether what is remembered will do. */
export interface CacheReadOptions {
  /** `false` asks Bale, and remembers what it says. @default true */
  readonly useCache?: boolean | undefined;
}

/** What a cache adds to contexts, and to the bot. */
export interface CacheFlavor {
  readonly cache: Cache;
}

/**
 * The users, chats and messages a bot has met, as they were last seen, in the memory of this process. Fills from every
 * update and every message the bot sends; when it is full, what was not used for longest goes. `cache()` makes one.
 */
export class Cache {
  readonly #users: Lru<number, User>;
  readonly #chats: Lru<number, Chat | ChatFullInfo>;
  readonly #messages: Lru<string, Message>;
  readonly #composer: Composer;

  /** Remembers what the bot meets that the composer ends in. */
  constructor(composer: Composer, { users, chats, messages }: Sizes) {
    this.#users = new Lru(users);
    this.#chats = new Lru(chats);
    this.#messages = new Lru(messages);
    this.#composer = composer;
    composer
      .onForget((userId) => this.forget(userId))
      .onExport("cache", (userId) => this.of(userId))
      .transform(async (call, next) => {
        const reply = await next(call);
        if (reply.ok) this.#learn(call, reply.result);
        return reply;
      })
      .use((ctx, next) => {
        this.#see(ctx.update);
        return next();
      });
  }

  /** How many are remembered. */
  get sizes(): { readonly users: number; readonly chats: number; readonly messages: number } {
    return { users: this.#users.size, chats: this.#chats.size, messages: this.#messages.size };
  }

  /** A user as last seen; asks Bale for nothing. */
  user(userId: number): User | undefined {
    return this.#users.get(userId);
  }

  /** A chat as last seen; asks Bale for nothing. */
  chat(chatId: number): Chat | ChatFullInfo | undefined {
    return this.#chats.get(chatId);
  }

  /** A message as last seen, with the edits made since. Bale tells bots nothing of deletions by others. */
  message(chatId: number, messageId: number): Message | undefined {
    return this.#messages.get(keyOf(chatId, messageId));
  }

  /** All users that are remembered. */
  users(): IterableIterator<User> {
    return this.#users.values();
  }

  /** All chats that are remembered. */
  chats(): IterableIterator<Chat | ChatFullInfo> {
    return this.#chats.values();
  }

  /** A chat as last seen, or as Bale tells it. `undefined` when there is none that this bot can see. */
  async getChat(
    chatId: number,
    { useCache = true }: CacheReadOptions = {},
  ): Promise<Chat | ChatFullInfo | undefined> {
    const known = useCache ? this.#chats.get(chatId) : undefined;
    if (known !== undefined) return known;
    try {
      const chat = await this.#api("getChat").getChat({ chat_id: chatId });
      this.#chats.put(chatId, chat);
      return chat;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      this.#chats.delete(chatId);
      return undefined;
    }
  }

  /** A user as last seen, or as Bale tells of the private chat. `undefined` when there is none the bot can see. */
  async getUser(userId: number, { useCache = true }: CacheReadOptions = {}): Promise<User | undefined> {
    const known = useCache ? this.#users.get(userId) : undefined;
    if (known !== undefined) return known;
    const chat = await this.getChat(userId, { useCache: false });
    if (chat?.type !== "private") {
      this.#users.delete(userId);
      return undefined;
    }
    // A chat does not say whether a bot is behind it; bots cannot write to bots.
    const { id, first_name = "", last_name, username } = chat;
    const user: User = {
      id,
      is_bot: this.#users.get(id)?.is_bot ?? false,
      first_name,
      ...(last_name !== undefined && { last_name }),
      ...(username !== undefined && { username }),
    };
    this.#users.put(id, user);
    return user;
  }

  /** Forgets a user, the private chat with them, and what they wrote. */
  forget(userId: number): void {
    this.#users.delete(userId);
    this.#chats.delete(userId);
    for (const message of [...this.#messages.values()]) {
      const isTheirs = message.from?.id === userId || message.chat.id === userId;
      if (isTheirs) this.#messages.delete(keyOf(message.chat.id, message.message_id));
    }
  }

  /** What is remembered of a user. */
  of(userId: number): { readonly user: User | undefined; readonly messages: readonly Message[] } {
    const messages = [...this.#messages.values()].filter(({ from }) => from?.id === userId);
    return { user: this.#users.get(userId), messages };
  }

  #api(doing: string): Api {
    const host = this.#composer.find(botHost);
    if (host !== undefined) return host.api;
    throw new Error(`cache.${doing}: the composer of this cache is in no bot yet. Give it to bot.use first.`);
  }

  #see(update: Update): void {
    const { message, edited_message: edited, callback_query: query, pre_checkout_query: payment } = update;
    if (message) this.#met(message);
    if (edited) this.#met(edited);
    if (query) {
      this.#users.put(query.from.id, query.from);
      // An old message behind a button comes without its content: what is remembered is better.
      if (query.message?.chat && query.message.date) this.#met(query.message);
    }
    if (payment) this.#users.put(payment.from.id, payment.from);
  }

  #met(message: Message): void {
    const { chat, from } = message;
    this.#messages.put(keyOf(chat.id, message.message_id), message);
    // What getChat told knows more than a message does.
    const known = this.#chats.get(chat.id);
    this.#chats.put(chat.id, known === undefined ? chat : Object.assign({}, known, chat));
    for (const user of [from, message.forward_from, message.left_chat_member]) {
      if (user) this.#users.put(user.id, user);
    }
    for (const user of message.new_chat_members ?? []) this.#users.put(user.id, user);
    if (message.reply_to_message?.chat) this.#met(message.reply_to_message);
  }

  #learn(call: Call, result: unknown): void {
    if (call.method === "deleteMessage") {
      const { chat_id, message_id } = call.params;
      this.#messages.delete(keyOf(chat_id, message_id));
    } else if (call.method === "editMessageText") this.#edited(call.params, { text: call.params.text });
    else if (call.method === "editMessageCaption") {
      this.#edited(call.params, { caption: call.params.caption });
    } else if (call.method === "leaveChat") this.#chats.delete(Number(call.params.chat_id));
    else if (call.method === "getChat") this.#chats.put((result as ChatFullInfo).id, result as ChatFullInfo);
    else if (call.method === "getMe") this.#users.put((result as User).id, result as User);
    else if (call.method === "getChatMember") this.#members([result as ChatMember]);
    else if (call.method === "getChatAdministrators") this.#members(result as readonly ChatMember[]);
    else if (/^(send|forward)/.test(call.method)) {
      for (const message of (Array.isArray(result) ? result : [result]) as readonly Message[]) {
        if (typeof message === "object" && message?.chat) this.#met(message);
      }
    }
  }

  #edited(
    { chat_id, message_id }: { readonly chat_id: number | string; readonly message_id: number },
    change: Pick<Message, "text" | "caption">,
  ): void {
    const key = keyOf(chat_id, message_id);
    const known = this.#messages.get(key);
    if (known !== undefined) this.#messages.put(key, Object.assign(sameKind(known), known, change));
  }

  #members(members: readonly ChatMember[]): void {
    for (const { user } of members) if (user) this.#users.put(user.id, user);
  }
}

/** How many of each kind are remembered. */
type Sizes = { readonly [Kind in keyof CacheOptions]-?: number };

const cacheToken: Capability<Cache> = capability<Cache>("cache");

/**
 * Remembers the users, chats and messages a bot meets, in memory and up to a number of each: `bot.cache`, `ctx.cache`.
 * @throws RangeError for a number that cannot be one
 * @example
 * const remembering = bot.extend(cache());
 * remembering.command("me", (ctx) => ctx.reply(ctx.cache.user(ctx.from?.id ?? 0)?.first_name ?? "?"));
 * setInterval(() => console.log(remembering.cache.sizes), 60_000);
 */
export function cache(options: CacheOptions = {}): Plugin<CacheFlavor, object, CacheFlavor> {
  const sizes: Sizes = {
    users: bound("users", options.users ?? 10_000),
    chats: bound("chats", options.chats ?? 1_000),
    messages: bound("messages", options.messages ?? 1_000),
  };
  return plugin<CacheFlavor, object, CacheFlavor>(
    "cache",
    (composer) => {
      const made = new Cache(composer as unknown as Composer, sizes);
      return composer.provide(cacheToken, made).define("cache", { get: (): Cache => made });
    },
    { bot: (composer) => ({ cache: composer.find(cacheToken) as Cache }) },
  );
}

function bound(name: string, max: number): number {
  if (Number.isSafeInteger(max) && max >= 1) return max;
  throw beyondLimits("ERR_BALE_OPTION", `cache: ${name} is ${max}. Give how many to remember, from 1 up.`);
}

/** The same for an id that was given as a text; a name of a channel leads to no message. */
function keyOf(chatId: number | string, messageId: number): string {
  return `${chatId}:${messageId}`;
}

/** An empty object with the same methods. */
function sameKind(object: object): object {
  return Object.create(Object.getPrototypeOf(object) as object | null) as object;
}
