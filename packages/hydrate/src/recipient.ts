import type {
  AlbumItems,
  Api,
  ContactDetails,
  InputFile,
  InvoiceDetails,
  SendAnimationParams,
  SendAudioParams,
  SendChatActionParams,
  SendContactParams,
  SendDocumentParams,
  SendLocationParams,
  SendMessageParams,
  SendPhotoParams,
  SendStickerParams,
  SendVideoParams,
  SendVoiceParams,
} from "balekit";
import { acting, kitOf } from "./kit.js";

/** Options of a call without what the object and the method say themselves. */
type Rest<Params, Said extends keyof Params> = Omit<Params, Said | "chat_id">;

/** What can be sent to a chat, or to a user in private. Each method resolves to the message, hydrated: `Sent`. */
export abstract class Recipient<Sent> {
  /** Sends a text. */
  async send(text: string, options?: Rest<SendMessageParams, "text"> | undefined): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendMessage({ ...options, chat_id: idOf(this), text }));
  }

  /** Sends a photo: a file to upload, a `file_id` or a URL. */
  async sendPhoto(
    photo: InputFile | string,
    options?: Rest<SendPhotoParams, "photo"> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendPhoto({ ...options, chat_id: idOf(this), photo }));
  }

  /** Sends a file as it is. */
  async sendDocument(
    document: InputFile | string,
    options?: Rest<SendDocumentParams, "document"> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendDocument({ ...options, chat_id: idOf(this), document }));
  }

  /** Sends a piece of music. */
  async sendAudio(
    audio: InputFile | string,
    options?: Rest<SendAudioParams, "audio"> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendAudio({ ...options, chat_id: idOf(this), audio }));
  }

  /** Sends a recorded voice. */
  async sendVoice(
    voice: InputFile | string,
    options?: Rest<SendVoiceParams, "voice"> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendVoice({ ...options, chat_id: idOf(this), voice }));
  }

  /** Sends a video. */
  async sendVideo(
    video: InputFile | string,
    options?: Rest<SendVideoParams, "video"> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendVideo({ ...options, chat_id: idOf(this), video }));
  }

  /** Sends a GIF, or a video without sound. */
  async sendAnimation(
    animation: InputFile | string,
    options?: Rest<SendAnimationParams, "animation"> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(
      this,
      await apiOf(this).sendAnimation({ ...options, chat_id: idOf(this), animation }),
    );
  }

  /** Sends a sticker. Bale has not documented the method behind it. */
  async sendSticker(
    sticker: InputFile | string,
    options?: Rest<SendStickerParams, "sticker"> | undefined,
  ): Promise<Sent> {
    const { undocumented } = apiOf(this);
    return acting<Sent>(this, await undocumented.sendSticker({ ...options, chat_id: idOf(this), sticker }));
  }

  /** Sends a point on the map, in degrees, latitude first. */
  async sendLocation(
    latitude: number,
    longitude: number,
    options?: Rest<SendLocationParams, "latitude" | "longitude"> | undefined,
  ): Promise<Sent> {
    const params = { ...options, chat_id: idOf(this), latitude, longitude };
    return acting<Sent>(this, await apiOf(this).sendLocation(params));
  }

  /** Sends somebody's phone number. */
  async sendContact(
    contact: ContactDetails,
    options?: Rest<SendContactParams, keyof ContactDetails> | undefined,
  ): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendContact({ ...options, ...contact, chat_id: idOf(this) }));
  }

  /** Sends an invoice. */
  async sendInvoice(invoice: InvoiceDetails): Promise<Sent> {
    return acting<Sent>(this, await apiOf(this).sendInvoice({ ...invoice, chat_id: idOf(this) }));
  }

  /** Sends an album: photos and videos mixed, or documents only, or music only. */
  async sendMediaGroup(media: AlbumItems): Promise<readonly Sent[]> {
    const sent = await apiOf(this).sendMediaGroup({ chat_id: idOf(this), media });
    return sent.map((message) => acting<Sent>(this, message));
  }

  /** Shows that the bot is typing, or doing something else, for about six seconds. @default "typing" */
  async typing(action: SendChatActionParams["action"] = "typing"): Promise<true> {
    return apiOf(this).sendChatAction({ chat_id: idOf(this), action });
  }
}

function apiOf(recipient: object): Api {
  return kitOf(recipient).api;
}

function idOf(recipient: object): number {
  return (recipient as { readonly id: number }).id;
}
