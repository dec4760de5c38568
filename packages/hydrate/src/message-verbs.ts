import {
  type AlbumItems,
  type AnimationOptions,
  type Api,
  attachmentOf,
  type AudioOptions,
  type CaptionOptions,
  type ContactDetails,
  type EditOptions,
  type InlineKeyboardMarkup,
  type InputFile,
  type InvoiceDetails,
  type LocationOptions,
  type Message,
  type MessageId,
  messageDate,
  type SendOptions,
  type VideoOptions,
  type VoiceOptions,
} from "balekit";
import type { Deletion } from "./deletion.js";
import { acting, kitOf } from "./kit.js";

/** Options of an answer: that it quotes the message goes without saying. */
type Quoting<Options> = Omit<Options, "quote" | "reply_to_message_id">;

/** What a hydrated message can do. What is sent in reply quotes it; `message.chat.send` does not. */
export class MessageVerbs<Sent, Author, File> {
  /** Who wrote it. Absent on some posts of channels. */
  get author(): Author | undefined {
    return raw(this).from as Author | undefined;
  }

  /** The id of its chat. */
  get chatId(): number {
    return raw(this).chat.id;
  }

  /** Its text, or the caption under its file. */
  get content(): string | undefined {
    return raw(this).text || raw(this).caption || undefined;
  }

  /** Its file: the largest size of a photo, or whatever file there is. */
  get attachment(): File | undefined {
    return attachmentOf(raw(this)) as File | undefined;
  }

  /** When it was sent. Absent on old messages behind a pressed button. */
  get sentAt(): Date | undefined {
    return messageDate(raw(this) as { readonly date?: number | undefined });
  }

  /** Answers with a text. */
  async reply(text: string, options?: Quoting<SendOptions> | undefined): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendMessage({ ...options, ...quote(this), text }));
  }

  /** Answers with a photo. */
  async replyWithPhoto(
    photo: InputFile | string,
    options?: Quoting<CaptionOptions> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendPhoto({ ...options, ...quote(this), photo }));
  }

  /** Answers with a file as it is. */
  async replyWithDocument(
    document: InputFile | string,
    options?: Quoting<CaptionOptions> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendDocument({ ...options, ...quote(this), document }));
  }

  /** Answers with a piece of music. */
  async replyWithAudio(
    audio: InputFile | string,
    options?: Quoting<AudioOptions> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendAudio({ ...options, ...quote(this), audio }));
  }

  /** Answers with a recorded voice. */
  async replyWithVoice(
    voice: InputFile | string,
    options?: Quoting<VoiceOptions> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendVoice({ ...options, ...quote(this), voice }));
  }

  /** Answers with a video. */
  async replyWithVideo(
    video: InputFile | string,
    options?: Quoting<VideoOptions> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendVideo({ ...options, ...quote(this), video }));
  }

  /** Answers with a GIF, or a video without sound. */
  async replyWithAnimation(
    animation: InputFile | string,
    options?: Quoting<AnimationOptions> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendAnimation({ ...options, ...quote(this), animation }));
  }

  /** Answers with a sticker. Bale has not documented the method behind it. */
  async replyWithSticker(
    sticker: InputFile | string,
    options?: Quoting<SendOptions> | undefined,
  ): Promise<Sent> {
    const { undocumented } = apiOf(this);
    return acting<Sent>(this, await undocumented.sendSticker({ ...options, ...quote(this), sticker }));
  }

  /** Answers with a point on the map, in degrees, latitude first. */
  async replyWithLocation(
    latitude: number,
    longitude: number,
    options?: Quoting<LocationOptions> | undefined,
  ): Promise<Sent> {
    const params = { ...options, ...quote(this), latitude, longitude };
    return acting<Sent>(this, await apiOf(this).sendLocation(params));
  }

  /** Answers with somebody's phone number. */
  async replyWithContact(contact: ContactDetails, options?: Quoting<SendOptions> | undefined): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendContact({ ...options, ...contact, ...quote(this) }));
  }

  /** Answers with an invoice. */
  async replyWithInvoice(invoice: InvoiceDetails): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendInvoice({ ...invoice, ...quote(this) }));
  }

  /** Answers with an album. */
  async replyWithMediaGroup(media: AlbumItems): Promise<readonly Sent[]> {
    const sent = await apiOf(this).sendMediaGroup({ ...quote(this), media });
    return sent.map((message) => acting<Sent>(this, message));
  }

  /** Replaces its text; only the bot's own messages can be changed. Resolves to the message with its ids. */
  async edit(text: string, options?: EditOptions | undefined): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).editMessageText({ ...options, ...ids(this), text }));
  }

  /** Replaces its caption. */
  async editCaption(caption: string, options?: EditOptions | undefined): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).editMessageCaption({ ...options, ...ids(this), caption }));
  }

  /** Replaces its buttons; without an argument, takes them away. */
  async editMarkup(markup?: InlineKeyboardMarkup | undefined): Promise<Sent> {
    const params = { ...ids(this), reply_markup: markup };
    return acting<Sent>(this, await apiOf(this).editMessageReplyMarkup(params));
  }

  /** Deletes it. Bale allows it for 48 hours. */
  async delete(): Promise<true> {
    return apiOf(this).deleteMessage(ids(this));
  }

  /**
   * Deletes it later, and returns at once. Needs the plugin `deletions()`.
   * @throws TypeError without that plugin
   */
  async deleteAfter(delayMs: number): Promise<Deletion> {
    return kitOf(this).deleteAfter(raw(this), delayMs);
  }

  /** Forwards it to another chat. */
  async forward(toChatId: number | string): Promise<Sent> {
    const { chat_id: from_chat_id, message_id } = ids(this);
    const sent = await apiOf(this).forwardMessage({ chat_id: toChatId, from_chat_id, message_id });
    return acting<Sent>(this, sent);
  }

  /** Sends a copy of it to another chat, without saying where it comes from. */
  async copy(toChatId: number | string): Promise<MessageId> {
    const { chat_id: from_chat_id, message_id } = ids(this);
    return apiOf(this).copyMessage({ chat_id: toChatId, from_chat_id, message_id });
  }

  /** Pins it in its chat. */
  async pin(): Promise<true> {
    return apiOf(this).pinChatMessage(ids(this));
  }

  /** Takes its pin back. */
  async unpin(): Promise<true> {
    return apiOf(this).unPinChatMessage(ids(this));
  }
}

function raw(message: object): Message {
  return message as Message;
}

function apiOf(message: object): Api {
  return kitOf(message).api;
}

function ids(message: object): { readonly chat_id: number; readonly message_id: number } {
  const { chat, message_id } = raw(message);
  return { chat_id: chat.id, message_id };
}

function quote(message: object): { readonly chat_id: number; readonly reply_to_message_id: number } {
  const { chat_id, message_id } = ids(message);
  return { chat_id, reply_to_message_id: message_id };
}
