// generated from spec/bale-api.json, do not edit; run `npm run generate`

import type {
  Animation,
  Audio,
  CallbackQuery,
  Chat,
  Contact,
  Document,
  InlineKeyboardMarkup,
  Invoice,
  Location,
  Message,
  MessageEntity,
  PhotoSize,
  PreCheckoutQuery,
  Sticker,
  SuccessfulPayment,
  Update,
  User,
  Video,
  Voice,
  WebAppData,
} from "./types.js";

/** A message that has `text`. */
export interface TextMessage extends Message {
  readonly text: string;
}

/** A message that has `caption`. */
export interface CaptionMessage extends Message {
  readonly caption: string;
}

/** A message that has `entities`. */
export interface EntitiesMessage extends Message {
  readonly entities: readonly MessageEntity[];
}

/** A message that has `caption_entities`. */
export interface CaptionEntitiesMessage extends Message {
  readonly caption_entities: readonly MessageEntity[];
}

/** A message that has `photo`. */
export interface PhotoMessage extends Message {
  readonly photo: readonly PhotoSize[];
}

/** A message that has `video`. */
export interface VideoMessage extends Message {
  readonly video: Video;
}

/** A message that has `animation`. */
export interface AnimationMessage extends Message {
  readonly animation: Animation;
}

/** A message that has `audio`. */
export interface AudioMessage extends Message {
  readonly audio: Audio;
}

/** A message that has `voice`. */
export interface VoiceMessage extends Message {
  readonly voice: Voice;
}

/** A message that has `document`. */
export interface DocumentMessage extends Message {
  readonly document: Document;
}

/** A message that has `sticker`. */
export interface StickerMessage extends Message {
  readonly sticker: Sticker;
}

/** A message that has `contact`. */
export interface ContactMessage extends Message {
  readonly contact: Contact;
}

/** A message that has `location`. */
export interface LocationMessage extends Message {
  readonly location: Location;
}

/** A message that has `invoice`. */
export interface InvoiceMessage extends Message {
  readonly invoice: Invoice;
}

/** A message that has `successful_payment`. */
export interface SuccessfulPaymentMessage extends Message {
  readonly successful_payment: SuccessfulPayment;
}

/** A message that has `web_app_data`. */
export interface WebAppDataMessage extends Message {
  readonly web_app_data: WebAppData;
}

/** A message that has `new_chat_members`. */
export interface NewChatMembersMessage extends Message {
  readonly new_chat_members: readonly User[];
}

/** A message that has `left_chat_member`. */
export interface LeftChatMemberMessage extends Message {
  readonly left_chat_member: User;
}

/** A message that has `reply_to_message`. */
export interface ReplyToMessageMessage extends Message {
  readonly reply_to_message: Message;
}

/** A message that has `reply_markup`. */
export interface ReplyMarkupMessage extends Message {
  readonly reply_markup: InlineKeyboardMarkup;
}

/** A message that has `media_group_id`. */
export interface MediaGroupIdMessage extends Message {
  readonly media_group_id: string;
}

/** A message that has `from`. */
export interface FromMessage extends Message {
  readonly from: User;
}

/** A message that has `sender_chat`. */
export interface SenderChatMessage extends Message {
  readonly sender_chat: Chat;
}

/** A message that has `forward_from`. */
export interface ForwardFromMessage extends Message {
  readonly forward_from: User;
}

/** A message that has `forward_from_chat`. */
export interface ForwardFromChatMessage extends Message {
  readonly forward_from_chat: Chat;
}

/** A message that has `forward_date`. */
export interface ForwardDateMessage extends Message {
  readonly forward_date: number;
}

/** A callback query that has `data`. */
export interface DataCallbackQuery extends CallbackQuery {
  readonly data: string;
}

/** A callback query that has `message`. */
export interface MessageCallbackQuery extends CallbackQuery {
  readonly message: Message;
}

/** What a context has behind `update`. */
export interface AnyUpdateQuery {
  readonly update: Update;
}

/** What a context has behind `message`. */
export interface MessageQuery {
  readonly message: Message;
  readonly msg: Message;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `edited_message` and `message_edit`. */
export interface EditedMessageQuery {
  readonly editedMessage: Message;
  readonly msg: Message;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `callback_query` and `callback`. */
export interface CallbackQueryQuery {
  readonly callbackQuery: CallbackQuery;
  readonly from: User;
  readonly chatId: number;
}

/** What a context has behind `pre_checkout_query`. */
export interface PreCheckoutQueryQuery {
  readonly preCheckoutQuery: PreCheckoutQuery;
  readonly from: User;
}

/** What a context has behind `message:text`. */
export interface MessageTextQuery {
  readonly msg: TextMessage;
  readonly message: TextMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly text: string;
  readonly content: string;
}

/** What a context has behind `edited_message:text`. */
export interface EditedMessageTextQuery {
  readonly msg: TextMessage;
  readonly editedMessage: TextMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly text: string;
  readonly content: string;
}

/** What a context has behind `:text`. */
export interface AnyTextQuery {
  readonly msg: TextMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly text: string;
  readonly content: string;
}

/** What a context has behind `message:caption`. */
export interface MessageCaptionQuery {
  readonly msg: CaptionMessage;
  readonly message: CaptionMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly content: string;
}

/** What a context has behind `edited_message:caption`. */
export interface EditedMessageCaptionQuery {
  readonly msg: CaptionMessage;
  readonly editedMessage: CaptionMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly content: string;
}

/** What a context has behind `:caption`. */
export interface AnyCaptionQuery {
  readonly msg: CaptionMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly content: string;
}

/** What a context has behind `message:entities`. */
export interface MessageEntitiesQuery {
  readonly msg: EntitiesMessage;
  readonly message: EntitiesMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly text: string;
  readonly content: string;
}

/** What a context has behind `edited_message:entities`. */
export interface EditedMessageEntitiesQuery {
  readonly msg: EntitiesMessage;
  readonly editedMessage: EntitiesMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly text: string;
  readonly content: string;
}

/** What a context has behind `:entities`. */
export interface AnyEntitiesQuery {
  readonly msg: EntitiesMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly text: string;
  readonly content: string;
}

/** What a context has behind `message:caption_entities`. */
export interface MessageCaptionEntitiesQuery {
  readonly msg: CaptionEntitiesMessage;
  readonly message: CaptionEntitiesMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly content: string;
}

/** What a context has behind `edited_message:caption_entities`. */
export interface EditedMessageCaptionEntitiesQuery {
  readonly msg: CaptionEntitiesMessage;
  readonly editedMessage: CaptionEntitiesMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly content: string;
}

/** What a context has behind `:caption_entities`. */
export interface AnyCaptionEntitiesQuery {
  readonly msg: CaptionEntitiesMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly content: string;
}

/** What a context has behind `message:photo`. */
export interface MessagePhotoQuery {
  readonly msg: PhotoMessage;
  readonly message: PhotoMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: PhotoSize;
}

/** What a context has behind `edited_message:photo`. */
export interface EditedMessagePhotoQuery {
  readonly msg: PhotoMessage;
  readonly editedMessage: PhotoMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: PhotoSize;
}

/** What a context has behind `:photo`. */
export interface AnyPhotoQuery {
  readonly msg: PhotoMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: PhotoSize;
}

/** What a context has behind `message:video`. */
export interface MessageVideoQuery {
  readonly msg: VideoMessage;
  readonly message: VideoMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Video;
}

/** What a context has behind `edited_message:video`. */
export interface EditedMessageVideoQuery {
  readonly msg: VideoMessage;
  readonly editedMessage: VideoMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Video;
}

/** What a context has behind `:video`. */
export interface AnyVideoQuery {
  readonly msg: VideoMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Video;
}

/** What a context has behind `message:animation`. */
export interface MessageAnimationQuery {
  readonly msg: AnimationMessage;
  readonly message: AnimationMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Animation;
}

/** What a context has behind `edited_message:animation`. */
export interface EditedMessageAnimationQuery {
  readonly msg: AnimationMessage;
  readonly editedMessage: AnimationMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Animation;
}

/** What a context has behind `:animation`. */
export interface AnyAnimationQuery {
  readonly msg: AnimationMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Animation;
}

/** What a context has behind `message:audio`. */
export interface MessageAudioQuery {
  readonly msg: AudioMessage;
  readonly message: AudioMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Audio;
}

/** What a context has behind `edited_message:audio`. */
export interface EditedMessageAudioQuery {
  readonly msg: AudioMessage;
  readonly editedMessage: AudioMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Audio;
}

/** What a context has behind `:audio`. */
export interface AnyAudioQuery {
  readonly msg: AudioMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Audio;
}

/** What a context has behind `message:voice`. */
export interface MessageVoiceQuery {
  readonly msg: VoiceMessage;
  readonly message: VoiceMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Voice;
}

/** What a context has behind `edited_message:voice`. */
export interface EditedMessageVoiceQuery {
  readonly msg: VoiceMessage;
  readonly editedMessage: VoiceMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Voice;
}

/** What a context has behind `:voice`. */
export interface AnyVoiceQuery {
  readonly msg: VoiceMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Voice;
}

/** What a context has behind `message:document`. */
export interface MessageDocumentQuery {
  readonly msg: DocumentMessage;
  readonly message: DocumentMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Document;
}

/** What a context has behind `edited_message:document`. */
export interface EditedMessageDocumentQuery {
  readonly msg: DocumentMessage;
  readonly editedMessage: DocumentMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Document;
}

/** What a context has behind `:document`. */
export interface AnyDocumentQuery {
  readonly msg: DocumentMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Document;
}

/** What a context has behind `message:sticker`. */
export interface MessageStickerQuery {
  readonly msg: StickerMessage;
  readonly message: StickerMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Sticker;
}

/** What a context has behind `:sticker`. */
export interface AnyStickerQuery {
  readonly msg: StickerMessage;
  readonly message: StickerMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: Sticker;
}

/** What a context has behind `message:contact`. */
export interface MessageContactQuery {
  readonly msg: ContactMessage;
  readonly message: ContactMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `:contact`. */
export interface AnyContactQuery {
  readonly msg: ContactMessage;
  readonly message: ContactMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `message:location`. */
export interface MessageLocationQuery {
  readonly msg: LocationMessage;
  readonly message: LocationMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `:location`. */
export interface AnyLocationQuery {
  readonly msg: LocationMessage;
  readonly message: LocationMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `message:invoice`. */
export interface MessageInvoiceQuery {
  readonly msg: InvoiceMessage;
  readonly message: InvoiceMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `:invoice`. */
export interface AnyInvoiceQuery {
  readonly msg: InvoiceMessage;
  readonly message: InvoiceMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `message:successful_payment` and `successful_payment`. */
export interface MessageSuccessfulPaymentQuery {
  readonly msg: SuccessfulPaymentMessage;
  readonly message: SuccessfulPaymentMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly payment: SuccessfulPayment;
}

/** What a context has behind `:successful_payment`. */
export interface AnySuccessfulPaymentQuery {
  readonly msg: SuccessfulPaymentMessage;
  readonly message: SuccessfulPaymentMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly payment: SuccessfulPayment;
}

/** What a context has behind `message:web_app_data`. */
export interface MessageWebAppDataQuery {
  readonly msg: WebAppDataMessage;
  readonly message: WebAppDataMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `:web_app_data`. */
export interface AnyWebAppDataQuery {
  readonly msg: WebAppDataMessage;
  readonly message: WebAppDataMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `message:new_chat_members`. */
export interface MessageNewChatMembersQuery {
  readonly msg: NewChatMembersMessage;
  readonly message: NewChatMembersMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `:new_chat_members`. */
export interface AnyNewChatMembersQuery {
  readonly msg: NewChatMembersMessage;
  readonly message: NewChatMembersMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `message:left_chat_member` and `member_chat_leave`. */
export interface MessageLeftChatMemberQuery {
  readonly msg: LeftChatMemberMessage;
  readonly message: LeftChatMemberMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly member: User;
}

/** What a context has behind `:left_chat_member`. */
export interface AnyLeftChatMemberQuery {
  readonly msg: LeftChatMemberMessage;
  readonly message: LeftChatMemberMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly member: User;
}

/** What a context has behind `message:reply_to_message`. */
export interface MessageReplyToMessageQuery {
  readonly msg: ReplyToMessageMessage;
  readonly message: ReplyToMessageMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `edited_message:reply_to_message`. */
export interface EditedMessageReplyToMessageQuery {
  readonly msg: ReplyToMessageMessage;
  readonly editedMessage: ReplyToMessageMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `:reply_to_message`. */
export interface AnyReplyToMessageQuery {
  readonly msg: ReplyToMessageMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `message:reply_markup`. */
export interface MessageReplyMarkupQuery {
  readonly msg: ReplyMarkupMessage;
  readonly message: ReplyMarkupMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `edited_message:reply_markup`. */
export interface EditedMessageReplyMarkupQuery {
  readonly msg: ReplyMarkupMessage;
  readonly editedMessage: ReplyMarkupMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `:reply_markup`. */
export interface AnyReplyMarkupQuery {
  readonly msg: ReplyMarkupMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `message:media_group_id`. */
export interface MessageMediaGroupIdQuery {
  readonly msg: MediaGroupIdMessage;
  readonly message: MediaGroupIdMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `edited_message:media_group_id`. */
export interface EditedMessageMediaGroupIdQuery {
  readonly msg: MediaGroupIdMessage;
  readonly editedMessage: MediaGroupIdMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `:media_group_id`. */
export interface AnyMediaGroupIdQuery {
  readonly msg: MediaGroupIdMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `message:from`. */
export interface MessageFromQuery {
  readonly msg: FromMessage;
  readonly message: FromMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly from: User;
}

/** What a context has behind `edited_message:from`. */
export interface EditedMessageFromQuery {
  readonly msg: FromMessage;
  readonly editedMessage: FromMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly from: User;
}

/** What a context has behind `:from`. */
export interface AnyFromQuery {
  readonly msg: FromMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly from: User;
}

/** What a context has behind `message:sender_chat`. */
export interface MessageSenderChatQuery {
  readonly msg: SenderChatMessage;
  readonly message: SenderChatMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `edited_message:sender_chat`. */
export interface EditedMessageSenderChatQuery {
  readonly msg: SenderChatMessage;
  readonly editedMessage: SenderChatMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `:sender_chat`. */
export interface AnySenderChatQuery {
  readonly msg: SenderChatMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `message:forward_from`. */
export interface MessageForwardFromQuery {
  readonly msg: ForwardFromMessage;
  readonly message: ForwardFromMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `:forward_from`. */
export interface AnyForwardFromQuery {
  readonly msg: ForwardFromMessage;
  readonly message: ForwardFromMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `message:forward_from_chat`. */
export interface MessageForwardFromChatQuery {
  readonly msg: ForwardFromChatMessage;
  readonly message: ForwardFromChatMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `:forward_from_chat`. */
export interface AnyForwardFromChatQuery {
  readonly msg: ForwardFromChatMessage;
  readonly message: ForwardFromChatMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `message:forward_date`. */
export interface MessageForwardDateQuery {
  readonly msg: ForwardDateMessage;
  readonly message: ForwardDateMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `:forward_date`. */
export interface AnyForwardDateQuery {
  readonly msg: ForwardDateMessage;
  readonly message: ForwardDateMessage;
  readonly chat: Chat;
  readonly chatId: number;
}

/** What a context has behind `message:media`. */
export interface MessageMediaQuery {
  readonly msg: Message;
  readonly message: Message;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: PhotoSize | Video | Animation;
}

/** What a context has behind `edited_message:media`. */
export interface EditedMessageMediaQuery {
  readonly msg: Message;
  readonly editedMessage: Message;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: PhotoSize | Video | Animation;
}

/** What a context has behind `:media`. */
export interface AnyMediaQuery {
  readonly msg: Message;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: PhotoSize | Video | Animation;
}

/** What a context has behind `message:file`. */
export interface MessageFileQuery {
  readonly msg: Message;
  readonly message: Message;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: PhotoSize | Video | Animation | Audio | Voice | Document | Sticker;
}

/** What a context has behind `edited_message:file`. */
export interface EditedMessageFileQuery {
  readonly msg: Message;
  readonly editedMessage: Message;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: PhotoSize | Video | Animation | Audio | Voice | Document | Sticker;
}

/** What a context has behind `:file`. */
export interface AnyFileQuery {
  readonly msg: Message;
  readonly chat: Chat;
  readonly chatId: number;
  readonly attachment: PhotoSize | Video | Animation | Audio | Voice | Document | Sticker;
}

/** What a context has behind `callback_query:data`. */
export interface CallbackQueryDataQuery {
  readonly callbackQuery: DataCallbackQuery;
  readonly from: User;
  readonly chatId: number;
}

/** What a context has behind `callback_query:message`. */
export interface CallbackQueryMessageQuery {
  readonly callbackQuery: MessageCallbackQuery;
  readonly from: User;
  readonly chatId: number;
  readonly msg: Message;
}

/** What a context has behind `member_chat_join`. */
export interface MemberChatJoinQuery {
  readonly msg: NewChatMembersMessage;
  readonly message: NewChatMembersMessage;
  readonly chat: Chat;
  readonly chatId: number;
  readonly member: User;
}

/** What a context has behind each query. */
export interface Queries {
  /** Every update, whatever is in it. */
  readonly update: AnyUpdateQuery;
  /** A new message: in a private chat, a group or a channel. */
  readonly message: MessageQuery;
  /** A message that its sender has changed. */
  readonly edited_message: EditedMessageQuery;
  /** A press on a button of an inline keyboard. */
  readonly callback_query: CallbackQueryQuery;
  /** A wallet payment that waits for the bot's yes, ten seconds long. */
  readonly pre_checkout_query: PreCheckoutQueryQuery;
  /** A message of text. */
  readonly "message:text": MessageTextQuery;
  /** A message of text. */
  readonly "edited_message:text": EditedMessageTextQuery;
  /** A message of text. */
  readonly ":text": AnyTextQuery;
  /** A message whose file has a caption. */
  readonly "message:caption": MessageCaptionQuery;
  /** A message whose file has a caption. */
  readonly "edited_message:caption": EditedMessageCaptionQuery;
  /** A message whose file has a caption. */
  readonly ":caption": AnyCaptionQuery;
  /** A text with a mention or a command in it. */
  readonly "message:entities": MessageEntitiesQuery;
  /** A text with a mention or a command in it. */
  readonly "edited_message:entities": EditedMessageEntitiesQuery;
  /** A text with a mention or a command in it. */
  readonly ":entities": AnyEntitiesQuery;
  /** A caption with a mention or a command in it. */
  readonly "message:caption_entities": MessageCaptionEntitiesQuery;
  /** A caption with a mention or a command in it. */
  readonly "edited_message:caption_entities": EditedMessageCaptionEntitiesQuery;
  /** A caption with a mention or a command in it. */
  readonly ":caption_entities": AnyCaptionEntitiesQuery;
  /** A photo, in several sizes. */
  readonly "message:photo": MessagePhotoQuery;
  /** A photo, in several sizes. */
  readonly "edited_message:photo": EditedMessagePhotoQuery;
  /** A photo, in several sizes. */
  readonly ":photo": AnyPhotoQuery;
  /** A video. */
  readonly "message:video": MessageVideoQuery;
  /** A video. */
  readonly "edited_message:video": EditedMessageVideoQuery;
  /** A video. */
  readonly ":video": AnyVideoQuery;
  /** A GIF, or a video without sound. */
  readonly "message:animation": MessageAnimationQuery;
  /** A GIF, or a video without sound. */
  readonly "edited_message:animation": EditedMessageAnimationQuery;
  /** A GIF, or a video without sound. */
  readonly ":animation": AnyAnimationQuery;
  /** A piece of music. */
  readonly "message:audio": MessageAudioQuery;
  /** A piece of music. */
  readonly "edited_message:audio": EditedMessageAudioQuery;
  /** A piece of music. */
  readonly ":audio": AnyAudioQuery;
  /** A recorded voice. */
  readonly "message:voice": MessageVoiceQuery;
  /** A recorded voice. */
  readonly "edited_message:voice": EditedMessageVoiceQuery;
  /** A recorded voice. */
  readonly ":voice": AnyVoiceQuery;
  /** A file sent as it is. */
  readonly "message:document": MessageDocumentQuery;
  /** A file sent as it is. */
  readonly "edited_message:document": EditedMessageDocumentQuery;
  /** A file sent as it is. */
  readonly ":document": AnyDocumentQuery;
  /** A sticker. */
  readonly "message:sticker": MessageStickerQuery;
  /** A sticker. */
  readonly ":sticker": AnyStickerQuery;
  /** Somebody's phone number. */
  readonly "message:contact": MessageContactQuery;
  /** Somebody's phone number. */
  readonly ":contact": AnyContactQuery;
  /** A point on the map. */
  readonly "message:location": MessageLocationQuery;
  /** A point on the map. */
  readonly ":location": AnyLocationQuery;
  /** An invoice to be paid. */
  readonly "message:invoice": MessageInvoiceQuery;
  /** An invoice to be paid. */
  readonly ":invoice": AnyInvoiceQuery;
  /** A payment that has gone through. */
  readonly "message:successful_payment": MessageSuccessfulPaymentQuery;
  /** A payment that has gone through. */
  readonly ":successful_payment": AnySuccessfulPaymentQuery;
  /** Data a mini app has sent; anybody can forge it. */
  readonly "message:web_app_data": MessageWebAppDataQuery;
  /** Data a mini app has sent; anybody can forge it. */
  readonly ":web_app_data": AnyWebAppDataQuery;
  /** People who were added to a group. */
  readonly "message:new_chat_members": MessageNewChatMembersQuery;
  /** People who were added to a group. */
  readonly ":new_chat_members": AnyNewChatMembersQuery;
  /** Somebody who left a group or was removed. */
  readonly "message:left_chat_member": MessageLeftChatMemberQuery;
  /** Somebody who left a group or was removed. */
  readonly ":left_chat_member": AnyLeftChatMemberQuery;
  /** An answer to another message. */
  readonly "message:reply_to_message": MessageReplyToMessageQuery;
  /** An answer to another message. */
  readonly "edited_message:reply_to_message": EditedMessageReplyToMessageQuery;
  /** An answer to another message. */
  readonly ":reply_to_message": AnyReplyToMessageQuery;
  /** A message with an inline keyboard. */
  readonly "message:reply_markup": MessageReplyMarkupQuery;
  /** A message with an inline keyboard. */
  readonly "edited_message:reply_markup": EditedMessageReplyMarkupQuery;
  /** A message with an inline keyboard. */
  readonly ":reply_markup": AnyReplyMarkupQuery;
  /** One item of an album. */
  readonly "message:media_group_id": MessageMediaGroupIdQuery;
  /** One item of an album. */
  readonly "edited_message:media_group_id": EditedMessageMediaGroupIdQuery;
  /** One item of an album. */
  readonly ":media_group_id": AnyMediaGroupIdQuery;
  /** A message whose sender is known: posts of channels may have none. */
  readonly "message:from": MessageFromQuery;
  /** A message whose sender is known: posts of channels may have none. */
  readonly "edited_message:from": EditedMessageFromQuery;
  /** A message whose sender is known: posts of channels may have none. */
  readonly ":from": AnyFromQuery;
  /** A message sent in the name of a chat: posts of channels. */
  readonly "message:sender_chat": MessageSenderChatQuery;
  /** A message sent in the name of a chat: posts of channels. */
  readonly "edited_message:sender_chat": EditedMessageSenderChatQuery;
  /** A message sent in the name of a chat: posts of channels. */
  readonly ":sender_chat": AnySenderChatQuery;
  /** A message forwarded from a user. */
  readonly "message:forward_from": MessageForwardFromQuery;
  /** A message forwarded from a user. */
  readonly ":forward_from": AnyForwardFromQuery;
  /** A message forwarded from a channel. */
  readonly "message:forward_from_chat": MessageForwardFromChatQuery;
  /** A message forwarded from a channel. */
  readonly ":forward_from_chat": AnyForwardFromChatQuery;
  /** A message forwarded from anywhere. */
  readonly "message:forward_date": MessageForwardDateQuery;
  /** A message forwarded from anywhere. */
  readonly ":forward_date": AnyForwardDateQuery;
  /** Anything to look at: a photo, a video or an animation. */
  readonly "message:media": MessageMediaQuery;
  /** Anything to look at: a photo, a video or an animation. */
  readonly "edited_message:media": EditedMessageMediaQuery;
  /** Anything to look at: a photo, a video or an animation. */
  readonly ":media": AnyMediaQuery;
  /** Anything that can be downloaded. */
  readonly "message:file": MessageFileQuery;
  /** Anything that can be downloaded. */
  readonly "edited_message:file": EditedMessageFileQuery;
  /** Anything that can be downloaded. */
  readonly ":file": AnyFileQuery;
  /** A press on a button that carries `callback_data`. */
  readonly "callback_query:data": CallbackQueryDataQuery;
  /** A press whose message is still known to Bale. */
  readonly "callback_query:message": CallbackQueryMessageQuery;
  /** Another name for `callback_query`. */
  readonly callback: CallbackQueryQuery;
  /** Another name for `edited_message`. */
  readonly message_edit: EditedMessageQuery;
  /** Another name for `message:successful_payment`. */
  readonly successful_payment: MessageSuccessfulPaymentQuery;
  /** Somebody was added to a group; runs once for each new member. */
  readonly member_chat_join: MemberChatJoinQuery;
  /** Another name for `message:left_chat_member`. */
  readonly member_chat_leave: MessageLeftChatMemberQuery;
}

/**
 * The kinds of update Bale documents. Another kind may come: it is in the raw update, and runs `update` only.
 */
export type UpdateKind = "message" | "edited_message" | "callback_query" | "pre_checkout_query";

/** The kinds of update, in the order they are looked for. */
export const UPDATE_KINDS: readonly UpdateKind[] = ["message", "edited_message", "callback_query", "pre_checkout_query"];

/** How a program tests for a query. */
export interface QueryInfo {
  /** The kinds of update it looks at; `undefined` is every kind. */
  readonly kinds: readonly UpdateKind[] | undefined;
  /** Any one of these must be there; `undefined` asks for nothing more than the kind. */
  readonly fields: readonly string[] | undefined;
  /** Runs once for each element of this field. */
  readonly each?: "new_chat_members";
  readonly doc: string;
}

/** Every query, by name. */
export const QUERIES: Readonly<Record<keyof Queries, QueryInfo>> = {
  update: { kinds: undefined, fields: undefined, doc: "Every update, whatever is in it." },
  message: { kinds: ["message"], fields: undefined, doc: "A new message: in a private chat, a group or a channel." },
  edited_message: { kinds: ["edited_message"], fields: undefined, doc: "A message that its sender has changed." },
  callback_query: { kinds: ["callback_query"], fields: undefined, doc: "A press on a button of an inline keyboard." },
  pre_checkout_query: { kinds: ["pre_checkout_query"], fields: undefined, doc: "A wallet payment that waits for the bot's yes, ten seconds long." },
  "message:text": { kinds: ["message"], fields: ["text"], doc: "A message of text." },
  "edited_message:text": { kinds: ["edited_message"], fields: ["text"], doc: "A message of text." },
  ":text": { kinds: ["message", "edited_message"], fields: ["text"], doc: "A message of text." },
  "message:caption": { kinds: ["message"], fields: ["caption"], doc: "A message whose file has a caption." },
  "edited_message:caption": { kinds: ["edited_message"], fields: ["caption"], doc: "A message whose file has a caption." },
  ":caption": { kinds: ["message", "edited_message"], fields: ["caption"], doc: "A message whose file has a caption." },
  "message:entities": { kinds: ["message"], fields: ["entities"], doc: "A text with a mention or a command in it." },
  "edited_message:entities": { kinds: ["edited_message"], fields: ["entities"], doc: "A text with a mention or a command in it." },
  ":entities": { kinds: ["message", "edited_message"], fields: ["entities"], doc: "A text with a mention or a command in it." },
  "message:caption_entities": { kinds: ["message"], fields: ["caption_entities"], doc: "A caption with a mention or a command in it." },
  "edited_message:caption_entities": { kinds: ["edited_message"], fields: ["caption_entities"], doc: "A caption with a mention or a command in it." },
  ":caption_entities": { kinds: ["message", "edited_message"], fields: ["caption_entities"], doc: "A caption with a mention or a command in it." },
  "message:photo": { kinds: ["message"], fields: ["photo"], doc: "A photo, in several sizes." },
  "edited_message:photo": { kinds: ["edited_message"], fields: ["photo"], doc: "A photo, in several sizes." },
  ":photo": { kinds: ["message", "edited_message"], fields: ["photo"], doc: "A photo, in several sizes." },
  "message:video": { kinds: ["message"], fields: ["video"], doc: "A video." },
  "edited_message:video": { kinds: ["edited_message"], fields: ["video"], doc: "A video." },
  ":video": { kinds: ["message", "edited_message"], fields: ["video"], doc: "A video." },
  "message:animation": { kinds: ["message"], fields: ["animation"], doc: "A GIF, or a video without sound." },
  "edited_message:animation": { kinds: ["edited_message"], fields: ["animation"], doc: "A GIF, or a video without sound." },
  ":animation": { kinds: ["message", "edited_message"], fields: ["animation"], doc: "A GIF, or a video without sound." },
  "message:audio": { kinds: ["message"], fields: ["audio"], doc: "A piece of music." },
  "edited_message:audio": { kinds: ["edited_message"], fields: ["audio"], doc: "A piece of music." },
  ":audio": { kinds: ["message", "edited_message"], fields: ["audio"], doc: "A piece of music." },
  "message:voice": { kinds: ["message"], fields: ["voice"], doc: "A recorded voice." },
  "edited_message:voice": { kinds: ["edited_message"], fields: ["voice"], doc: "A recorded voice." },
  ":voice": { kinds: ["message", "edited_message"], fields: ["voice"], doc: "A recorded voice." },
  "message:document": { kinds: ["message"], fields: ["document"], doc: "A file sent as it is." },
  "edited_message:document": { kinds: ["edited_message"], fields: ["document"], doc: "A file sent as it is." },
  ":document": { kinds: ["message", "edited_message"], fields: ["document"], doc: "A file sent as it is." },
  "message:sticker": { kinds: ["message"], fields: ["sticker"], doc: "A sticker." },
  ":sticker": { kinds: ["message"], fields: ["sticker"], doc: "A sticker." },
  "message:contact": { kinds: ["message"], fields: ["contact"], doc: "Somebody's phone number." },
  ":contact": { kinds: ["message"], fields: ["contact"], doc: "Somebody's phone number." },
  "message:location": { kinds: ["message"], fields: ["location"], doc: "A point on the map." },
  ":location": { kinds: ["message"], fields: ["location"], doc: "A point on the map." },
  "message:invoice": { kinds: ["message"], fields: ["invoice"], doc: "An invoice to be paid." },
  ":invoice": { kinds: ["message"], fields: ["invoice"], doc: "An invoice to be paid." },
  "message:successful_payment": { kinds: ["message"], fields: ["successful_payment"], doc: "A payment that has gone through." },
  ":successful_payment": { kinds: ["message"], fields: ["successful_payment"], doc: "A payment that has gone through." },
  "message:web_app_data": { kinds: ["message"], fields: ["web_app_data"], doc: "Data a mini app has sent; anybody can forge it." },
  ":web_app_data": { kinds: ["message"], fields: ["web_app_data"], doc: "Data a mini app has sent; anybody can forge it." },
  "message:new_chat_members": { kinds: ["message"], fields: ["new_chat_members"], doc: "People who were added to a group." },
  ":new_chat_members": { kinds: ["message"], fields: ["new_chat_members"], doc: "People who were added to a group." },
  "message:left_chat_member": { kinds: ["message"], fields: ["left_chat_member"], doc: "Somebody who left a group or was removed." },
  ":left_chat_member": { kinds: ["message"], fields: ["left_chat_member"], doc: "Somebody who left a group or was removed." },
  "message:reply_to_message": { kinds: ["message"], fields: ["reply_to_message"], doc: "An answer to another message." },
  "edited_message:reply_to_message": { kinds: ["edited_message"], fields: ["reply_to_message"], doc: "An answer to another message." },
  ":reply_to_message": { kinds: ["message", "edited_message"], fields: ["reply_to_message"], doc: "An answer to another message." },
  "message:reply_markup": { kinds: ["message"], fields: ["reply_markup"], doc: "A message with an inline keyboard." },
  "edited_message:reply_markup": { kinds: ["edited_message"], fields: ["reply_markup"], doc: "A message with an inline keyboard." },
  ":reply_markup": { kinds: ["message", "edited_message"], fields: ["reply_markup"], doc: "A message with an inline keyboard." },
  "message:media_group_id": { kinds: ["message"], fields: ["media_group_id"], doc: "One item of an album." },
  "edited_message:media_group_id": { kinds: ["edited_message"], fields: ["media_group_id"], doc: "One item of an album." },
  ":media_group_id": { kinds: ["message", "edited_message"], fields: ["media_group_id"], doc: "One item of an album." },
  "message:from": { kinds: ["message"], fields: ["from"], doc: "A message whose sender is known: posts of channels may have none." },
  "edited_message:from": { kinds: ["edited_message"], fields: ["from"], doc: "A message whose sender is known: posts of channels may have none." },
  ":from": { kinds: ["message", "edited_message"], fields: ["from"], doc: "A message whose sender is known: posts of channels may have none." },
  "message:sender_chat": { kinds: ["message"], fields: ["sender_chat"], doc: "A message sent in the name of a chat: posts of channels." },
  "edited_message:sender_chat": { kinds: ["edited_message"], fields: ["sender_chat"], doc: "A message sent in the name of a chat: posts of channels." },
  ":sender_chat": { kinds: ["message", "edited_message"], fields: ["sender_chat"], doc: "A message sent in the name of a chat: posts of channels." },
  "message:forward_from": { kinds: ["message"], fields: ["forward_from"], doc: "A message forwarded from a user." },
  ":forward_from": { kinds: ["message"], fields: ["forward_from"], doc: "A message forwarded from a user." },
  "message:forward_from_chat": { kinds: ["message"], fields: ["forward_from_chat"], doc: "A message forwarded from a channel." },
  ":forward_from_chat": { kinds: ["message"], fields: ["forward_from_chat"], doc: "A message forwarded from a channel." },
  "message:forward_date": { kinds: ["message"], fields: ["forward_date"], doc: "A message forwarded from anywhere." },
  ":forward_date": { kinds: ["message"], fields: ["forward_date"], doc: "A message forwarded from anywhere." },
  "message:media": { kinds: ["message"], fields: ["photo", "video", "animation"], doc: "Anything to look at: a photo, a video or an animation." },
  "edited_message:media": { kinds: ["edited_message"], fields: ["photo", "video", "animation"], doc: "Anything to look at: a photo, a video or an animation." },
  ":media": { kinds: ["message", "edited_message"], fields: ["photo", "video", "animation"], doc: "Anything to look at: a photo, a video or an animation." },
  "message:file": { kinds: ["message"], fields: ["photo", "video", "animation", "audio", "voice", "document", "sticker"], doc: "Anything that can be downloaded." },
  "edited_message:file": { kinds: ["edited_message"], fields: ["photo", "video", "animation", "audio", "voice", "document", "sticker"], doc: "Anything that can be downloaded." },
  ":file": { kinds: ["message", "edited_message"], fields: ["photo", "video", "animation", "audio", "voice", "document", "sticker"], doc: "Anything that can be downloaded." },
  "callback_query:data": { kinds: ["callback_query"], fields: ["data"], doc: "A press on a button that carries `callback_data`." },
  "callback_query:message": { kinds: ["callback_query"], fields: ["message"], doc: "A press whose message is still known to Bale." },
  callback: { kinds: ["callback_query"], fields: undefined, doc: "Another name for `callback_query`." },
  message_edit: { kinds: ["edited_message"], fields: undefined, doc: "Another name for `edited_message`." },
  successful_payment: { kinds: ["message"], fields: ["successful_payment"], doc: "Another name for `message:successful_payment`." },
  member_chat_join: { kinds: ["message"], fields: ["new_chat_members"], each: "new_chat_members", doc: "Somebody was added to a group; runs once for each new member." },
  member_chat_leave: { kinds: ["message"], fields: ["left_chat_member"], doc: "Another name for `message:left_chat_member`." },
};
