import { mention, type User } from "balekit";
import { kitOf } from "./kit.js";
import { Recipient } from "./recipient.js";

/** What a hydrated user can do. What is sent goes to the private chat, which the user must have opened. */
export class UserVerbs<Sent> extends Recipient<Sent> {
  /** The text that mentions the user: `@ali`. Absent without a username. */
  get mention(): string | undefined {
    return mention(this as unknown as User);
  }

  /** The id of the private chat with the user, which is the user's. */
  get chatId(): number {
    return (this as unknown as User).id;
  }

  /** Asks the user to rate the bot, some seconds later. Bale may leave it out without saying so. */
  async askReview(delaySeconds: number): Promise<true> {
    const { id } = this as unknown as User;
    return kitOf(this).api.askReview({ user_id: id, delay_seconds: delaySeconds });
  }
}
