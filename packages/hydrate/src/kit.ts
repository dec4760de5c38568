import type {
  Api,
  CallbackQuery,
  ChatFullInfo,
  Chat,
  ChatMember,
  Location,
  Message,
  PreCheckoutQuery,
  User,
} from "balekit";
import type { Deletion } from "./deletion.js";
import { wrongUse } from "./misuse.js";

/** What hydrated objects act with: one for each api, known to all objects through their prototypes. */
export interface Kit {
  readonly api: Api;
  message(raw: Message): void;
  chat(raw: Chat | ChatFullInfo): void;
  user(raw: User): void;
  member(raw: ChatMember): void;
  file(raw: { readonly file_id: string }): void;
  callbackQuery(raw: CallbackQuery): void;
  preCheckoutQuery(raw: PreCheckoutQuery): void;
  location(raw: Location): void;
  /** Deletes a message later, if the bot has `deletions()`. */
  deleteAfter(message: Message, delayMs: number): Promise<Deletion>;
}

/** Under this the prototypes of hydrated objects hold their kit. */
export const KIT: unique symbol = Symbol("balekit.hydrate");

/** What an object acts with. @throws TypeError for an object that was copied, and so has lost it */
export function kitOf(object: object): Kit {
  const kit = (object as { readonly [KIT]?: Kit })[KIT];
  if (kit !== undefined) return kit;
  const hint = "Call the method on the object itself, or make one act again with ctx.hydrated(object).";
  throw wrongUse("ERR_BALE_HYDRATE", `A method was called on something that is not hydrated. ${hint}`);
}

/** A message that acts with the same api as the object that sent it. */
export function acting<Sent>(object: object, message: Message): Sent {
  kitOf(object).message(message);
  return message as Sent;
}
