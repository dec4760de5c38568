/** Conversations: defining them, and putting them into a bot. */
export { conversation } from "./definition.js";
export type {
  AnyDefinition,
  ConversationCode,
  ConversationDefinition,
  ConversationOptions,
  MismatchInfo,
  MismatchVerdict,
  OnActive,
  Per,
} from "./definition.js";
export { conversations } from "./conversations.js";
export type { BotConversations, ConversationAdmin, Conversations } from "./conversations.js";
export type { ConversationControls, ConversationFlavor } from "./conversation-controls.js";
export type { ConversationsOptions } from "./conversations-options.js";
export type {
  ConversationEnding,
  ConversationId,
  DoneConversation,
  EndingOptions,
  LeftConversation,
} from "./ending.js";
export type { OpenConversation } from "./open-conversation.js";
export type { SharedAnswer, UserConversations } from "./user-records.js";
export type { Whom } from "./whom.js";
/** What a conversation is given. */
export type {
  Callable,
  ConversationButton,
  ConversationHandle,
} from "./handle.js";
export type { CollectOptions } from "./collect.js";
export type { WaitOptions } from "./wait-options.js";
export type { LoopEnd, StepsAt, StepsResult } from "./loop-end.js";
export type { ExternalRun } from "./effect.js";
export type {
  ConversationSession,
  ConversationSessions,
  SessionChangeOf,
  SessionDataOf,
  SessionNameOf,
} from "./conversation-session.js";
/** Questions: `c.ask`. */
export type { Ask } from "./ask.js";
export type {
  AskChoiceOptions,
  AskConfirmOptions,
  AskContactOptions,
  AskDateOptions,
  AskFileOptions,
  AskNumberOptions,
  AskPhoneOptions,
  AskTextOptions,
  DateBound,
} from "./ask.js";
export type { AskTexts } from "./ask-texts.js";
export type { AskedMenu, AskedPress, AskedView } from "./menu-asking.js";
export type { Choice } from "./choices.js";
export type { AskedDate } from "./date-reader.js";
export type { AskOptions, Verdict } from "./question.js";
/** What is kept, and what is told. */
export type { AmbiguityPolicy, AmbiguityTable, EffectOptions } from "./ambiguity.js";
export type { ConversationLimits, WantedLimits } from "./limits.js";
export type { JournalLimits } from "./operation.js";
export type { JournalRecord } from "./journal.js";
export { conversationChannels } from "./diagnostics.js";
export { conversationSpans } from "./spans.js";
export type { ConversationSpan, ConversationTracer } from "./spans.js";
export type {
  AmbiguousEvent,
  BusyEvent,
  CodeChangedEvent,
  ConflictEvent,
  EnterEvent,
  EvictEvent,
  ExitEvent,
  FencedEvent,
  LaneEvent,
  LimitEvent,
  MismatchEvent,
  ParkedEvent,
  ShadowDivergenceEvent,
  StepEvent,
  StrayEvent,
  TakeoverEvent,
  TimeoutEvent,
  WaitBeganEvent,
} from "./lane-event.js";
/** What goes wrong in one. */
export {
  AmbiguousEffectError,
  AttemptsSpentError,
  ConversationError,
  ConversationStateError,
  ExitError,
  JournalLimitError,
  ReplayMismatchError,
  ShadowDivergenceError,
  UnjournaledAwaitError,
  WaitExpiredError,
} from "./errors.js";
