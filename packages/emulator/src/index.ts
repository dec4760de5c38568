/** The emulator, and how it is made. */
export { Emulator, emulator } from "./emulator.js";
export type { AttachableBot, EmulatorOptions, GroupProfile, Listening, ListenOptions } from "./emulator.js";
export type { WorldOptions } from "./world.js";
/** The people in it, and what they do. */
export { EmulatedUser } from "./emulated-user.js";
export { Payment } from "./payment.js";
export { Press } from "./press.js";
export type {
  ChatLike,
  MessageLike,
  PayOptions,
  PressOptions,
  SendsOptions,
  SentFile,
  Where,
} from "./emulated-user.js";
export type { PayDetails } from "./people.js";
export type { MediaDetails } from "./media.js";
export type { PaymentStatus } from "./payments.js";
export type { UserProfile } from "./users.js";
export type { Content } from "./world.js";
/** The chats in it. */
export { EmulatedChat } from "./emulated-chat.js";
export { Inbox } from "./inbox.js";
/** What the bot asked, what happens, what goes wrong. */
export type { CallRecord, Calls } from "./calls.js";
export type { CallbackAnswer, EmulatorEvent, EventMap, PaymentEvent } from "./events.js";
export { FAULT_KINDS } from "./faults.js";
export type { Fault, FaultKind, FaultOptions } from "./faults.js";
export { EmulatorError } from "./emulator-error.js";
/** Its time. */
export type { ServerClock } from "./server-clock.js";
