import type {
  EditMessageTextParams,
  SendAnimationParams,
  SendAudioParams,
  SendContactParams,
  SendInvoiceParams,
  SendLocationParams,
  SendMediaGroupParams,
  SendMessageParams,
  SendPhotoParams,
  SendVideoParams,
  SendVoiceParams,
} from "@balekit/api";

/** How `ctx.send` sends a text. */
export interface SendOptions extends Pick<SendMessageParams, "reply_markup" | "reply_to_message_id"> {}

/** What every verb that answers takes. */
export interface QuoteOptions extends SendOptions {
  /** Makes what is sent an answer to the message of this update. @default false */
  readonly quote?: boolean | undefined;
}

/** How `ctx.reply` sends a text. */
export interface ReplyOptions extends QuoteOptions {}

/** How a photo or a document is sent. */
export interface CaptionOptions extends QuoteOptions, Pick<SendPhotoParams, "caption"> {}

/** How a piece of music is sent. */
export interface AudioOptions extends QuoteOptions, Omit<SendAudioParams, "chat_id" | "audio"> {}

/** How a recorded voice is sent. */
export interface VoiceOptions extends QuoteOptions, Omit<SendVoiceParams, "chat_id" | "voice"> {}

/** How a video is sent. */
export interface VideoOptions extends QuoteOptions, Omit<SendVideoParams, "chat_id" | "video"> {}

/** How an animation is sent. */
export interface AnimationOptions extends QuoteOptions, Omit<SendAnimationParams, "chat_id" | "animation"> {}

/** How a point on the map is sent. */
export interface LocationOptions extends QuoteOptions, Pick<SendLocationParams, "horizontal_accuracy"> {}

/** Whose number is sent. */
export interface ContactDetails
  extends Pick<SendContactParams, "phone_number" | "first_name" | "last_name"> {}

/** What is to be paid, by whom and for what. */
export interface InvoiceDetails extends Omit<SendInvoiceParams, "chat_id" | "reply_to_message_id"> {}

/** The items of an album. */
export type AlbumItems = SendMediaGroupParams["media"];

/** How a press is answered. */
export interface AnswerOptions {
  /** Shows the text in a box that has to be closed, instead of a passing notice. @default false */
  readonly show_alert?: boolean | undefined;
}

/** What an edited message gets beside its new content. */
export interface EditOptions extends Pick<EditMessageTextParams, "reply_markup"> {}
