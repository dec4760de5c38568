/** A conversation, a bot around it and a Bale in memory, for tests. */
export { testConversation } from "./testing/test-conversation.js";
export type { TestConversation } from "./testing/test-conversation.js";
export type { TestConversationOptions, TestEnding } from "./testing/stage.js";
/** A scenario under everything that can happen to processes. */
export { exhaust } from "./testing/exhaust.js";
export type { ExhaustOptions, ExhaustReport } from "./testing/exhaust.js";
