// generated from spec/bale-api.json, do not edit; run `npm run generate`

import type { CallOptions } from "../call-options.js";
import type { InputFile } from "../input-file.js";
import type {
  BotCommand,
  ChatFullInfo,
  ChatInviteLink,
  ChatMember,
  ChatPermissions,
  File,
  InlineKeyboardMarkup,
  InputMediaAudio,
  InputMediaDocument,
  InputMediaPhoto,
  InputMediaVideo,
  InputSticker,
  LabeledPrice,
  Message,
  MessageId,
  ReplyKeyboardMarkup,
  ReplyKeyboardRemove,
  StickerSet,
  Transaction,
  Update,
  User,
  UserProfilePhotos,
  WebhookInfo,
} from "./types.js";

/**
 * What `getUpdates` takes.
 * @see https://docs.bale.ai/#getupdates
 */
export interface GetUpdatesParams {
  /** first update wanted; lower ids are confirmed; negative counts from the queue end and drops the rest */
  offset?: number | undefined;
  /**
   * 1-100, default 100
   * 1 to 100.
   */
  limit?: number | undefined;
  /** long-poll seconds; maximum not published; 20-30 is used in practice */
  timeout?: number | undefined;
}

/**
 * What `setWebhook` takes.
 * @see https://docs.bale.ai/#setwebhook
 */
export interface SetWebhookParams {
  /** HTTPS, port 443 or 88; empty string removes */
  url: string;
}

/**
 * What `sendMessage` takes.
 * @see https://docs.bale.ai/#sendmessage
 */
export interface SendMessageParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /**
   * 1-4096 chars; always parsed as Bale markdown; no parse_mode/entities
   * 1 to 4096 characters.
   */
  text: string;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `forwardMessage` takes.
 * @see https://docs.bale.ai/#forwardmessage
 */
export interface ForwardMessageParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** source chat */
  from_chat_id: number | string;
  /** message id. */
  message_id: number;
}

/**
 * What `copyMessage` takes.
 * @see https://docs.bale.ai/#copymessage
 */
export interface CopyMessageParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** source chat */
  from_chat_id: number | string;
  /** message id. */
  message_id: number;
}

/**
 * What `sendPhoto` takes.
 * @see https://docs.bale.ai/#sendphoto
 */
export interface SendPhotoParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /**
   * file_id, HTTP URL or multipart upload
   * A warning is given above 10 MB.
   */
  photo: InputFile | string;
  /**
   * 0-4096 chars, parsed as Bale markdown
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `sendAudio` takes.
 * @see https://docs.bale.ai/#sendaudio
 */
export interface SendAudioParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /**
   * file_id, HTTP URL or multipart upload
   * A warning is given above 20 MB.
   */
  audio: InputFile | string;
  /**
   * 0-4096 chars, parsed as Bale markdown
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** undocumented, Balethon */
  duration?: number | undefined;
  /** undocumented, Balethon */
  title?: string | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `sendDocument` takes.
 * @see https://docs.bale.ai/#senddocument
 */
export interface SendDocumentParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /**
   * file_id, HTTP URL or multipart upload
   * A warning is given above 20 MB.
   */
  document: InputFile | string;
  /**
   * 0-4096 chars, parsed as Bale markdown
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `sendVideo` takes.
 * @see https://docs.bale.ai/#sendvideo
 */
export interface SendVideoParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /**
   * file_id, HTTP URL or multipart upload
   * A warning is given above 20 MB.
   */
  video: InputFile | string;
  /**
   * 0-4096 chars, parsed as Bale markdown
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** undocumented, Balethon */
  duration?: number | undefined;
  /** undocumented, Balethon */
  width?: number | undefined;
  /** undocumented, Balethon */
  height?: number | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `sendAnimation` takes.
 * @see https://docs.bale.ai/#sendanimation
 */
export interface SendAnimationParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /**
   * send via multipart even for file_id: JSON route reported broken
   * A warning is given above 20 MB.
   */
  animation: InputFile | string;
  /**
   * not in docs, SDKs send it
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** undocumented */
  duration?: number | undefined;
  /** undocumented */
  width?: number | undefined;
  /** undocumented */
  height?: number | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `sendVoice` takes.
 * @see https://docs.bale.ai/#sendvoice
 */
export interface SendVoiceParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /**
   * file_id, HTTP URL or multipart upload
   * A warning is given above 20 MB.
   */
  voice: InputFile | string;
  /**
   * 0-4096 chars, parsed as Bale markdown
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** undocumented, Balethon */
  duration?: number | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `sendMediaGroup` takes.
 * @see https://docs.bale.ai/#sendmediagroup
 */
export interface SendMediaGroupParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /**
   * JSON string under multipart; item count limits unpublished; documents and audio only with their own kind
   */
  media: readonly (InputMediaAudio | InputMediaDocument | InputMediaPhoto | InputMediaVideo)[];
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** undocumented; two SDKs send it */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `sendLocation` takes.
 * @see https://docs.bale.ai/#sendlocation
 */
export interface SendLocationParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** latitude. */
  latitude: number;
  /** longitude. */
  longitude: number;
  /**
   * metres 0-1500
   * 0 to 1500.
   */
  horizontal_accuracy?: number | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `sendContact` takes.
 * @see https://docs.bale.ai/#sendcontact
 */
export interface SendContactParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** phone number. */
  phone_number: string | number;
  /** first name. */
  first_name: string;
  /** last name. */
  last_name?: string | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `sendChatAction` takes.
 * @see https://docs.bale.ai/#sendchataction
 */
export interface SendChatActionParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /**
   * typing, upload_photo, record_video, upload_video, record_voice, upload_voice, choose_sticker; lasts <=6
   * s; no upload_document
   */
  action: string;
}

/**
 * What `getFile` takes.
 * @see https://docs.bale.ai/#getfile
 */
export interface GetFileParams {
  /** file id. */
  file_id: string;
}

/**
 * What `answerCallbackQuery` takes.
 * @see https://docs.bale.ai/#answercallbackquery
 */
export interface AnswerCallbackQueryParams {
  /** ids starting with '1' come from old clients that cannot show the answer */
  callback_query_id: string;
  /**
   * 0-200 chars
   * At most 200 characters.
   */
  text?: string | undefined;
  /** show alert. */
  show_alert?: boolean | undefined;
}

/**
 * What `askReview` takes.
 * @see https://docs.bale.ai/#askreview
 */
export interface AskReviewParams {
  /** user id. */
  user_id: number;
  /** seconds before the form shows */
  delay_seconds: number;
}

/**
 * What `banChatMember` takes.
 * @see https://docs.bale.ai/#banchatmember
 */
export interface BanChatMemberParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** user id. */
  user_id: number;
}

/**
 * What `unbanChatMember` takes.
 * @see https://docs.bale.ai/#unbanchatmember
 */
export interface UnbanChatMemberParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** user id. */
  user_id: number;
  /** without it a present member is removed */
  only_if_banned?: boolean | undefined;
}

/**
 * What `promoteChatMember` takes.
 * @see https://docs.bale.ai/#promotechatmember
 */
export interface PromoteChatMemberParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** user id. */
  user_id: number;
  /** can change info. */
  can_change_info?: boolean | undefined;
  /** can post messages. */
  can_post_messages?: boolean | undefined;
  /** can edit messages. */
  can_edit_messages?: boolean | undefined;
  /** can delete messages. */
  can_delete_messages?: boolean | undefined;
  /** can manage video chats. */
  can_manage_video_chats?: boolean | undefined;
  /** can invite users. */
  can_invite_users?: boolean | undefined;
  /** can restrict members. */
  can_restrict_members?: boolean | undefined;
}

/**
 * What `setChatPhoto` takes.
 * @see https://docs.bale.ai/#setchatphoto
 */
export interface SetChatPhotoParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /**
   * multipart only
   * A warning is given above 10 MB.
   */
  photo: InputFile;
}

/**
 * What `leaveChat` takes.
 * @see https://docs.bale.ai/#leavechat
 */
export interface LeaveChatParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
}

/**
 * What `getChat` takes.
 * @see https://docs.bale.ai/#getchat
 */
export interface GetChatParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
}

/**
 * What `getChatAdministrators` takes.
 * @see https://docs.bale.ai/#getchatadministrators
 */
export interface GetChatAdministratorsParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
}

/**
 * What `getChatMembersCount` takes.
 * @see https://docs.bale.ai/#getchatmemberscount
 */
export interface GetChatMembersCountParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
}

/**
 * What `getChatMember` takes.
 * @see https://docs.bale.ai/#getchatmember
 */
export interface GetChatMemberParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** user id. */
  user_id: number;
}

/**
 * What `pinChatMessage` takes.
 * @see https://docs.bale.ai/#pinchatmessage
 */
export interface PinChatMessageParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** message id. */
  message_id: number;
}

/**
 * What `unPinChatMessage` takes.
 * @see https://docs.bale.ai/#unpinchatmessage
 */
export interface UnPinChatMessageParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** message id. */
  message_id: number;
}

/**
 * What `unpinAllChatMessages` takes.
 * @see https://docs.bale.ai/#unpinallchatmessages
 */
export interface UnpinAllChatMessagesParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
}

/**
 * What `setChatTitle` takes.
 * @see https://docs.bale.ai/#setchattitle
 */
export interface SetChatTitleParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** title. */
  title: string;
}

/**
 * What `setChatDescription` takes.
 * @see https://docs.bale.ai/#setchatdescription
 */
export interface SetChatDescriptionParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** required, unlike Telegram */
  description: string;
}

/**
 * What `deleteChatPhoto` takes.
 * @see https://docs.bale.ai/#deletechatphoto
 */
export interface DeleteChatPhotoParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
}

/**
 * What `createChatInviteLink` takes.
 * @see https://docs.bale.ai/#createchatinvitelink
 */
export interface CreateChatInviteLinkParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
}

/**
 * What `revokeChatInviteLink` takes.
 * @see https://docs.bale.ai/#revokechatinvitelink
 */
export interface RevokeChatInviteLinkParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** invite link. */
  invite_link: string;
}

/**
 * What `exportChatInviteLink` takes.
 * @see https://docs.bale.ai/#exportchatinvitelink
 */
export interface ExportChatInviteLinkParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
}

/**
 * What `editMessageText` takes.
 * @see https://docs.bale.ai/#editmessagetext
 */
export interface EditMessageTextParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** message id. */
  message_id: number;
  /**
   * 1-4096
   * 1 to 4096 characters.
   */
  text: string;
  /** inline only; docs print the type as InlineKeyboardButton by slip */
  reply_markup?: InlineKeyboardMarkup | undefined;
}

/**
 * What `editMessageCaption` takes.
 * @see https://docs.bale.ai/#editmessagecaption
 */
export interface EditMessageCaptionParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** message id. */
  message_id: number;
  /**
   * up to 4096
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** inline only; docs print the type as InlineKeyboardButton by slip */
  reply_markup?: InlineKeyboardMarkup | undefined;
}

/**
 * What `editMessageReplyMarkup` takes.
 * @see https://docs.bale.ai/#editmessagereplymarkup
 */
export interface EditMessageReplyMarkupParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** message id. */
  message_id: number;
  /** inline only; docs print the type as InlineKeyboardButton by slip */
  reply_markup?: InlineKeyboardMarkup | undefined;
}

/**
 * What `deleteMessage` takes.
 * @see https://docs.bale.ai/#deletemessage
 */
export interface DeleteMessageParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** message id. */
  message_id: number;
}

/**
 * What `uploadStickerFile` takes.
 * @see https://docs.bale.ai/#uploadstickerfile
 */
export interface UploadStickerFileParams {
  /** user id. */
  user_id: number;
  /**
   * WEBP, PNG, TGS or WEBM; no sticker_format param
   * A warning is given above 20 MB.
   */
  sticker: InputFile;
}

/**
 * What `createNewStickerSet` takes.
 * @see https://docs.bale.ai/#createnewstickerset
 */
export interface CreateNewStickerSetParams {
  /** user id. */
  user_id: number;
  /** 1-64, ends with _by_<bot_username> */
  name: string;
  /** 1-64 */
  title: string;
  /** 1-50; key is singular `sticker` in docs */
  sticker: readonly InputSticker[];
}

/**
 * What `addStickerToSet` takes.
 * @see https://docs.bale.ai/#addstickertoset
 */
export interface AddStickerToSetParams {
  /** user id. */
  user_id: number;
  /** name. */
  name: string;
  /** sticker. */
  sticker: InputSticker;
}

/**
 * What `sendInvoice` takes.
 * @see https://docs.bale.ai/#sendinvoice
 */
export interface SendInvoiceParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /**
   * 1-32
   * 1 to 32 characters.
   */
  title: string;
  /**
   * 1-255
   * 1 to 255 characters.
   */
  description: string;
  /**
   * 1-128 bytes, echoed back
   * 1 to 128 bytes.
   */
  payload: string;
  /**
   * wallet token from @botfather; test value WALLET-TEST-1111111111111111; old card numbers no longer
   * accepted
   */
  provider_token: string;
  /** sum is the price, rial */
  prices: readonly LabeledPrice[];
  /** photo url. */
  photo_url?: string | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
}

/**
 * What `createInvoiceLink` takes.
 * @see https://docs.bale.ai/#createinvoicelink
 */
export interface CreateInvoiceLinkParams {
  /**
   * 1-32
   * 1 to 32 characters.
   */
  title: string;
  /**
   * 1-255
   * 1 to 255 characters.
   */
  description: string;
  /**
   * 1-128 bytes
   * 1 to 128 bytes.
   */
  payload: string;
  /** provider token. */
  provider_token: string;
  /** prices. */
  prices: readonly LabeledPrice[];
}

/**
 * What `answerPreCheckoutQuery` takes.
 * @see https://docs.bale.ai/#answerprecheckoutquery
 */
export interface AnswerPreCheckoutQueryParams {
  /** pre checkout query id. */
  pre_checkout_query_id: string;
  /** ok. */
  ok: boolean;
  /** needed when ok is false; shown to user */
  error_message?: string | undefined;
}

/**
 * What `inquireTransaction` takes.
 * @see https://docs.bale.ai/#inquiretransaction
 */
export interface InquireTransactionParams {
  /** = PreCheckoutQuery.id = telegram_payment_charge_id */
  transaction_id: string;
}

/**
 * What `sendSticker` takes.
 * @see https://docs.bale.ai/
 */
export interface SendStickerParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /**
   * multipart even with file_id (ids contain ':')
   * A warning is given above 20 MB.
   */
  sticker: InputFile | string;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `getStickerSet` takes.
 * @see https://docs.bale.ai/
 */
export interface GetStickerSetParams {
  /** name. */
  name: string;
}

/**
 * What `deleteStickerFromSet` takes.
 * @see https://docs.bale.ai/
 */
export interface DeleteStickerFromSetParams {
  /** sticker. */
  sticker: string;
}

/**
 * What `inviteUser` takes.
 * @see https://docs.bale.ai/
 */
export interface InviteUserParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** user id. */
  user_id: number;
}

/**
 * What `restrictChatMember` takes.
 * @see https://docs.bale.ai/
 */
export interface RestrictChatMemberParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** user id. */
  user_id: number;
  /** can_send_messages, can_invite_users; can_pin_messages/can_change_info only in private groups */
  permissions: ChatPermissions;
}

/**
 * What `setChatPermissions` takes.
 * @see https://docs.bale.ai/
 */
export interface SetChatPermissionsParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** permissions. */
  permissions: ChatPermissions;
}

/**
 * What `setMyCommands` takes.
 * @see https://docs.bale.ai/
 */
export interface SetMyCommandsParams {
  /** commands. */
  commands: readonly BotCommand[];
}

/**
 * What `getUserProfilePhotos` takes.
 * @see https://docs.bale.ai/
 */
export interface GetUserProfilePhotosParams {
  /** user id. */
  user_id: number;
  /** offset. */
  offset?: number | undefined;
  /** limit. */
  limit?: number | undefined;
}

/**
 * What `getTransaction` takes.
 * @see https://docs.bale.ai/
 */
export interface GetTransactionParams {
  /** transaction id. */
  transaction_id: string;
}

/**
 * What `sendPoll` takes.
 * @see https://docs.bale.ai/
 */
export interface SendPollParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
  /** question. */
  question: string;
  /** options. */
  options: readonly string[];
}

/**
 * What `answerShippingQuery` takes.
 * @see https://docs.bale.ai/
 */
export interface AnswerShippingQueryParams {
  /** shipping query id. */
  shipping_query_id: string;
  /** ok. */
  ok: boolean;
}

/**
 * What `getChatMemberCount` takes.
 * @see https://docs.bale.ai/
 */
export interface GetChatMemberCountParams {
  /** numeric id, or @username of a channel (numeric ids are positive for every chat kind) */
  chat_id: number | string;
}

/**
 * What `sendMessage` takes.
 * @see https://docs.bale.ai/#sendmessage
 */
export interface BusinessSendMessageParams {
  /** The private chat to write to: the user's id. */
  chat_id: number;
  /**
   * 1-4096 chars; always parsed as Bale markdown; no parse_mode/entities
   * 1 to 4096 characters.
   */
  text: string;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `forwardMessage` takes.
 * @see https://docs.bale.ai/#forwardmessage
 */
export interface BusinessForwardMessageParams {
  /** The private chat to write to: the user's id. */
  chat_id: number;
  /** source chat */
  from_chat_id: number | string;
  /** message id. */
  message_id: number;
}

/**
 * What `sendPhoto` takes.
 * @see https://docs.bale.ai/#sendphoto
 */
export interface BusinessSendPhotoParams {
  /** The private chat to write to: the user's id. */
  chat_id: number;
  /** The `file_id` of a file Bale already has; nothing is uploaded here. */
  photo: string;
  /**
   * 0-4096 chars, parsed as Bale markdown
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `sendVideo` takes.
 * @see https://docs.bale.ai/#sendvideo
 */
export interface BusinessSendVideoParams {
  /** The private chat to write to: the user's id. */
  chat_id: number;
  /** The `file_id` of a file Bale already has; nothing is uploaded here. */
  video: string;
  /**
   * 0-4096 chars, parsed as Bale markdown
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** undocumented, Balethon */
  duration?: number | undefined;
  /** undocumented, Balethon */
  width?: number | undefined;
  /** undocumented, Balethon */
  height?: number | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `sendAudio` takes.
 * @see https://docs.bale.ai/#sendaudio
 */
export interface BusinessSendAudioParams {
  /** The private chat to write to: the user's id. */
  chat_id: number;
  /** The `file_id` of a file Bale already has; nothing is uploaded here. */
  audio: string;
  /**
   * 0-4096 chars, parsed as Bale markdown
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** undocumented, Balethon */
  duration?: number | undefined;
  /** undocumented, Balethon */
  title?: string | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/**
 * What `sendDocument` takes.
 * @see https://docs.bale.ai/#senddocument
 */
export interface BusinessSendDocumentParams {
  /** The private chat to write to: the user's id. */
  chat_id: number;
  /** The `file_id` of a file Bale already has; nothing is uploaded here. */
  document: string;
  /**
   * 0-4096 chars, parsed as Bale markdown
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** only reply mechanism; no reply_parameters */
  reply_to_message_id?: number | undefined;
  /** docs say JSON-serialized; plain nested JSON also works (live). No ForceReply */
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | undefined;
}

/** What each method takes and gives back, documented or not. */
export interface Methods {
  readonly getUpdates: { readonly params: GetUpdatesParams; readonly result: readonly Update[] };
  readonly setWebhook: { readonly params: SetWebhookParams; readonly result: true };
  readonly deleteWebhook: { readonly params: Record<string, never>; readonly result: true };
  readonly getWebhookInfo: { readonly params: Record<string, never>; readonly result: WebhookInfo };
  readonly getMe: { readonly params: Record<string, never>; readonly result: User };
  readonly sendMessage: { readonly params: SendMessageParams; readonly result: Message };
  readonly forwardMessage: { readonly params: ForwardMessageParams; readonly result: Message };
  readonly copyMessage: { readonly params: CopyMessageParams; readonly result: MessageId };
  readonly sendPhoto: { readonly params: SendPhotoParams; readonly result: Message };
  readonly sendAudio: { readonly params: SendAudioParams; readonly result: Message };
  readonly sendDocument: { readonly params: SendDocumentParams; readonly result: Message };
  readonly sendVideo: { readonly params: SendVideoParams; readonly result: Message };
  readonly sendAnimation: { readonly params: SendAnimationParams; readonly result: Message };
  readonly sendVoice: { readonly params: SendVoiceParams; readonly result: Message };
  readonly sendMediaGroup: { readonly params: SendMediaGroupParams; readonly result: readonly Message[] };
  readonly sendLocation: { readonly params: SendLocationParams; readonly result: Message };
  readonly sendContact: { readonly params: SendContactParams; readonly result: Message };
  readonly sendChatAction: { readonly params: SendChatActionParams; readonly result: true };
  readonly getFile: { readonly params: GetFileParams; readonly result: File };
  readonly answerCallbackQuery: { readonly params: AnswerCallbackQueryParams; readonly result: true };
  readonly askReview: { readonly params: AskReviewParams; readonly result: true };
  readonly banChatMember: { readonly params: BanChatMemberParams; readonly result: true };
  readonly unbanChatMember: { readonly params: UnbanChatMemberParams; readonly result: true };
  readonly promoteChatMember: { readonly params: PromoteChatMemberParams; readonly result: true };
  readonly setChatPhoto: { readonly params: SetChatPhotoParams; readonly result: true };
  readonly leaveChat: { readonly params: LeaveChatParams; readonly result: true };
  readonly getChat: { readonly params: GetChatParams; readonly result: ChatFullInfo };
  readonly getChatAdministrators: { readonly params: GetChatAdministratorsParams; readonly result: readonly ChatMember[] };
  readonly getChatMembersCount: { readonly params: GetChatMembersCountParams; readonly result: number };
  readonly getChatMember: { readonly params: GetChatMemberParams; readonly result: ChatMember };
  readonly pinChatMessage: { readonly params: PinChatMessageParams; readonly result: true };
  readonly unPinChatMessage: { readonly params: UnPinChatMessageParams; readonly result: true };
  readonly unpinAllChatMessages: { readonly params: UnpinAllChatMessagesParams; readonly result: true };
  readonly setChatTitle: { readonly params: SetChatTitleParams; readonly result: true };
  readonly setChatDescription: { readonly params: SetChatDescriptionParams; readonly result: true };
  readonly deleteChatPhoto: { readonly params: DeleteChatPhotoParams; readonly result: true };
  readonly createChatInviteLink: { readonly params: CreateChatInviteLinkParams; readonly result: ChatInviteLink };
  readonly revokeChatInviteLink: { readonly params: RevokeChatInviteLinkParams; readonly result: ChatInviteLink };
  readonly exportChatInviteLink: { readonly params: ExportChatInviteLinkParams; readonly result: string };
  readonly editMessageText: { readonly params: EditMessageTextParams; readonly result: Message };
  readonly editMessageCaption: { readonly params: EditMessageCaptionParams; readonly result: Message };
  readonly editMessageReplyMarkup: { readonly params: EditMessageReplyMarkupParams; readonly result: Message };
  readonly deleteMessage: { readonly params: DeleteMessageParams; readonly result: true };
  readonly uploadStickerFile: { readonly params: UploadStickerFileParams; readonly result: File };
  readonly createNewStickerSet: { readonly params: CreateNewStickerSetParams; readonly result: true };
  readonly addStickerToSet: { readonly params: AddStickerToSetParams; readonly result: true };
  readonly sendInvoice: { readonly params: SendInvoiceParams; readonly result: Message };
  readonly createInvoiceLink: { readonly params: CreateInvoiceLinkParams; readonly result: string };
  readonly answerPreCheckoutQuery: { readonly params: AnswerPreCheckoutQueryParams; readonly result: true };
  readonly inquireTransaction: { readonly params: InquireTransactionParams; readonly result: Transaction };
  readonly sendSticker: { readonly params: SendStickerParams; readonly result: Message };
  readonly getStickerSet: { readonly params: GetStickerSetParams; readonly result: StickerSet };
  readonly deleteStickerFromSet: { readonly params: DeleteStickerFromSetParams; readonly result: true };
  readonly inviteUser: { readonly params: InviteUserParams; readonly result: true };
  readonly restrictChatMember: { readonly params: RestrictChatMemberParams; readonly result: true };
  readonly setChatPermissions: { readonly params: SetChatPermissionsParams; readonly result: true };
  readonly setMyCommands: { readonly params: SetMyCommandsParams; readonly result: true };
  readonly getMyCommands: { readonly params: Record<string, never>; readonly result: readonly BotCommand[] };
  readonly deleteMyCommands: { readonly params: Record<string, never>; readonly result: true };
  readonly getUserProfilePhotos: { readonly params: GetUserProfilePhotosParams; readonly result: UserProfilePhotos };
  readonly getTransaction: { readonly params: GetTransactionParams; readonly result: Transaction };
  readonly logOut: { readonly params: Record<string, never>; readonly result: true };
  readonly close: { readonly params: Record<string, never>; readonly result: true };
  readonly sendPoll: { readonly params: SendPollParams; readonly result: Message };
  readonly answerShippingQuery: { readonly params: AnswerShippingQueryParams; readonly result: true };
  readonly getChatMemberCount: { readonly params: GetChatMemberCountParams; readonly result: number };
}

/** The methods Bale documents, one object each, named as on the wire. */
export interface DocumentedApi {
  /**
   * no allowed_updates in docs; queue keeps last 2000 updates for 24 h; call deleteWebhook first: with a
   * webhook set two field reports saw an empty list rather than a 409.
   * @see https://docs.bale.ai/#getupdates
   */
  getUpdates(params?: GetUpdatesParams, options?: CallOptions): Promise<readonly Update[]>;

  /**
   * no secret_token, certificate, ip_address, max_connections, allowed_updates or drop_pending_updates
   * documented.
   * @see https://docs.bale.ai/#setwebhook
   */
  setWebhook(params: SetWebhookParams, options?: CallOptions): Promise<true>;

  /**
   * drop_pending_updates reported as no-op (github salehMomtaz/tgbot USER_GUIDE (aiogram on Bale)).
   * @see https://docs.bale.ai/#deletewebhook
   */
  deleteWebhook(params?: Record<string, never>, options?: CallOptions): Promise<true>;

  /**
   * Calls getWebhookInfo.
   * @see https://docs.bale.ai/#getwebhookinfo
   */
  getWebhookInfo(params?: Record<string, never>, options?: CallOptions): Promise<WebhookInfo>;

  /**
   * Calls getMe.
   * @see https://docs.bale.ai/#getme
   */
  getMe(params?: Record<string, never>, options?: CallOptions): Promise<User>;

  /**
   * Calls sendMessage.
   * @see https://docs.bale.ai/#sendmessage
   */
  sendMessage(params: SendMessageParams, options?: CallOptions): Promise<Message>;

  /**
   * Calls forwardMessage.
   * @see https://docs.bale.ai/#forwardmessage
   */
  forwardMessage(params: ForwardMessageParams, options?: CallOptions): Promise<Message>;

  /**
   * docs: MessageId; C# and python SDKs decode a Message. Service messages and payment receipts cannot be
   * copied. No caption/reply_markup override documented.
   * @see https://docs.bale.ai/#copymessage
   */
  copyMessage(params: CopyMessageParams, options?: CallOptions): Promise<MessageId>;

  /**
   * URL <=5 MB, upload <=10 MB; docs table also lists from_chat_id as required, a doc error (live sends work
   * without it).
   * @see https://docs.bale.ai/#sendphoto
   */
  sendPhoto(params: SendPhotoParams, options?: CallOptions): Promise<Message>;

  /**
   * MP3/M4A; URL <=20 MB, upload <=50 MB.
   * @see https://docs.bale.ai/#sendaudio
   */
  sendAudio(params: SendAudioParams, options?: CallOptions): Promise<Message>;

  /**
   * by URL only GIF/PDF/ZIP; upload <=50 MB (one field report: 20 MB).
   * @see https://docs.bale.ai/#senddocument
   */
  sendDocument(params: SendDocumentParams, options?: CallOptions): Promise<Message>;

  /**
   * MPEG4; upload <=50 MB.
   * @see https://docs.bale.ai/#sendvideo
   */
  sendVideo(params: SendVideoParams, options?: CallOptions): Promise<Message>;

  /**
   * Balethon forces multipart; C# notes server errors for file_id/URL via JSON (2025).
   * @see https://docs.bale.ai/#sendanimation
   */
  sendAnimation(params: SendAnimationParams, options?: CallOptions): Promise<Message>;

  /**
   * OGG; by URL audio/ogg <=1 MB, 1-20 MB arrives as a file; upload <=50 MB.
   * @see https://docs.bale.ai/#sendvoice
   */
  sendVoice(params: SendVoiceParams, options?: CallOptions): Promise<Message>;

  /**
   * attach reference spelled three ways in working code: attach://name (GoBale, baleio), <attach://name>
   * literally (docs; C# photo-album samples carry no failure mark), bare part name (Balethon).
   * @see https://docs.bale.ai/#sendmediagroup
   */
  sendMediaGroup(params: SendMediaGroupParams, options?: CallOptions): Promise<readonly Message[]>;

  /**
   * Calls sendLocation.
   * @see https://docs.bale.ai/#sendlocation
   */
  sendLocation(params: SendLocationParams, options?: CallOptions): Promise<Message>;

  /**
   * Calls sendContact.
   * @see https://docs.bale.ai/#sendcontact
   */
  sendContact(params: SendContactParams, options?: CallOptions): Promise<Message>;

  /**
   * Balethon converts chat_id to a string here because a number failed; others send numbers.
   * @see https://docs.bale.ai/#sendchataction
   */
  sendChatAction(params: SendChatActionParams, options?: CallOptions): Promise<true>;

  /**
   * download <=20 MB, link good for about 1 h; file endpoint also accepts file_id itself (SDK practice).
   * @see https://docs.bale.ai/#getfile
   */
  getFile(params: GetFileParams, options?: CallOptions): Promise<File>;

  /**
   * must always be called, button spins otherwise; exists since June 2025; no url/cache_time documented.
   * @see https://docs.bale.ai/#answercallbackquery
   */
  answerCallbackQuery(params: AnswerCallbackQueryParams, options?: CallOptions): Promise<true>;

  /**
   * Bale-only; since Nov 2025; server may silently not show it; only visible inside bot chat or mini app.
   * @see https://docs.bale.ai/#askreview
   */
  askReview(params: AskReviewParams, options?: CallOptions): Promise<true>;

  /**
   * no until_date / revoke_messages.
   * @see https://docs.bale.ai/#banchatmember
   */
  banChatMember(params: BanChatMemberParams, options?: CallOptions): Promise<true>;

  /**
   * Calls unbanChatMember.
   * @see https://docs.bale.ai/#unbanchatmember
   */
  unbanChatMember(params: UnbanChatMemberParams, options?: CallOptions): Promise<true>;

  /**
   * all false demotes; omitted flags act as false, so merge with current rights first (GoBale).
   * python-bale-bot also sends undocumented flags (can_pin_messages, can_promote_members, can_see_members,
   * can_add_story ...).
   * @see https://docs.bale.ai/#promotechatmember
   */
  promoteChatMember(params: PromoteChatMemberParams, options?: CallOptions): Promise<true>;

  /**
   * C# sample notes server error in 2025.
   * @see https://docs.bale.ai/#setchatphoto
   */
  setChatPhoto(params: SetChatPhotoParams, options?: CallOptions): Promise<true>;

  /**
   * Calls leaveChat.
   * @see https://docs.bale.ai/#leavechat
   */
  leaveChat(params: LeaveChatParams, options?: CallOptions): Promise<true>;

  /**
   * use POST: GET with a JSON body broke server-side once (python-bale-bot discussion 210).
   * @see https://docs.bale.ai/#getchat
   */
  getChat(params: GetChatParams, options?: CallOptions): Promise<ChatFullInfo>;

  /**
   * Calls getChatAdministrators.
   * @see https://docs.bale.ai/#getchatadministrators
   */
  getChatAdministrators(params: GetChatAdministratorsParams, options?: CallOptions): Promise<readonly ChatMember[]>;

  /**
   * old Telegram name; getChatMemberCount is not documented.
   * @see https://docs.bale.ai/#getchatmemberscount
   */
  getChatMembersCount(params: GetChatMembersCountParams, options?: CallOptions): Promise<number>;

  /**
   * bot must be admin; non-member gives an error ('no such group or user'), not status left; private chat
   * gives 'unsupported peer type'.
   * @see https://docs.bale.ai/#getchatmember
   */
  getChatMember(params: GetChatMemberParams, options?: CallOptions): Promise<ChatMember>;

  /**
   * no disable_notification.
   * @see https://docs.bale.ai/#pinchatmessage
   */
  pinChatMessage(params: PinChatMessageParams, options?: CallOptions): Promise<true>;

  /**
   * capital P in docs, names are case-insensitive; message_id required unlike Telegram.
   * @see https://docs.bale.ai/#unpinchatmessage
   */
  unPinChatMessage(params: UnPinChatMessageParams, options?: CallOptions): Promise<true>;

  /**
   * Calls unpinAllChatMessages.
   * @see https://docs.bale.ai/#unpinallchatmessages
   */
  unpinAllChatMessages(params: UnpinAllChatMessagesParams, options?: CallOptions): Promise<true>;

  /**
   * Calls setChatTitle.
   * @see https://docs.bale.ai/#setchattitle
   */
  setChatTitle(params: SetChatTitleParams, options?: CallOptions): Promise<true>;

  /**
   * Calls setChatDescription.
   * @see https://docs.bale.ai/#setchatdescription
   */
  setChatDescription(params: SetChatDescriptionParams, options?: CallOptions): Promise<true>;

  /**
   * Calls deleteChatPhoto.
   * @see https://docs.bale.ai/#deletechatphoto
   */
  deleteChatPhoto(params: DeleteChatPhotoParams, options?: CallOptions): Promise<true>;

  /**
   * docs give no return type; C# and Go decode an object with invite_link.
   * @see https://docs.bale.ai/#createchatinvitelink
   */
  createChatInviteLink(params: CreateChatInviteLinkParams, options?: CallOptions): Promise<ChatInviteLink>;

  /**
   * returns the newly made replacement link; exact shape undocumented.
   * @see https://docs.bale.ai/#revokechatinvitelink
   */
  revokeChatInviteLink(params: RevokeChatInviteLinkParams, options?: CallOptions): Promise<ChatInviteLink>;

  /**
   * revokes the previous primary link; return type taken from SDKs.
   * @see https://docs.bale.ai/#exportchatinvitelink
   */
  exportChatInviteLink(params: ExportChatInviteLinkParams, options?: CallOptions): Promise<string>;

  /**
   * live reply is a stub: message_id 0, no text, chat.photo null, so do not trust the returned Message. No
   * inline_message_id, parse_mode, entities.
   * @see https://docs.bale.ai/#editmessagetext
   */
  editMessageText(params: EditMessageTextParams, options?: CallOptions): Promise<Message>;

  /**
   * return shape unverified, treat as stub.
   * @see https://docs.bale.ai/#editmessagecaption
   */
  editMessageCaption(params: EditMessageCaptionParams, options?: CallOptions): Promise<Message>;

  /**
   * added to docs around Nov 2025; return shape unverified.
   * @see https://docs.bale.ai/#editmessagereplymarkup
   */
  editMessageReplyMarkup(params: EditMessageReplyMarkupParams, options?: CallOptions): Promise<Message>;

  /**
   * <48 h; own messages in private and groups; incoming in private; any with admin right.
   * @see https://docs.bale.ai/#deletemessage
   */
  deleteMessage(params: DeleteMessageParams, options?: CallOptions): Promise<true>;

  /**
   * Calls uploadStickerFile.
   * @see https://docs.bale.ai/#uploadstickerfile
   */
  uploadStickerFile(params: UploadStickerFileParams, options?: CallOptions): Promise<File>;

  /**
   * singular key may be a doc slip; not live-confirmed.
   * @see https://docs.bale.ai/#createnewstickerset
   */
  createNewStickerSet(params: CreateNewStickerSetParams, options?: CallOptions): Promise<true>;

  /**
   * set caps: 200 emoji, 50 video, 120 regular.
   * @see https://docs.bale.ai/#addstickertoset
   */
  addStickerToSet(params: AddStickerToSetParams, options?: CallOptions): Promise<true>;

  /**
   * no currency param (always IRR), no reply_markup/need_*\/provider_data documented.
   * @see https://docs.bale.ai/#sendinvoice
   */
  sendInvoice(params: SendInvoiceParams, options?: CallOptions): Promise<Message>;

  /**
   * identifier for Bale.WebApp.openInvoice, not a URL to share.
   * @see https://docs.bale.ai/#createinvoicelink
   */
  createInvoiceLink(params: CreateInvoiceLinkParams, options?: CallOptions): Promise<string>;

  /**
   * answer within 10 s or payment is cancelled.
   * @see https://docs.bale.ai/#answerprecheckoutquery
   */
  answerPreCheckoutQuery(params: AnswerPreCheckoutQueryParams, options?: CallOptions): Promise<true>;

  /**
   * Bale-only.
   * @see https://docs.bale.ai/#inquiretransaction
   */
  inquireTransaction(params: InquireTransactionParams, options?: CallOptions): Promise<Transaction>;
}

/** Methods seen in working code but not in Bale's documentation: any of them may be gone tomorrow. */
export interface UndocumentedApi {
  /**
   * seen working live via multipart.
   * Confidence: medium.
   * @see https://docs.bale.ai/
   */
  sendSticker(params: SendStickerParams, options?: CallOptions): Promise<Message>;

  /**
   * StickerSet type is in docs but no getter is.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  getStickerSet(params: GetStickerSetParams, options?: CallOptions): Promise<StickerSet>;

  /**
   * Balethon spells it deleteStickerToSet.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  deleteStickerFromSet(params: DeleteStickerFromSetParams, options?: CallOptions): Promise<true>;

  /**
   * adds a user to a chat directly; three independent SDKs carry it; python-bale-bot calls it with GET.
   * Confidence: medium.
   * @see https://docs.bale.ai/
   */
  inviteUser(params: InviteUserParams, options?: CallOptions): Promise<true>;

  /**
   * no until_date use seen; GoBale emulates duration with a timer.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  restrictChatMember(params: RestrictChatMemberParams, options?: CallOptions): Promise<true>;

  /**
   * answered 501 Not Implemented according to GoBale.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  setChatPermissions(params: SetChatPermissionsParams, options?: CallOptions): Promise<true>;

  /**
   * reports conflict: PHP SDK ships it, tgbot guide says unsupported; treat as best-effort and swallow
   * errors.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  setMyCommands(params: SetMyCommandsParams, options?: CallOptions): Promise<true>;

  /**
   * unverified.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  getMyCommands(params?: Record<string, never>, options?: CallOptions): Promise<readonly BotCommand[]>;

  /**
   * unverified.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  deleteMyCommands(params?: Record<string, never>, options?: CallOptions): Promise<true>;

  /**
   * only GoBale models it.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  getUserProfilePhotos(params: GetUserProfilePhotosParams, options?: CallOptions): Promise<UserProfilePhotos>;

  /**
   * inquireTransaction is the documented one.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  getTransaction(params: GetTransactionParams, options?: CallOptions): Promise<Transaction>;

  /**
   * C# Logout; unverified.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  logOut(params?: Record<string, never>, options?: CallOptions): Promise<true>;

  /**
   * C# Close; unverified.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  close(params?: Record<string, never>, options?: CallOptions): Promise<true>;

  /**
   * not in docs, unverified.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  sendPoll(params: SendPollParams, options?: CallOptions): Promise<Message>;

  /**
   * copied from Telegram, almost certainly dead.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  answerShippingQuery(params: AnswerShippingQueryParams, options?: CallOptions): Promise<true>;

  /**
   * Telegram's newer name; only the PHP SDK uses it; prefer getChatMembersCount.
   * Confidence: low.
   * @see https://docs.bale.ai/
   */
  getChatMemberCount(params: GetChatMemberCountParams, options?: CallOptions): Promise<number>;
}

/**
 * The Business API.
 * @see https://docs.bale.ai/
 */
export interface BusinessApi {
  /**
   * Calls getMe.
   * @see https://docs.bale.ai/#getme
   */
  getMe(params?: Record<string, never>, options?: CallOptions): Promise<User>;

  /**
   * Calls sendMessage.
   * @see https://docs.bale.ai/#sendmessage
   */
  sendMessage(params: BusinessSendMessageParams, options?: CallOptions): Promise<Message>;

  /**
   * Calls forwardMessage.
   * @see https://docs.bale.ai/#forwardmessage
   */
  forwardMessage(params: BusinessForwardMessageParams, options?: CallOptions): Promise<Message>;

  /**
   * URL <=5 MB, upload <=10 MB; docs table also lists from_chat_id as required, a doc error (live sends work
   * without it).
   * @see https://docs.bale.ai/#sendphoto
   */
  sendPhoto(params: BusinessSendPhotoParams, options?: CallOptions): Promise<Message>;

  /**
   * MPEG4; upload <=50 MB.
   * @see https://docs.bale.ai/#sendvideo
   */
  sendVideo(params: BusinessSendVideoParams, options?: CallOptions): Promise<Message>;

  /**
   * MP3/M4A; URL <=20 MB, upload <=50 MB.
   * @see https://docs.bale.ai/#sendaudio
   */
  sendAudio(params: BusinessSendAudioParams, options?: CallOptions): Promise<Message>;

  /**
   * by URL only GIF/PDF/ZIP; upload <=50 MB (one field report: 20 MB).
   * @see https://docs.bale.ai/#senddocument
   */
  sendDocument(params: BusinessSendDocumentParams, options?: CallOptions): Promise<Message>;
}
