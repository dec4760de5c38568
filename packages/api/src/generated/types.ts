// generated from spec/bale-api.json, do not edit; run `npm run generate`

import type { InputFile } from "../input-file.js";

/**
 * One thing that has happened, as Bale delivers it: exactly one of the optional members is there.
 * Kinds Bale does not document stay in the raw object under their own name.
 * @see https://docs.bale.ai/#update
 */
export interface Update {
  /** Number of this update; it starts at 0 and grows by one for each bot, so a repeat can be told by it. */
  readonly update_id: number;
  /** A new message, a post in a channel included. */
  readonly message?: Message | undefined;
  /** The new form of a message that was changed. */
  readonly edited_message?: Message | undefined;
  /** A press on a button of an inline keyboard. */
  readonly callback_query?: CallbackQuery | undefined;
  /** A wallet payment that waits for an answer, ten seconds long. */
  readonly pre_checkout_query?: PreCheckoutQuery | undefined;
}

/**
 * Where Bale delivers a bot's updates.
 * @see https://docs.bale.ai/#webhookinfo
 */
export interface WebhookInfo {
  /** The webhook's address; empty while updates are fetched with `getUpdates`. */
  readonly url: string;
  /**
   * Whether a certificate of one's own was uploaded.
   * Not in Bale's documentation.
   */
  readonly has_custom_certificate?: boolean | undefined;
  /**
   * How many updates wait to be delivered.
   * Not in Bale's documentation.
   */
  readonly pending_update_count?: number | undefined;
}

/**
 * A person, or a bot.
 * @see https://docs.bale.ai/#user
 */
export interface User {
  /** Number of the user, the same in every chat; at most 52 bits, so a JavaScript number holds it. */
  readonly id: number;
  /** Whether it is a bot. */
  readonly is_bot: boolean;
  /** First name, as the user writes it. */
  readonly first_name: string;
  /** Last name. */
  readonly last_name?: string | undefined;
  /** Name without the `@`. */
  readonly username?: string | undefined;
  /** Language of the user's client as an IETF tag, such as `fa`. */
  readonly language_code?: string | undefined;
}

/**
 * A chat, told apart by `type`.
 * Ids are positive for every kind of chat: only `type` tells a group from a person.
 * @see https://docs.bale.ai/#chat
 */
export type Chat = PrivateChat | GroupChat | ChannelChat;

/**
 * The chat between the bot and one person; its id is the person's id.
 * @see https://docs.bale.ai/#chat
 */
export interface PrivateChat {
  /** Number of the chat, which is the number of the person. */
  readonly id: number;
  /** Tells a private chat. */
  readonly type: "private";
  /** A private chat has no title. */
  readonly title?: undefined;
  /** The person's name without the `@`. */
  readonly username?: string | undefined;
  /** The person's first name. */
  readonly first_name?: string | undefined;
  /** The person's last name. */
  readonly last_name?: string | undefined;
  /**
   * The person's picture.
   * Not in Bale's documentation.
   */
  readonly photo?: ChatPhoto | undefined;
}

/**
 * A group, large or small: Bale has no supergroups.
 * @see https://docs.bale.ai/#chat
 */
export interface GroupChat {
  /** Number of the group; positive, unlike Telegram's. */
  readonly id: number;
  /** Tells a group. */
  readonly type: "group";
  /** The group's name; live answers have lacked it. */
  readonly title?: string | undefined;
  /** The group's public name without the `@`. */
  readonly username?: string | undefined;
  /** A group has no first name. */
  readonly first_name?: undefined;
  /** A group has no last name. */
  readonly last_name?: undefined;
  /**
   * The group's picture.
   * Not in Bale's documentation.
   */
  readonly photo?: ChatPhoto | undefined;
}

/**
 * A channel. Its posts arrive as `message`, with this chat in `sender_chat` too.
 * @see https://docs.bale.ai/#chat
 */
export interface ChannelChat {
  /** Number of the channel; positive, unlike Telegram's. */
  readonly id: number;
  /** Tells a channel. */
  readonly type: "channel";
  /** The channel's name. */
  readonly title?: string | undefined;
  /** The channel's public name without the `@`; `@username` is accepted as `chat_id`. */
  readonly username?: string | undefined;
  /** A channel has no first name. */
  readonly first_name?: undefined;
  /** A channel has no last name. */
  readonly last_name?: undefined;
  /**
   * The channel's picture.
   * Not in Bale's documentation.
   */
  readonly photo?: ChatPhoto | undefined;
}

/**
 * A chat with all that `getChat` tells about it.
 * @see https://docs.bale.ai/#chatfullinfo
 */
export interface ChatFullInfo {
  /** Number of the chat. */
  readonly id: number;
  /** The kind of chat. */
  readonly type: "private" | "group" | "channel";
  /** Name of a group or channel. */
  readonly title?: string | undefined;
  /** Public name without the `@`. */
  readonly username?: string | undefined;
  /** First name, in a private chat. */
  readonly first_name?: string | undefined;
  /** Last name, in a private chat. */
  readonly last_name?: string | undefined;
  /** Picture of the chat; `getFile` takes its ids. */
  readonly photo?: ChatPhoto | undefined;
  /** What the person says about themselves, in a private chat. */
  readonly bio?: string | undefined;
  /** What the group or channel says about itself. */
  readonly description?: string | undefined;
  /** The primary invite link, for a bot that may invite. */
  readonly invite_link?: string | undefined;
  /** Number of the channel's discussion group, or of the group's channel; a string, unlike every other id. */
  readonly linked_chat_id?: string | undefined;
}

/**
 * A message. What it carries is told by the members that are there.
 * Bale has no `forward_origin`, `quote`, `via_bot`, threads or link previews.
 * @see https://docs.bale.ai/#message
 */
export interface Message {
  /**
   * Number of the message in its chat. The stub an edit answers with has 0: keep the number you edited by.
   */
  readonly message_id: number;
  /** The sender; a post in a channel has none, or a made-up one. */
  readonly from?: User | undefined;
  /** When it was sent, in Unix seconds; absent in the old message of a callback query. */
  readonly date: number;
  /** The chat it belongs to; can be missing in the old message of a callback query. */
  readonly chat: Chat;
  /** The chat in whose name it was sent: the channel, for a post. */
  readonly sender_chat?: Chat | undefined;
  /** The user who wrote the original. */
  readonly forward_from?: User | undefined;
  /** The channel the original was posted in. */
  readonly forward_from_chat?: Chat | undefined;
  /** Number of the original in its channel. */
  readonly forward_from_message_id?: number | undefined;
  /** When the original was sent, in Unix seconds. */
  readonly forward_date?: number | undefined;
  /** The message this one answers. */
  readonly reply_to_message?: Message | undefined;
  /** When it was last changed, in Unix seconds. */
  readonly edit_date?: number | undefined;
  /** What the items of one album have in common. */
  readonly media_group_id?: string | undefined;
  /** The text. Bale's markdown marks stay in it. */
  readonly text?: string | undefined;
  /** Mentions and commands in the text; older messages have none even where the text has. */
  readonly entities?: readonly MessageEntity[] | undefined;
  /** A GIF or a video without sound; `document` is there as well. */
  readonly animation?: Animation | undefined;
  /** A piece of music. */
  readonly audio?: Audio | undefined;
  /** A file sent as it is; also there beside `animation`. */
  readonly document?: Document | undefined;
  /** One photo in several sizes. */
  readonly photo?: readonly PhotoSize[] | undefined;
  /** A sticker. */
  readonly sticker?: Sticker | undefined;
  /** A video. */
  readonly video?: Video | undefined;
  /** A recorded voice. */
  readonly voice?: Voice | undefined;
  /** The text below a file. */
  readonly caption?: string | undefined;
  /** Mentions and commands in the caption. */
  readonly caption_entities?: readonly MessageEntity[] | undefined;
  /** Somebody's phone number. It is the sender's own only when `contact.user_id` equals `from.id`. */
  readonly contact?: Contact | undefined;
  /** A point on the map. */
  readonly location?: Location | undefined;
  /** Who was added to the group. Users report that it is not always delivered. */
  readonly new_chat_members?: readonly User[] | undefined;
  /** Who left the group or was removed. */
  readonly left_chat_member?: User | undefined;
  /** An invoice; not everybody has seen it arrive. */
  readonly invoice?: Invoice | undefined;
  /** A payment that has gone through. */
  readonly successful_payment?: SuccessfulPayment | undefined;
  /** What a mini app sent. */
  readonly web_app_data?: WebAppData | undefined;
  /** The inline keyboard below the message. */
  readonly reply_markup?: InlineKeyboardMarkup | undefined;
}

/**
 * The number of a message that was made without its content being told.
 * @see https://docs.bale.ai/#messageid
 */
export interface MessageId {
  /** Number of the new message in its chat. */
  readonly message_id: number;
}

/**
 * A stretch of text that means something.
 * @see https://docs.bale.ai/#messageentity
 */
export interface MessageEntity {
  /** What it is: an `@username` or a `/command`. */
  readonly type: "mention" | "bot_command" | (string & {});
  /** Where it begins, in UTF-16 units, which is how JavaScript counts. */
  readonly offset: number;
  /** How long it is, in UTF-16 units. */
  readonly length: number;
}

/**
 * One size of a photo.
 * @see https://docs.bale.ai/#photosize
 */
export interface PhotoSize {
  /** What to send or download it by; good for this bot only. It holds `:` and `-`. */
  readonly file_id: string;
  /** The same for every bot and always; it can't be used to download or send. */
  readonly file_unique_id: string;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Size in bytes. */
  readonly file_size?: number | undefined;
}

/**
 * A GIF, or a video without sound.
 * @see https://docs.bale.ai/#animation
 */
export interface Animation {
  /** What to send or download it by; good for this bot only. */
  readonly file_id: string;
  /** The same for every bot and always; it can't be used to download or send. */
  readonly file_unique_id: string;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Length in seconds. */
  readonly duration: number;
  /** A small still picture. */
  readonly thumbnail?: PhotoSize | undefined;
  /** Name the sender's client gave it. */
  readonly file_name?: string | undefined;
  /** MIME type the sender's client gave it. */
  readonly mime_type?: string | undefined;
  /** Size in bytes. */
  readonly file_size?: number | undefined;
}

/**
 * A piece of music.
 * Bale tells no performer and no thumbnail.
 * @see https://docs.bale.ai/#audio
 */
export interface Audio {
  /** What to send or download it by; good for this bot only. */
  readonly file_id: string;
  /** The same for every bot and always; it can't be used to download or send. */
  readonly file_unique_id: string;
  /** Length in seconds. */
  readonly duration: number;
  /** Title from the sender or the file's tags. */
  readonly title?: string | undefined;
  /** Name the sender's client gave it. */
  readonly file_name?: string | undefined;
  /** MIME type the sender's client gave it. */
  readonly mime_type?: string | undefined;
  /** Size in bytes. */
  readonly file_size?: number | undefined;
}

/**
 * A file sent as it is.
 * @see https://docs.bale.ai/#document
 */
export interface Document {
  /** What to send or download it by; good for this bot only. */
  readonly file_id: string;
  /** The same for every bot and always; it can't be used to download or send. */
  readonly file_unique_id: string;
  /** A small still picture. */
  readonly thumbnail?: PhotoSize | undefined;
  /** Name the sender's client gave it; treat it as untrusted. */
  readonly file_name?: string | undefined;
  /** MIME type the sender's client gave it; treat it as untrusted. */
  readonly mime_type?: string | undefined;
  /** Size in bytes. */
  readonly file_size?: number | undefined;
}

/**
 * A video.
 * Bale tells no thumbnail.
 * @see https://docs.bale.ai/#video
 */
export interface Video {
  /** What to send or download it by; good for this bot only. */
  readonly file_id: string;
  /** The same for every bot and always; it can't be used to download or send. */
  readonly file_unique_id: string;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Length in seconds. */
  readonly duration: number;
  /** Name the sender's client gave it. */
  readonly file_name?: string | undefined;
  /** MIME type the sender's client gave it. */
  readonly mime_type?: string | undefined;
  /** Size in bytes. */
  readonly file_size?: number | undefined;
}

/**
 * A recorded voice.
 * @see https://docs.bale.ai/#voice
 */
export interface Voice {
  /** What to send or download it by; good for this bot only. */
  readonly file_id: string;
  /** The same for every bot and always; it can't be used to download or send. */
  readonly file_unique_id: string;
  /**
   * Length in seconds.
   * Not in Bale's documentation.
   */
  readonly duration?: number | undefined;
  /**
   * MIME type the sender's client gave it.
   * Not in Bale's documentation.
   */
  readonly mime_type?: string | undefined;
  /**
   * Size in bytes.
   * Not in Bale's documentation.
   */
  readonly file_size?: number | undefined;
}

/**
 * Somebody's phone number.
 * @see https://docs.bale.ai/#contact
 */
export interface Contact {
  /** The number, usually with its country code. */
  readonly phone_number: string;
  /** First name. */
  readonly first_name: string;
  /** Last name. */
  readonly last_name?: string | undefined;
  /**
   * Number of the user, when the person is on Bale; compare it with `from.id` before trusting the phone
   * number.
   */
  readonly user_id?: number | undefined;
}

/**
 * A point on the map.
 * @see https://docs.bale.ai/#location
 */
export interface Location {
  /** Degrees east. */
  readonly longitude: number;
  /** Degrees north. */
  readonly latitude: number;
}

/**
 * What an invoice says, as it arrives in a message.
 * @see https://docs.bale.ai/#invoice
 */
export interface Invoice {
  /** Name of what is sold. */
  readonly title: string;
  /** Description of what is sold. */
  readonly description: string;
  /** Price in rials. */
  readonly total_amount: number;
  /**
   * Payload of the deep link the invoice was made for.
   * Not in Bale's documentation.
   */
  readonly start_parameter?: string | undefined;
  /**
   * The currency; always `IRR`.
   * Not in Bale's documentation.
   */
  readonly currency?: string | undefined;
}

/**
 * A file that is ready to be downloaded.
 * The link made from `file_path` is good for an hour at least; ask again after that.
 * @see https://docs.bale.ai/#file
 */
export interface File {
  /** What to send or download it by; good for this bot only. */
  readonly file_id: string;
  /** The same for every bot and always; it can't be used to download or send. */
  readonly file_unique_id: string;
  /** Size in bytes. */
  readonly file_size?: number | undefined;
  /** The last part of the download link; `api.download` takes care of it. */
  readonly file_path?: string | undefined;
}

/**
 * A keyboard of ready answers, shown in place of the user's letters.
 * @see https://docs.bale.ai/#replykeyboardmarkup
 */
export interface ReplyKeyboardMarkup {
  /** The rows of buttons, top to bottom; a bare string is a button that sends its text. */
  readonly keyboard: readonly (readonly (KeyboardButton | string)[])[];
  /**
   * Asks for a keyboard just as high as its buttons; whether Bale heeds it is unknown.
   * Not in Bale's documentation.
   */
  readonly resize_keyboard?: boolean | undefined;
  /**
   * Asks that the keyboard go away once a button was used; whether Bale heeds it is unknown.
   * Not in Bale's documentation.
   */
  readonly one_time_keyboard?: boolean | undefined;
  /**
   * Asks that only some users see the keyboard; whether Bale heeds it is unknown.
   * Not in Bale's documentation.
   */
  readonly selective?: boolean | undefined;
}

/**
 * A button of a reply keyboard. Without a request it sends its text.
 * @see https://docs.bale.ai/#keyboardbutton
 */
export interface KeyboardButton {
  /** What the button says, and what it sends. */
  readonly text: string;
  /** Asks the user for their phone number, which arrives as `contact`. */
  readonly request_contact?: boolean | undefined;
  /** Asks the user for their place, which arrives as `location`. */
  readonly request_location?: boolean | undefined;
  /** Opens a mini app that can answer with `web_app_data`. */
  readonly web_app?: WebAppInfo | undefined;
}

/**
 * A keyboard below the message itself.
 * @see https://docs.bale.ai/#inlinekeyboardmarkup
 */
export interface InlineKeyboardMarkup {
  /** The rows of buttons, top to bottom. */
  readonly inline_keyboard: readonly (readonly InlineKeyboardButton[])[];
}

/**
 * A button below a message: exactly one of the optional members says what it does.
 * @see https://docs.bale.ai/#inlinekeyboardbutton
 */
export interface InlineKeyboardButton {
  /** What the button says. */
  readonly text: string;
  /** Opens this link. */
  readonly url?: string | undefined;
  /**
   * Comes back to the bot as `callback_query.data`.
   * 1 to 64 bytes.
   */
  readonly callback_data?: string | undefined;
  /** Opens a mini app. */
  readonly web_app?: WebAppInfo | undefined;
  /** Puts a text on the user's clipboard. */
  readonly copy_text?: CopyTextButton | undefined;
}

/**
 * Takes the reply keyboard away and gives the user their letters back.
 * @see https://docs.bale.ai/#replykeyboardremove
 */
export interface ReplyKeyboardRemove {
  /** Says so. */
  readonly remove_keyboard: true;
}

/**
 * Any keyboard a message can be sent with, or the removal of one. Bale has no forced reply.
 * @see https://docs.bale.ai/#inlinekeyboardmarkup
 */
export type ReplyMarkup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove;

/**
 * A press on a button of an inline keyboard. The button spins until the bot answers.
 * @see https://docs.bale.ai/#callbackquery
 */
export interface CallbackQuery {
  /** What to answer it by. One that begins with `1` comes from a client too old to show the answer. */
  readonly id: string;
  /** Who pressed. */
  readonly from: User;
  /** The message with the keyboard; of a very old one the content, `date` and even `chat` can be missing. */
  readonly message?: Message | undefined;
  /** The button's `callback_data`. */
  readonly data?: string | undefined;
}

/**
 * What a mini app sent with `sendData`.
 * @see https://docs.bale.ai/#webappdata
 */
export interface WebAppData {
  /** The data. Any client can forge it: check it like a stranger's input. */
  readonly data: string;
}

/**
 * Names a mini app.
 * @see https://docs.bale.ai/#webappinfo
 */
export interface WebAppInfo {
  /** Address of the mini app; HTTPS. */
  readonly url: string;
}

/**
 * What a copy button puts on the clipboard.
 * @see https://docs.bale.ai/#copytextbutton
 */
export interface CopyTextButton {
  /**
   * The text to copy.
   * 1 to 256 characters.
   */
  readonly text: string;
}

/**
 * What somebody is in a chat, told apart by `status`.
 * Bale has no `left` or `kicked`: asking about a stranger is an error.
 * @see https://docs.bale.ai/#chatmember
 */
export type ChatMember = ChatMemberOwner | ChatMemberAdministrator | ChatMemberMember | ChatMemberRestricted;

/**
 * Who made the chat; may do everything.
 * @see https://docs.bale.ai/#chatmemberowner
 */
export interface ChatMemberOwner {
  /** Tells the owner. */
  readonly status: "creator";
  /** The person. */
  readonly user: User;
}

/**
 * An administrator, with what they may do.
 * @see https://docs.bale.ai/#chatmemberadministrator
 */
export interface ChatMemberAdministrator {
  /** Tells an administrator. */
  readonly status: "administrator";
  /** The person. */
  readonly user: User;
  /** May delete what others wrote. */
  readonly can_delete_messages: boolean;
  /** May run video chats. */
  readonly can_manage_video_chats: boolean;
  /** May restrict and ban members. */
  readonly can_restrict_members: boolean;
  /** May make others administrators. */
  readonly can_promote_members: boolean;
  /** May change title, picture and description. */
  readonly can_change_info: boolean;
  /** May invite people. */
  readonly can_invite_users: boolean;
  /** May post stories in the chat's name. */
  readonly can_post_stories: boolean;
  /** May post; channels only. */
  readonly can_post_messages?: boolean | undefined;
  /** May change others' posts; channels only. */
  readonly can_edit_messages?: boolean | undefined;
  /** May pin messages; groups only. */
  readonly can_pin_messages?: boolean | undefined;
}

/**
 * A plain member.
 * @see https://docs.bale.ai/#chatmembermember
 */
export interface ChatMemberMember {
  /** Tells a plain member. */
  readonly status: "member";
  /** The person. */
  readonly user: User;
}

/**
 * A member who may do less than others.
 * Live answers have carried more flags than these, Bale's own among them.
 * @see https://docs.bale.ai/#chatmemberrestricted
 */
export interface ChatMemberRestricted {
  /** Tells a restricted member. */
  readonly status: "restricted";
  /** The person. */
  readonly user: User;
  /** Is in the chat at this moment. */
  readonly is_member: boolean;
  /** May write texts, contacts and locations. */
  readonly can_send_messages: boolean;
  /** May send music. */
  readonly can_send_audios: boolean;
  /** May send files. */
  readonly can_send_documents: boolean;
  /** May send photos. */
  readonly can_send_photos: boolean;
  /** May send videos. */
  readonly can_send_videos: boolean;
  /** May change title, picture and description. */
  readonly can_change_info: boolean;
  /** May invite people. */
  readonly can_invite_users: boolean;
  /** May pin messages. */
  readonly can_pin_messages: boolean;
}

/**
 * A chat's picture, small and big. Its ids are good for downloading only.
 * @see https://docs.bale.ai/#chatphoto
 */
export interface ChatPhoto {
  /** What to download the small picture by. */
  readonly small_file_id: string;
  /** The same for every bot and always, for the small picture. */
  readonly small_file_unique_id: string;
  /** What to download the big picture by. */
  readonly big_file_id: string;
  /** The same for every bot and always, for the big picture. */
  readonly big_file_unique_id: string;
}

/**
 * A link that lets people into a chat. Its shape is known from working code only.
 * Bale's documentation gives no return type here, and a bare string cannot be ruled out.
 * Not defined in Bale's documentation.
 * @see https://github.com/PHX-Go/GoBale
 */
export interface ChatInviteLink {
  /** The link. */
  readonly invite_link: string;
  /** Who made it. */
  readonly creator?: User | undefined;
  /** Whether an administrator has to approve who comes by it. */
  readonly creates_join_request?: boolean | undefined;
  /** Whether it is the chat's primary link. */
  readonly is_primary?: boolean | undefined;
  /** Whether it no longer works. */
  readonly is_revoked?: boolean | undefined;
  /** Name an administrator gave it. */
  readonly name?: string | undefined;
  /** When it stops working, in Unix seconds. */
  readonly expire_date?: number | undefined;
  /** How many people may be in the chat by it at once. */
  readonly member_limit?: number | undefined;
  /** How many people wait for approval. */
  readonly pending_join_request_count?: number | undefined;
}

/**
 * What plain members of a group may do. Its shape is known from working code only.
 * Not defined in Bale's documentation.
 * @see https://github.com/PHX-Go/GoBale
 */
export interface ChatPermissions {
  /** May write. */
  readonly can_send_messages?: boolean | undefined;
  /** May invite people. */
  readonly can_invite_users?: boolean | undefined;
  /** May pin messages; private groups only. */
  readonly can_pin_messages?: boolean | undefined;
  /** May change title, picture and description; private groups only. */
  readonly can_change_info?: boolean | undefined;
}

/**
 * What a failed answer tells besides its text.
 * @see https://docs.bale.ai/#responseparameters
 */
export interface ResponseParameters {
  /** Seconds to wait before the next try; can be missing even when the limit was hit. */
  readonly retry_after?: number | undefined;
}

/**
 * One item of an album.
 * @see https://docs.bale.ai/#sendmediagroup
 */
export type InputMedia = InputMediaPhoto | InputMediaVideo | InputMediaAudio | InputMediaDocument;

/**
 * A photo for an album.
 * @see https://docs.bale.ai/#inputmediaphoto
 */
export interface InputMediaPhoto {
  /** Tells a photo. */
  readonly type: "photo";
  /** The photo: a `file_id`, a URL, or a file to upload. */
  readonly media: InputFile | string;
  /**
   * Text below the photo, read as Bale markdown.
   * At most 1024 characters.
   */
  readonly caption?: string | undefined;
}

/**
 * A video for an album.
 * @see https://docs.bale.ai/#inputmediavideo
 */
export interface InputMediaVideo {
  /** Tells a video. */
  readonly type: "video";
  /** The video: a `file_id`, a URL, or a file to upload. */
  readonly media: InputFile | string;
  /**
   * Text below the video, read as Bale markdown.
   * At most 1024 characters.
   */
  readonly caption?: string | undefined;
  /** Small still picture, uploaded with the video: JPEG below 200 kB, at most 320 pixels wide and high. */
  readonly thumbnail?: InputFile | string | undefined;
  /** Width in pixels. */
  readonly width?: number | undefined;
  /** Height in pixels. */
  readonly height?: number | undefined;
  /** Length in seconds. */
  readonly duration?: number | undefined;
}

/**
 * An animation as an item. Bale lists the type, but no documented method takes it; albums with it have
 * failed.
 * @see https://docs.bale.ai/#inputmediaanimation
 */
export interface InputMediaAnimation {
  /** Tells an animation. */
  readonly type: "animation";
  /** The animation: a `file_id`, a URL, or a file to upload. */
  readonly media: InputFile | string;
  /**
   * Text below the animation, read as Bale markdown.
   * At most 1024 characters.
   */
  readonly caption?: string | undefined;
  /**
   * Small still picture, uploaded with the animation: JPEG below 200 kB, at most 320 pixels wide and high.
   */
  readonly thumbnail?: InputFile | string | undefined;
  /** Width in pixels. */
  readonly width?: number | undefined;
  /** Height in pixels. */
  readonly height?: number | undefined;
  /** Length in seconds. */
  readonly duration?: number | undefined;
}

/**
 * A piece of music for an album; albums of music hold nothing else.
 * @see https://docs.bale.ai/#inputmediaaudio
 */
export interface InputMediaAudio {
  /** Tells music. */
  readonly type: "audio";
  /** The music: a `file_id`, a URL, or a file to upload. */
  readonly media: InputFile | string;
  /**
   * Text below the music, read as Bale markdown.
   * At most 1024 characters.
   */
  readonly caption?: string | undefined;
  /** Small cover, uploaded with the music: JPEG below 200 kB, at most 320 pixels wide and high. */
  readonly thumbnail?: InputFile | string | undefined;
  /** Length in seconds. */
  readonly duration?: number | undefined;
  /** Title to show. */
  readonly title?: string | undefined;
}

/**
 * A plain file for an album; albums of files hold nothing else.
 * @see https://docs.bale.ai/#inputmediadocument
 */
export interface InputMediaDocument {
  /** Tells a file. */
  readonly type: "document";
  /** The file: a `file_id`, a URL, or a file to upload. */
  readonly media: InputFile | string;
  /**
   * Text below the file, read as Bale markdown.
   * At most 1024 characters.
   */
  readonly caption?: string | undefined;
  /** Small still picture, uploaded with the file: JPEG below 200 kB, at most 320 pixels wide and high. */
  readonly thumbnail?: InputFile | string | undefined;
}

/**
 * A sticker.
 * Bale tells no emoji, no name of the set, and not whether it moves.
 * @see https://docs.bale.ai/#sticker
 */
export interface Sticker {
  /** What to send or download it by; good for this bot only. */
  readonly file_id: string;
  /** The same for every bot and always; it can't be used to download or send. */
  readonly file_unique_id: string;
  /** What it is made for. */
  readonly type: "regular" | "mask" | (string & {});
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Size in bytes. */
  readonly file_size?: number | undefined;
}

/**
 * A set of stickers.
 * @see https://docs.bale.ai/#stickerset
 */
export interface StickerSet {
  /** Name of the set, as links and methods use it. */
  readonly name: string;
  /** Title people see. */
  readonly title: string;
  /** The stickers of the set. */
  readonly stickers: readonly Sticker[];
  /** Picture that stands for the set. */
  readonly thumbnail?: PhotoSize | undefined;
}

/**
 * A sticker to be put into a set. Bale names the type without defining it; its members are known from working
 * code only.
 * Not defined in Bale's documentation.
 * @see https://github.com/PHX-Go/GoBale
 */
export interface InputSticker {
  /** The sticker: a `file_id`, a URL, or a file to upload. */
  readonly sticker: InputFile | string;
  /** The emoji it stands for. */
  readonly emoji_list: readonly string[];
  /** Words it is found by. */
  readonly keywords?: readonly string[] | undefined;
}

/**
 * One line of an invoice.
 * @see https://docs.bale.ai/#labeledprice
 */
export interface LabeledPrice {
  /** What the line is for. */
  readonly label: string;
  /** Rials, whole: 10000 is ten thousand rials. */
  readonly amount: number;
}

/**
 * A payment that waits for the bot's yes. Nothing is paid yet.
 * @see https://docs.bale.ai/#precheckoutquery
 */
export interface PreCheckoutQuery {
  /** What to answer it by, and what `inquireTransaction` takes later. */
  readonly id: string;
  /** Who is paying. */
  readonly from: User;
  /** The currency; always rials. */
  readonly currency: "IRR" | (string & {});
  /** Price in rials. */
  readonly total_amount: number;
  /** The payload the invoice was made with. */
  readonly invoice_payload: string;
}

/**
 * A payment that has gone through.
 * @see https://docs.bale.ai/#successfulpayment
 */
export interface SuccessfulPayment {
  /** The currency; always rials. */
  readonly currency: "IRR" | (string & {});
  /** Price in rials. */
  readonly total_amount: number;
  /** The payload the invoice was made with. */
  readonly invoice_payload: string;
  /** Id of the transaction, the same as the pre-checkout query's; the name is Telegram's. */
  readonly telegram_payment_charge_id: string;
  /** The wallet's tracking number. */
  readonly provider_payment_charge_id: string;
}

/**
 * What became of a payment.
 * @see https://docs.bale.ai/#transaction
 */
export interface Transaction {
  /** Id of the transaction. */
  readonly id: string;
  /** How far it has come; older code knows `succeed` and `timeout` too. */
  readonly status: "pending" | "paid" | "failed" | "rejected" | (string & {});
  /** Number of the user who pays; written in camel case on the wire. */
  readonly userID: number;
  /** Rials. */
  readonly amount: number;
  /** When it was made, in Unix time; written in camel case on the wire. */
  readonly createdAt: number;
}

/**
 * A command for the menu of commands. Its shape is Telegram's, known from working code only.
 * Not defined in Bale's documentation.
 * @see https://github.com/ErfanVahabpour/Bale-Bot-SDK
 */
export interface BotCommand {
  /** Name of the command, without the slash. */
  readonly command: string;
  /** What it does, in a few words. */
  readonly description: string;
}

/**
 * The pictures somebody has had. Its shape is known from working code only.
 * Not defined in Bale's documentation.
 * @see https://github.com/PHX-Go/GoBale
 */
export interface UserProfilePhotos {
  /** How many there are. */
  readonly total_count: number;
  /** Each picture in several sizes. */
  readonly photos: readonly (readonly PhotoSize[])[];
}
