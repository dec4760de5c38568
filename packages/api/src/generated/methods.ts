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
  InputMedia,
  InputSticker,
  LabeledPrice,
  Message,
  MessageId,
  ReplyMarkup,
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
  /**
   * First update wanted: one more than the last you have dealt with. A negative number counts from the end of
   * the queue and forgets the rest; 0 is an id like any other.
   */
  offset?: number | undefined;
  /**
   * How many at most. Without it: 100.
   * Between 1 and 100.
   */
  limit?: number | undefined;
  /**
   * Seconds to wait when there is nothing; 0 or none answers at once. The maximum is unpublished, 20 to 30
   * works.
   */
  timeout?: number | undefined;
}

/**
 * What `setWebhook` takes.
 * @see https://docs.bale.ai/#setwebhook
 */
export interface SetWebhookParams {
  /** Where to: HTTPS, on port 443 or 88. An empty string takes the webhook away. */
  url: string;
}

/**
 * What `sendMessage` takes.
 * @see https://docs.bale.ai/#sendmessage
 */
export interface SendMessageParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /**
   * The text, read as Bale markdown.
   * 1 to 4096 characters.
   */
  text: string;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
}

/**
 * What `forwardMessage` takes.
 * @see https://docs.bale.ai/#forwardmessage
 */
export interface ForwardMessageParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /** The chat the original is in, by number or `@username` of a channel. */
  from_chat_id: number | string;
  /** Number of the original in its chat. */
  message_id: number;
}

/**
 * What `copyMessage` takes.
 * @see https://docs.bale.ai/#copymessage
 */
export interface CopyMessageParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /** The chat the original is in, by number or `@username` of a channel. */
  from_chat_id: number | string;
  /** Number of the original in its chat. */
  message_id: number;
}

/**
 * What `sendPhoto` takes.
 * @see https://docs.bale.ai/#sendphoto
 */
export interface SendPhotoParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /**
   * The photo: a `file_id`, a URL, or a file to upload.
   * A warning is given above 10 MB.
   */
  photo: InputFile | string;
  /**
   * Text below it, read as Bale markdown.
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
}

/**
 * What `sendAudio` takes.
 * @see https://docs.bale.ai/#sendaudio
 */
export interface SendAudioParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /**
   * The music: a `file_id`, a URL, or a file to upload.
   * A warning is given above 20 MB.
   */
  audio: InputFile | string;
  /**
   * Text below it, read as Bale markdown.
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /**
   * Length in seconds.
   * Not in Bale's documentation.
   */
  duration?: number | undefined;
  /**
   * Title to show.
   * Not in Bale's documentation.
   */
  title?: string | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
}

/**
 * What `sendDocument` takes.
 * @see https://docs.bale.ai/#senddocument
 */
export interface SendDocumentParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /**
   * The file: a `file_id`, a URL, or a file to upload.
   * A warning is given above 20 MB.
   */
  document: InputFile | string;
  /**
   * Text below it, read as Bale markdown.
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
}

/**
 * What `sendVideo` takes.
 * @see https://docs.bale.ai/#sendvideo
 */
export interface SendVideoParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /**
   * The video: a `file_id`, a URL, or a file to upload.
   * A warning is given above 20 MB.
   */
  video: InputFile | string;
  /**
   * Text below it, read as Bale markdown.
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /**
   * Length in seconds.
   * Not in Bale's documentation.
   */
  duration?: number | undefined;
  /**
   * Width in pixels.
   * Not in Bale's documentation.
   */
  width?: number | undefined;
  /**
   * Height in pixels.
   * Not in Bale's documentation.
   */
  height?: number | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
}

/**
 * What `sendAnimation` takes.
 * @see https://docs.bale.ai/#sendanimation
 */
export interface SendAnimationParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /**
   * The animation: a `file_id`, a URL, or a file to upload.
   * A warning is given above 20 MB.
   */
  animation: InputFile | string;
  /**
   * Text below it, read as Bale markdown.
   * Not in Bale's documentation.
   */
  caption?: string | undefined;
  /**
   * Length in seconds.
   * Not in Bale's documentation.
   */
  duration?: number | undefined;
  /**
   * Width in pixels.
   * Not in Bale's documentation.
   */
  width?: number | undefined;
  /**
   * Height in pixels.
   * Not in Bale's documentation.
   */
  height?: number | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
}

/**
 * What `sendVoice` takes.
 * @see https://docs.bale.ai/#sendvoice
 */
export interface SendVoiceParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /**
   * The recording: a `file_id`, a URL, or a file to upload.
   * A warning is given above 20 MB.
   */
  voice: InputFile | string;
  /**
   * Text below it, read as Bale markdown.
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /**
   * Length in seconds.
   * Not in Bale's documentation.
   */
  duration?: number | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
}

/**
 * What `sendMediaGroup` takes.
 * @see https://docs.bale.ai/#sendmediagroup
 */
export interface SendMediaGroupParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /** The items, in the order they are shown. */
  media: readonly InputMedia[];
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /**
   * Keyboard to show.
   * Not in Bale's documentation.
   */
  reply_markup?: ReplyMarkup | undefined;
}

/**
 * What `sendLocation` takes.
 * @see https://docs.bale.ai/#sendlocation
 */
export interface SendLocationParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /** Degrees north. */
  latitude: number;
  /** Degrees east. */
  longitude: number;
  /**
   * How uncertain the point is, in metres.
   * Between 0 and 1500.
   */
  horizontal_accuracy?: number | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
}

/**
 * What `sendContact` takes.
 * @see https://docs.bale.ai/#sendcontact
 */
export interface SendContactParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /** The number; write it as a string to keep a leading zero or plus. */
  phone_number: string | number;
  /** First name. */
  first_name: string;
  /** Last name. */
  last_name?: string | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
}

/**
 * What `sendChatAction` takes.
 * @see https://docs.bale.ai/#sendchataction
 */
export interface SendChatActionParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /** What to show the bot doing; Bale has no action for files. */
  action: "typing" | "upload_photo" | "record_video" | "upload_video" | "record_voice" | "upload_voice" | "choose_sticker";
}

/**
 * What `getFile` takes.
 * @see https://docs.bale.ai/#getfile
 */
export interface GetFileParams {
  /** The file, by the id it arrived with. */
  file_id: string;
}

/**
 * What `answerCallbackQuery` takes.
 * @see https://docs.bale.ai/#answercallbackquery
 */
export interface AnswerCallbackQueryParams {
  /**
   * Id of the press. One that begins with `1` comes from a client that can't show the notice: send a message
   * instead.
   */
  callback_query_id: string;
  /**
   * The notice. Without it nothing is shown.
   * At most 200 characters.
   */
  text?: string | undefined;
  /** Shows the notice as a dialog to be closed instead of a passing line. */
  show_alert?: boolean | undefined;
}

/**
 * What `askReview` takes.
 * @see https://docs.bale.ai/#askreview
 */
export interface AskReviewParams {
  /** Number of the user. */
  user_id: number;
  /** Seconds to wait before the form is shown. */
  delay_seconds: number;
}

/**
 * What `banChatMember` takes.
 * @see https://docs.bale.ai/#banchatmember
 */
export interface BanChatMemberParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** Number of the user. */
  user_id: number;
}

/**
 * What `unbanChatMember` takes.
 * @see https://docs.bale.ai/#unbanchatmember
 */
export interface UnbanChatMemberParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** Number of the user. */
  user_id: number;
  /** Does nothing to somebody who isn't banned. */
  only_if_banned?: boolean | undefined;
}

/**
 * What `promoteChatMember` takes.
 * @see https://docs.bale.ai/#promotechatmember
 */
export interface PromoteChatMemberParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** Number of the user. */
  user_id: number;
  /** May change title, picture and description. */
  can_change_info?: boolean | undefined;
  /** May post; channels only. */
  can_post_messages?: boolean | undefined;
  /** May change others' posts; channels only. */
  can_edit_messages?: boolean | undefined;
  /** May delete what others wrote. */
  can_delete_messages?: boolean | undefined;
  /** May run video chats. */
  can_manage_video_chats?: boolean | undefined;
  /** May invite people. */
  can_invite_users?: boolean | undefined;
  /** May restrict and ban members. */
  can_restrict_members?: boolean | undefined;
}

/**
 * What `setChatPhoto` takes.
 * @see https://docs.bale.ai/#setchatphoto
 */
export interface SetChatPhotoParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /**
   * The picture to upload; a `file_id` isn't taken.
   * A warning is given above 10 MB.
   */
  photo: InputFile;
}

/**
 * What `leaveChat` takes.
 * @see https://docs.bale.ai/#leavechat
 */
export interface LeaveChatParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
}

/**
 * What `getChat` takes.
 * @see https://docs.bale.ai/#getchat
 */
export interface GetChatParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
}

/**
 * What `getChatAdministrators` takes.
 * @see https://docs.bale.ai/#getchatadministrators
 */
export interface GetChatAdministratorsParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
}

/**
 * What `getChatMembersCount` takes.
 * @see https://docs.bale.ai/#getchatmemberscount
 */
export interface GetChatMembersCountParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
}

/**
 * What `getChatMember` takes.
 * @see https://docs.bale.ai/#getchatmember
 */
export interface GetChatMemberParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** Number of the user. */
  user_id: number;
}

/**
 * What `pinChatMessage` takes.
 * @see https://docs.bale.ai/#pinchatmessage
 */
export interface PinChatMessageParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** Number of the message in its chat. */
  message_id: number;
}

/**
 * What `unPinChatMessage` takes.
 * @see https://docs.bale.ai/#unpinchatmessage
 */
export interface UnPinChatMessageParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** Number of the message in its chat; required, unlike Telegram. */
  message_id: number;
}

/**
 * What `unpinAllChatMessages` takes.
 * @see https://docs.bale.ai/#unpinallchatmessages
 */
export interface UnpinAllChatMessagesParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
}

/**
 * What `setChatTitle` takes.
 * @see https://docs.bale.ai/#setchattitle
 */
export interface SetChatTitleParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** The new name. */
  title: string;
}

/**
 * What `setChatDescription` takes.
 * @see https://docs.bale.ai/#setchatdescription
 */
export interface SetChatDescriptionParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** The new description; required, unlike Telegram. */
  description: string;
}

/**
 * What `deleteChatPhoto` takes.
 * @see https://docs.bale.ai/#deletechatphoto
 */
export interface DeleteChatPhotoParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
}

/**
 * What `createChatInviteLink` takes.
 * @see https://docs.bale.ai/#createchatinvitelink
 */
export interface CreateChatInviteLinkParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
}

/**
 * What `revokeChatInviteLink` takes.
 * @see https://docs.bale.ai/#revokechatinvitelink
 */
export interface RevokeChatInviteLinkParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** The link to end. */
  invite_link: string;
}

/**
 * What `exportChatInviteLink` takes.
 * @see https://docs.bale.ai/#exportchatinvitelink
 */
export interface ExportChatInviteLinkParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
}

/**
 * What `editMessageText` takes.
 * @see https://docs.bale.ai/#editmessagetext
 */
export interface EditMessageTextParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** Number of the message to change. */
  message_id: number;
  /**
   * The new text, read as Bale markdown.
   * 1 to 4096 characters.
   */
  text: string;
  /** The new keyboard. What leaving it out does is undocumented. */
  reply_markup?: InlineKeyboardMarkup | undefined;
}

/**
 * What `editMessageCaption` takes.
 * @see https://docs.bale.ai/#editmessagecaption
 */
export interface EditMessageCaptionParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** Number of the message to change. */
  message_id: number;
  /**
   * The new caption, read as Bale markdown. What leaving it out does is undocumented.
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** The new keyboard. What leaving it out does is undocumented. */
  reply_markup?: InlineKeyboardMarkup | undefined;
}

/**
 * What `editMessageReplyMarkup` takes.
 * @see https://docs.bale.ai/#editmessagereplymarkup
 */
export interface EditMessageReplyMarkupParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** Number of the message to change. */
  message_id: number;
  /** The new keyboard. What leaving it out does is undocumented. */
  reply_markup?: InlineKeyboardMarkup | undefined;
}

/**
 * What `deleteMessage` takes.
 * @see https://docs.bale.ai/#deletemessage
 */
export interface DeleteMessageParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** Number of the message in its chat. */
  message_id: number;
}

/**
 * What `uploadStickerFile` takes.
 * @see https://docs.bale.ai/#uploadstickerfile
 */
export interface UploadStickerFileParams {
  /** Number of the user who will own the set. */
  user_id: number;
  /**
   * The file: WEBP, PNG, TGS or WEBM.
   * A warning is given above 20 MB.
   */
  sticker: InputFile;
}

/**
 * What `createNewStickerSet` takes.
 * @see https://docs.bale.ai/#createnewstickerset
 */
export interface CreateNewStickerSetParams {
  /** Number of the user who will own the set. */
  user_id: number;
  /**
   * Name for links; it ends in `_by_<username of the bot>`.
   * 1 to 64 characters.
   */
  name: string;
  /**
   * Title people see.
   * 1 to 64 characters.
   */
  title: string;
  /**
   * The first stickers. Bale writes this name in the singular, perhaps by mistake.
   * 1 to 50 elements.
   */
  sticker: readonly InputSticker[];
}

/**
 * What `addStickerToSet` takes.
 * @see https://docs.bale.ai/#addstickertoset
 */
export interface AddStickerToSetParams {
  /** Number of the user who owns the set. */
  user_id: number;
  /** Name of the set. */
  name: string;
  /** The sticker to add. */
  sticker: InputSticker;
}

/**
 * What `sendInvoice` takes.
 * @see https://docs.bale.ai/#sendinvoice
 */
export interface SendInvoiceParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /**
   * Name of what is sold.
   * 1 to 32 characters.
   */
  title: string;
  /**
   * Description of what is sold.
   * 1 to 255 characters.
   */
  description: string;
  /**
   * Your own mark on the invoice, never shown; comes back in the query and with the payment.
   * 1 to 128 bytes.
   */
  payload: string;
  /** Token of the wallet, from @botfather; `WALLET-TEST-1111111111111111` pays without moving money. */
  provider_token: string;
  /** The lines of the invoice in rials; their sum is the price. */
  prices: readonly LabeledPrice[];
  /** Address of a picture of what is sold. */
  photo_url?: string | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
}

/**
 * What `createInvoiceLink` takes.
 * @see https://docs.bale.ai/#createinvoicelink
 */
export interface CreateInvoiceLinkParams {
  /**
   * Name of what is sold.
   * 1 to 32 characters.
   */
  title: string;
  /**
   * Description of what is sold.
   * 1 to 255 characters.
   */
  description: string;
  /**
   * Your own mark on the invoice, never shown; comes back in the query and with the payment.
   * 1 to 128 bytes.
   */
  payload: string;
  /** Token of the wallet, from @botfather; `WALLET-TEST-1111111111111111` pays without moving money. */
  provider_token: string;
  /** The lines of the invoice in rials; their sum is the price. */
  prices: readonly LabeledPrice[];
}

/**
 * What `answerPreCheckoutQuery` takes.
 * @see https://docs.bale.ai/#answerprecheckoutquery
 */
export interface AnswerPreCheckoutQueryParams {
  /** Id of the query. */
  pre_checkout_query_id: string;
  /** `true` when what was ordered can be delivered. */
  ok: boolean;
  /** Why not, shown to the user; required when `ok` is false. */
  error_message?: string | undefined;
}

/**
 * What `inquireTransaction` takes.
 * @see https://docs.bale.ai/#inquiretransaction
 */
export interface InquireTransactionParams {
  /** Id of the pre-checkout query, which is also the payment's `telegram_payment_charge_id`. */
  transaction_id: string;
}

/**
 * What `sendSticker` takes.
 * @see https://github.com/DarkReaperBoy/Uniclient
 */
export interface SendStickerParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /**
   * The sticker: a `file_id`, a URL, or a file to upload.
   * A warning is given above 20 MB.
   */
  sticker: InputFile | string;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
}

/**
 * What `getStickerSet` takes.
 * @see https://github.com/PHX-Go/GoBale
 */
export interface GetStickerSetParams {
  /** Name of the set. */
  name: string;
}

/**
 * What `deleteStickerFromSet` takes.
 * @see https://github.com/PHX-Go/GoBale
 */
export interface DeleteStickerFromSetParams {
  /** The sticker, by its `file_id`. */
  sticker: string;
}

/**
 * What `inviteUser` takes.
 * @see https://github.com/python-bale-bot/python-bale-bot
 */
export interface InviteUserParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** Number of the user. */
  user_id: number;
}

/**
 * What `restrictChatMember` takes.
 * @see https://github.com/PHX-Go/GoBale
 */
export interface RestrictChatMemberParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** Number of the user. */
  user_id: number;
  /** What the member may do from now on. */
  permissions: ChatPermissions;
}

/**
 * What `setChatPermissions` takes.
 * @see https://github.com/PHX-Go/GoBale
 */
export interface SetChatPermissionsParams {
  /** The chat: its number, or `@username` of a channel. */
  chat_id: number | string;
  /** What plain members may do from now on. */
  permissions: ChatPermissions;
}

/**
 * What `setMyCommands` takes.
 * @see https://github.com/ErfanVahabpour/Bale-Bot-SDK
 */
export interface SetMyCommandsParams {
  /** The commands, in the order they are shown. */
  commands: readonly BotCommand[];
}

/**
 * What `getUserProfilePhotos` takes.
 * @see https://github.com/PHX-Go/GoBale
 */
export interface GetUserProfilePhotosParams {
  /** Number of the user. */
  user_id: number;
  /** How many pictures to pass over. */
  offset?: number | undefined;
  /** How many pictures at most. */
  limit?: number | undefined;
}

/**
 * What `getTransaction` takes.
 * @see https://github.com/PHX-Go/GoBale
 */
export interface GetTransactionParams {
  /** Id of the transaction. */
  transaction_id: string;
}

/**
 * What `sendPoll` takes.
 * @see https://github.com/PHX-Go/GoBale
 */
export interface SendPollParams {
  /** Where to: number of the chat, or `@username` of a channel. */
  chat_id: number | string;
  /** The question. */
  question: string;
  /** The answers to choose from. */
  options: readonly string[];
}

/**
 * What `answerShippingQuery` takes.
 * @see https://github.com/Zellias/balejs
 */
export interface AnswerShippingQueryParams {
  /** Id of the query. */
  shipping_query_id: string;
  /** Whether delivery is possible. */
  ok: boolean;
}

/**
 * What `getChatMemberCount` takes.
 * @see https://github.com/ErfanVahabpour/Bale-Bot-SDK
 */
export interface GetChatMemberCountParams {
  /** The chat: its number, or `@username` of a channel. */
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
   * The text, read as Bale markdown.
   * 1 to 4096 characters.
   */
  text: string;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
}

/**
 * What `forwardMessage` takes.
 * @see https://docs.bale.ai/#forwardmessage
 */
export interface BusinessForwardMessageParams {
  /** The private chat to write to: the user's id. */
  chat_id: number;
  /** The chat the original is in, by number or `@username` of a channel. */
  from_chat_id: number | string;
  /** Number of the original in its chat. */
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
   * Text below it, read as Bale markdown.
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
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
   * Text below it, read as Bale markdown.
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /**
   * Length in seconds.
   * Not in Bale's documentation.
   */
  duration?: number | undefined;
  /**
   * Width in pixels.
   * Not in Bale's documentation.
   */
  width?: number | undefined;
  /**
   * Height in pixels.
   * Not in Bale's documentation.
   */
  height?: number | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
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
   * Text below it, read as Bale markdown.
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /**
   * Length in seconds.
   * Not in Bale's documentation.
   */
  duration?: number | undefined;
  /**
   * Title to show.
   * Not in Bale's documentation.
   */
  title?: string | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
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
   * Text below it, read as Bale markdown.
   * At most 4096 characters.
   */
  caption?: string | undefined;
  /** Number of the message this one answers; Bale has no `reply_parameters`. */
  reply_to_message_id?: number | undefined;
  /** Keyboard to show, or to take away. */
  reply_markup?: ReplyMarkup | undefined;
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
   * Fetches what has happened since the last call; waits for something when told to.
   * Bale keeps the last 2000 updates, for 24 hours. An update stays until a later call's `offset` passes it.
   * There is no `allowed_updates`. While a webhook is set, field reports saw an empty list rather than an
   * error.
   * @see https://docs.bale.ai/#getupdates
   */
  getUpdates(params?: GetUpdatesParams, options?: CallOptions): Promise<readonly Update[]>;

  /**
   * Has Bale deliver updates to an address of yours instead of keeping them for `getUpdates`.
   * Bale sends no secret along: make the address unguessable.
   * @see https://docs.bale.ai/#setwebhook
   */
  setWebhook(params: SetWebhookParams, options?: CallOptions): Promise<true>;

  /**
   * Takes the webhook away, so that `getUpdates` brings updates again.
   * What has piled up stays: skip it with `getUpdates({ offset: -1 })`.
   * @see https://docs.bale.ai/#deletewebhook
   */
  deleteWebhook(params?: Record<string, never>, options?: CallOptions): Promise<true>;

  /**
   * Tells where updates are delivered.
   * @see https://docs.bale.ai/#getwebhookinfo
   */
  getWebhookInfo(params?: Record<string, never>, options?: CallOptions): Promise<WebhookInfo>;

  /**
   * Tells who the bot is, and so whether its token is good.
   * @see https://docs.bale.ai/#getme
   */
  getMe(params?: Record<string, never>, options?: CallOptions): Promise<User>;

  /**
   * Sends a text.
   * Bale reads the text as its markdown, always: `*bold*`, `_italic_`, `[text](url)`. It has no `parse_mode`
   * and no `entities`.
   * @see https://docs.bale.ai/#sendmessage
   */
  sendMessage(params: SendMessageParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends somebody's message on, and shows whose it was.
   * @see https://docs.bale.ai/#forwardmessage
   */
  forwardMessage(params: ForwardMessageParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends a message again without showing whose it was.
   * Service messages and payment receipts can't be copied, and a caption or keyboard can't be changed on the
   * way.
   * Some servers have answered with a whole message: read only `message_id`.
   * @see https://docs.bale.ai/#copymessage
   */
  copyMessage(params: CopyMessageParams, options?: CallOptions): Promise<MessageId>;

  /**
   * Sends a photo.
   * By URL a photo may have 5 MB.
   * @see https://docs.bale.ai/#sendphoto
   */
  sendPhoto(params: SendPhotoParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends a piece of music, MP3 or M4A. For a recorded voice see `sendVoice`.
   * By URL a file may have 20 MB.
   * @see https://docs.bale.ai/#sendaudio
   */
  sendAudio(params: SendAudioParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends a file as it is.
   * By URL only GIF, PDF and ZIP are taken, up to 20 MB.
   * @see https://docs.bale.ai/#senddocument
   */
  sendDocument(params: SendDocumentParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends a video, MPEG4.
   * By URL a file may have 20 MB.
   * @see https://docs.bale.ai/#sendvideo
   */
  sendVideo(params: SendVideoParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends a GIF, or a video without sound.
   * Sent as multipart even with a `file_id`: the plain form has been answered with server errors.
   * @see https://docs.bale.ai/#sendanimation
   */
  sendAnimation(params: SendAnimationParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends a recorded voice, OGG.
   * By URL it has to be `audio/ogg` of at most 1 MB; up to 20 MB it arrives as a plain file.
   * @see https://docs.bale.ai/#sendvoice
   */
  sendVoice(params: SendVoiceParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends several photos and videos as one album, or several files, or several pieces of music.
   * Photos and videos may be mixed; files and music stay among their own kind. How many items fit is
   * unpublished.
   * @see https://docs.bale.ai/#sendmediagroup
   */
  sendMediaGroup(params: SendMediaGroupParams, options?: CallOptions): Promise<readonly Message[]>;

  /**
   * Sends a point on the map.
   * @see https://docs.bale.ai/#sendlocation
   */
  sendLocation(params: SendLocationParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends somebody's phone number.
   * @see https://docs.bale.ai/#sendcontact
   */
  sendContact(params: SendContactParams, options?: CallOptions): Promise<Message>;

  /**
   * Shows that the bot is busy, for six seconds at most.
   * @see https://docs.bale.ai/#sendchataction
   */
  sendChatAction(params: SendChatActionParams, options?: CallOptions): Promise<true>;

  /**
   * Makes a file ready to be downloaded; files above 20 MB can't be.
   * The link is good for an hour at least. `api.download` does both steps.
   * @see https://docs.bale.ai/#getfile
   */
  getFile(params: GetFileParams, options?: CallOptions): Promise<File>;

  /**
   * Ends the spinning of a pressed button, with a notice if you like. Every press wants it.
   * There is no `url` and no `cache_time`.
   * @see https://docs.bale.ai/#answercallbackquery
   */
  answerCallbackQuery(params: AnswerCallbackQueryParams, options?: CallOptions): Promise<true>;

  /**
   * Asks a user to review the bot; Bale may decide not to show it, and does not say.
   * It is seen only in the bot's chat or mini app.
   * @see https://docs.bale.ai/#askreview
   */
  askReview(params: AskReviewParams, options?: CallOptions): Promise<true>;

  /**
   * Removes somebody from a group or channel and keeps them out.
   * The bot needs an administrator's right to do it. A ban has no end date.
   * @see https://docs.bale.ai/#banchatmember
   */
  banChatMember(params: BanChatMemberParams, options?: CallOptions): Promise<true>;

  /**
   * Lets a banned person come back; they aren't brought back.
   * Somebody who is in the chat is removed, unless `only_if_banned` is set.
   * @see https://docs.bale.ai/#unbanchatmember
   */
  unbanChatMember(params: UnbanChatMemberParams, options?: CallOptions): Promise<true>;

  /**
   * Makes a member an administrator, changes an administrator's rights, or takes them away.
   * A right that is left out counts as `false`: read the present rights with `getChatMember` first, and send
   * them along. All false is a plain member.
   * @see https://docs.bale.ai/#promotechatmember
   */
  promoteChatMember(params: PromoteChatMemberParams, options?: CallOptions): Promise<true>;

  /**
   * Gives a group or channel a new picture.
   * The file is always uploaded. Server errors have been seen here.
   * @see https://docs.bale.ai/#setchatphoto
   */
  setChatPhoto(params: SetChatPhotoParams, options?: CallOptions): Promise<true>;

  /**
   * Takes the bot out of a group or channel.
   * @see https://docs.bale.ai/#leavechat
   */
  leaveChat(params: LeaveChatParams, options?: CallOptions): Promise<true>;

  /**
   * Tells all there is to know about a chat.
   * @see https://docs.bale.ai/#getchat
   */
  getChat(params: GetChatParams, options?: CallOptions): Promise<ChatFullInfo>;

  /**
   * Lists a chat's administrators, its owner among them.
   * @see https://docs.bale.ai/#getchatadministrators
   */
  getChatAdministrators(params: GetChatAdministratorsParams, options?: CallOptions): Promise<readonly ChatMember[]>;

  /**
   * Counts the members of a chat.
   * Telegram's newer name, `getChatMemberCount`, isn't in Bale's documentation.
   * @see https://docs.bale.ai/#getchatmemberscount
   */
  getChatMembersCount(params: GetChatMembersCountParams, options?: CallOptions): Promise<number>;

  /**
   * Tells what somebody is in a chat; rejects for somebody who isn't in it.
   * The bot has to be an administrator. In a private chat the answer is an error as well.
   * @see https://docs.bale.ai/#getchatmember
   */
  getChatMember(params: GetChatMemberParams, options?: CallOptions): Promise<ChatMember>;

  /**
   * Pins a message.
   * @see https://docs.bale.ai/#pinchatmessage
   */
  pinChatMessage(params: PinChatMessageParams, options?: CallOptions): Promise<true>;

  /**
   * Unpins a message.
   * Bale writes the name with a capital P; names are taken in any case.
   * @see https://docs.bale.ai/#unpinchatmessage
   */
  unPinChatMessage(params: UnPinChatMessageParams, options?: CallOptions): Promise<true>;

  /**
   * Unpins every message of a chat.
   * @see https://docs.bale.ai/#unpinallchatmessages
   */
  unpinAllChatMessages(params: UnpinAllChatMessagesParams, options?: CallOptions): Promise<true>;

  /**
   * Renames a group or channel.
   * @see https://docs.bale.ai/#setchattitle
   */
  setChatTitle(params: SetChatTitleParams, options?: CallOptions): Promise<true>;

  /**
   * Changes what a group or channel says about itself.
   * @see https://docs.bale.ai/#setchatdescription
   */
  setChatDescription(params: SetChatDescriptionParams, options?: CallOptions): Promise<true>;

  /**
   * Takes a group's or channel's picture away.
   * @see https://docs.bale.ai/#deletechatphoto
   */
  deleteChatPhoto(params: DeleteChatPhotoParams, options?: CallOptions): Promise<true>;

  /**
   * Makes one more link that lets people into a chat.
   * Bale's documentation gives no return type: a bare string cannot be ruled out.
   * @see https://docs.bale.ai/#createchatinvitelink
   */
  createChatInviteLink(params: CreateChatInviteLinkParams, options?: CallOptions): Promise<ChatInviteLink>;

  /**
   * Ends an invite link; a new one takes its place and is the answer.
   * Bale's documentation gives no return type: a bare string cannot be ruled out.
   * @see https://docs.bale.ai/#revokechatinvitelink
   */
  revokeChatInviteLink(params: RevokeChatInviteLinkParams, options?: CallOptions): Promise<ChatInviteLink>;

  /**
   * Makes a new primary invite link; the one before it ends.
   * @see https://docs.bale.ai/#exportchatinvitelink
   */
  exportChatInviteLink(params: ExportChatInviteLinkParams, options?: CallOptions): Promise<string>;

  /**
   * Changes the text of one of the bot's messages.
   * The answer is a stub with `message_id` 0 and without the text: keep the numbers you edited by.
   * @see https://docs.bale.ai/#editmessagetext
   */
  editMessageText(params: EditMessageTextParams, options?: CallOptions): Promise<Message>;

  /**
   * Changes the caption of one of the bot's messages.
   * Take the answer for a stub, as that of `editMessageText`.
   * @see https://docs.bale.ai/#editmessagecaption
   */
  editMessageCaption(params: EditMessageCaptionParams, options?: CallOptions): Promise<Message>;

  /**
   * Changes the inline keyboard below one of the bot's messages.
   * Take the answer for a stub, as that of `editMessageText`.
   * @see https://docs.bale.ai/#editmessagereplymarkup
   */
  editMessageReplyMarkup(params: EditMessageReplyMarkupParams, options?: CallOptions): Promise<Message>;

  /**
   * Deletes a message that is less than 48 hours old.
   * A bot deletes its own messages, incoming ones in private chats, and any where it is an administrator who
   * may.
   * @see https://docs.bale.ai/#deletemessage
   */
  deleteMessage(params: DeleteMessageParams, options?: CallOptions): Promise<true>;

  /**
   * Uploads a file for a sticker set to be made from.
   * @see https://docs.bale.ai/#uploadstickerfile
   */
  uploadStickerFile(params: UploadStickerFileParams, options?: CallOptions): Promise<File>;

  /**
   * Makes a set of stickers that a user owns.
   * @see https://docs.bale.ai/#createnewstickerset
   */
  createNewStickerSet(params: CreateNewStickerSetParams, options?: CallOptions): Promise<true>;

  /**
   * Adds a sticker to a set the bot made.
   * A set holds 120 plain, 50 video or 200 emoji stickers.
   * @see https://docs.bale.ai/#addstickertoset
   */
  addStickerToSet(params: AddStickerToSetParams, options?: CallOptions): Promise<true>;

  /**
   * Sends an invoice that can be paid with the wallet.
   * Never repeat it blindly: a second invoice can be paid too. After payment has begun a `pre_checkout_query`
   * comes, to be answered within ten seconds.
   * Rials always: there is no currency, no shipping, no tip and no keyboard.
   * @see https://docs.bale.ai/#sendinvoice
   */
  sendInvoice(params: SendInvoiceParams, options?: CallOptions): Promise<Message>;

  /**
   * Makes an invoice for a mini app to open.
   * The answer is an identifier for `Bale.WebApp.openInvoice`, not an address to share.
   * @see https://docs.bale.ai/#createinvoicelink
   */
  createInvoiceLink(params: CreateInvoiceLinkParams, options?: CallOptions): Promise<string>;

  /**
   * Lets a payment go on or stops it; ten seconds after the query Bale stops it itself.
   * @see https://docs.bale.ai/#answerprecheckoutquery
   */
  answerPreCheckoutQuery(params: AnswerPreCheckoutQueryParams, options?: CallOptions): Promise<true>;

  /**
   * Tells what became of a payment.
   * @see https://docs.bale.ai/#inquiretransaction
   */
  inquireTransaction(params: InquireTransactionParams, options?: CallOptions): Promise<Transaction>;
}

/** Methods seen in working code but not in Bale's documentation: any of them may be gone tomorrow. */
export interface UndocumentedApi {
  /**
   * Sends a sticker.
   * Seen working, and only as multipart: it is sent so even with a `file_id`.
   * Confidence: medium.
   * @see https://github.com/DarkReaperBoy/Uniclient
   */
  sendSticker(params: SendStickerParams, options?: CallOptions): Promise<Message>;

  /**
   * Tells what is in a set of stickers.
   * Confidence: low.
   * @see https://github.com/PHX-Go/GoBale
   */
  getStickerSet(params: GetStickerSetParams, options?: CallOptions): Promise<StickerSet>;

  /**
   * Takes a sticker out of a set the bot made.
   * Another library writes it `deleteStickerToSet`.
   * Confidence: low.
   * @see https://github.com/PHX-Go/GoBale
   */
  deleteStickerFromSet(params: DeleteStickerFromSetParams, options?: CallOptions): Promise<true>;

  /**
   * Adds somebody to a chat, without a link.
   * Confidence: medium.
   * @see https://github.com/python-bale-bot/python-bale-bot
   */
  inviteUser(params: InviteUserParams, options?: CallOptions): Promise<true>;

  /**
   * Takes rights from a member of a group, or gives them back.
   * There is no end date: undo it yourself.
   * Confidence: low.
   * @see https://github.com/PHX-Go/GoBale
   */
  restrictChatMember(params: RestrictChatMemberParams, options?: CallOptions): Promise<true>;

  /**
   * Sets what plain members of a group may do.
   * Reported to be answered with 501, Not Implemented.
   * Confidence: low.
   * @see https://github.com/PHX-Go/GoBale
   */
  setChatPermissions(params: SetChatPermissionsParams, options?: CallOptions): Promise<true>;

  /**
   * Sets the bot's menu of commands.
   * Reports contradict each other: one library ships it, a bot in production found it missing. Count on
   * nothing.
   * Confidence: low.
   * @see https://github.com/ErfanVahabpour/Bale-Bot-SDK
   */
  setMyCommands(params: SetMyCommandsParams, options?: CallOptions): Promise<true>;

  /**
   * Tells the bot's menu of commands.
   * Confidence: low.
   * @see https://github.com/ErfanVahabpour/Bale-Bot-SDK
   */
  getMyCommands(params?: Record<string, never>, options?: CallOptions): Promise<readonly BotCommand[]>;

  /**
   * Takes the bot's menu of commands away.
   * Confidence: low.
   * @see https://github.com/ErfanVahabpour/Bale-Bot-SDK
   */
  deleteMyCommands(params?: Record<string, never>, options?: CallOptions): Promise<true>;

  /**
   * Lists the pictures somebody has had.
   * Confidence: low.
   * @see https://github.com/PHX-Go/GoBale
   */
  getUserProfilePhotos(params: GetUserProfilePhotosParams, options?: CallOptions): Promise<UserProfilePhotos>;

  /**
   * Tells what became of a payment; `inquireTransaction` is the documented way.
   * Confidence: low.
   * @see https://github.com/PHX-Go/GoBale
   */
  getTransaction(params: GetTransactionParams, options?: CallOptions): Promise<Transaction>;

  /**
   * Logs the bot out of the server.
   * Confidence: low.
   * @see https://github.com/RavaqeMehr/BaleBotNet
   */
  logOut(params?: Record<string, never>, options?: CallOptions): Promise<true>;

  /**
   * Closes the bot on the server.
   * Confidence: low.
   * @see https://github.com/RavaqeMehr/BaleBotNet
   */
  close(params?: Record<string, never>, options?: CallOptions): Promise<true>;

  /**
   * Sends a poll.
   * Confidence: low.
   * @see https://github.com/PHX-Go/GoBale
   */
  sendPoll(params: SendPollParams, options?: CallOptions): Promise<Message>;

  /**
   * Answers a query about shipping; Bale has no shipping, so this is almost surely dead.
   * Confidence: low.
   * @see https://github.com/Zellias/balejs
   */
  answerShippingQuery(params: AnswerShippingQueryParams, options?: CallOptions): Promise<true>;

  /**
   * Counts the members of a chat under Telegram's newer name; `getChatMembersCount` is the documented one.
   * Confidence: low.
   * @see https://github.com/ErfanVahabpour/Bale-Bot-SDK
   */
  getChatMemberCount(params: GetChatMemberCountParams, options?: CallOptions): Promise<number>;
}

/**
 * Bale's Business API: messages to people in their private chats, paid for each, under a quota of their own.
 * It takes no uploads: files go by `file_id` only.
 * In Bale's documentation since September 2026.
 * @see https://docs.bale.ai/
 */
export interface BusinessApi {
  /**
   * Tells who the bot is, and so whether its token is good.
   * @see https://docs.bale.ai/#getme
   */
  getMe(params?: Record<string, never>, options?: CallOptions): Promise<User>;

  /**
   * Sends a text.
   * Bale reads the text as its markdown, always: `*bold*`, `_italic_`, `[text](url)`. It has no `parse_mode`
   * and no `entities`.
   * @see https://docs.bale.ai/#sendmessage
   */
  sendMessage(params: BusinessSendMessageParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends somebody's message on, and shows whose it was.
   * @see https://docs.bale.ai/#forwardmessage
   */
  forwardMessage(params: BusinessForwardMessageParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends a photo.
   * @see https://docs.bale.ai/#sendphoto
   */
  sendPhoto(params: BusinessSendPhotoParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends a video, MPEG4.
   * @see https://docs.bale.ai/#sendvideo
   */
  sendVideo(params: BusinessSendVideoParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends a piece of music, MP3 or M4A. For a recorded voice see `sendVoice`.
   * @see https://docs.bale.ai/#sendaudio
   */
  sendAudio(params: BusinessSendAudioParams, options?: CallOptions): Promise<Message>;

  /**
   * Sends a file as it is.
   * @see https://docs.bale.ai/#senddocument
   */
  sendDocument(params: BusinessSendDocumentParams, options?: CallOptions): Promise<Message>;
}
