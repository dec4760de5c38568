import type {
  Animation,
  Audio,
  CallbackQuery,
  Chat,
  ChatFullInfo,
  ChatMember,
  Document,
  File,
  Location,
  Message,
  PhotoSize,
  PreCheckoutQuery,
  Sticker,
  User,
  Video,
  Voice,
} from "balekit";
import type { ChatVerbs } from "./chat-verbs.js";
import type { FileVerbs } from "./file-verbs.js";
import type { LocationVerbs } from "./location-verbs.js";
import type { MemberVerbs } from "./member-verbs.js";
import type { MessageVerbs } from "./message-verbs.js";
import type { CallbackQueryVerbs, PreCheckoutQueryVerbs } from "./query-verbs.js";
import type { UserVerbs } from "./user-verbs.js";

/** A message that can act, and so can all in it. */
export interface HydratedMessage extends Message, MessageVerbs<HydratedMessage, HydratedUser, HydratedFile> {
  readonly from?: HydratedUser | undefined;
  readonly chat: HydratedChat;
  readonly sender_chat?: HydratedChat | undefined;
  readonly forward_from?: HydratedUser | undefined;
  readonly forward_from_chat?: HydratedChat | undefined;
  readonly reply_to_message?: HydratedMessage | undefined;
  readonly animation?: (Animation & FileVerbs) | undefined;
  readonly audio?: (Audio & FileVerbs) | undefined;
  readonly document?: (Document & FileVerbs) | undefined;
  readonly photo?: readonly (PhotoSize & FileVerbs)[] | undefined;
  readonly sticker?: (Sticker & FileVerbs) | undefined;
  readonly video?: (Video & FileVerbs) | undefined;
  readonly voice?: (Voice & FileVerbs) | undefined;
  readonly location?: HydratedLocation | undefined;
  readonly new_chat_members?: readonly HydratedUser[] | undefined;
  readonly left_chat_member?: HydratedUser | undefined;
}

/** A chat that can act. */
export type HydratedChat = Chat & ChatVerbs<HydratedMessage, HydratedMember>;

/** A user that can act. */
export interface HydratedUser extends User, UserVerbs<HydratedMessage> {}

/** A file that can be downloaded by itself. */
export type HydratedFile = (Animation | Audio | Document | PhotoSize | Sticker | Video | Voice) & FileVerbs;

/** A location that knows its link. */
export interface HydratedLocation extends Location, LocationVerbs {}

/** A member of a chat that knows its standing. */
export type HydratedMember = ChatMember & MemberVerbs & { readonly user: HydratedUser };

/** A press on a button that can be answered by itself. */
export interface HydratedCallbackQuery extends CallbackQuery, CallbackQueryVerbs {
  readonly from: HydratedUser;
  readonly message?: HydratedMessage | undefined;
}

/** A payment to be confirmed that can be answered by itself. */
export interface HydratedPreCheckoutQuery extends PreCheckoutQuery, PreCheckoutQueryVerbs {
  readonly from: HydratedUser;
}

/** Makes an object of Bale's act, with all in it, and gives the same object back. */
export interface Hydrated {
  (raw: Message): HydratedMessage;
  (raw: CallbackQuery): HydratedCallbackQuery;
  (raw: PreCheckoutQuery): HydratedPreCheckoutQuery;
  (raw: ChatMember): HydratedMember;
  (raw: ChatFullInfo): ChatFullInfo & ChatVerbs<HydratedMessage, HydratedMember>;
  (raw: Chat): HydratedChat;
  (raw: User): HydratedUser;
  <Raw extends File | Animation | Audio | Document | PhotoSize | Sticker | Video | Voice>(
    raw: Raw,
  ): Raw & FileVerbs;
  (raw: Location): HydratedLocation;
}
