/** Collecting what is to happen to updates. */
export { Composer } from "./composer.js";
export type { TransformOptions } from "./composer.js";
export type { Chosen, MiddlewareSource } from "./middleware-source.js";
export type {
  CallbackMatchQuery,
  ChatTypeQueries,
  CommandOptions,
  CommandQuery,
  HearsQuery,
  TypedCommandQuery,
} from "./matched-context.js";
export type { Middleware, Next } from "./middleware.js";
export type { QueryName } from "./queries.js";
export type { ChatType } from "./chat-type-test.js";
export type { PatternSource } from "./patterns.js";
export type { LooseParams, PatternParams } from "./pattern-params.js";
export { callbackRoute } from "./callback-route.js";
export type {
  CallbackRoute,
  CallbackRouteOptions,
  RefusalReason,
  RoutePattern,
  RouteReading,
  RouteValues,
  StoredCallbackRoute,
  StoredRouteOptions,
} from "./callback-route.js";
export type { RouteParams, RouteShape } from "./route-parts.js";
export type { CallbackSource } from "./pattern-test.js";
export type { RouteSecret } from "./route-seal.js";
/** Typed arguments of commands. */
export { arg } from "./command-args.js";
export type { Arg, ArgProblem, ArgShape, ArgValues, NumberBounds } from "./command-args.js";
/** One update and what can be done about it. */
export { Context } from "./context.js";
export type { Attachment, ContextServices, EffectStep, WaitFor, WaitForOptions } from "./context.js";
export type { ContextOf } from "./context-of.js";
export type {
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
export type { Delivery, Sink } from "./delivery.js";
export { deliverAgain } from "./deliver-again.js";
export type {
  DeadUpdate,
  DeadUpdates,
  Inbox,
  InboxEntry,
  InboxHealth,
  InboxHost,
  InboxRole,
  PollClaim,
} from "./inbox.js";
/** Plugins, and what they offer one another. */
export { plugin } from "./plugin.js";
export type { PluginOptions } from "./plugin.js";
export type { Plugin, PluginFor } from "./composer.js";
export type { PropertyOf } from "./property-of.js";
export type { DeriveOptions } from "./context-property.js";
export { capability } from "./capability.js";
export type { Capability } from "./capability.js";
export { botHost } from "./bot-host.js";
export type { BotHost } from "./bot-host.js";
export type { Derivation, Hook } from "./tree.js";
export { sessionAccess } from "./session-access.js";
export type { SessionAccess } from "./session-access.js";
export type { WaitHook } from "./wait-hook.js";
export { UserDataError } from "./user-data.js";
export type { ExportedUser } from "./user-data.js";
export type { ExportHook, ForgetHook } from "./user-hook.js";
/** Steps that happen once an update. */
export { once } from "./once.js";
export type { Once, OnceOptions } from "./once.js";
export type { OnceRecord } from "./once-claim.js";
/** Sending no faster than Bale takes it. */
export { botThrottle, throttling } from "./throttling.js";
/** Seeing why a handler ran or did not. */
export type { Explanation, Outcome, RouteExplanation } from "./explain.js";
export type { RouteEvent, RouteMark } from "./route-mark.js";
export type { Viewer } from "./subject.js";
export { updateTest } from "./update-test.js";
export type { UpdateMatch, UpdateTest } from "./update-test.js";
export { normalizeText } from "./normalize-text.js";
export { NextError } from "./compose.js";
/** Keyboards: buttons below a message, and buttons in place of the user's keyboard. */
export { InlineKeyboard } from "./inline-keyboard.js";
export { Keyboard } from "./keyboard.js";
export type { ButtonGrid, PlacedButton } from "./button-grid.js";
/** Texts, links and other small things a bot's author reaches for. */
export { attachmentOf } from "./attachment.js";
export { deepLink } from "./deep-link.js";
export { find } from "./find.js";
export { isThenable } from "./thenable.js";
export { locationLink } from "./location-link.js";
export { mention } from "./mention.js";
export type { Mentionable } from "./mention.js";
export { messageDate } from "./message-date.js";
export { splitText } from "./split-text.js";
export { bold, italic, link, MarkdownPiece, markdown, md, piece } from "./markdown.js";
export type { Markdown, MarkdownOptions, PlainValue } from "./markdown.js";
export { escapeMarkdown } from "./markdown-escape.js";
/** The bot and its life. */
export { Bot } from "./bot.js";
export type { BotState } from "./bot-state.js";
export type {
  BotHealth,
  BotOptions,
  Connection,
  StartOptions,
  StopOptions,
} from "./bot-options.js";
export type { RetryOptions } from "./retries.js";
export type { PollingOptions, PollingState } from "./polling.js";
export type { Webhook, WebhookOptions } from "./webhook.js";
export type { Healthz } from "./healthz.js";
export type { RegisterOptions } from "./webhook-registration.js";
export type { ExpressHandler } from "./express-handler.js";
export type { FastifyLike, FastifyPlugin } from "./fastify-plugin.js";
export type { HonoHandler } from "./hono-handler.js";
export type { KoaHandler } from "./koa-handler.js";
/** What goes wrong in a bot. */
export { BotError, BotStoppedError, WaitAbandonedError, WaitTimeoutError } from "./errors.js";
export type { BotErrorInit, BotErrorPlace } from "./errors.js";
/** Logs and diagnostics. */
export { consoleLogger } from "./logger.js";
export type { ConsoleLoggerOptions, LogFields, Logger } from "./logger.js";
export { channels } from "./diagnostics.js";
export type {
  CallEvent,
  ErrorEvent,
  HandledEvent,
  HealthEvent,
  PollEvent,
  UpdateEvent,
  WaitEvent,
  WebhookEvent,
} from "./diagnostics.js";
/** From here on what other packages make: with these a bot needs one package. The api: Bale's methods as functions. */
export { createApi } from "@balekit/api";
export type { Api, ApiOptions } from "@balekit/api";
/** The Business API: paid messages to private chats. */
export { businessApi } from "@balekit/api";
export type { BusinessClient } from "@balekit/api";
/** How calls reach Bale, and how failed ones are repeated. */
export { http, retry } from "@balekit/api";
export type {
  HttpOptions,
  ConnectionOptions,
  AttachReference,
  AttachStyle,
  ApiWarning,
  OnWarning,
  RetryNotice,
  RetryTimer,
} from "@balekit/api";
/** Sending no faster than Bale takes it. */
export { throttle, QueueClosedError, QueueFullError } from "@balekit/api";
export type { Throttle, ThrottleOptions, ThrottleClock, ThrottleStats, Priority } from "@balekit/api";
/** Downloads. */
export type { DownloadedFile, DownloadOptions, DownloadToOptions, FileReference } from "@balekit/api";
/** The oldest Node this runs on. */
export { OLDEST_NODE, refuseOldNode } from "@balekit/api";
/** Files to upload. */
export { InputFile } from "@balekit/api";
export type { ByteStream, FileSource, InputFileOptions, StreamFactory } from "@balekit/api";
/** What goes wrong, by cause. */
export {
  ApiError,
  BadRequestError,
  BaleError,
  ConflictError,
  DecodeError,
  FileError,
  ForbiddenError,
  InvalidTokenError,
  LimitError,
  NetworkError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  TimeoutError,
  TooLargeError,
} from "@balekit/api";
/** A call on its way out, and what stands between it and Bale. */
export type {
  Call,
  Download,
  MethodName,
  Reply,
  Send,
  Transformer,
  Transport,
  CallOptions,
  Progress,
} from "@balekit/api";
/** What can be plugged in or measured. */
export type { ApiErrorInit, NoAnswerInit, BaleErrorInit } from "@balekit/api";
/** Bale's objects. */
export type {
  Update,
  WebhookInfo,
  User,
  Chat,
  PrivateChat,
  GroupChat,
  ChannelChat,
  ChatFullInfo,
  Message,
  MessageId,
  MessageEntity,
  PhotoSize,
  Animation,
  Audio,
  Document,
  Video,
  Voice,
  Contact,
  Location,
  Invoice,
  File,
  ReplyKeyboardMarkup,
  KeyboardButton,
  InlineKeyboardMarkup,
  InlineKeyboardButton,
  ReplyKeyboardRemove,
  ReplyMarkup,
  CallbackQuery,
  WebAppData,
  WebAppInfo,
  CopyTextButton,
  ChatMember,
  ChatMemberOwner,
  ChatMemberAdministrator,
  ChatMemberMember,
  ChatMemberRestricted,
  ChatPhoto,
  ChatInviteLink,
  ChatPermissions,
  ResponseParameters,
  InputMedia,
  InputMediaPhoto,
  InputMediaVideo,
  InputMediaAnimation,
  InputMediaAudio,
  InputMediaDocument,
  Sticker,
  StickerSet,
  InputSticker,
  LabeledPrice,
  PreCheckoutQuery,
  SuccessfulPayment,
  Transaction,
  BotCommand,
  UserProfilePhotos,
} from "@balekit/api";
/** What Bale's methods take and answer. */
export type {
  GetUpdatesParams,
  SetWebhookParams,
  SendMessageParams,
  ForwardMessageParams,
  CopyMessageParams,
  SendPhotoParams,
  SendAudioParams,
  SendDocumentParams,
  SendVideoParams,
  SendAnimationParams,
  SendVoiceParams,
  SendMediaGroupParams,
  SendLocationParams,
  SendContactParams,
  SendChatActionParams,
  GetFileParams,
  AnswerCallbackQueryParams,
  AskReviewParams,
  BanChatMemberParams,
  UnbanChatMemberParams,
  PromoteChatMemberParams,
  SetChatPhotoParams,
  LeaveChatParams,
  GetChatParams,
  GetChatAdministratorsParams,
  GetChatMembersCountParams,
  GetChatMemberParams,
  PinChatMessageParams,
  UnPinChatMessageParams,
  UnpinAllChatMessagesParams,
  SetChatTitleParams,
  SetChatDescriptionParams,
  DeleteChatPhotoParams,
  CreateChatInviteLinkParams,
  RevokeChatInviteLinkParams,
  ExportChatInviteLinkParams,
  EditMessageTextParams,
  EditMessageCaptionParams,
  EditMessageReplyMarkupParams,
  DeleteMessageParams,
  UploadStickerFileParams,
  CreateNewStickerSetParams,
  AddStickerToSetParams,
  SendInvoiceParams,
  CreateInvoiceLinkParams,
  AnswerPreCheckoutQueryParams,
  InquireTransactionParams,
  SendStickerParams,
  GetStickerSetParams,
  DeleteStickerFromSetParams,
  InviteUserParams,
  RestrictChatMemberParams,
  SetChatPermissionsParams,
  SetMyCommandsParams,
  GetUserProfilePhotosParams,
  GetTransactionParams,
  SendPollParams,
  AnswerShippingQueryParams,
  GetChatMemberCountParams,
  BusinessSendMessageParams,
  BusinessForwardMessageParams,
  BusinessSendPhotoParams,
  BusinessSendVideoParams,
  BusinessSendAudioParams,
  BusinessSendDocumentParams,
  Methods,
  DocumentedApi,
  UndocumentedApi,
  BusinessApi,
} from "@balekit/api";
/** What handlers of each query are given. */
export type {
  TextMessage,
  CaptionMessage,
  EntitiesMessage,
  CaptionEntitiesMessage,
  PhotoMessage,
  VideoMessage,
  AnimationMessage,
  AudioMessage,
  VoiceMessage,
  DocumentMessage,
  StickerMessage,
  ContactMessage,
  LocationMessage,
  InvoiceMessage,
  SuccessfulPaymentMessage,
  WebAppDataMessage,
  NewChatMembersMessage,
  LeftChatMemberMessage,
  ReplyToMessageMessage,
  ReplyMarkupMessage,
  MediaGroupIdMessage,
  FromMessage,
  SenderChatMessage,
  ForwardFromMessage,
  ForwardFromChatMessage,
  ForwardDateMessage,
  DataCallbackQuery,
  MessageCallbackQuery,
  AnyUpdateQuery,
  MessageQuery,
  EditedMessageQuery,
  CallbackQueryQuery,
  PreCheckoutQueryQuery,
  MessageTextQuery,
  EditedMessageTextQuery,
  AnyTextQuery,
  MessageCaptionQuery,
  EditedMessageCaptionQuery,
  AnyCaptionQuery,
  MessageEntitiesQuery,
  EditedMessageEntitiesQuery,
  AnyEntitiesQuery,
  MessageCaptionEntitiesQuery,
  EditedMessageCaptionEntitiesQuery,
  AnyCaptionEntitiesQuery,
  MessagePhotoQuery,
  EditedMessagePhotoQuery,
  AnyPhotoQuery,
  MessageVideoQuery,
  EditedMessageVideoQuery,
  AnyVideoQuery,
  MessageAnimationQuery,
  EditedMessageAnimationQuery,
  AnyAnimationQuery,
  MessageAudioQuery,
  EditedMessageAudioQuery,
  AnyAudioQuery,
  MessageVoiceQuery,
  EditedMessageVoiceQuery,
  AnyVoiceQuery,
  MessageDocumentQuery,
  EditedMessageDocumentQuery,
  AnyDocumentQuery,
  MessageStickerQuery,
  AnyStickerQuery,
  MessageContactQuery,
  AnyContactQuery,
  MessageLocationQuery,
  AnyLocationQuery,
  MessageInvoiceQuery,
  AnyInvoiceQuery,
  MessageSuccessfulPaymentQuery,
  AnySuccessfulPaymentQuery,
  MessageWebAppDataQuery,
  AnyWebAppDataQuery,
  MessageNewChatMembersQuery,
  AnyNewChatMembersQuery,
  MessageLeftChatMemberQuery,
  AnyLeftChatMemberQuery,
  MessageReplyToMessageQuery,
  EditedMessageReplyToMessageQuery,
  AnyReplyToMessageQuery,
  MessageReplyMarkupQuery,
  EditedMessageReplyMarkupQuery,
  AnyReplyMarkupQuery,
  MessageMediaGroupIdQuery,
  EditedMessageMediaGroupIdQuery,
  AnyMediaGroupIdQuery,
  MessageFromQuery,
  EditedMessageFromQuery,
  AnyFromQuery,
  MessageSenderChatQuery,
  EditedMessageSenderChatQuery,
  AnySenderChatQuery,
  MessageForwardFromQuery,
  AnyForwardFromQuery,
  MessageForwardFromChatQuery,
  AnyForwardFromChatQuery,
  MessageForwardDateQuery,
  AnyForwardDateQuery,
  MessageMediaQuery,
  EditedMessageMediaQuery,
  AnyMediaQuery,
  MessageFileQuery,
  EditedMessageFileQuery,
  AnyFileQuery,
  CallbackQueryDataQuery,
  CallbackQueryMessageQuery,
  MemberChatJoinQuery,
  Queries,
  UpdateKind,
  QueryInfo,
} from "@balekit/api";
/** Tables of Bale's methods, queries and limits. */
export { METHODS, BUSINESS_METHODS, UPDATE_KINDS, QUERIES, LIMITS } from "@balekit/api";
export type { MethodInfo, Limit, Limits } from "@balekit/api";
/** Values: one value a key, changed under compare-and-set. */
export { memory, update, keyOf, MAX_KEY_LENGTH } from "@balekit/storage";
export type {
  DeleteOptions,
  SetOptions,
  SetResult,
  Storage,
  Stored,
  MemoryOptions,
  Updated,
  UpdateOptions,
} from "@balekit/storage";
/** How values are written. */
export { json, richJson } from "@balekit/storage";
export type { Codec, ValueOptions } from "@balekit/storage";
/** Stores of others, for one process. */
export { fromGrammy, fromKeyv } from "@balekit/storage";
export type { GrammyAdapter, KeyvLike, BridgeOptions, OnStorageWarning } from "@balekit/storage";
/** Logs: what inboxes, conversations and timers stand on. */
export { memoryLanes, lanesOf } from "@balekit/storage";
export type {
  Lane,
  LaneCommit,
  LaneStore,
  MemoryLanesOptions,
  LanesOfOptions,
} from "@balekit/storage";
/** What drivers are made with. */
export { planMigrations } from "@balekit/storage";
export type { Migration, MigrationPlan, SchemaState } from "@balekit/storage";
/** What can go wrong. */
export { StorageConflictError, StorageError, StorageUnavailableError } from "@balekit/storage";
export type { StorageErrorCode, UnavailableInit } from "@balekit/storage";
/** Time: the real one, and one that can be moved. */
export { systemClock, manualClock, sleep } from "@balekit/storage";
export type { Clock, Timer, ManualClock, ManualClockOptions } from "@balekit/storage";
