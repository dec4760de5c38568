import type {
  Animation,
  Api,
  Audio,
  CallbackQuery,
  Chat,
  Document,
  InlineKeyboardMarkup,
  InputFile,
  Message,
  MessageId,
  PhotoSize,
  PreCheckoutQuery,
  Queries,
  SendChatActionParams,
  Sticker,
  SuccessfulPayment,
  Update,
  UpdateKind,
  User,
  Video,
  Voice,
} from "@balekit/api";
import type { Clock } from "@balekit/storage";
import { attachmentOf } from "./attachment.js";
import type { Delivery } from "./delivery.js";
import { type Misuse, wrongType } from "./misuse.js";
import type { QueryName } from "./queries.js";
import type { RouteMark } from "./route-mark.js";
import { keepShape } from "./shape.js";
import { kindOf } from "./update-kind.js";
import type {
  AlbumItems,
  AnimationOptions,
  AnswerOptions,
  AudioOptions,
  CaptionOptions,
  ContactDetails,
  EditOptions,
  InvoiceDetails,
  LocationOptions,
  QuoteOptions,
  ReplyOptions,
  SendOptions,
  VideoOptions,
  VoiceOptions,
} from "./verb-options.js";

/** A file that came with a message: `ctx.api.download(ctx.attachment)` reads it. */
export type Attachment = Animation | Audio | Document | PhotoSize | Sticker | Video | Voice;

/** How a live wait is narrowed and bounded. */
export interface WaitForOptions<Found extends Context = Context> {
  /** Lets only those updates through for which this says yes. Absent: the first that fits the query. */
  readonly check?: ((ctx: Found) => boolean | Promise<boolean>) | undefined;
  /** Gives up after so many milliseconds. Absent: waits until the bot stops. */
  readonly timeoutMs?: number | undefined;
  /** Gives up when aborted, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Waits for a later update on behalf of the context it is given; what `ctx.waitFor` calls. */
export type WaitFor = <Q extends QueryName>(
  ctx: Context,
  query: Q | readonly Q[],
  options: WaitForOptions<Context & Queries[Q]> | undefined,
) => Promise<Context & Queries[Q]>;

/** What work of a plugin for a context is given. */
export interface EffectStep {
  /** Inside a conversation the same in every attempt: with it, what is begun again can be found. Absent outside. */
  readonly idempotencyKey: string | undefined;
}

/** What the contexts of one bot have in common: made once, shared by all of them. */
export interface ContextServices {
  readonly api: Api;
  /** The bot's own account, as `getMe` told it. */
  readonly me: User;
  readonly clock: Clock;
  readonly waitFor: WaitFor;
  /**
   * Runs what a plugin does for a context beside calling Bale, under a name. Inside a conversation its outcome, which has to
   * be data then, is written down, so that it is not done again after a restart. A name of Bale's method says what is done
   * after a crash in the middle: as with that method.
   */
  readonly effect: <Value>(name: string, run: (step: EffectStep) => Promise<Value>) => Promise<Value>;
  /** Makes texts comparable for commands, hears and arguments. What a handler reads stays raw. */
  readonly normalizeText: (text: string) => string;
}

const nothing: Readonly<object> = Object.freeze({});

/**
 * One update and what can be done about it. Reads straight from the raw update; its verbs call Bale with the chat and
 * message of that update filled in, and reject with a `TypeError` when the update has no such thing.
 */
export class Context {
  /** The update exactly as Bale sent it, fields we do not know included. */
  readonly update: Update;
  /** What this bot's contexts share. */
  readonly services: ContextServices;
  /** How the update got here. Absent for a context that was made by hand. */
  readonly delivery: Delivery | undefined;
  /**
   * What the route that runs has matched: the payload of a command, the text or data that fitted a string or a
   * pattern, the whole match of a RegExp. Another route's after it has run; the own one again after `await next()`.
   */
  match: unknown = undefined;
  /** The named parts of the pattern that matched: `order/:id` gives `{ id }`. Empty without a pattern. */
  params: object = nothing;
  /** The typed arguments of the command that matched. Empty when it declares none. */
  args: object = nothing;
  /** The route that was entered last: what it asks for and where it was registered. For logs and tools. */
  route: RouteMark | undefined = undefined;
  /** Set while a `member_chat_join` chain runs for one of the new members. Read `ctx.member`. */
  memberNow: User | undefined = undefined;

  constructor(update: Update, services: ContextServices, delivery?: Delivery | undefined) {
    this.update = update;
    this.services = services;
    this.delivery = delivery;
  }

  /** Calls Bale: every method with one object, exactly as documented. */
  get api(): Api {
    return this.services.api;
  }

  /** The bot's own account. */
  get me(): User {
    return this.services.me;
  }

  /** Which payload the update carries; `undefined` for a kind Bale has not documented. */
  get kind(): UpdateKind | undefined {
    return kindOf(this.update);
  }

  /** Aborts when the work is no longer wanted. Absent for a context that was made by hand. */
  get signal(): AbortSignal | undefined {
    return this.delivery?.signal;
  }

  /** The new message, posts of channels included. */
  get message(): Message | undefined {
    return this.update.message ?? undefined;
  }

  /** The message as it is after its sender changed it. */
  get editedMessage(): Message | undefined {
    return this.update.edited_message ?? undefined;
  }

  /** The press on an inline button. */
  get callbackQuery(): CallbackQuery | undefined {
    return this.update.callback_query ?? undefined;
  }

  /** The wallet payment that waits for `ctx.answerPreCheckout`. */
  get preCheckoutQuery(): PreCheckoutQuery | undefined {
    return this.update.pre_checkout_query ?? undefined;
  }

  /**
   * The message this update is about: new, edited, or the one whose button was pressed. An old message behind a button
   * can come without content, date or chat.
   */
  get msg(): Message | undefined {
    const update = this.update;
    return update.message ?? update.edited_message ?? update.callback_query?.message ?? undefined;
  }

  /** The chat this update happened in. */
  get chat(): Chat | undefined {
    return this.msg?.chat ?? undefined;
  }

  /**
   * The id of the chat. A press on a button whose message has become too old to come with a chat falls back to the
   * private chat of whoever pressed, whose id is the user's.
   */
  get chatId(): number | undefined {
    return this.chat?.id ?? this.update.callback_query?.from?.id;
  }

  /** Who caused the update. Absent on some posts of channels. */
  get from(): User | undefined {
    const {
      message,
      edited_message: edited,
      callback_query: query,
      pre_checkout_query: payment,
    } = this.update;
    return (message ?? edited ?? query ?? payment)?.from ?? undefined;
  }

  /** The text that was written, new or edited. Not the text of a message whose button was pressed: see `ctx.msg`. */
  get text(): string | undefined {
    return (this.update.message ?? this.update.edited_message)?.text || undefined;
  }

  /** The text that was written, or the caption under a file. */
  get content(): string | undefined {
    const written = this.update.message ?? this.update.edited_message;
    return written?.text || written?.caption || undefined;
  }

  /** The file that was sent: the largest size of a photo, or whatever file there is. */
  get attachment(): Attachment | undefined {
    const sent = this.update.message ?? this.update.edited_message;
    return sent === undefined || sent === null ? undefined : attachmentOf(sent);
  }

  /** The payment that has gone through. */
  get payment(): SuccessfulPayment | undefined {
    return this.update.message?.successful_payment ?? undefined;
  }

  /** Who joined, in a `member_chat_join` handler; who left, in a message about that. */
  get member(): User | undefined {
    return this.memberNow ?? this.update.message?.left_chat_member ?? undefined;
  }

  /**
   * Waits, while this process lives, for a later update of this chat that fits the query, or any one of a list, and lets
   * the updates behind this one pass. What comes after the wait is lost if the process is killed meanwhile.
   * @throws when the time is up, when the signal aborts, when the bot stops, and when the handler ends without it
   */
  waitFor<Q extends QueryName>(
    query: Q | readonly Q[],
    options?: WaitForOptions<Context & Queries[Q]> | undefined,
  ): Promise<Context & Queries[Q]> {
    return this.services.waitFor(this, query, options);
  }

  /** Sends a text to this chat; `{ quote: true }` makes it an answer to the message of this update. */
  reply(text: string, options?: ReplyOptions | undefined): Promise<Message> {
    try {
      // What most replies are: to spread an object of nothing costs more than the rest of it.
      if (options === undefined) return this.api.sendMessage({ chat_id: chatFor(this, "reply"), text });
      return this.api.sendMessage({ ...target(this, "reply", options), text });
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** Sends a text to this chat, never as an answer. */
  async send(text: string, options?: SendOptions | undefined): Promise<Message> {
    return this.api.sendMessage({ ...options, chat_id: chatFor(this, "send"), text });
  }

  /** Sends a photo: a file to upload, a `file_id` or a URL (up to 5 MB). */
  async replyWithPhoto(photo: InputFile | string, options?: CaptionOptions | undefined): Promise<Message> {
    return this.api.sendPhoto({ ...target(this, "replyWithPhoto", options), photo });
  }

  /** Sends a file as it is. */
  async replyWithDocument(
    document: InputFile | string,
    options?: CaptionOptions | undefined,
  ): Promise<Message> {
    return this.api.sendDocument({ ...target(this, "replyWithDocument", options), document });
  }

  /** Sends a piece of music. */
  async replyWithAudio(audio: InputFile | string, options?: AudioOptions | undefined): Promise<Message> {
    return this.api.sendAudio({ ...target(this, "replyWithAudio", options), audio });
  }

  /** Sends a recorded voice. */
  async replyWithVoice(voice: InputFile | string, options?: VoiceOptions | undefined): Promise<Message> {
    return this.api.sendVoice({ ...target(this, "replyWithVoice", options), voice });
  }

  /** Sends a video. */
  async replyWithVideo(video: InputFile | string, options?: VideoOptions | undefined): Promise<Message> {
    return this.api.sendVideo({ ...target(this, "replyWithVideo", options), video });
  }

  /** Sends a GIF, or a video without sound. */
  async replyWithAnimation(
    animation: InputFile | string,
    options?: AnimationOptions | undefined,
  ): Promise<Message> {
    return this.api.sendAnimation({ ...target(this, "replyWithAnimation", options), animation });
  }

  /** Sends a sticker. Bale has not documented the method behind this verb. */
  async replyWithSticker(sticker: InputFile | string, options?: QuoteOptions | undefined): Promise<Message> {
    return this.api.undocumented.sendSticker({ ...target(this, "replyWithSticker", options), sticker });
  }

  /** Sends a point on the map, in degrees, latitude first. */
  async replyWithLocation(
    latitude: number,
    longitude: number,
    options?: LocationOptions | undefined,
  ): Promise<Message> {
    return this.api.sendLocation({ ...target(this, "replyWithLocation", options), latitude, longitude });
  }

  /** Sends somebody's phone number. */
  async replyWithContact(contact: ContactDetails, options?: QuoteOptions | undefined): Promise<Message> {
    return this.api.sendContact({ ...target(this, "replyWithContact", options), ...contact });
  }

  /** Sends an invoice; a wallet payment of it comes back as `pre_checkout_query`. */
  async replyWithInvoice(
    invoice: InvoiceDetails,
    options?: Pick<QuoteOptions, "quote" | "reply_to_message_id"> | undefined,
  ): Promise<Message> {
    return this.api.sendInvoice({ ...target(this, "replyWithInvoice", options), ...invoice });
  }

  /** Sends an album: photos and videos mixed, or documents only, or music only. */
  async replyWithMediaGroup(
    media: AlbumItems,
    options?: QuoteOptions | undefined,
  ): Promise<readonly Message[]> {
    return this.api.sendMediaGroup({ ...target(this, "replyWithMediaGroup", options), media });
  }

  /**
   * Answers the press on a button, with a notice or without. The bot answers by itself when no handler did.
   * A client whose query id begins with `1` cannot show the text: send a message as well when it matters.
   */
  async answer(text?: string | undefined, options?: AnswerOptions | undefined): Promise<true> {
    const query = this.callbackQuery;
    if (query === undefined) throw lack(this, "answer", "callback query", "It only works on presses.");
    return this.api.answerCallbackQuery({ callback_query_id: query.id, text, ...options });
  }

  /** Lets a wallet payment through, or refuses it with a reason the payer reads. Bale waits ten seconds for it. */
  async answerPreCheckout(ok: boolean, reason?: string | undefined): Promise<true> {
    const query = this.preCheckoutQuery;
    if (query === undefined) {
      throw lack(
        this,
        "answerPreCheckout",
        "pre-checkout query",
        "It only works on payments to be confirmed.",
      );
    }
    return this.api.answerPreCheckoutQuery({ pre_checkout_query_id: query.id, ok, error_message: reason });
  }

  /** Replaces the text of the message whose button was pressed. Absent `reply_markup` takes its buttons away. */
  async edit(text: string, options?: EditOptions | undefined): Promise<Message> {
    const own = ownFor(this, "edit");
    return kept(await this.api.editMessageText({ ...own, text, ...options }), own, this.chat);
  }

  /** Replaces the caption of the message whose button was pressed. */
  async editCaption(caption: string, options?: EditOptions | undefined): Promise<Message> {
    const own = ownFor(this, "editCaption");
    return kept(await this.api.editMessageCaption({ ...own, caption, ...options }), own, this.chat);
  }

  /** Replaces the buttons of the message whose button was pressed; without an argument, takes them away. */
  async editMarkup(markup?: InlineKeyboardMarkup | undefined): Promise<Message> {
    const own = ownFor(this, "editMarkup");
    return kept(await this.api.editMessageReplyMarkup({ ...own, reply_markup: markup }), own, this.chat);
  }

  /** Deletes the message of this update, or the one whose button was pressed. Bale allows it for 48 hours. */
  async delete(): Promise<true> {
    return this.api.deleteMessage(messageFor(this, "delete"));
  }

  /** Forwards the message of this update to another chat. */
  async forward(toChatId: number | string): Promise<Message> {
    const { chat_id: from_chat_id, message_id } = messageFor(this, "forward");
    return this.api.forwardMessage({ chat_id: toChatId, from_chat_id, message_id });
  }

  /** Sends a copy of the message of this update to another chat, without saying where it comes from. */
  async copy(toChatId: number | string): Promise<MessageId> {
    const { chat_id: from_chat_id, message_id } = messageFor(this, "copy");
    return this.api.copyMessage({ chat_id: toChatId, from_chat_id, message_id });
  }

  /** Shows that the bot is typing, or doing something else, for about six seconds. @default "typing" */
  async typing(action: SendChatActionParams["action"] = "typing"): Promise<true> {
    return this.api.sendChatAction({ chat_id: chatFor(this, "typing"), action });
  }
}

/** The chat to send to, with what the caller asked for beside it. */
function target<Options extends { readonly quote?: boolean | undefined }>(
  ctx: Context,
  verb: string,
  options: Options | undefined,
): Omit<Options, "quote"> & { chat_id: number; reply_to_message_id?: number | undefined } {
  const chat_id = chatFor(ctx, verb);
  const { quote = false, ...rest } = options ?? ({} as Options);
  if (!quote) return { ...rest, chat_id };
  return { ...rest, chat_id, reply_to_message_id: messageFor(ctx, verb).message_id };
}

function chatFor(ctx: Context, verb: string): number {
  const id = ctx.chatId;
  if (id === undefined) throw lack(ctx, verb, "chat", "Call ctx.api with a chat_id of your own.");
  return id;
}

function messageFor(ctx: Context, verb: string): { chat_id: number; message_id: number } {
  const id = ctx.msg?.message_id;
  if (id === undefined || id === null) {
    throw lack(ctx, verb, "message", "Call ctx.api with ids of your own.");
  }
  return { chat_id: chatFor(ctx, verb), message_id: id };
}

/** The message whose button was pressed: the only one of an update that is the bot's own to edit. */
function ownFor(ctx: Context, verb: string): { chat_id: number; message_id: number } {
  if (ctx.callbackQuery === undefined) {
    const hint = "It edits the message whose button was pressed; for another one call ctx.api with its ids.";
    throw lack(ctx, verb, "callback query", hint);
  }
  return messageFor(ctx, verb);
}

function lack(ctx: Context, verb: string, what: string, hint: string): Misuse<TypeError> {
  const kind = ctx.kind ?? "of an undocumented kind";
  return wrongType("ERR_BALE_CONTEXT", `ctx.${verb}: this update (${kind}) has no ${what}. ${hint}`, lack);
}

/** Bale answers an edit with a message without its ids: the caller's are put back. */
function kept(
  answer: Message,
  own: { readonly chat_id: number; readonly message_id: number },
  chat: Chat | undefined,
): Message {
  // A plugin may have given the answer methods through its prototype: they stay.
  const methods = typeof answer === "object" ? (Object.getPrototypeOf(answer) as object | null) : null;
  const same = methods === null ? {} : (Object.create(methods) as object);
  return Object.assign(same, answer, { message_id: own.message_id, chat: chat ?? answer.chat });
}

keepShape(new Context({ update_id: 0 }, {} as ContextServices));
