import type {
  AlbumItems,
  AnimationOptions,
  Api,
  AudioOptions,
  CallOptions,
  CaptionOptions,
  ChatFullInfo,
  ContactDetails,
  EditMessageCaptionParams,
  EditMessageReplyMarkupParams,
  EditMessageTextParams,
  EditOptions,
  File,
  ForwardMessageParams,
  GetChatAdministratorsParams,
  GetChatMemberParams,
  GetChatParams,
  GetFileParams,
  InlineKeyboardMarkup,
  InputFile,
  InvoiceDetails,
  LocationOptions,
  QuoteOptions,
  ReplyOptions,
  SendAnimationParams,
  SendAudioParams,
  SendContactParams,
  SendDocumentParams,
  SendInvoiceParams,
  SendLocationParams,
  SendMediaGroupParams,
  SendMessageParams,
  SendOptions,
  SendPhotoParams,
  SendPollParams,
  SendStickerParams,
  SendVideoParams,
  SendVoiceParams,
  UploadStickerFileParams,
  VideoOptions,
  VoiceOptions,
} from "balekit";
import type { ChatVerbs } from "./chat-verbs.js";
import type { FileVerbs } from "./file-verbs.js";
import type { HydratedMember, HydratedMessage, HydratedUser } from "./hydrated.js";

/** The verbs of a context that answer with messages: with `hydrate()` they act. */
export interface ActingVerbs {
  reply(text: string, options?: ReplyOptions | undefined): Promise<HydratedMessage>;
  send(text: string, options?: SendOptions | undefined): Promise<HydratedMessage>;
  replyWithPhoto(photo: InputFile | string, options?: CaptionOptions | undefined): Promise<HydratedMessage>;
  replyWithDocument(
    document: InputFile | string,
    options?: CaptionOptions | undefined,
  ): Promise<HydratedMessage>;
  replyWithAudio(audio: InputFile | string, options?: AudioOptions | undefined): Promise<HydratedMessage>;
  replyWithVoice(voice: InputFile | string, options?: VoiceOptions | undefined): Promise<HydratedMessage>;
  replyWithVideo(video: InputFile | string, options?: VideoOptions | undefined): Promise<HydratedMessage>;
  replyWithAnimation(
    animation: InputFile | string,
    options?: AnimationOptions | undefined,
  ): Promise<HydratedMessage>;
  replyWithSticker(sticker: InputFile | string, options?: QuoteOptions | undefined): Promise<HydratedMessage>;
  replyWithLocation(
    latitude: number,
    longitude: number,
    options?: LocationOptions | undefined,
  ): Promise<HydratedMessage>;
  replyWithContact(contact: ContactDetails, options?: QuoteOptions | undefined): Promise<HydratedMessage>;
  replyWithInvoice(
    invoice: InvoiceDetails,
    options?: Pick<QuoteOptions, "quote" | "reply_to_message_id"> | undefined,
  ): Promise<HydratedMessage>;
  replyWithMediaGroup(
    media: AlbumItems,
    options?: QuoteOptions | undefined,
  ): Promise<readonly HydratedMessage[]>;
  edit(text: string, options?: EditOptions | undefined): Promise<HydratedMessage>;
  editCaption(caption: string, options?: EditOptions | undefined): Promise<HydratedMessage>;
  editMarkup(markup?: InlineKeyboardMarkup | undefined): Promise<HydratedMessage>;
  forward(toChatId: number | string): Promise<HydratedMessage>;
}

/** The methods of Bale that answer with objects: with `hydrate()` these act. Stands before the api's own. */
export interface ActingApi {
  getMe(params?: Record<string, never>, options?: CallOptions): Promise<HydratedUser>;
  sendMessage(params: SendMessageParams, options?: CallOptions): Promise<HydratedMessage>;
  forwardMessage(params: ForwardMessageParams, options?: CallOptions): Promise<HydratedMessage>;
  sendPhoto(params: SendPhotoParams, options?: CallOptions): Promise<HydratedMessage>;
  sendAudio(params: SendAudioParams, options?: CallOptions): Promise<HydratedMessage>;
  sendDocument(params: SendDocumentParams, options?: CallOptions): Promise<HydratedMessage>;
  sendVideo(params: SendVideoParams, options?: CallOptions): Promise<HydratedMessage>;
  sendAnimation(params: SendAnimationParams, options?: CallOptions): Promise<HydratedMessage>;
  sendVoice(params: SendVoiceParams, options?: CallOptions): Promise<HydratedMessage>;
  sendMediaGroup(params: SendMediaGroupParams, options?: CallOptions): Promise<readonly HydratedMessage[]>;
  sendLocation(params: SendLocationParams, options?: CallOptions): Promise<HydratedMessage>;
  sendContact(params: SendContactParams, options?: CallOptions): Promise<HydratedMessage>;
  sendInvoice(params: SendInvoiceParams, options?: CallOptions): Promise<HydratedMessage>;
  editMessageText(params: EditMessageTextParams, options?: CallOptions): Promise<HydratedMessage>;
  editMessageCaption(params: EditMessageCaptionParams, options?: CallOptions): Promise<HydratedMessage>;
  editMessageReplyMarkup(
    params: EditMessageReplyMarkupParams,
    options?: CallOptions,
  ): Promise<HydratedMessage>;
  getFile(params: GetFileParams, options?: CallOptions): Promise<File & FileVerbs>;
  uploadStickerFile(params: UploadStickerFileParams, options?: CallOptions): Promise<File & FileVerbs>;
  getChat(
    params: GetChatParams,
    options?: CallOptions,
  ): Promise<ChatFullInfo & ChatVerbs<HydratedMessage, HydratedMember>>;
  getChatMember(params: GetChatMemberParams, options?: CallOptions): Promise<HydratedMember>;
  getChatAdministrators(
    params: GetChatAdministratorsParams,
    options?: CallOptions,
  ): Promise<readonly HydratedMember[]>;
  readonly undocumented: ActingUndocumentedApi & Api["undocumented"];
}

/** The same for the methods Bale has not documented. */
interface ActingUndocumentedApi {
  sendSticker(params: SendStickerParams, options?: CallOptions): Promise<HydratedMessage>;
  sendPoll(params: SendPollParams, options?: CallOptions): Promise<HydratedMessage>;
}
