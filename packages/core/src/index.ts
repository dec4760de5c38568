/** Collecting what is to happen to updates. */
export { Composer } from "./composer.js";
export type {
  Chosen,
  MiddlewareSource,
  TransformOptions,
} from "./composer.js";
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
/** What goes out and where state is kept: with these a bot needs one package. */
export * from "@balekit/api";
export * from "@balekit/storage";
