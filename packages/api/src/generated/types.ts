// generated from spec/bale-api.json, do not edit; run `npm run generate`

import type { InputFile } from "../input-file.js";

/**
 * at most one payload per update.
 * @see https://docs.bale.ai/#update
 */
export interface Update {
  /** starts near 0 per bot and grows by 1 */
  readonly update_id: number;
  /** also carries channel posts */
  readonly message?: Message | undefined;
  /** edited message. */
  readonly edited_message?: Message | undefined;
  /** callback query. */
  readonly callback_query?: CallbackQuery | undefined;
  /** pre checkout query. */
  readonly pre_checkout_query?: PreCheckoutQuery | undefined;
}

/**
 * Bale's WebhookInfo.
 * @see https://docs.bale.ai/#webhookinfo
 */
export interface WebhookInfo {
  /** empty when polling */
  readonly url: string;
  /** undocumented; SDKs decode it */
  readonly has_custom_certificate?: boolean | undefined;
  /** undocumented; SDKs decode it */
  readonly pending_update_count?: number | undefined;
}

/**
 * Bale's User.
 * @see https://docs.bale.ai/#user
 */
export interface User {
  /** <=52 bits */
  readonly id: number;
  /** is bot. */
  readonly is_bot: boolean;
  /** first name. */
  readonly first_name: string;
  /** last name. */
  readonly last_name?: string | undefined;
  /** username. */
  readonly username?: string | undefined;
  /** language code. */
  readonly language_code?: string | undefined;
}

/**
 * A private chat.
 * @see https://docs.bale.ai/#chat
 */
export interface PrivateChat {
  /** <=52 bits, always positive */
  readonly id: number;
  /** Always `private`. */
  readonly type: "private";
  /** Not in this kind of chat. */
  readonly title?: undefined;
  /** username. */
  readonly username?: string | undefined;
  /** first name. */
  readonly first_name?: string | undefined;
  /** last name. */
  readonly last_name?: string | undefined;
  /** undocumented here; seen as null in edit results */
  readonly photo?: ChatPhoto | undefined;
}

/**
 * A group chat.
 * @see https://docs.bale.ai/#chat
 */
export interface GroupChat {
  /** <=52 bits, always positive */
  readonly id: number;
  /** Always `group`. */
  readonly type: "group";
  /** title. */
  readonly title?: string | undefined;
  /** username. */
  readonly username?: string | undefined;
  /** Not in this kind of chat. */
  readonly first_name?: undefined;
  /** Not in this kind of chat. */
  readonly last_name?: undefined;
  /** undocumented here; seen as null in edit results */
  readonly photo?: ChatPhoto | undefined;
}

/**
 * A channel chat.
 * @see https://docs.bale.ai/#chat
 */
export interface ChannelChat {
  /** <=52 bits, always positive */
  readonly id: number;
  /** Always `channel`. */
  readonly type: "channel";
  /** title. */
  readonly title?: string | undefined;
  /** username. */
  readonly username?: string | undefined;
  /** Not in this kind of chat. */
  readonly first_name?: undefined;
  /** Not in this kind of chat. */
  readonly last_name?: undefined;
  /** undocumented here; seen as null in edit results */
  readonly photo?: ChatPhoto | undefined;
}

/**
 * Bale's ChatFullInfo.
 * @see https://docs.bale.ai/#chatfullinfo
 */
export interface ChatFullInfo {
  /** id. */
  readonly id: number;
  /** type. */
  readonly type: string;
  /** title. */
  readonly title?: string | undefined;
  /** username. */
  readonly username?: string | undefined;
  /** first name. */
  readonly first_name?: string | undefined;
  /** last name. */
  readonly last_name?: string | undefined;
  /** may be null */
  readonly photo?: ChatPhoto | undefined;
  /** bio. */
  readonly bio?: string | undefined;
  /** description. */
  readonly description?: string | undefined;
  /** invite link. */
  readonly invite_link?: string | undefined;
  /** String, not Integer */
  readonly linked_chat_id?: string | undefined;
}

/**
 * no forward_origin, quote, external_reply, message_thread_id, via_bot, pinned_message, link_preview_options
 * documented; GoBale/Balethon model forward_origin, forward_sender_name, poll, group_chat_created etc.
 * defensively.
 * @see https://docs.bale.ai/#message
 */
export interface Message {
  /** unique per chat; 0 in edit stubs */
  readonly message_id: number;
  /** empty or fake for channel posts */
  readonly from?: User | undefined;
  /** date. */
  readonly date: number;
  /** chat. */
  readonly chat: Chat;
  /** set for channel posts */
  readonly sender_chat?: Chat | undefined;
  /** forward from. */
  readonly forward_from?: User | undefined;
  /** forward from chat. */
  readonly forward_from_chat?: Chat | undefined;
  /** forward from message id. */
  readonly forward_from_message_id?: number | undefined;
  /** forward date. */
  readonly forward_date?: number | undefined;
  /** reply to message. */
  readonly reply_to_message?: Message | undefined;
  /** edit date. */
  readonly edit_date?: number | undefined;
  /** media group id. */
  readonly media_group_id?: string | undefined;
  /** text. */
  readonly text?: string | undefined;
  /** entities. */
  readonly entities?: readonly MessageEntity[] | undefined;
  /** animation. */
  readonly animation?: Animation | undefined;
  /** audio. */
  readonly audio?: Audio | undefined;
  /** set together with animation */
  readonly document?: Document | undefined;
  /** photo. */
  readonly photo?: readonly PhotoSize[] | undefined;
  /** sticker. */
  readonly sticker?: Sticker | undefined;
  /** video. */
  readonly video?: Video | undefined;
  /** voice. */
  readonly voice?: Voice | undefined;
  /** caption. */
  readonly caption?: string | undefined;
  /** caption entities. */
  readonly caption_entities?: readonly MessageEntity[] | undefined;
  /** contact. */
  readonly contact?: Contact | undefined;
  /** location. */
  readonly location?: Location | undefined;
  /** new chat members. */
  readonly new_chat_members?: readonly User[] | undefined;
  /** left chat member. */
  readonly left_chat_member?: User | undefined;
  /** C# author never saw it live */
  readonly invoice?: Invoice | undefined;
  /** successful payment. */
  readonly successful_payment?: SuccessfulPayment | undefined;
  /** web app data. */
  readonly web_app_data?: WebAppData | undefined;
  /** docs print InlineKeyboardButton */
  readonly reply_markup?: InlineKeyboardMarkup | undefined;
}

/**
 * Bale's MessageId.
 * @see https://docs.bale.ai/#messageid
 */
export interface MessageId {
  /** message id. */
  readonly message_id: number;
}

/**
 * Bale's MessageEntity.
 * @see https://docs.bale.ai/#messageentity
 */
export interface MessageEntity {
  /** mention | bot_command only */
  readonly type: string;
  /** UTF-16 units */
  readonly offset: number;
  /** UTF-16 units */
  readonly length: number;
}

/**
 * Bale's PhotoSize.
 * @see https://docs.bale.ai/#photosize
 */
export interface PhotoSize {
  /** file id. */
  readonly file_id: string;
  /** file unique id. */
  readonly file_unique_id: string;
  /** width. */
  readonly width: number;
  /** height. */
  readonly height: number;
  /** file size. */
  readonly file_size?: number | undefined;
}

/**
 * Bale's Animation.
 * @see https://docs.bale.ai/#animation
 */
export interface Animation {
  /** file id. */
  readonly file_id: string;
  /** file unique id. */
  readonly file_unique_id: string;
  /** width. */
  readonly width: number;
  /** height. */
  readonly height: number;
  /** duration. */
  readonly duration: number;
  /** thumbnail. */
  readonly thumbnail?: PhotoSize | undefined;
  /** file name. */
  readonly file_name?: string | undefined;
  /** mime type. */
  readonly mime_type?: string | undefined;
  /** file size. */
  readonly file_size?: number | undefined;
}

/**
 * no performer, no thumbnail.
 * @see https://docs.bale.ai/#audio
 */
export interface Audio {
  /** file id. */
  readonly file_id: string;
  /** file unique id. */
  readonly file_unique_id: string;
  /** duration. */
  readonly duration: number;
  /** title. */
  readonly title?: string | undefined;
  /** file name. */
  readonly file_name?: string | undefined;
  /** mime type. */
  readonly mime_type?: string | undefined;
  /** file size. */
  readonly file_size?: number | undefined;
}

/**
 * Bale's Document.
 * @see https://docs.bale.ai/#document
 */
export interface Document {
  /** file id. */
  readonly file_id: string;
  /** file unique id. */
  readonly file_unique_id: string;
  /** thumbnail. */
  readonly thumbnail?: PhotoSize | undefined;
  /** file name. */
  readonly file_name?: string | undefined;
  /** mime type. */
  readonly mime_type?: string | undefined;
  /** file size. */
  readonly file_size?: number | undefined;
}

/**
 * no thumbnail documented.
 * @see https://docs.bale.ai/#video
 */
export interface Video {
  /** file id. */
  readonly file_id: string;
  /** file unique id. */
  readonly file_unique_id: string;
  /** width. */
  readonly width: number;
  /** height. */
  readonly height: number;
  /** duration. */
  readonly duration: number;
  /** file name. */
  readonly file_name?: string | undefined;
  /** mime type. */
  readonly mime_type?: string | undefined;
  /** file size. */
  readonly file_size?: number | undefined;
}

/**
 * Bale's Voice.
 * @see https://docs.bale.ai/#voice
 */
export interface Voice {
  /** file id. */
  readonly file_id: string;
  /** file unique id. */
  readonly file_unique_id: string;
  /** undocumented, SDKs decode */
  readonly duration?: number | undefined;
  /** undocumented, SDKs decode */
  readonly mime_type?: string | undefined;
  /** undocumented, SDKs decode */
  readonly file_size?: number | undefined;
}

/**
 * Bale's Contact.
 * @see https://docs.bale.ai/#contact
 */
export interface Contact {
  /** phone number. */
  readonly phone_number: string;
  /** first name. */
  readonly first_name: string;
  /** last name. */
  readonly last_name?: string | undefined;
  /** docs say 32-bit; compare with from.id to trust it */
  readonly user_id?: number | undefined;
}

/**
 * Bale's Location.
 * @see https://docs.bale.ai/#location
 */
export interface Location {
  /** longitude. */
  readonly longitude: number;
  /** latitude. */
  readonly latitude: number;
}

/**
 * Bale's Invoice.
 * @see https://docs.bale.ai/#invoice
 */
export interface Invoice {
  /** title. */
  readonly title: string;
  /** description. */
  readonly description: string;
  /** rial */
  readonly total_amount: number;
  /** SDK only */
  readonly start_parameter?: string | undefined;
  /** SDK only */
  readonly currency?: string | undefined;
}

/**
 * Bale's File.
 * @see https://docs.bale.ai/#file
 */
export interface File {
  /** file id. */
  readonly file_id: string;
  /** file unique id. */
  readonly file_unique_id: string;
  /** file size. */
  readonly file_size?: number | undefined;
  /** file path. */
  readonly file_path?: string | undefined;
}

/**
 * Bale's ReplyKeyboardMarkup.
 * @see https://docs.bale.ai/#replykeyboardmarkup
 */
export interface ReplyKeyboardMarkup {
  /** keyboard. */
  readonly keyboard: readonly (readonly (KeyboardButton | string)[])[];
  /** undocumented; SDKs send it */
  readonly resize_keyboard?: boolean | undefined;
  /** undocumented; SDKs send it */
  readonly one_time_keyboard?: boolean | undefined;
  /** undocumented */
  readonly selective?: boolean | undefined;
}

/**
 * a bare String is accepted instead; web_app reply button feeds web_app_data.
 * @see https://docs.bale.ai/#keyboardbutton
 */
export interface KeyboardButton {
  /** text. */
  readonly text: string;
  /** request contact. */
  readonly request_contact?: boolean | undefined;
  /** request location. */
  readonly request_location?: boolean | undefined;
  /** web app. */
  readonly web_app?: WebAppInfo | undefined;
}

/**
 * Bale's InlineKeyboardMarkup.
 * @see https://docs.bale.ai/#inlinekeyboardmarkup
 */
export interface InlineKeyboardMarkup {
  /** inline keyboard. */
  readonly inline_keyboard: readonly (readonly InlineKeyboardButton[])[];
}

/**
 * exactly one optional field; no switch_inline*, login_url, pay, callback_game, style.
 * @see https://docs.bale.ai/#inlinekeyboardbutton
 */
export interface InlineKeyboardButton {
  /** text. */
  readonly text: string;
  /** url. */
  readonly url?: string | undefined;
  /** 1-64 bytes */
  readonly callback_data?: string | undefined;
  /** web app. */
  readonly web_app?: WebAppInfo | undefined;
  /** copy text. */
  readonly copy_text?: CopyTextButton | undefined;
}

/**
 * no selective documented.
 * @see https://docs.bale.ai/#replykeyboardremove
 */
export interface ReplyKeyboardRemove {
  /** remove keyboard. */
  readonly remove_keyboard: true;
}

/**
 * no chat_instance, inline_message_id, game_short_name.
 * @see https://docs.bale.ai/#callbackquery
 */
export interface CallbackQuery {
  /** id. */
  readonly id: string;
  /** from. */
  readonly from: User;
  /** content and date missing for very old messages */
  readonly message?: Message | undefined;
  /** data. */
  readonly data?: string | undefined;
}

/**
 * no button_text.
 * @see https://docs.bale.ai/#webappdata
 */
export interface WebAppData {
  /** untrusted, can be forged */
  readonly data: string;
}

/**
 * Bale's WebAppInfo.
 * @see https://docs.bale.ai/#webappinfo
 */
export interface WebAppInfo {
  /** https */
  readonly url: string;
}

/**
 * Bale's CopyTextButton.
 * @see https://docs.bale.ai/#copytextbutton
 */
export interface CopyTextButton {
  /** 1-256 chars */
  readonly text: string;
}

/**
 * union by status: ChatMemberOwner, ChatMemberAdministrator, ChatMemberMember, ChatMemberRestricted; no
 * left/kicked.
 * @see https://docs.bale.ai/#chatmember
 */
export type ChatMember = ChatMemberOwner | ChatMemberAdministrator | ChatMemberMember | ChatMemberRestricted;

/**
 * Bale's ChatMemberOwner.
 * @see https://docs.bale.ai/#chatmemberowner
 */
export interface ChatMemberOwner {
  /** creator */
  readonly status: "creator";
  /** user. */
  readonly user: User;
}

/**
 * Bale's ChatMemberAdministrator.
 * @see https://docs.bale.ai/#chatmemberadministrator
 */
export interface ChatMemberAdministrator {
  /** administrator */
  readonly status: "administrator";
  /** user. */
  readonly user: User;
  /** can delete messages. */
  readonly can_delete_messages: boolean;
  /** can manage video chats. */
  readonly can_manage_video_chats: boolean;
  /** can restrict members. */
  readonly can_restrict_members: boolean;
  /** can promote members. */
  readonly can_promote_members: boolean;
  /** can change info. */
  readonly can_change_info: boolean;
  /** can invite users. */
  readonly can_invite_users: boolean;
  /** can post stories. */
  readonly can_post_stories: boolean;
  /** channels */
  readonly can_post_messages?: boolean | undefined;
  /** channels */
  readonly can_edit_messages?: boolean | undefined;
  /** groups */
  readonly can_pin_messages?: boolean | undefined;
}

/**
 * Bale's ChatMemberMember.
 * @see https://docs.bale.ai/#chatmembermember
 */
export interface ChatMemberMember {
  /** member */
  readonly status: "member";
  /** user. */
  readonly user: User;
}

/**
 * no until_date; older live payloads carried Bale extras such as can_send_media, can_see_members,
 * can_start_call, can_send_gift_packet, can_reply_to_story, can_add_story.
 * @see https://docs.bale.ai/#chatmemberrestricted
 */
export interface ChatMemberRestricted {
  /** restricted */
  readonly status: "restricted";
  /** user. */
  readonly user: User;
  /** is member. */
  readonly is_member: boolean;
  /** can send messages. */
  readonly can_send_messages: boolean;
  /** can send audios. */
  readonly can_send_audios: boolean;
  /** can send documents. */
  readonly can_send_documents: boolean;
  /** can send photos. */
  readonly can_send_photos: boolean;
  /** can send videos. */
  readonly can_send_videos: boolean;
  /** can change info. */
  readonly can_change_info: boolean;
  /** can invite users. */
  readonly can_invite_users: boolean;
  /** can pin messages. */
  readonly can_pin_messages: boolean;
}

/**
 * Bale's ChatPhoto.
 * @see https://docs.bale.ai/#chatphoto
 */
export interface ChatPhoto {
  /** small file id. */
  readonly small_file_id: string;
  /** small file unique id. */
  readonly small_file_unique_id: string;
  /** big file id. */
  readonly big_file_id: string;
  /** big file unique id. */
  readonly big_file_unique_id: string;
}

/**
 * absent from docs; from SDK decoders.
 * Not defined in Bale's documentation.
 * @see https://docs.bale.ai/#chatinvitelink
 */
export interface ChatInviteLink {
  /** invite link. */
  readonly invite_link: string;
  /** creator. */
  readonly creator?: User | undefined;
  /** creates join request. */
  readonly creates_join_request?: boolean | undefined;
  /** is primary. */
  readonly is_primary?: boolean | undefined;
  /** is revoked. */
  readonly is_revoked?: boolean | undefined;
  /** name. */
  readonly name?: string | undefined;
  /** expire date. */
  readonly expire_date?: number | undefined;
  /** member limit. */
  readonly member_limit?: number | undefined;
  /** pending join request count. */
  readonly pending_join_request_count?: number | undefined;
}

/**
 * absent from docs.
 * Not defined in Bale's documentation.
 * @see https://docs.bale.ai/#chatpermissions
 */
export interface ChatPermissions {
  /** can send messages. */
  readonly can_send_messages?: boolean | undefined;
  /** can invite users. */
  readonly can_invite_users?: boolean | undefined;
  /** can pin messages. */
  readonly can_pin_messages?: boolean | undefined;
  /** can change info. */
  readonly can_change_info?: boolean | undefined;
}

/**
 * no migrate_to_chat_id.
 * @see https://docs.bale.ai/#responseparameters
 */
export interface ResponseParameters {
  /** seconds */
  readonly retry_after?: number | undefined;
}

/**
 * Bale's InputMediaPhoto.
 * @see https://docs.bale.ai/#inputmediaphoto
 */
export interface InputMediaPhoto {
  /** photo */
  readonly type: "photo";
  /** file_id, URL or attach reference */
  readonly media: InputFile | string;
  /** 0-1024 in docs */
  readonly caption?: string | undefined;
}

/**
 * Bale's InputMediaVideo.
 * @see https://docs.bale.ai/#inputmediavideo
 */
export interface InputMediaVideo {
  /** video */
  readonly type: "video";
  /** file_id, URL or attach reference */
  readonly media: InputFile | string;
  /** 0-1024 in docs */
  readonly caption?: string | undefined;
  /** JPEG <200 kB, <=320 px, only with multipart */
  readonly thumbnail?: InputFile | string | undefined;
  /** width. */
  readonly width?: number | undefined;
  /** height. */
  readonly height?: number | undefined;
  /** duration. */
  readonly duration?: number | undefined;
}

/**
 * listed as a type but not accepted by sendMediaGroup in docs; C# saw server error.
 * @see https://docs.bale.ai/#inputmediaanimation
 */
export interface InputMediaAnimation {
  /** animation */
  readonly type: "animation";
  /** file_id, URL or attach reference */
  readonly media: InputFile | string;
  /** 0-1024 in docs */
  readonly caption?: string | undefined;
  /** JPEG <200 kB, <=320 px, only with multipart */
  readonly thumbnail?: InputFile | string | undefined;
  /** width. */
  readonly width?: number | undefined;
  /** height. */
  readonly height?: number | undefined;
  /** duration. */
  readonly duration?: number | undefined;
}

/**
 * Bale's InputMediaAudio.
 * @see https://docs.bale.ai/#inputmediaaudio
 */
export interface InputMediaAudio {
  /** audio */
  readonly type: "audio";
  /** file_id, URL or attach reference */
  readonly media: InputFile | string;
  /** 0-1024 in docs */
  readonly caption?: string | undefined;
  /** JPEG <200 kB, <=320 px, only with multipart */
  readonly thumbnail?: InputFile | string | undefined;
  /** duration. */
  readonly duration?: number | undefined;
  /** title. */
  readonly title?: string | undefined;
}

/**
 * Bale's InputMediaDocument.
 * @see https://docs.bale.ai/#inputmediadocument
 */
export interface InputMediaDocument {
  /** document */
  readonly type: "document";
  /** file_id, URL or attach reference */
  readonly media: InputFile | string;
  /** 0-1024 in docs */
  readonly caption?: string | undefined;
  /** JPEG <200 kB, <=320 px, only with multipart */
  readonly thumbnail?: InputFile | string | undefined;
}

/**
 * no emoji, set_name, is_animated, is_video.
 * @see https://docs.bale.ai/#sticker
 */
export interface Sticker {
  /** file id. */
  readonly file_id: string;
  /** file unique id. */
  readonly file_unique_id: string;
  /** regular | mask */
  readonly type: string;
  /** width. */
  readonly width: number;
  /** height. */
  readonly height: number;
  /** file size. */
  readonly file_size?: number | undefined;
}

/**
 * Bale's StickerSet.
 * @see https://docs.bale.ai/#stickerset
 */
export interface StickerSet {
  /** name. */
  readonly name: string;
  /** title. */
  readonly title: string;
  /** stickers. */
  readonly stickers: readonly Sticker[];
  /** thumbnail. */
  readonly thumbnail?: PhotoSize | undefined;
}

/**
 * named in docs, never defined there.
 * Not defined in Bale's documentation.
 * @see https://docs.bale.ai/#inputsticker
 */
export interface InputSticker {
  /** sticker. */
  readonly sticker: InputFile | string;
  /** GoBale only */
  readonly emoji_list: readonly string[];
  /** GoBale only */
  readonly keywords?: readonly string[] | undefined;
}

/**
 * Bale's LabeledPrice.
 * @see https://docs.bale.ai/#labeledprice
 */
export interface LabeledPrice {
  /** label. */
  readonly label: string;
  /** rial, no decimals scaling */
  readonly amount: number;
}

/**
 * no shipping_option_id/order_info.
 * @see https://docs.bale.ai/#precheckoutquery
 */
export interface PreCheckoutQuery {
  /** id. */
  readonly id: string;
  /** from. */
  readonly from: User;
  /** IRR */
  readonly currency: string;
  /** total amount. */
  readonly total_amount: number;
  /** invoice payload. */
  readonly invoice_payload: string;
}

/**
 * Bale's SuccessfulPayment.
 * @see https://docs.bale.ai/#successfulpayment
 */
export interface SuccessfulPayment {
  /** IRR */
  readonly currency: string;
  /** total amount. */
  readonly total_amount: number;
  /** invoice payload. */
  readonly invoice_payload: string;
  /** equals PreCheckoutQuery.id for wallet */
  readonly telegram_payment_charge_id: string;
  /** wallet tracking number */
  readonly provider_payment_charge_id: string;
}

/**
 * Bale's Transaction.
 * @see https://docs.bale.ai/#transaction
 */
export interface Transaction {
  /** id. */
  readonly id: string;
  /** pending | paid | failed | rejected; C# enum from May 2025 says succeed/timeout instead */
  readonly status: string;
  /** camelCase key */
  readonly userID: number;
  /** rial */
  readonly amount: number;
  /** camelCase key, unix time or similar */
  readonly createdAt: number;
}

/**
 * A chat, told apart by `type`.
 * @see https://docs.bale.ai/#chat
 */
export type Chat = PrivateChat | GroupChat | ChannelChat;

/**
 * A command for the menu.
 * Not defined in Bale's documentation.
 * @see https://docs.bale.ai/
 */
export interface BotCommand {
  /** Without slash. */
  readonly command: string;
  /** What it does. */
  readonly description: string;
}

/**
 * Profile photos.
 * Not defined in Bale's documentation.
 * @see https://docs.bale.ai/
 */
export interface UserProfilePhotos {
  /** How many. */
  readonly total_count: number;
  /** Sizes of each. */
  readonly photos: readonly (readonly PhotoSize[])[];
}
