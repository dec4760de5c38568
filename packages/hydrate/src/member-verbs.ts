import type { ChatMember } from "balekit";

/** What is read of a hydrated member. */
export class MemberVerbs {
  /** Whether the member is the owner of the chat. */
  get isOwner(): boolean {
    return (this as unknown as ChatMember).status === "creator";
  }

  /** Whether the member is an administrator; the owner is one, too. */
  get isAdmin(): boolean {
    return this.isOwner || (this as unknown as ChatMember).status === "administrator";
  }
}
