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
export type {
  ConversationControls,
  ConversationFlavor,
  Conversations,
  ConversationsOptions,
  OpenConversation,
  Whom,
} from "./conversations.js";
/** What a conversation is given. */
export type {
  Callable,
  ConversationButton,
  ConversationHandle,
  ExternalRun,
  LoopEnd,
  WaitOptions,
} from "./handle.js";
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
export type { Choice } from "./choices.js";
export type { AskedDate } from "./date-reader.js";
export type { AskOptions, Verdict } from "./question.js";
/** What is kept, and what is told. */
export type { AmbiguityTable } from "./ambiguity.js";
export type { ConversationLimits } from "./limits.js";
export type { JournalLimits } from "./operation.js";
export type { JournalRecord } from "./journal.js";
export { conversationChannels } from "./diagnostics.js";
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
  UnjournaledAwaitError,
  WaitExpiredError,
} from "./errors.js";
