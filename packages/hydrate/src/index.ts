/** Objects with methods. */
export { hydrate } from "./hydrate.js";
export type { HydratedBot, HydrateFlavor } from "./hydrate.js";
export type { ActingApi, ActingVerbs } from "./acting-calls.js";
export type {
  Hydrated,
  HydratedCallbackQuery,
  HydratedChat,
  HydratedFile,
  HydratedLocation,
  HydratedMember,
  HydratedMessage,
  HydratedPreCheckoutQuery,
  HydratedUser,
} from "./hydrated.js";
export type { ChatVerbs, MessageLike, UserLike } from "./chat-verbs.js";
export type { FileVerbs } from "./file-verbs.js";
export type { LocationVerbs } from "./location-verbs.js";
export type { MemberVerbs } from "./member-verbs.js";
export type { MessageVerbs } from "./message-verbs.js";
export type { CallbackQueryVerbs, PreCheckoutQueryVerbs } from "./query-verbs.js";
export type { Recipient } from "./recipient.js";
export type { UserVerbs } from "./user-verbs.js";
/** Rights of administrators, changed one by one. */
export { demote, promote } from "./rights.js";
export type { Rights } from "./rights.js";
/** Deleting later. */
export { deletions } from "./deletions.js";
export type { Deletion } from "./deletion.js";
export type { DeletableMessage, DeletionsFlavor, DeletionsOptions } from "./deletions.js";
/** Remembering whom and what the bot has met. */
export { Cache, cache } from "./cache.js";
export type { CacheFlavor, CacheOptions, CacheReadOptions } from "./cache.js";
/** Albums as one event. */
export { albums } from "./album.js";
export type { AlbumFlavor, AlbumOptions } from "./album.js";
